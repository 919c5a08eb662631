"""Labelled sources, and the train and dev sets made of them.

Shapes in names: N rows, C labels.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from model.rows import DataError, Problem, Row, is_unicode
from training.readers import HUGGING_FACE, read_rows

CANONICAL_LABELS = ("negative", "neutral", "positive")
MAX_LABELS = 100
"""More different labels than this are a wrongly chosen column."""
_ASCII_MARKS = {code: None for code in range(128) if not re.match(r"\w", chr(code))}
"""What is no letter, digit or _; `str.translate` takes it out of ASCII ten times as fast as the pattern finds words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where labelled rows come from, and how to read them."""

    path: str
    """File (CSV, TSV, JSONL, Parquet, or TXT of a text a line; each also .gz), hf:ID of a Hugging Face dataset, or
    grammar:en or grammar:zh for sentences written by rule."""
    name: str = ""
    """Name in reports; by default the file's name up to its first suffix of a known format."""
    text_column: str = "text"
    label_column: str = "label"
    label_map: Mapping[str, str] = field(default_factory=dict)
    """Label in the file -> label of the model; empty: as they are. A label that maps to "" is left out on purpose."""
    labels: tuple[str, ...] = ()
    """Labels that the source can carry; empty: those that occur in it. The loss is masked to them."""
    split: str = "train"
    """Split of a Hugging Face dataset."""
    repeat: int = 1
    """How often each epoch reads the source."""
    held_out: float = 0.0
    """Fraction of rows kept from training as a dev set of this name; 0 for none."""

    def __post_init__(self) -> None:
        if not self.name:
            stem = Path(self.path.removeprefix(HUGGING_FACE)).name.removesuffix(".gz")
            for suffix in (".csv", ".tsv", ".jsonl", ".parquet", ".txt"):
                stem = stem.removesuffix(suffix)
            object.__setattr__(self, "name", stem)
        if self.repeat < 1:
            raise DataError(f"{self.path}: repeat={self.repeat}: must be at least 1")
        if not 0.0 <= self.held_out < 1.0:
            raise DataError(f"{self.path}: held_out={self.held_out}: must be at least 0 and below 1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """The usable rows of a source, in its order."""

    source: Source
    texts: list[str]
    labels: list[str]
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
            "rows": dict(sorted(Counter(self.labels).items())),
            "rejected_rows": len(self.problems),
            "sha256": self.digest,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCorpus:
    """The usable texts of a source, in its order, whatever labels it may have."""

    source: Source
    texts: list[str]
    problems: list[Problem]
    """Rows left out."""
    digest: str
    """sha256 of the texts as read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """Rows of one set as the loop reads them."""

    name: str
    texts: list[str]
    targets: list[int]
    """N indices into the run's labels."""
    carried: tuple[bool, ...]
    """C flags: the labels that this set can carry."""
    repeat: int = 1


def parse_source(spec: str) -> Source:
    """Read a source from a path with options in the form of a URL query.

    `reviews.csv?text=body&label=stars&map=1:negative,3:neutral,5:positive&labels=negative,positive&name=shop&repeat=2`;
    `hf:stanfordnlp/imdb?split=train&held_out=0.1`. Options are percent-decoded, so %2C is a comma within a label.
    Raises: DataError naming the option.
    """
    path, _, query = spec.partition("?")
    known = {"text": "text_column", "label": "label_column", "name": "name", "split": "split"}
    fields: dict[str, Any] = {"path": path}
    try:
        options = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError as error:
        raise DataError(f"{spec}: options must read name=value&name=value") from error
    for option, value in options:
        try:
            if option in known:
                fields[known[option]] = value
            elif option == "map":
                fields["label_map"] = dict(pair.rsplit(":", 1) for pair in value.split(","))
            elif option == "labels":
                fields["labels"] = tuple(value.split(","))
            elif option == "repeat":
                fields["repeat"] = int(value)
            elif option == "held_out":
                fields["held_out"] = float(value)
            else:
                allowed = ", ".join([*known, "map", "labels", "repeat", "held_out"])
                raise DataError(f"{path}: unknown option {option!r}; there are: {allowed}")
        except DataError:
            raise
        except ValueError as error:
            raise DataError(f"{path}: option {option}={value!r} cannot be read: {error}") from error
    return Source(**fields)


def read_source(source: Source, *, strict: bool = False) -> Corpus:
    """Read every row of a source.

    strict: raise on the first row that is left out.
    Raises: DataError if the file or a column is missing, no row is left, or all rows have one label and `labels` does
    not say what else the source can carry.
    """
    texts: list[str] = []
    labels: list[str] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for row in read_rows(source.path, (source.text_column, source.label_column), source.split):
        outcome = _labelled(source, row)
        if isinstance(outcome, Problem):
            if strict:
                raise DataError(f"{outcome} (strict)")
            problems.append(outcome)
        elif outcome is not None:
            texts.append(outcome[0])
            labels.append(outcome[1])
            digest.update(f"{outcome[1]}\t{outcome[0]}\n".encode())
    if not texts:
        first = f"; the first of {len(problems)} problems: {problems[0]}" if problems else ""
        raise DataError(f"{source.path}: no usable row{first}")
    carried = source.labels or tuple(order_labels(labels))
    if len(carried) > MAX_LABELS:
        raise DataError(
            f"{source.path}: {len(carried)} different labels in column {source.label_column!r}, at most {MAX_LABELS}"
        )
    if len(carried) < 2:
        raise DataError(
            f"{source.path}: one class only, {carried[0]!r} in all {len(texts)} rows; "
            "say which labels it could have (labels=)"
        )
    return Corpus(
        source=source, texts=texts, labels=labels, carried=carried, problems=problems, digest=digest.hexdigest()
    )


def read_texts(source: Source, *, strict: bool = False) -> TextCorpus:
    """Read every text of a source, its labels left aside.

    strict: raise on the first row that is left out.
    Raises: DataError if the file or the text column is missing, or no row is left.
    """
    texts: list[str] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for row in read_rows(source.path, (source.text_column,), source.split):
        text = _text(source, row)
        if isinstance(text, Problem):
            if strict:
                raise DataError(f"{text} (strict)")
            problems.append(text)
        else:
            texts.append(text)
            digest.update(f"{text}\n".encode())
    if not texts:
        first = f"; the first of {len(problems)} problems: {problems[0]}" if problems else ""
        raise DataError(f"{source.path}: no usable row{first}")
    return TextCorpus(source=source, texts=texts, problems=problems, digest=digest.hexdigest())


def order_labels(labels: Iterable[str]) -> list[str]:
    """Different labels, negative to positive if they are of that scale, else sorted."""
    found = set(labels)
    return [label for label in CANONICAL_LABELS if label in found] + sorted(found - set(CANONICAL_LABELS))


def encode_labels(corpus: Corpus, labels: Sequence[str]) -> tuple[list[int], tuple[bool, ...]]:
    """Targets of a corpus and the flags of what it can carry, as indices into a model's labels.

    Raises: DataError if the corpus has a label that the model lacks.
    """
    unknown = sorted({*corpus.carried, *corpus.labels} - set(labels))
    if unknown:
        raise DataError(f"{corpus.source.path}: unknown label {unknown[0]!r}; the model has {', '.join(labels)}")
    index = {label: position for position, label in enumerate(labels)}
    return [index[label] for label in corpus.labels], tuple(label in corpus.carried for label in labels)


def duplicate_key(text: str) -> str:
    """What two texts share if a split must not part them: their letters and digits, whatever case, width or markup."""
    normal = re.sub(r"<[^<>]{1,40}>", " ", unicodedata.normalize("NFKC", text).lower())
    words = normal.translate(_ASCII_MARKS) if normal.isascii() else "".join(re.findall(r"\w+", normal))
    return words or unicodedata.normalize("NFKC", text).lower().strip()


def is_held_out(text: str, fraction: float, seed: int) -> bool:
    """Whether a text falls into the held-out fraction: a hash of text and seed decides, so duplicates fall together.

    The answer for one text does not depend on the others: rows added later move none of the old ones.
    """
    digest = hashlib.sha256(f"{seed}\t{duplicate_key(text)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < fraction * 2**64


def make_sets(
    train: Sequence[Corpus], dev: Sequence[Corpus], labels: Sequence[str], seed: int
) -> tuple[list[Examples], list[Examples], dict[str, int]]:
    """Train and dev sets of a run.

    Rows of a train source that fall into its held-out fraction become a dev set of its name. A train row whose text
    stands in any dev set is left out, duplicates counted alike.
    Returns: train sets, dev sets, and by train source the number of rows left out for standing in dev.
    """
    train_sets: list[Examples] = []
    dev_sets: list[Examples] = []
    for corpus in dev:
        targets, carried = encode_labels(corpus, labels)
        dev_sets.append(Examples(name=corpus.source.name, texts=corpus.texts, targets=targets, carried=carried))
    for corpus in train:
        targets, carried = encode_labels(corpus, labels)
        source = corpus.source
        held = [is_held_out(text, source.held_out, seed) for text in corpus.texts]
        for part, wanted in ((train_sets, False), (dev_sets, True)):
            chosen = [index for index, is_held in enumerate(held) if is_held is wanted]
            if chosen:
                part.append(
                    Examples(
                        name=source.name,
                        texts=[corpus.texts[index] for index in chosen],
                        targets=[targets[index] for index in chosen],
                        carried=carried,
                        repeat=1 if wanted else source.repeat,
                    )
                )
    in_dev = {duplicate_key(text) for examples in dev_sets for text in examples.texts}
    left_out: dict[str, int] = {}
    for position, examples in enumerate(train_sets):
        kept = [index for index, text in enumerate(examples.texts) if duplicate_key(text) not in in_dev]
        if len(kept) < len(examples.texts):
            left_out[examples.name] = len(examples.texts) - len(kept)
            train_sets[position] = Examples(
                name=examples.name,
                texts=[examples.texts[index] for index in kept],
                targets=[examples.targets[index] for index in kept],
                carried=examples.carried,
                repeat=examples.repeat,
            )
    return train_sets, dev_sets, left_out


def _text(source: Source, row: Row | Problem) -> str | Problem:
    if isinstance(row, Problem):
        return row
    text = row.fields[source.text_column]
    if text is None or (isinstance(text, str) and not text.strip()):
        return Problem(source.path, row.number, f"empty text in column {source.text_column!r}")
    if isinstance(text, str) and not is_unicode(text):
        return Problem(
            source.path, row.number, f"column {source.text_column!r} holds a lone surrogate, not Unicode text"
        )
    if not isinstance(text, str):
        return Problem(
            source.path, row.number, f"column {source.text_column!r} holds a {type(text).__name__}, not text"
        )
    return text


def _labelled(source: Source, row: Row | Problem) -> tuple[str, str] | Problem | None:
    """Text and label of a row, a Problem, or None if its label is mapped to nothing on purpose."""
    text = _text(source, row)
    if isinstance(text, Problem):
        return text
    assert isinstance(row, Row)  # of a Problem _text makes a Problem
    label = row.fields[source.label_column]
    if label is None or isinstance(label, dict | list):
        return Problem(source.path, row.number, f"no label in column {source.label_column!r}")
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    name = str(label).strip()
    if not name:
        return Problem(source.path, row.number, f"no label in column {source.label_column!r}")
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
