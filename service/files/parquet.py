"""Rows as Parquet. Its directory stands at the end, so that a file can be neither appended to nor cut.

Rows are appended as Arrow streams instead, and converted at last.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from model.artifact import sync
from model.parquet import NEEDS_PYARROW
from model.rows import DataError, is_unicode
from service.files.outputs import Fields, unknown_column

_GROUP_BYTES = 16 << 20
"""Of rows in memory that make a row group."""
_KEPT = {"int64": int, "double": float, "bool": bool}
"""By type of a column, the type of values that it never changes."""


class ParquetEncoder:
    """An Encoder.

    schema: pyarrow.Schema of all columns. untyped: those whose values may be of any type. They are compared with what
    becomes of them: Arrow makes 2 of 2.7 in whole numbers, and drops what a struct has no field for, without a word.
    """

    def __init__(self, schema: Any, untyped: Iterable[str]) -> None:
        self._schema = schema
        # What is not a text is refused by a column of texts.
        self._untyped = [name for name in untyped if str(schema.field(name).type) != "string"]

    def head(self) -> bytes:
        """See Encoder."""
        return self._stream(None)

    def encode(self, rows: Sequence[Fields]) -> tuple[bytes, dict[int, str]]:
        """See Encoder."""
        unfit: dict[int, str] = {}
        names = set(self._schema.names)
        for position, fields in enumerate(rows):
            if not fields.keys() <= names:
                unfit[position] = unknown_column(fields, names)
        batch = self._batch([fields for position, fields in enumerate(rows) if position not in unfit])
        if batch is None:
            for position, fields in enumerate(rows):
                if position not in unfit and (reason := self._find_misfit(fields)):
                    unfit[position] = reason
            batch = self._batch([fields for position, fields in enumerate(rows) if position not in unfit])
            assert batch is not None
        return self._stream(batch), unfit

    def finish(self, written: Path, target: Path) -> None:
        """See Encoder."""
        staging = target.with_name(f"{target.name}.staging")
        try:
            self._convert(written, staging)
            sync(staging)
        except BaseException:
            staging.unlink(missing_ok=True)
            raise
        staging.replace(target)
        written.unlink()

    def _convert(self, written: Path, target: Path) -> None:
        import pyarrow.ipc
        import pyarrow.parquet

        size, batches, batch_bytes = written.stat().st_size, [], 0
        with written.open("rb") as file, pyarrow.parquet.ParquetWriter(target, self._schema) as writer:
            while file.tell() < size:
                for batch in pyarrow.ipc.open_stream(file):
                    batches.append(batch)
                    batch_bytes += batch.nbytes
                    if batch_bytes >= _GROUP_BYTES:
                        writer.write_table(pyarrow.Table.from_batches(batches))
                        batches, batch_bytes = [], 0
            if batches:
                writer.write_table(pyarrow.Table.from_batches(batches))

    def _batch(self, rows: list[Fields]) -> Any | None:
        """A pyarrow.RecordBatch; None if a row does not fit."""
        import pyarrow

        try:
            batch = pyarrow.RecordBatch.from_pylist(rows, schema=self._schema)
        except (ValueError, TypeError, OverflowError):
            return None
        for name in self._untyped:
            values = [fields.get(name) for fields in rows]
            if {*map(type, values)} <= {type(None), _KEPT.get(str(self._schema.field(name).type))}:
                continue
            if not all(map(_is_same, batch.column(name).to_pylist(), values)):
                return None
        return batch

    def _stream(self, batch: Any | None) -> bytes:
        import pyarrow.ipc

        sink = pyarrow.BufferOutputStream()
        options = pyarrow.ipc.IpcWriteOptions(compression="zstd")
        with pyarrow.ipc.new_stream(sink, self._schema, options=options) as writer:
            if batch:
                writer.write_batch(batch)
        return bytes(sink.getvalue())

    def _find_misfit(self, fields: Fields) -> str | None:
        import pyarrow

        for column in self._schema:
            value = fields.get(column.name)
            try:
                found = pyarrow.array([value], column.type).to_pylist()
                fits = column.name not in self._untyped or _is_same(found[0], value)
            except (ValueError, TypeError, OverflowError):
                fits = False
            if not fits:
                kind = type(fields[column.name]).__name__
                return f"column {column.name!r} holds a {kind}, which does not fit {column.type}, its type so far"
        return None


def make_schema(
    columns: Iterable[str], added: Mapping[str, type], schemas: Sequence[Any], sample: Mapping[str, list[Any]]
) -> Any:
    """pyarrow.Schema of an output: types of Parquet inputs as they are; of JSON Lines by their first rows; else text.

    columns: of the input. added: type of each that comes after them, str or float. schemas: of the Parquet inputs.
    sample: first values of columns of JSON Lines.
    Raises: DataError if a column has values of different types, or what Parquet cannot hold, or pyarrow is missing.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DataError(NEEDS_PYARROW) from error
    try:
        known = pyarrow.unify_schemas(list(schemas), promote_options="permissive") if schemas else pyarrow.schema([])
    except pyarrow.ArrowException as error:
        raise DataError(f"the files do not go into one Parquet file: {error}; write .jsonl") from error
    # Of the fields the types alone: all are nullable, since another file may lack the column.
    types = {field.name: field.type for field in known}
    types = {name: types[name] if name in types else _type_of(name, sample.get(name, [])) for name in columns}
    types |= {name: pyarrow.string() if kind is str else pyarrow.float64() for name, kind in added.items()}
    if broken := [name for name in types if not is_unicode(name)]:
        raise DataError(f"column {broken[0]!r} holds half a surrogate pair in its name, which is not Unicode")
    schema = pyarrow.schema(list(types.items()), metadata=known.metadata)
    try:  # now, and not when all is predicted
        with pyarrow.parquet.ParquetWriter(BytesIO(), schema) as writer:
            writer.write_table(schema.empty_table())
    except pyarrow.ArrowException as error:
        raise DataError(f"Parquet cannot hold these columns: {error}; write .jsonl") from error
    return schema


def _type_of(name: str, values: list[Any]) -> Any:
    import pyarrow

    try:
        found = pyarrow.array(values).type
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            f"column {name!r} has values of different types, which Parquet cannot hold; write .jsonl"
        ) from error
    return pyarrow.string() if pyarrow.types.is_null(found) else found


def _is_same(found: Any, given: Any) -> bool:
    """Whether a column holds a value as it was given, but for what null can stand for."""
    if isinstance(given, str):
        return found is not None  # no column changes a text
    if isinstance(found, dict) and isinstance(given, dict):
        return all(_is_same(found.get(key), given.get(key)) for key in found.keys() | given.keys())
    if isinstance(found, list | tuple) and isinstance(given, list | tuple):
        return len(found) == len(given) and all(map(_is_same, found, given))
    if isinstance(found, float) and isinstance(given, float):
        # Of a Parquet file beside JSON Lines a column may be of shorter floats.
        return math.isclose(found, given, rel_tol=1e-3) or (math.isnan(found) and math.isnan(given))
    return isinstance(found, bool) == isinstance(given, bool) and bool(found == given)
