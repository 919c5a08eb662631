"""What a row of data is, wherever it was read; a row that cannot be read is a Problem in its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


class DataError(ValueError):
    """Data that cannot be used; the message names the file and, where there is one, the row."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, and why."""

    file: str
    row: int
    """Line of a text file, counted from 1; row of a Parquet file or dataset, counted from 1."""
    reason: str

    @property
    def number(self) -> int:
        """What a Row calls so."""
        return self.row

    def __str__(self) -> str:
        return f"{self.file}:{self.row}: {self.reason}"


@dataclass(slots=True)
class Row:
    """A row as its file has it."""

    number: int
    """As Problem.row."""
    fields: dict[str, Any]
    size: int = field(default=0, compare=False)
    """Characters of all fields, or bytes of them, or about so many."""


class Block(Protocol):
    """Rows of a file that follow each other, as the file has them. Can be pickled, at the cost of its bytes."""

    @property
    def last(self) -> int:
        """As Row.number: of the last row, or of a line behind it that belongs to it or is blank."""

    def items(self) -> Iterator[Row | Problem]:
        """The rows, as Rows.items gives them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """A file that is being read."""

    columns: tuple[str, ...]
    """Of every row; none for JSON Lines, where each row has its own."""
    items: Iterator[Row | Problem]
    """Raises DataError if the rest cannot be read, or no row has the columns."""
    blocks: Callable[[int, int], Iterator[Block]]
    """Instead of items: the same rows in blocks, each the shortest that has so many rows, or lines, or so many bytes.

    Raises: DataError if the rest cannot be read. That no row has the columns is not noticed.
    """
    count: int | None = None
    """Rows, where the file says so."""
    schema: Any = None
    """pyarrow.Schema of a Parquet file."""


def require_columns(path: str, found: list[str], wanted: tuple[str, ...]) -> None:
    """Raise DataError naming the first wanted column that is not there, and those that are; or that is there twice."""
    for column in wanted:
        if column not in found:
            raise DataError(f"{path}: no column {column!r}; there are: {', '.join(map(repr, found))}")
        if found.count(column) > 1:
            raise DataError(f"{path}: column {column!r} stands twice, and only one of them can be meant")


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: it has no lone surrogate."""
    if text.isascii():  # known without a look at it
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
