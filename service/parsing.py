"""From a request body to a Query, and the checks of one text; every refusal says what is wrong and where."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.nesting import MOST_NESTED, NestedTooDeeplyError, check_nesting
from service.errors import (
    InvalidJSON,
    InvalidRequest,
    InvalidUTF8,
    ServiceError,
    TextBlank,
    TextInvalidUnicode,
    TextNotString,
    TextsEmpty,
    TextTooLong,
    TooManyTexts,
    UnknownField,
    UnknownLabel,
    UnsupportedMediaType,
)

CORRECTION_FIELDS = ("text", "label", "request_id")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
"""What may stand in logs and in the feedback file as it is."""
OPTIONS = ("return_logits", "sentences", "explain", "trace")
"""Fields that are true or false."""
QUERY_FIELDS = ("text", "texts", *OPTIONS)
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_JSON_TYPES = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "an array",
    dict: "an object",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A well-formed request; its texts are whatever the client put there, checked one by one later.

    Where a text stands with what is wrong already, an error may stand in its place.
    """

    texts: list[object]
    is_batch: bool
    place: str = "text"
    """Where a text stands in the client's body, with {} for its index; errors name it."""
    return_logits: bool = False
    sentences: bool = False
    explain: bool = False
    trace: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is one text, of which nothing but the sentiment is asked."""
        return not (self.is_batch or self.return_logits or self.sentences or self.explain or self.trace)


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A well-formed post of feedback; its text is whatever the client put there, checked later."""

    text: object
    label: str
    request_id: str | None


def check_media_type(headers: Mapping[str, str], wanted: str) -> None:
    """Refuse a body that is not plain JSON in UTF-8. wanted: what it should be sent as.

    Raises: UnsupportedMediaType.
    """
    sent = headers.get("content-type", "")
    kind, _, parameters = sent.partition(";")
    kind = kind.strip().lower()
    if kind != wanted and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType(f"send the header Content-Type: {wanted}", field="content-type", value=_shown(kind))
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("send the body as UTF-8", field="content-type", value=_shown(charset[1]))
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMediaType("send the body uncompressed", field="content-encoding", value=_shown(encoding))


def parse_query(body: bytes, max_texts: int) -> Query:
    """Read a request body.

    Raises: InvalidUTF8, InvalidJSON, InvalidRequest and its kinds, TooManyTexts.
    """
    fields = _parse_known(body, QUERY_FIELDS)
    if ("text" in fields) == ("texts" in fields):
        found = "both are" if "text" in fields else "neither is"
        raise InvalidRequest(f"exactly one of text and texts must be given; {found}", field="text")
    options = {name: fields[name] for name in OPTIONS if name in fields}
    for name, value in options.items():
        if not isinstance(value, bool):
            raise InvalidRequest(f"{name} must be true or false, not {type_name(value)}", field=name)
    if "text" in fields:
        return Query(texts=[fields["text"]], is_batch=False, **options)
    return Query(texts=check_list(fields["texts"], max_texts, "texts"), is_batch=True, place="texts[{}]", **options)


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a body that must be a JSON object, of whatever members.

    Raises: InvalidUTF8, InvalidJSON, InvalidRequest.
    """
    fields = _parse_json(body)
    if not isinstance(fields, dict):
        raise InvalidRequest(f"the body must be a JSON object, not {type_name(fields)}", field="body")
    return fields


def check_list(texts: object, max_texts: int, field: str, of: str = "strings") -> list[object]:
    """The texts of a batch, of which each is checked later. field: where they stand; of: as what.

    Raises: InvalidRequest, TextsEmpty, TooManyTexts.
    """
    if not isinstance(texts, list):
        raise InvalidRequest(f"{field} must be an array of {of}, not {type_name(texts)}", field=field)
    if not texts:
        raise TextsEmpty(f"{field} must hold at least one text", field=field, limit=1, value=0)
    if len(texts) > max_texts:
        raise TooManyTexts(
            f"{field} holds {len(texts)} texts; the limit is {max_texts}",
            field=field,
            limit=max_texts,
            value=len(texts),
        )
    return texts


def parse_correction(body: bytes, labels: Sequence[str]) -> Correction:
    """Read the body of a post of feedback. labels: those of the model served.

    Raises: InvalidUTF8, InvalidJSON, InvalidRequest and its kinds.
    """
    fields = _parse_known(body, CORRECTION_FIELDS)
    for name in ("text", "label"):
        if name not in fields:
            raise InvalidRequest(f"{name} must be given", field=name)
    label, allowed = fields["label"], ", ".join(labels)
    if not isinstance(label, str):
        raise InvalidRequest(f"label must be one of {allowed}, not {type_name(label)}", field="label")
    if label not in labels:
        shown = _shown(label)
        raise UnknownLabel(f"label must be one of {allowed}, not {shown}", field="label", value=shown)
    request_id = fields.get("request_id")
    if "request_id" in fields and not (isinstance(request_id, str) and REQUEST_ID.fullmatch(request_id)):
        raise InvalidRequest(
            "request_id must be a string of 1 to 128 letters, digits, dots, underscores and hyphens", field="request_id"
        )
    return Correction(text=fields["text"], label=label, request_id=request_id)


def check_text(text: object, max_chars: int, field: str) -> ServiceError | None:
    """What is wrong with one text, if anything. field: where it stands, such as texts[3]."""
    if isinstance(text, ServiceError):
        return text
    if not isinstance(text, str):
        return TextNotString(f"{field} must be a string, not {type_name(text)}", field=field, value=type_name(text))
    if len(text) > max_chars:
        return TextTooLong(
            f"{field} has {len(text)} characters; the limit is {max_chars}",
            field=field,
            limit=max_chars,
            value=len(text),
        )
    if not text.strip():
        return TextBlank(f"{field} is empty or only white space", field=field, limit=1, value=0)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return TextInvalidUnicode(
            f"{field} has half of a surrogate pair at character {error.start}", field=field, value=error.start
        )
    return None


def type_name(value: object) -> str:
    """What JSON calls the type of a parsed value."""
    return _JSON_TYPES.get(type(value), "null")


def _parse_known(body: bytes, known: Sequence[str]) -> dict[str, Any]:
    """A body that must be an object of known members."""
    fields = parse_object(body)
    for name in fields:
        if name not in known:
            shown = _shown(name)
            raise UnknownField(f"{shown} is not a field; the fields are {', '.join(known)}", field=shown)
    return fields


def _parse_json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidUTF8(f"byte {error.start} of the body is not UTF-8", field="body", value=error.start) from None
    try:
        check_nesting(text)
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")
        raise InvalidJSON(f"{reason} at character {error.pos} of the body", field="body", value=error.pos) from None
    except NestedTooDeeplyError as error:
        raise InvalidJSON(f"the body is {error}", field="body", limit=MOST_NESTED, value=error.depth) from None
    except ValueError:  # Python's bound on the digits of an integer
        raise InvalidJSON("a number in the body is too long", field="body") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        left = set(members)  # names that have not come yet: counting each in a list took half an hour for 4 MB
        for name, _ in pairs:
            if name not in left:
                shown = _shown(name)
                raise InvalidJSON(f"{shown} is given twice in one object", field=shown)
            left.remove(name)
    return members


def _refuse_constant(name: str) -> Any:
    raise InvalidJSON(f"{name} is not JSON", field="body")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)


def _shown(name: str) -> str:
    """A client's name for something, if it is plainly a name: it could as well be a text in the wrong place."""
    return name if re.fullmatch(r"[A-Za-z0-9_./+-]{1,64}", name) else "(not shown)"
