"""Texts cut into sentences by hand: tests/data/sentences.jsonl, in which ¦ stands where one ends."""

import json
from pathlib import Path
from typing import NamedTuple

from service.sentences import Span

PATH = Path(__file__).parent / "data" / "sentences.jsonl"
MARK = "¦"


class Case(NamedTuple):
    """A text and where its sentences are."""

    language: str
    held_out: bool
    """Written after the rules of service/sentences.py, and not used to mend them."""
    text: str
    spans: list[Span]


def read_cases() -> list[Case]:
    """All of them."""
    rows = map(json.loads, PATH.read_text(encoding="utf-8").splitlines())
    return [
        Case(row["language"], row["held_out"], row["text"].replace(MARK, ""), spans_of(row["text"].split(MARK)))
        for row in rows
    ]


def spans_of(pieces: list[str]) -> list[Span]:
    """Where the pieces of a text stand in it, without the white space around them."""
    spans, start = [], 0
    for piece in pieces:
        if piece.strip():
            spans.append(Span(start + len(piece) - len(piece.lstrip()), len(piece.strip())))
        start += len(piece)
    return spans
