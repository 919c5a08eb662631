"""The documented schemas against the code that reads requests: the same verdict on the same JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.errors import ServiceError
from service.parsing import QUERY_FIELDS, parse_query
from service.schemas import AnyQuery, BatchQuery, SingleQuery

SCHEMA: TypeAdapter[SingleQuery | BatchQuery] = TypeAdapter(AnyQuery)
TEXT = st.text(max_size=3)
VALUES = st.one_of(
    TEXT, st.lists(st.one_of(TEXT, st.none(), st.integers()), max_size=3), st.booleans(), st.none(), st.just(1)
)
BODIES = st.one_of(st.dictionaries(st.sampled_from([*QUERY_FIELDS, "unheard_of"]), VALUES), VALUES)


def is_accepted_by_schema(body: object) -> bool:
    try:
        SCHEMA.validate_json(json.dumps(body), strict=True)
    except ValidationError:
        return False
    return True


def is_accepted_by_parser(body: object) -> bool:
    """Items of a batch that are no strings are refused one by one, with an error for each."""
    try:
        query = parse_query(json.dumps(body).encode(), max_texts=10)
    except ServiceError:
        return False
    return all(isinstance(text, str) for text in query.texts)


@given(BODIES)
def test_schema_and_parser_agree(body: object) -> None:
    assert is_accepted_by_schema(body) == is_accepted_by_parser(body)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"text": "a"}, True),
        ({"texts": ["a", ""], "return_logits": True}, True),
        ({"text": "a", "texts": ["b"]}, False),
        ({"text": "a", "return_logits": 1}, False),
        ({"texts": []}, False),
        ({"texts": [7]}, False),
        ({"text": "a", "sentences": True}, True),
        ({"text": "a", "sentences": None}, False),
        ({"text": "a", "unheard_of": True}, False),
        ({}, False),
        ([], False),
    ],
)
def test_verdicts_that_matter_are_among_those_compared(body: object, verdict: bool) -> None:
    assert is_accepted_by_schema(body) is is_accepted_by_parser(body) is verdict
