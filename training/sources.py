"""Where labelled rows come from: a file or data set, and how to read it, as data or as the words of a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from model.rows import DataError
from training.readers import HUGGING_FACE


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
