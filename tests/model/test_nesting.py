"""The depth of JSON, before it is parsed."""

import json
import random

import pytest

from model.nesting import MOST_NESTED, NestedTooDeeplyError, check_nesting

BRACKETS_IN_STRINGS = [
    json.dumps("[" * 1000),
    json.dumps({"[" * 200: ["{" * 200, '"', "\\", '\\"[', "\\\\", "好[" * 200]}),
    json.dumps(["[\n"] * 200, ensure_ascii=False),
    '"' + '\\"[' * 1000 + '"',
]


@pytest.mark.parametrize(
    "text", ["[" * MOST_NESTED + "]" * MOST_NESTED, '{"a":' * MOST_NESTED + "1" + "}" * MOST_NESTED]
)
def test_limit_itself_may_be_nested(text: str) -> None:
    check_nesting(text)
    with pytest.raises(NestedTooDeeplyError, match="nested 101 levels deep; the limit is 100") as raised:
        check_nesting(f"[{text}]")
    assert raised.value.depth == MOST_NESTED + 1


@pytest.mark.parametrize("text", ["[" * 10**6, '{"a":' * 10**5, "[" * 10**5 + "]" * 10**5, '[{"[": [' * 10**5])
def test_what_never_ends_is_refused(text: str) -> None:
    with pytest.raises(NestedTooDeeplyError):
        check_nesting(text)


@pytest.mark.parametrize("text", [*BRACKETS_IN_STRINGS, "[" + "[]," * 1000 + "[]]", "", '"[' + "[" * 1000, "]" * 1000])
def test_width_strings_and_what_is_no_json_are_not_depth(text: str) -> None:
    check_nesting(text)


def depth_of(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


def nested(draw: random.Random, depth: int) -> object:
    if depth == 0 or draw.random() < 0.02:
        return draw.choice(["[{", '"]', "\\", 1, None, "好"])
    inner = [nested(draw, depth - 1), *("[" for _ in range(draw.randrange(3)))]
    return inner if draw.random() < 0.5 else {f"{{{place}": item for place, item in enumerate(inner)}


@pytest.mark.parametrize("seed", range(50))
def test_depth_is_that_of_the_parsed_value(seed: int) -> None:
    draw = random.Random(seed)
    value = nested(draw, draw.randrange(2 * MOST_NESTED))
    text = json.dumps(value, ensure_ascii=draw.random() < 0.5)
    found = 0
    try:
        check_nesting(text)
    except NestedTooDeeplyError as error:
        found = error.depth
    assert found == (depth_of(value) if depth_of(value) > MOST_NESTED else 0)
