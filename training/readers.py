"""Rows of a source: of a file (model/files.py), of a Hugging Face dataset, or of a grammar."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from model.files import format_of
from model.files import read_rows as read_file
from model.rows import DataError, Problem, Row, require_columns

HUGGING_FACE = "hf:"
"""Prefix of a path that is a dataset id of the Hugging Face hub, or a local folder that `datasets` can load."""
GRAMMAR = "grammar:"
"""Prefix of a path that is a language whose labelled sentences training/grammar/ writes."""


def read_rows(path: str, columns: tuple[str, ...], split: str = "train") -> Iterator[Row | Problem]:
    """Every row of a source, as a Row that has the columns or as a Problem.

    split: of a Hugging Face dataset; others have none.
    Raises: DataError if there is no such source, or no row of it has the columns.
    """
    if path.startswith(HUGGING_FACE):
        yield from _read_hugging_face(path, columns, split)
    elif path.startswith(GRAMMAR):
        yield from _read_grammar(path, columns)
    else:
        yield from read_file(path, columns)


def stamp(path: str, columns: tuple[str, ...], split: str = "train") -> str:
    """What differs if a source does: place, size and time of a file, and of what is no file a hash of all its rows.

    Raises: DataError as `read_rows` does.
    """
    if not path.startswith((HUGGING_FACE, GRAMMAR)):
        format_of(path)
        if not Path(path).is_file():
            raise DataError(f"{path}: no such file")
        found = Path(path).stat()
        return f"{Path(path).resolve()} {found.st_size} {found.st_mtime_ns}"
    digest = hashlib.sha256()
    for row in read_rows(path, columns, split):
        digest.update(repr(row).encode(errors="surrogatepass"))
    return digest.hexdigest()


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
    from training.grammar.languages import GRAMMARS, sentences

    language = path.removeprefix(GRAMMAR)
    if language not in GRAMMARS:
        raise DataError(f"{path}: unknown language {language!r}; there are: {', '.join(GRAMMARS)}")
    for number, values in enumerate(sentences(language), start=1):
        yield Row(number, dict(zip(columns, values, strict=False)))
