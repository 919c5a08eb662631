"""Dialects: protocols of other services, so that their clients work here unmodified.

Each is a thin adapter: it reads a body into a Query, hands it to `answering`, and writes results and errors as its
clients expect them. What a client sends beyond what is read is ignored, as the originals do.
"""

from typing import Any

from service.errors import InvalidRequest
from service.parsing import type_name
from service.predictor import ModelInfo

POLARITIES = frozenset({"negative", "neutral", "positive"})


def require_polarities(info: ModelInfo) -> None:
    """Refuse a model whose labels a protocol has no names for.

    Raises: InvalidRequest.
    """
    if not POLARITIES.issuperset(info.labels):
        raise InvalidRequest("the model served has labels that this protocol cannot name: ask POST /v1/sentiment")


def object_in(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """The object that is a member of another; an empty one if it is left out.

    Raises: InvalidRequest if it is no object.
    """
    found = fields.get(name)
    if not isinstance(found, dict | None):
        raise InvalidRequest(f"{name} must be an object, not {type_name(found)}", field=name)
    return found or {}
