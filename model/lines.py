"""Rows of text files: CSV, TSV, JSON Lines, plain text.

The files are open, and yield bytes. What is raised, and what is yielded, is told in model.files.open_rows.
"""

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from model.nesting import check_nesting
from model.rows import DataError, Problem, Row, Rows, is_unicode, require_columns

Read = Callable[[Iterator[str], int], Iterator[Row | Problem]]
"""Rows from lines, of which so many came before."""

_LINE_BYTES = 64 << 20
"""A file with a longer line has no lines, as a JSON array has none, and would be read into memory whole."""
_ROWS_WITHOUT_COLUMN = 1000
"""If so many at the beginning of a JSON Lines file lack a column, none will have it."""

# A field this long is a missing closing quote, not a review.
csv.field_size_limit(10_000_000)
# Python writes NaN and infinities, which are not JSON; what reads our lines may know only JSON.
_JSON = json.JSONDecoder(parse_constant=lambda name: None)


@dataclass(frozen=True, slots=True)
class LineBlock:
    """See Block."""

    read: Read
    before: int
    """Lines before it in the file."""
    last: int
    data: bytes

    def items(self) -> Iterator[Row | Problem]:
        """See Block."""
        return self.read(map(_decode, io.BytesIO(self.data)), self.before)


def open_csv(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A header, and cells that may be quoted.

    The reader is strict: any other reads an unclosed quotation mark, and all rows up to the next one, as a single text.
    """
    return _open_table(file, name, wanted, csv.reader)


def open_tsv(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A header, and cells without quoting: a quotation mark in one is text."""
    return _open_table(file, name, wanted, partial(csv.reader, delimiter="\t", quoting=csv.QUOTE_NONE))


def open_jsonl(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A JSON object a line, each with columns of its own."""
    lines = _lines(file, name)
    return Rows(
        columns=(),
        items=_read_jsonl(name, wanted, True, map(_decode, lines), 0),
        blocks=partial(_cut_lines, lines, partial(_read_jsonl, name, wanted, False)),
    )


def open_txt(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A text a line, under the first of the columns."""
    require_columns(name, list(wanted[:1]), wanted)  # there is none but the line itself
    lines, read = _lines(file, name), partial(_read_txt, name, wanted[0])
    return Rows(columns=wanted, items=read(map(_decode, lines), 0), blocks=partial(_cut_lines, lines, read))


def _open_table(file: IO[bytes], name: str, wanted: tuple[str, ...], open_reader: Callable[..., Any]) -> Rows:
    lines = _lines(file, name)
    reader = open_reader(map(_decode, lines), strict=True)
    try:
        header: list[str] = next(reader)
    except StopIteration:
        raise DataError(f"{name}: empty, without a header") from None
    except csv.Error as error:
        raise DataError(f"{name}:1: broken header: {_reason(error)}") from error
    if not all(map(is_unicode, header)):
        raise DataError(f"{name}:1: the header is not UTF-8")
    require_columns(name, header, wanted)
    read = partial(_read_table, name, header, open_reader)
    return Rows(
        columns=tuple(header),
        items=read(map(_decode, lines), reader.line_num),
        blocks=partial(_cut_table, lines, read, open_reader, reader.line_num),
    )


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Lines of a file, without the mark of UTF-8 before the first."""
    number = 0
    while line := file.readline(_LINE_BYTES):
        number += 1
        if len(line) == _LINE_BYTES:
            raise DataError(
                f"{name}:{number}: a line of {_LINE_BYTES >> 20} MiB or more; has each row a line of its own?"
            )
        yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


def _decode(line: bytes) -> str:
    """From UTF-8; bytes that are not become lone surrogates, so that the row they are in can be named."""
    return line.decode("utf-8", errors="surrogateescape")


def _cut_lines(lines: Iterator[bytes], read: Read, most_rows: int, most_bytes: int) -> Iterator[LineBlock]:
    """Blocks of a file of which every line is a row, or blank."""
    return _cut(([line] for line in lines), read, 0, most_rows, most_bytes)


def _cut_table(
    lines: Iterator[bytes],
    read: Read,
    open_reader: Callable[..., Any],
    before: int,
    most_rows: int,
    most_bytes: int,
) -> Iterator[LineBlock]:
    """Blocks of a file of whose rows only a reader knows where they end."""
    taken: list[bytes] = []

    def take(line: bytes) -> str:
        taken.append(line)
        return _decode(line)

    def rows() -> Iterator[list[bytes]]:
        reader, is_end = open_reader(map(take, lines), strict=True), False
        while not is_end:
            with suppress(csv.Error):  # of a broken row, whose lines are taken too
                is_end = next(reader, None) is None
            if taken:
                yield taken.copy()
                taken.clear()

    return _cut(rows(), read, before, most_rows, most_bytes)


def _cut(rows: Iterable[list[bytes]], read: Read, before: int, most_rows: int, most_bytes: int) -> Iterator[LineBlock]:
    """Blocks of rows, each of which is some lines."""
    count, size, lines = 0, 0, list[bytes]()
    for row in rows:
        lines += row
        count += 1
        size += sum(map(len, row))
        if count >= most_rows or size >= most_bytes:
            yield LineBlock(read, before, before + len(lines), b"".join(lines))
            count, size, before, lines = 0, 0, before + len(lines), []
    if lines:
        yield LineBlock(read, before, before + len(lines), b"".join(lines))


def _read_table(
    name: str, header: list[str], open_reader: Callable[..., Any], lines: Iterator[str], before: int
) -> Iterator[Row | Problem]:
    line = ""

    def take() -> Iterator[str]:
        nonlocal line
        for line in lines:  # noqa: UP028  # it is noted for the reader
            yield line

    reader = open_reader(take(), strict=True)
    while True:
        first_line = before + reader.line_num + 1
        broken = ""
        try:
            values: list[str] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            is_one_line = before + reader.line_num == first_line
            values = _read_loosely(open_reader, line) if is_one_line else []
            broken = "" if values else _reason(error)
        else:
            if not values:
                continue  # a blank line is no row
        if not broken and len(values) != len(header):
            broken = f"{len(values)} fields, the header has {len(header)}"
        if broken:
            span = before + reader.line_num - first_line
            swallowed = f"; it swallows the next {span} lines" if span else ""
            yield Problem(name, first_line, f"broken row: {broken}{swallowed}")
        elif not all(map(is_unicode, values)):
            yield Problem(name, first_line, "not UTF-8")
        else:
            yield Row(first_line, dict(zip(header, values, strict=True)), sum(map(len, values)))


def _read_loosely(open_reader: Callable[..., Any], line: str) -> list[str]:
    """Fields of a line that strictly is none, as pandas reads it: `"a"b` is common. Empty if it is broken even so."""
    reader = open_reader([line, ""], strict=False)
    with suppress(csv.Error):
        values: list[str] = next(reader)
        if reader.line_num == 1:  # else the quotation mark is not closed
            return values
    return []


def _reason(error: csv.Error) -> str:
    """Without the advice that the csv module adds for programmers."""
    return str(error).partition(" - ")[0]


def _read_txt(name: str, column: str, lines: Iterator[str], before: int) -> Iterator[Row | Problem]:
    """A text a line; a blank line is no row."""
    for number, line in enumerate(lines, start=before + 1):
        if not line.strip():
            continue
        text = line.rstrip("\r\n")
        yield Row(number, {column: text}, len(text)) if is_unicode(text) else Problem(name, number, "not UTF-8")


def _read_jsonl(
    name: str, wanted: tuple[str, ...], is_whole: bool, lines: Iterator[str], before: int
) -> Iterator[Row | Problem]:
    """is_whole: these are all lines, so that it means something if no row has the columns."""
    found: set[str] = set()
    rows = fit = 0
    for number, line in enumerate(lines, start=before + 1):
        if not line.strip():
            continue
        rows += 1
        fields = _parse_json(line)
        if isinstance(fields, str):
            yield Problem(name, number, fields)
        elif absent := [column for column in wanted if column not in fields]:
            found.update(fields)
            yield Problem(name, number, f"broken row: no column {absent[0]!r}")
        else:
            fit += 1
            yield Row(number, fields, len(line))
        if is_whole and rows == _ROWS_WITHOUT_COLUMN and not fit:
            break
    if is_whole and rows and not fit:
        if not found:
            raise DataError(f"{name}: no line is a JSON object")
        require_columns(name, sorted(found), wanted)
        raise DataError(f"{name}: no row has all of the columns {', '.join(map(repr, wanted))}")


def _parse_json(line: str) -> dict[str, Any] | str:
    """Fields of a line, or what is wrong with it."""
    if not is_unicode(line):
        return "not UTF-8"
    try:
        check_nesting(line)
        fields = _JSON.decode(line)
    except json.JSONDecodeError as error:
        return f"broken row: not JSON: {error.msg} at character {error.pos}"
    except ValueError as error:  # nested too deeply, or a number of too many digits
        return f"broken row: not JSON: {error}"
    return fields if isinstance(fields, dict) else f"broken row: a JSON {type(fields).__name__}, not an object"
