"""Portions: as much text as is tokenized at once, measured as the tokenizer reads it: in Unicode's form NFKC.

It takes up to 340 bytes a character while it works, and NFKC makes up to 18 characters of one. A body of 4 MB took
4.2 GB so, and of plain digits 440 MB, to be refused for its tokens afterwards.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from service.errors import TextTooLong

MOST_EXPANSION = 18
"""Of U+FDFA."""
MOST_CHARS = 200_000
"""Of a portion, unless a single text has more. 70 MB, in each of the tokenizer's threads."""
_PIECE = 1000


def read_length(text: str, most: int) -> int:
    """Characters of a text in NFKC; or some number above `most`, if they are more. Takes up to 40 ns for each."""
    if text.isascii():
        return len(text)
    length = 0
    for start in range(0, len(text), _PIECE):
        length += len(unicodedata.normalize("NFKC", text[start : start + _PIECE]))
        if length > most:
            break
    return length


def check_read_length(length: int, max_chars: int, field: str) -> TextTooLong | None:
    """What is wrong with a text of such a length, if anything. field: where it stands."""
    if length <= max_chars:
        return None
    detail = f"{field} has more than {max_chars} characters in the Unicode form NFKC, in which it is read"
    return TextTooLong(detail, field=field, limit=max_chars)


def portions(lengths: Sequence[int]) -> Iterator[slice]:
    """Cut texts of these lengths into portions, in order."""
    start = total = 0
    for position, length in enumerate(lengths):
        if position > start and total + length > MOST_CHARS:
            yield slice(start, position)
            start, total = position, 0
        total += length
    if lengths:
        yield slice(start, len(lengths))
