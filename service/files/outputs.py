"""Outputs: rows as CSV, TSV or JSON Lines, in pieces that can be appended to a file one after the other."""

import base64
import csv
import gzip
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time
from functools import partial
from json import dumps as dump_ascii
from pathlib import Path
from typing import Any, Protocol

import orjson

from model.rows import DataError

_AS_THEY_ARE = {str, int, float, type(None)}
"""Types of values that the csv module writes as it should."""
_GZIP_LEVEL = 6

Fields = dict[str, Any]


class Unfit(ValueError):
    """A row that the format cannot hold; the message says why, without its values."""


class Encoder(Protocol):
    """A format."""

    def head(self) -> bytes:
        """What a file begins with."""

    def encode(self, rows: Sequence[Fields]) -> tuple[bytes, dict[int, str]]:
        """Rows as bytes to append, and by position the reason for each that is not among them."""

    def finish(self, written: Path, target: Path) -> None:
        """Make the file at `target` of all that was appended, at once, and leave no other."""


class LineEncoder:
    """CSV, TSV and JSON Lines. With gzip, each piece is a member of its own, so that files can be cut between them."""

    def __init__(self, head: bytes, line: Callable[[Fields], bytes], *, is_gzipped: bool) -> None:
        self._head = head
        self._line = line
        self._is_gzipped = is_gzipped

    def head(self) -> bytes:
        """See Encoder."""
        return gzip.compress(self._head, mtime=0) if self._is_gzipped else self._head

    def encode(self, rows: Sequence[Fields]) -> tuple[bytes, dict[int, str]]:
        """See Encoder."""
        lines: list[bytes] = []
        unfit: dict[int, str] = {}
        for position, fields in enumerate(rows):
            try:
                lines.append(self._line(fields))
            except Unfit as error:
                unfit[position] = str(error)
        data = b"".join(lines)
        return gzip.compress(data, _GZIP_LEVEL, mtime=0) if self._is_gzipped and data else data, unfit

    def finish(self, written: Path, target: Path) -> None:
        """See Encoder."""
        written.replace(target)


def line_encoder(file_format: str, names: Sequence[str]) -> LineEncoder:
    """The encoder of csv, tsv or jsonl, each with .gz if it is to be compressed.

    names: of all columns.   Raises: DataError if the header cannot be written.
    """
    is_gzipped = file_format.endswith(".gz")
    kind = file_format.removesuffix(".gz")
    if kind == "jsonl":
        return LineEncoder(b"", _json_line, is_gzipped=is_gzipped)
    line = partial(_csv_line if kind == "csv" else _tsv_line, names, frozenset(names))
    try:
        return LineEncoder(line(dict(zip(names, names, strict=True))), line, is_gzipped=is_gzipped)
    except Unfit as error:
        raise DataError(f"the header cannot be written: {error}") from error


def unknown_column(fields: Fields, names: AbstractSet[str]) -> str:
    """Why a row that has a column of none of these names cannot be written."""
    name = next(name for name in fields if name not in names)
    return f"column {name!r} is not among those of the first rows, and only JSON Lines could hold it"


def _json_line(fields: Fields) -> bytes:
    return _json(fields) + b"\n"


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=_as_text)
    except TypeError:  # half a surrogate pair, more than 64 bits, or many lists in each other
        try:
            return dump_ascii(value, default=_as_text, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise Unfit("a value that JSON cannot hold") from None


class _Echo:
    """What csv writes to, so that writerow returns the line."""

    @staticmethod
    def write(line: str) -> str:
        return line


# With \r\n as the end of a line, csv quotes cells that hold either; lines are then ended by \n alone.
_CSV: Any = csv.writer(_Echo, lineterminator="\r\n")


def _csv_line(columns: Sequence[str], names: AbstractSet[str], fields: Fields) -> bytes:
    line: str = _CSV.writerow(_cells(columns, names, fields))
    return _utf8(line[:-2] + "\n")


def _tsv_line(columns: Sequence[str], names: AbstractSet[str], fields: Fields) -> bytes:
    line = "\t".join(["" if cell is None else str(cell) for cell in _cells(columns, names, fields)])
    if line.count("\t") >= len(columns) or "\n" in line or "\r" in line:
        raise Unfit("a cell holds a tab or a line break, which TSV cannot; CSV and JSON Lines can")
    return _utf8(line + "\n")


def _cells(columns: Sequence[str], names: AbstractSet[str], fields: Fields) -> list[Any]:
    if not fields.keys() <= names:
        raise Unfit(unknown_column(fields, names))
    cells = [fields.get(column) for column in columns]
    return [cell if type(cell) in _AS_THEY_ARE else _as_cell(cell) for cell in cells]


def _utf8(line: str) -> bytes:
    try:
        return line.encode()
    except UnicodeEncodeError:
        raise Unfit("a cell holds half a surrogate pair, which is not Unicode") from None


def _as_cell(value: object) -> str:
    """A value of JSON or Parquet in a cell: nested ones and booleans as JSON."""
    return _json(value).decode() if isinstance(value, bool | list | dict) else _as_text(value)


def _as_text(value: object) -> str:
    """A value that JSON has no type for."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | time) else str(value)
