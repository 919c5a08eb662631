"""Rows of text files: CSV, TSV, JSON Lines, plain text.

The files are open, and yield bytes. What is raised, and what is yielded, is told in model.files.open_rows.
"""

import csv
import json
from collections.abc import Iterator
from typing import IO, Any

from model.nesting import check_nesting
from model.rows import DataError, Problem, Row, Rows, is_unicode, require_columns

_LINE_BYTES = 64 << 20
"""A file with a longer line has no lines, as a JSON array has none, and would be read into memory whole."""
_ROWS_WITHOUT_COLUMN = 1000
"""If so many at the beginning of a JSON Lines file lack a column, none will have it."""

# A field this long is a missing closing quote, not a review.
csv.field_size_limit(10_000_000)
# Python writes NaN and infinities, which are not JSON; what reads our lines may know only JSON.
_JSON = json.JSONDecoder(parse_constant=lambda name: None)


def open_csv(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A header, and cells that may be quoted."""
    return _open_table(csv.reader(_lines(file, name)), name, wanted)


def open_tsv(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A header, and cells without quoting: a quotation mark in one is text."""
    return _open_table(csv.reader(_lines(file, name), delimiter="\t", quoting=csv.QUOTE_NONE), name, wanted)


def open_jsonl(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A JSON object a line, each with columns of its own."""
    return Rows(columns=(), items=_read_jsonl(file, name, wanted))


def open_txt(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Rows:
    """A text a line, under the first of the columns."""
    require_columns(name, list(wanted[:1]), wanted)  # there is none but the line itself
    return Rows(columns=wanted, items=_read_txt(file, name, wanted[0]))


def _lines(file: IO[bytes], name: str) -> Iterator[str]:
    """Lines decoded from UTF-8; bytes that are not become lone surrogates, so that the row they are in can be named."""
    number = 0
    while line := file.readline(_LINE_BYTES):
        number += 1
        if len(line) == _LINE_BYTES:
            raise DataError(
                f"{name}:{number}: a line of {_LINE_BYTES >> 20} MiB or more; has each row a line of its own?"
            )
        text = line.decode("utf-8", errors="surrogateescape")
        yield text.removeprefix("\ufeff") if number == 1 else text


def _open_table(reader: Any, name: str, wanted: tuple[str, ...]) -> Rows:
    try:
        header: list[str] = next(reader)
    except StopIteration:
        raise DataError(f"{name}: empty, without a header") from None
    except csv.Error as error:
        raise DataError(f"{name}:1: broken header: {_reason(error)}") from error
    if not all(map(is_unicode, header)):
        raise DataError(f"{name}:1: the header is not UTF-8")
    require_columns(name, header, wanted)
    return Rows(columns=tuple(header), items=_read_table(reader, name, header))


def _read_table(reader: Any, name: str, header: list[str]) -> Iterator[Row | Problem]:
    while True:
        first_line = reader.line_num + 1
        broken, values = "", []
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken = _reason(error)
        else:
            if not values:
                continue  # a blank line is no row
            if len(values) != len(header):
                broken = f"{len(values)} fields, the header has {len(header)}"
        if broken:
            span = reader.line_num - first_line
            swallowed = f"; it swallows the next {span} lines" if span else ""
            yield Problem(name, first_line, f"broken row: {broken}{swallowed}")
        elif not all(map(is_unicode, values)):
            yield Problem(name, first_line, "not UTF-8")
        else:
            yield Row(first_line, dict(zip(header, values, strict=True)), sum(map(len, values)))


def _reason(error: csv.Error) -> str:
    """Without the advice that the csv module adds for programmers."""
    return str(error).partition(" - ")[0]


def _read_txt(file: IO[bytes], name: str, column: str) -> Iterator[Row | Problem]:
    """A text a line; a blank line is no row."""
    for number, line in enumerate(_lines(file, name), start=1):
        if not line.strip():
            continue
        text = line.rstrip("\r\n")
        yield Row(number, {column: text}, len(text)) if is_unicode(text) else Problem(name, number, "not UTF-8")


def _read_jsonl(file: IO[bytes], name: str, wanted: tuple[str, ...]) -> Iterator[Row | Problem]:
    found: set[str] = set()
    rows = fit = 0
    for number, line in enumerate(_lines(file, name), start=1):
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
        if rows == _ROWS_WITHOUT_COLUMN and not fit:
            break
    if rows and not fit:
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
