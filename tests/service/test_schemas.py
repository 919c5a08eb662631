"""The documented schemas against the code that reads requests: the same verdict on the same JSON."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.errors import ServiceError
from service.parsing import QUERY_FIELDS, check_text, parse_correction, parse_query
from service.schemas import AnyQuery, BatchQuery, FeedbackQuery, SingleQuery

BLANKS = [character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()]
SCHEMA: TypeAdapter[SingleQuery | BatchQuery] = TypeAdapter(AnyQuery)
TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from(BLANKS), max_size=3)
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
    """Of a batch, texts that are blank or no strings are refused one by one; the schema tells only of the latter."""
    try:
        query = parse_query(json.dumps(body).encode(), max_texts=10)
    except ServiceError:
        return False
    if query.is_batch:
        return all(isinstance(text, str) for text in query.texts)
    return check_text(query.texts[0], 10, "text") is None


@given(BODIES)
def test_schema_and_parser_agree(body: object) -> None:
    assert is_accepted_by_schema(body) == is_accepted_by_parser(body)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"text": "a"}, True),
        ({"texts": ["a", ""], "return_logits": True}, True),
        *[({"text": blank}, False) for blank in ["", *BLANKS]],
        ({"text": "\ufeff"}, True),
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


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, True),
        ({"request_id": "4bf92f35-a.b_c"}, True),
        ({"request_id": None}, False),
        ({"request_id": ""}, False),
        ({"request_id": "a secret"}, False),
        ({"request_id": "a" * 129}, False),
        ({"unheard_of": 1}, False),
    ],
)
def test_schema_and_parser_of_feedback_agree(more: dict[str, object], verdict: bool) -> None:
    """The schema used to take null, and whatever held a letter: its pattern was not anchored."""
    body = json.dumps({"text": "a", "label": "positive", **more})
    try:
        FeedbackQuery.model_validate_json(body, strict=True)
        by_schema = True
    except ValidationError:
        by_schema = False
    try:
        parse_correction(body.encode(), ["positive"])
        by_parser = True
    except ServiceError:
        by_parser = False
    assert by_schema is by_parser is verdict
