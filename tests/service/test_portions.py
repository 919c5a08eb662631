"""Portions: what a body can cost is bounded before it is tokenized, not by what is left of it afterwards."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from service.portions import MOST_CHARS, MOST_EXPANSION, portions, read_length
from tests.bench.server import ProcessTree
from tests.service.conftest import ServerProcess

LIGATURE = "\ufdfa"


def test_no_character_grows_more() -> None:
    characters = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert max(len(unicodedata.normalize("NFKC", character)) for character in characters) == MOST_EXPANSION


@pytest.mark.parametrize(("text", "length"), [("", 0), ("good", 4), ("好，", 2), (LIGATURE * 2000, 36_000), ("…", 3)])
def test_length_is_that_of_the_normal_form(text: str, length: int) -> None:
    assert read_length(text, 100_000) == length


def test_no_more_is_counted_than_needed() -> None:
    assert 100 < read_length(LIGATURE * 200_000, 100) <= 1000 * MOST_EXPANSION


def test_portions_hold_all_in_order() -> None:
    half = MOST_CHARS // 2
    assert list(portions([half, half, 1, MOST_CHARS * 2, 0, 3])) == [slice(0, 2), slice(2, 3), slice(3, 4), slice(4, 6)]
    assert list(portions([])) == []


@pytest.mark.parametrize(
    ("texts", "status", "code"),
    [
        (["1" * 200_000] * 20, 413, "request_too_large"),
        ([LIGATURE * 200_000] * 6, 200, "text_too_long"),
        ([LIGATURE * 11_000] * 100, 413, "request_too_large"),
    ],
    ids=["digits", "ligatures", "many ligatures"],
)
def test_what_is_too_much_is_refused_before_it_takes_memory(
    serve: Callable[..., ServerProcess], artifact_directory: Path, texts: list[str], status: int, code: str
) -> None:
    """All of a body was tokenized before its tokens were counted: 4 MB of digits took 440 MB, of ligatures 4.2 GB."""
    server = serve(artifact_directory)
    url = server.wait_until_ready()
    tree = ProcessTree(server.process.pid)
    tree.reset_peak_rss()
    before = tree.peak_rss_mb()
    reply = httpx.post(f"{url}/v1/sentiment", json={"texts": texts}, timeout=60)
    assert reply.status_code == status
    problem = reply.json() if status != 200 else reply.json()["results"][-1]["error"]
    assert problem["code"] == code
    assert tree.peak_rss_mb() - before < 200
