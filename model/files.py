"""Files of rows: CSV, TSV, JSON Lines, Parquet, plain text, each gzipped or not; for training and serving alike."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar

from model.lines import open_csv, open_jsonl, open_tsv, open_txt
from model.parquet import open_parquet
from model.rows import DataError, Problem, Row, Rows

_T = TypeVar("_T")

FORMATS = ("csv", "tsv", "jsonl", "parquet", "txt")
"""Each also with .gz behind."""


def format_of(path: str) -> str:
    """Format of a file by its name, as in csv or csv.gz.

    Raises: DataError if it is none of FORMATS.
    """
    plain = Path(path.removesuffix(".gz"))
    name = plain.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise DataError(f"{path}: unknown format {plain.suffix or '(no suffix)'}; known: {known}, each with .gz")
    return f"{name}.gz" if path.endswith(".gz") else name


def read_rows(path: str, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    """Every row of a file, as a Row that has the columns or as a Problem.

    Raises: DataError if the file is missing, is of no known format, or no row of it has the columns.
    """
    file_format = format_of(path)
    if not Path(path).is_file():
        raise DataError(f"{path}: no such file")
    with open(path, "rb") as file:
        yield from open_rows(file, path, file_format, columns).items


def open_rows(
    file: IO[bytes], name: str, file_format: str, wanted: tuple[str, ...], *, every_column: bool = False
) -> Rows:
    """Begin to read an open file.

    name: for messages. file_format: of FORMATS, with .gz if it is compressed. wanted: columns that a row must have; of
    plain text, the first is what its lines are called. every_column: of Parquet too, as other formats always do.
    Raises: DataError if the file is not what it should be, or has not the columns.
    """
    try:
        plain: Any = io.BufferedReader(gzip.GzipFile(fileobj=file)) if file_format.endswith(".gz") else file
        match file_format.removesuffix(".gz"):
            case "csv":
                rows = open_csv(plain, name, wanted)
            case "tsv":
                rows = open_tsv(plain, name, wanted)
            case "jsonl":
                rows = open_jsonl(plain, name, wanted)
            case "txt":
                rows = open_txt(plain, name, wanted)
            case _:
                rows = open_parquet(plain, name, wanted, every_column)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name}: {_explain(error)}") from error
    return replace(
        rows,
        items=_guarded(rows.items, name, lambda item: item.number),
        blocks=lambda *most: _guarded(rows.blocks(*most), name, lambda block: block.last),
    )


def _guarded(items: Iterator[_T], name: str, number_of: Callable[[_T], int]) -> Iterator[_T]:
    number = 0
    try:
        for item in items:
            number = number_of(item)
            yield item
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{name}: {_explain(error)}, after row {number}") from error


def _explain(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return f"cannot be read: {error.strerror or error}"
    return f"broken gzip: {error}"
