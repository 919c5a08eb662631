"""Checks for the runs of Schemathesis, which loads this file: two of its own, less what no schema can say."""

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, DeserializationContext, Response, SerializationContext
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

BEYOND_SCHEMAS = ("label must be one of", "each document must have an id of its own", "sign with the API key")
"""How the refusals begin that depend on the model served, on several members at once, or on a key, where it is not 401.
"""


@schemathesis.check
def what_breaks_the_schema_is_refused(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """A text of a batch may be refused on its own, in a reply of status 200."""
    try:
        return negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if not _refuses_a_text(response.json()):
            raise
        return None


@schemathesis.check
def what_fits_the_schema_is_answered(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Limits of size may be passed all the same: they are settings."""
    try:
        return positive_data_acceptance(ctx, response, case)
    except RejectedPositiveData:
        if response.status_code != 413 and not any(reason in response.text for reason in BEYOND_SCHEMAS):
            raise
        return None


def _refuses_a_text(reply: object) -> bool:
    """By any of the protocols."""
    match reply:
        case {"results": [*items]}:
            return any("error" in item for item in items)
        case {"results": {"errors": [_, *_]}} | {"ErrorList": [_, *_]}:
            return True
    return False


@schemathesis.serializer("application/x-amz-json-1.1")
def write_amazon_json(ctx: SerializationContext, value: object) -> bytes:
    """What AWS calls so is JSON."""
    return json.dumps(value).encode()


@schemathesis.deserializer("application/x-amz-json-1.1")
def read_amazon_json(ctx: DeserializationContext, response: Response) -> object:
    """What AWS calls so is JSON."""
    return response.json()
