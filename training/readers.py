"""Rows of files: CSV, TSV, JSON Lines, Parquet, plain text, gzipped or not; of a Hugging Face dataset; of a grammar.

A row that cannot be read becomes a Problem in its place; nothing is skipped in silence.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

HUGGING_FACE = "hf:"
"""Prefix of a path that is a dataset id of the Hugging Face hub, or a local folder that `datasets` can load."""
GRAMMAR = "grammar:"
"""Prefix of a path that is a language whose labelled sentences training/grammar.py writes."""

# A field this long is a missing closing quote, not a review.
csv.field_size_limit(10_000_000)


class DataError(ValueError):
    """Data that a run cannot use; the message names the file and, where there is one, the row."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, and why."""

    file: str
    row: int
    """Line of a text file, counted from 1; row of a Parquet file or dataset, counted from 1."""
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its file has it."""

    number: int
    fields: dict[str, Any]


def read_rows(path: str, columns: tuple[str, ...], split: str = "train") -> Iterator[Row | Problem]:
    """Every row of a file, as a Row that has the columns or as a Problem.

    split: of a Hugging Face dataset; files have none.
    Raises: DataError if the file is missing, is of no known format, or no row of it has the columns.
    """
    if path.startswith(HUGGING_FACE):
        yield from _read_hugging_face(path, columns, split)
        return
    if path.startswith(GRAMMAR):
        yield from _read_grammar(path, columns)
        return
    readers = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".jsonl": _read_jsonl,
        ".parquet": _read_parquet,
        ".txt": _read_txt,
    }
    suffix = Path(path.removesuffix(".gz")).suffix.lower()
    if suffix not in readers:
        known = f"{', '.join(readers)}, each with .gz; a Hugging Face dataset is written {HUGGING_FACE}ID"
        raise DataError(f"{path}: unknown format {suffix or '(no suffix)'}; known: {known}")
    if not Path(path).is_file():
        raise DataError(f"{path}: no such file")
    try:
        yield from readers[suffix](path, columns)
    except (gzip.BadGzipFile, EOFError) as error:
        raise DataError(f"{path}: broken gzip: {error}") from error


def require_columns(path: str, found: list[str], wanted: tuple[str, ...]) -> None:
    """Raise DataError naming the first wanted column that is not there, and those that are."""
    for column in wanted:
        if column not in found:
            raise DataError(f"{path}: no column {column!r}; there are: {', '.join(map(repr, found))}")


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: it has no lone surrogate."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _open(path: str) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path) if path.endswith(".gz") else open(path, "rb"))


def _lines(path: str) -> Iterator[str]:
    """Lines decoded from UTF-8; bytes that are not become lone surrogates, so that the row they are in can be named."""
    with _open(path) as file:
        for number, line in enumerate(file):
            text = line.decode("utf-8", errors="surrogateescape")
            yield text.removeprefix("\ufeff") if number == 0 else text


def _read_csv(path: str, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    # Tab-separated files have no quoting: a quotation mark in them is text.
    is_tsv = Path(path.removesuffix(".gz")).suffix.lower() == ".tsv"
    reader = csv.reader(_lines(path), delimiter="\t" if is_tsv else ",", quoting=csv.QUOTE_NONE if is_tsv else 0)
    header = next(reader, [])
    if not all(map(is_unicode, header)):
        raise DataError(f"{path}:1: the header is not UTF-8")
    require_columns(path, header, columns)
    while True:
        first_line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(path, first_line, f"broken row: {error}")
            continue
        if not values:
            continue  # a blank line is no row
        if len(values) != len(header):
            span = reader.line_num - first_line
            reason = f"broken row: {len(values)} fields, the header has {len(header)}"
            yield Problem(path, first_line, reason + (f"; it swallows the next {span} lines" if span else ""))
        elif not all(map(is_unicode, values)):
            yield Problem(path, first_line, "not UTF-8")
        else:
            yield Row(first_line, dict(zip(header, values, strict=True)))


def _read_txt(path: str, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    """A text a line; a blank line is no row."""
    require_columns(path, list(columns[:1]), columns)  # the line itself is the first, and there is no other
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        text = line.rstrip("\r\n")
        yield Row(number, {columns[0]: text}) if is_unicode(text) else Problem(path, number, "not UTF-8")


def _read_jsonl(path: str, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    found: set[str] = set()
    missing = 0
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        if not is_unicode(line):
            yield Problem(path, number, "not UTF-8")
            continue
        try:
            fields = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            yield Problem(path, number, f"broken row: not JSON: {error}")
            continue
        if not isinstance(fields, dict):
            yield Problem(path, number, f"broken row: a JSON {type(fields).__name__}, not an object")
            continue
        found.update(fields)
        absent = [column for column in columns if column not in fields]
        if absent:
            missing += 1
            yield Problem(path, number, f"broken row: no column {absent[0]!r}")
        else:
            yield Row(number, fields)
    if missing or not found:
        require_columns(path, sorted(found), columns)


def _read_parquet(path: str, columns: tuple[str, ...]) -> Iterator[Row | Problem]:
    import pyarrow
    import pyarrow.parquet

    try:
        with _open(path) as file, pyarrow.parquet.ParquetFile(file) as table:
            require_columns(path, table.schema_arrow.names, columns)
            number = 0
            for batch in table.iter_batches(columns=list(columns)):
                for fields in batch.to_pylist():
                    number += 1
                    yield Row(number, fields)
    except pyarrow.ArrowException as error:
        raise DataError(f"{path}: not Parquet: {error}") from error


def _read_hugging_face(path: str, columns: tuple[str, ...], split: str) -> Iterator[Row | Problem]:
    import datasets

    name = path.removeprefix(HUGGING_FACE)
    try:
        dataset = datasets.load_dataset(name, split=split)
    except Exception as error:  # the library raises a dozen unrelated kinds
        raise DataError(f"{path}: split {split!r} cannot be loaded: {error}") from error
    require_columns(path, dataset.column_names, columns)
    names = {column: dataset.features[column] for column in columns}
    for number, fields in enumerate(dataset, start=1):
        # Class labels are stored as numbers; their names are what a label map speaks of.
        for column, feature in names.items():
            if isinstance(feature, datasets.ClassLabel) and isinstance(fields[column], int) and fields[column] >= 0:
                fields[column] = feature.int2str(fields[column])
        yield Row(number, fields)


def _read_grammar(path: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Sentences and labels, under the columns in this order, whatever they are called."""
    from training.grammar import GRAMMARS, sentences

    language = path.removeprefix(GRAMMAR)
    if language not in GRAMMARS:
        raise DataError(f"{path}: unknown language {language!r}; there are: {', '.join(GRAMMARS)}")
    for number, values in enumerate(sentences(language), start=1):
        yield Row(number, dict(zip(columns, values, strict=False)))
