"""Texts as token rows, in files."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import tokenizers

from training.storage import TokenRows, make_once, write_rows

_ROWS, _CHARS = 10_000, 4_000_000
"""Most texts, and about most characters, that are encoded at once; an id takes some 100 bytes until it is a number."""


class Tokenizer(Protocol):
    """What reads texts as rows."""

    @property
    def backend(self) -> tokenizers.Tokenizer:
        """What decides how it reads."""

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text."""


def encode_texts(texts: Sequence[str], tokenizer: Tokenizer, work: Path, max_tokens: int = 0) -> TokenRows:
    """Encode texts into files of a work folder; the same texts and tokenizer find them there.

    max_tokens: cut longer texts as `cut_rows` does; 0 leaves each text a row.
    """
    itemcode = "H" if tokenizer.backend.get_vocab_size() <= 1 << 16 else "i"
    digest = hashlib.sha256(tokenizer.backend.to_str().encode())
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8, "little") + data)

    def encoded() -> Iterator[bytes]:
        for some in portions(texts):
            rows: Iterable[Sequence[int]] = tokenizer.encode_batch(some)
            for row in cut_rows(rows, max_tokens) if max_tokens else rows:
                yield array(itemcode, row).tobytes()

    key = f"{type(tokenizer).__name__} {max_tokens} {digest.hexdigest()}"
    return TokenRows(make_once(work, key, lambda folder: write_rows(folder, encoded())), itemcode)


def cut_rows(rows: Iterable[Sequence[int]], max_tokens: int) -> Iterator[Sequence[int]]:
    """Cut rows into the fewest of near-equal length up to max_tokens; those of one token predict nothing, and go."""
    for row in rows:
        count = -(-len(row) // max_tokens)
        cuts = [round(index * len(row) / count) for index in range(count + 1)] if count else []
        yield from (row[low:high] for low, high in pairwise(cuts) if high - low > 1)


def portions(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in turn, so many as can be encoded at once."""
    portion: list[str] = []
    chars = 0
    for text in texts:
        portion.append(text)
        chars += len(text)
        if len(portion) == _ROWS or chars >= _CHARS:
            yield portion
            portion, chars = [], 0
    if portion:
        yield portion
