import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.sentences import split_sentences
from tests.sentences import Case, read_cases

CASES = read_cases()
FOUND_BY = {("en", False): 45, ("zh", False): 28, ("en", True): 23, ("zh", True): 17}
"""Texts whose sentences are found exactly: of 51, 32, 29 and 20."""


def found(text: str) -> list[str]:
    return [text[span.slice] for span in split_sentences(text)]


@pytest.mark.parametrize(("language", "held_out"), FOUND_BY)
def test_sentences_are_those_that_a_person_finds(language: str, held_out: bool) -> None:
    cases = [case for case in CASES if (case.language, case.held_out) == (language, held_out)]
    assert len(cases) >= 20
    assert sum(map(is_found, cases)) >= FOUND_BY[language, held_out]


def is_found(case: Case) -> bool:
    return split_sentences(case.text) == case.spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. No was great. 5 stars.", ["Dr. No was great. 5 stars."]),
        ("i liked it. you may not.", ["i liked it.", "you may not."]),
        ("房间很干净！😀服务员也很热情", ["房间很干净！😀", "服务员也很热情"]),
        ("  Clean\n\n Loud  ", ["Clean", "Loud"]),
        ("I ❤ New York", ["I ❤ New York"]),
        ("no full stop", ["no full stop"]),
        (" \t\n", []),
        ("", []),
    ],
)
def test_what_is_told_apart(text: str, sentences: list[str]) -> None:
    assert found(text) == sentences


PIECES = [*"aZ1 .!?\n\"'”(:)…。！？好😀", "👩\u200d👧", "e\u0301", "Dr. ", "www.a?b"]
ODD = st.lists(st.sampled_from(PIECES)).map("".join)


@given(ODD | st.text())
@example("A. B. C. 😀 a. b")
@example("👩\u200d👧. 👩\u200d👧! a\u0301. b")
def test_no_character_is_lost_or_given_twice(text: str) -> None:
    """Offsets count code points; ICU's own count UTF-16 units, which differ behind an emoji."""
    rest, end = "", 0
    for span in split_sentences(text):
        assert span.offset >= end
        rest += text[end : span.offset]
        end = span.offset + span.length
        assert text[span.slice].strip() == text[span.slice] != ""
    assert not (rest + text[end:]).strip()


@pytest.mark.parametrize(
    "text",
    [*'. 。!"(\na好😀', "a. ", "Dr. ", "http://a.b ", "J. ", "1. ", "! :)", '?" a', "😀A ", "no. 1"],
)
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    """A backtracking rule takes minutes for one of these."""
    started_at = time.perf_counter()
    split_sentences((text * 200_000)[:200_000])
    assert time.perf_counter() - started_at < 5
