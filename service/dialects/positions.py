"""Positions: where the sentences of a text stand, in the unit that a client counts in."""

from collections.abc import Callable, Iterable, Iterator

from service.prediction import Sentence

Unit = Callable[[str], int]
"""The length of a text."""


def utf16_units(text: str) -> int:
    """Length as JavaScript, Java and .NET count it: a character beyond the basic plane is two."""
    return len(text.encode("utf-16-le")) // 2


UNITS: dict[str, Unit] = {"unicodecodepoint": len, "utf16codeunit": utf16_units}
"""By name, in lower case."""


def places(text: str, sentences: Iterable[Sentence], unit: Unit) -> Iterator[dict[str, object]]:
    """Offset, length and text of sentences, which follow each other; the numbers in a unit."""
    read = offset = 0
    for sentence in sentences:
        end = sentence.offset + sentence.length
        offset += unit(text[read : sentence.offset])
        own = text[sentence.offset : end]
        length = unit(own)
        yield {"offset": offset, "length": length, "text": own}
        read, offset = end, offset + length
