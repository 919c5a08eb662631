"""Inputs: the files of `python -m service predict`, or standard input, as one stream of rows in order."""

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

from model.files import format_of, open_rows
from model.rows import Block, DataError, Problem, Row, Rows
from service.files.places import find_file, is_remote, open_file

STDIO = "-"
"""Stands for standard input, or output."""
_SAMPLE_ROWS, _SAMPLE_SIZE = 4096, 4_000_000
"""Most rows, and characters of them, that are looked at where only rows tell the columns."""

_T = TypeVar("_T")

Item = tuple[str, Row | Problem]
"""A file, and a row of it, good or bad."""


class _Source(NamedTuple):
    path: str
    format: str
    size: int
    """Bytes; 0 for standard input."""
    changed_ns: int
    """When it was written; 0 for standard input."""


class Inputs:
    """Files, each looked into at once: whether it can be read, and its columns.

    paths: files, or URIs of such, or `-`, at most once. stdin_format: of `-`. column: holds the text.
    Raises: DataError if a file cannot be read or lacks the column.
    """

    def __init__(self, paths: Sequence[str], stdin_format: str | None, column: str) -> None:
        self.columns: dict[str, str] = {}
        """Of all files, in order, each with the file that has it first; of JSON Lines, those of the first rows."""
        self.schemas: list[Any] = []
        """pyarrow.Schema of each Parquet file."""
        self.sample: dict[str, list[Any]] = {}
        """First values of each column of JSON Lines, from the first file that has any."""
        self.has_stdin = STDIO in paths
        self._column = column
        self._sources = [_look_at(path, stdin_format) for path in paths]
        self._stdin: Iterator[Row | Problem] = iter(())
        self._bytes_before = 0
        """Of the files that have been read."""
        self._current: tuple[IO[bytes], _Source, Rows] | None = None
        for source in self._sources:
            if source.path == STDIO:
                rows = self._open(sys.stdin.buffer, source)
                self._stdin = chain(self._look_into(source, rows), rows.items)
            else:
                with open_file(source.path) as file:
                    self._look_into(source, self._open(file, source))

    @property
    def are_typed(self) -> bool:
        """Whether all are Parquet, so that no value is of another type than its column."""
        return len(self.schemas) == len(self._sources)

    def describe(self) -> list[list[str | int]]:
        """What tells these files from others: path, format, size in bytes and time of change in ns of each."""
        return [
            [path if is_remote(path) else str(Path(path).resolve()), file_format, size, changed_ns]
            for path, file_format, size, changed_ns in self._sources
        ]

    def sizes(self) -> list[int]:
        """Bytes of each file; 0 for standard input."""
        return [source.size for source in self._sources]

    def items(self) -> Iterator[Item]:
        """Every row of every file.   Raises: DataError if the rest of a file cannot be read."""
        for source in self._sources:
            if source.path == STDIO:
                yield from zip(repeat(_name(source)), self._stdin, strict=False)
            else:
                yield from zip(repeat(source.path), self._read(source, lambda rows: rows.items), strict=False)

    def blocks(self, most_rows: int, most_bytes: int) -> Iterator[Block]:
        """Instead of items: the rows of the files in blocks, as Rows.blocks gives them. Not of standard input."""
        for source in self._sources:
            yield from self._read(source, lambda rows: rows.blocks(most_rows, most_bytes))

    def _read(self, source: _Source, take: Callable[[Rows], Iterator[_T]]) -> Iterator[_T]:
        with open_file(source.path) as file:
            rows = self._open(file, source)
            self._current = file, source, rows
            yield from take(rows)
            self._current = None
        self._bytes_before += source.size

    def fraction(self, number: int) -> float | None:
        """How much of all bytes has been read, from 0 to 1; None if nobody can know. number: of the row read last."""
        if self.has_stdin:
            return None
        done = float(self._bytes_before)
        if self._current:
            file, source, rows = self._current
            # The columns of a Parquet file lie far apart, so its position would tell nothing.
            done += number / max(1, rows.count) * source.size if rows.count is not None else file.tell()
        return min(1.0, done / max(1, sum(self.sizes())))

    def _open(self, file: IO[bytes], source: _Source) -> Rows:
        return open_rows(file, _name(source), source.format, (self._column,), every_column=True)

    def _look_into(self, source: _Source, rows: Rows) -> list[Row | Problem]:
        """Note columns and types.   Returns: the rows that had to be read for that."""
        name = _name(source)
        twice = {column for column in rows.columns if rows.columns.count(column) > 1}
        if twice:
            raise DataError(f"{name}: column {min(twice)!r} stands twice in the header")
        if rows.schema is not None:
            self.schemas.append(rows.schema)
        looked = [] if rows.columns else _take(rows.items)
        found = [row.fields for row in looked if isinstance(row, Row)]
        for column in dict.fromkeys(chain(rows.columns, *found)):
            self.columns.setdefault(column, name)
            if found and all(value is None for value in self.sample.get(column, ())):
                self.sample[column] = [fields.get(column) for fields in found]
        return looked


def _look_at(path: str, stdin_format: str | None) -> _Source:
    if path == STDIO:
        assert stdin_format
        if sys.stdin is None:
            raise DataError("standard input is closed")
        return _Source(STDIO, stdin_format, 0, 0)
    found = find_file(path)
    if not found:
        wrong = "not a file; pipe it to - with --format" if Path(path).exists() else "no such file"
        raise DataError(f"{path}: {wrong}")
    return _Source(path, format_of(path), found.size, found.changed_ns)


def _name(source: _Source) -> str:
    """For people."""
    return "stdin" if source.path == STDIO else source.path


def _take(items: Iterator[Row | Problem]) -> list[Row | Problem]:
    taken, size = [], 0
    for item in items:
        taken.append(item)
        size += item.size if isinstance(item, Row) else 0
        if len(taken) == _SAMPLE_ROWS or size >= _SAMPLE_SIZE:
            break
    return taken
