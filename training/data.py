"""What sources hold: labelled rows, or texts alone; and their labels as numbers.

Shapes in names: N rows, C labels.
"""

import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.rows import DataError, Problem, Row, is_unicode
from training.keys import duplicate_key, hash_key, hash_keys
from training.readers import read_rows, stamp
from training.sequences import Column, as_column, column_of, count_values
from training.sources import Source
from training.storage import StoredTexts, make_once, read_column, write_rows

CANONICAL_LABELS = ("negative", "neutral", "positive")
MAX_LABELS = 100
"""More different labels than this are a wrongly chosen column."""
_LABELS, _KEYS, _RECORD = "labels", "keys", "corpus.json"
"""Beside the texts of a source that is kept in files."""
_VERSION = 3
"""Of how rows are read: another one reads anew what is kept in files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """The usable rows of a source, in its order."""

    source: Source
    texts: Sequence[str]
    labels: Sequence[str]
    carried: tuple[str, ...]
    """Labels that the source can carry."""
    problems: list[Problem]
    """Rows left out."""
    digest: str
    """sha256 of the rows as read, so that equal data is known as equal in any format."""

    def summary(self) -> dict[str, Any]:
        """What metadata.json records of it."""
        return {
            "name": self.source.name,
            "rows": dict(sorted(count_labels(self.labels).items())),
            "rejected_rows": len(self.problems),
            "sha256": self.digest,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCorpus:
    """The usable texts of a source, in its order, whatever labels it may have."""

    source: Source
    texts: Sequence[str]
    problems: list[Problem]
    """Rows left out."""
    digest: str
    """sha256 of the texts as read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """Rows of one set as the loop reads them."""

    name: str
    texts: Sequence[str]
    targets: Sequence[int] | np.ndarray | Column
    """N indices into the run's labels."""
    carried: tuple[bool, ...]
    """C flags: the labels that this set can carry."""
    repeat: int = 1
    opposite_of: Sequence[str] | None = None
    """N texts of which these say the opposite; None if they do not."""


def read_source(source: Source, *, strict: bool = False, work: Path | None = None) -> Corpus:
    """Read every row of a source.

    strict: raise on the first row that is left out. work: keep the texts there in files, instead of in memory; a source
    that has not changed since is not read again.
    Raises: DataError if the file or a column is missing, no row is left, or all rows have one label and `labels` does
    not say what else the source can carry.
    """
    read = _read(source, (source.text_column, source.label_column), _labelled, strict, work)
    carried = source.labels or tuple(order_labels(read.names))
    if len(carried) > MAX_LABELS:
        raise DataError(
            f"{source.path}: {len(carried)} different labels in column {source.label_column!r}, at most {MAX_LABELS}"
        )
    if len(carried) < 2:
        raise DataError(
            f"{source.path}: one class only, {carried[0]!r} in all {len(read.texts)} rows; "
            "say which labels it could have (labels=)"
        )
    labels = _Labels(read.names, read.label_N)
    return Corpus(
        source=source, texts=read.texts, labels=labels, carried=carried, problems=read.problems, digest=read.digest
    )


def read_texts(source: Source, *, strict: bool = False, work: Path | None = None) -> TextCorpus:
    """Read every text of a source, its labels left aside.

    strict, work: as in `read_source`.
    Raises: DataError if the file or the text column is missing, or no row is left.
    """
    read = _read(source, (source.text_column,), _unlabelled, strict, work)
    return TextCorpus(source=source, texts=read.texts, problems=read.problems, digest=read.digest)


def order_labels(labels: Iterable[str]) -> list[str]:
    """Different labels, negative to positive if they are of that scale, else sorted."""
    found = set(labels)
    return [label for label in CANONICAL_LABELS if label in found] + sorted(found - set(CANONICAL_LABELS))


def encode_labels(corpus: Corpus, labels: Sequence[str]) -> tuple[Column, tuple[bool, ...]]:
    """Targets of a corpus and the flags of what it can carry, as indices into a model's labels.

    Raises: DataError if the corpus has a label that the model lacks.
    """
    names, label_N = split_labels(corpus.labels)
    unknown = sorted({*corpus.carried, *names} - set(labels))
    if unknown:
        raise DataError(f"{corpus.source.path}: unknown label {unknown[0]!r}; the model has {', '.join(labels)}")
    target_of = np.array([labels.index(name) for name in names], dtype=np.int64)
    return label_N.map(lambda label_K: target_of[label_K]), tuple(label in corpus.carried for label in labels)


def split_labels(labels: Sequence[str]) -> tuple[list[str], Column]:
    """Different labels, and of each row which of them it has."""
    if isinstance(labels, _Labels):
        return labels.names, labels.label_N
    names = list(dict.fromkeys(labels))
    return names, as_column([names.index(label) for label in labels])


def count_labels(labels: Sequence[str]) -> dict[str, int]:
    """How often each label stands among those of all rows."""
    names, label_N = split_labels(labels)
    return dict(zip(names, count_values(label_N, len(names)).tolist(), strict=True))


def hash_texts(texts: Sequence[str]) -> Column:
    """Hashes uint64 of texts, alike for those that a split must not part; of a corpus in files they stand there."""

    def hash_some(texts: Sequence[str]) -> Column:
        if isinstance(texts, _CorpusTexts):
            return read_column(texts.folder / _KEYS, np.uint64)
        return Column(len(texts), lambda start, stop: hash_keys(map(duplicate_key, texts[start:stop])))

    return column_of(texts, hash_some)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A source as it was read."""

    texts: Sequence[str]
    names: list[str]
    """Different labels."""
    label_N: Column
    """Indices into these."""
    problems: list[Problem]
    digest: str


class _CorpusTexts(StoredTexts):
    """Texts of a source, with files of their labels and of their hashes beside them."""


class _Labels(Sequence[str]):
    """The label of each row, as an index into the different ones."""

    def __init__(self, names: list[str], label_N: Column) -> None:
        self.names, self.label_N = names, label_N

    def __len__(self) -> int:
        return len(self.label_N)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]  # no slices
        return self.names[int(self.label_N[index])]

    def __iter__(self) -> Iterator[str]:
        return map(self.names.__getitem__, self.label_N)


def _read(
    source: Source,
    columns: tuple[str, ...],
    pick: Callable[[Source, Row | Problem], tuple[str, str] | Problem | None],
    strict: bool,
    work: Path | None,
) -> _Read:
    """Read a source into memory, or into files in a work folder.

    pick: text and label of a row, a Problem, or None if it is left out on purpose. Raises: DataError.
    """
    names: dict[str, int] = {}
    problems: list[Problem] = []
    digest = hashlib.sha256()

    def rows() -> Iterator[tuple[str, int]]:
        for row in read_rows(source.path, columns, source.split):
            outcome = pick(source, row)
            if isinstance(outcome, Problem):
                if strict:
                    raise DataError(f"{outcome} (strict)")
                problems.append(outcome)
            elif outcome is not None:
                text, label = outcome
                digest.update(f"{label}\t{text}\n".encode() if len(columns) > 1 else f"{text}\n".encode())
                yield text, names.setdefault(label, len(names))

    def fill(folder: Path) -> None:
        with open(folder / _LABELS, "wb") as labels, open(folder / _KEYS, "wb") as keys:

            def texts() -> Iterator[bytes]:
                for text, label in rows():
                    labels.write(label.to_bytes(4, sys.byteorder))
                    keys.write(hash_key(duplicate_key(text)))
                    yield text.encode()

            write_rows(folder, texts())
        record = {"names": list(names), "problems": list(map(astuple, problems)), "digest": digest.hexdigest()}
        (folder / _RECORD).write_text(json.dumps(record), encoding="utf-8")

    if work is None:
        found = list(rows())
        read = _Read(
            texts=[text for text, _ in found],
            names=list(names),
            label_N=as_column([label for _, label in found]),
            problems=problems,
            digest=digest.hexdigest(),
        )
    else:
        told = source.path, source.split, dict(source.label_map), source.labels, columns
        folder = make_once(work, json.dumps([told, stamp(source.path, columns, source.split), _VERSION]), fill)
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        record["problems"] = [Problem(*item) for item in record["problems"]]
        read = _Read(texts=_CorpusTexts(folder), label_N=read_column(folder / _LABELS, np.int32), **record)
    if strict and read.problems:
        raise DataError(f"{read.problems[0]} (strict)")
    if not read.texts:
        first = f"; the first of {len(read.problems)} problems: {read.problems[0]}" if read.problems else ""
        raise DataError(f"{source.path}: no usable row{first}")
    return read


def _text(source: Source, row: Row | Problem) -> str | Problem:
    if isinstance(row, Problem):
        return row
    text = row.fields[source.text_column]
    if text is None or (isinstance(text, str) and not text.strip()):
        return Problem(source.path, row.number, f"empty text in column {source.text_column!r}")
    if isinstance(text, str) and not is_unicode(text):
        return _surrogate(source, row, source.text_column)
    if not isinstance(text, str):
        return Problem(
            source.path, row.number, f"column {source.text_column!r} holds a {type(text).__name__}, not text"
        )
    return text


def _surrogate(source: Source, row: Row, column: str) -> Problem:
    return Problem(source.path, row.number, f"column {column!r} holds a lone surrogate, not Unicode text")


def _unlabelled(source: Source, row: Row | Problem) -> tuple[str, str] | Problem:
    text = _text(source, row)
    return text if isinstance(text, Problem) else (text, "")


def _labelled(source: Source, row: Row | Problem) -> tuple[str, str] | Problem | None:
    """Text and label of a row, a Problem, or None if its label is mapped to nothing on purpose."""
    text = _text(source, row)
    if isinstance(text, Problem):
        return text
    assert isinstance(row, Row)  # of a Problem _text makes a Problem
    label = row.fields[source.label_column]
    if label is None or isinstance(label, dict | list) or (isinstance(label, float) and not math.isfinite(label)):
        return Problem(source.path, row.number, f"no label in column {source.label_column!r}")
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    name = str(label).strip()
    if not name:
        return Problem(source.path, row.number, f"no label in column {source.label_column!r}")
    if not is_unicode(name):
        return _surrogate(source, row, source.label_column)
    if source.label_map:
        targets = set(source.label_map.values())
        if name not in source.label_map and name not in targets:
            return Problem(
                source.path, row.number, f"unknown label {name!r}; the map has {', '.join(source.label_map)}"
            )
        name = source.label_map.get(name, name)
        if not name:
            return None
    if source.labels and name not in source.labels:
        return Problem(
            source.path, row.number, f"unknown label {name!r}; the source carries {', '.join(source.labels)}"
        )
    return text, name
