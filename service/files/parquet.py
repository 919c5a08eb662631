"""Rows as Parquet. Its directory stands at the end, so that a file can be neither appended to nor cut.

Rows are appended as Arrow streams instead, and converted at last.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.artifact import sync
from model.parquet import NEEDS_PYARROW
from model.rows import DataError
from service.files.outputs import Fields, unknown_column

_GROUP_BYTES = 16 << 20
"""Of rows in memory that make a row group."""


class ParquetEncoder:
    """An Encoder. schema: pyarrow.Schema of all columns."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def head(self) -> bytes:
        """See Encoder."""
        return self._stream([])

    def encode(self, rows: Sequence[Fields]) -> tuple[bytes, dict[int, str]]:
        """See Encoder."""
        unfit: dict[int, str] = {}
        names = set(self._schema.names)
        for position, fields in enumerate(rows):
            if not fields.keys() <= names:
                unfit[position] = unknown_column(fields, names)
        good = [fields for position, fields in enumerate(rows) if position not in unfit]
        try:
            return self._stream(good), unfit
        except (ValueError, TypeError, OverflowError):  # one of them is of another type
            for position, fields in enumerate(rows):
                if position not in unfit and (reason := self._find_misfit(fields)):
                    unfit[position] = reason
        return self._stream([fields for position, fields in enumerate(rows) if position not in unfit]), unfit

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

    def _stream(self, rows: list[Fields]) -> bytes:
        import pyarrow.ipc

        sink = pyarrow.BufferOutputStream()
        options = pyarrow.ipc.IpcWriteOptions(compression="zstd")
        with pyarrow.ipc.new_stream(sink, self._schema, options=options) as writer:
            if rows:
                writer.write_batch(pyarrow.RecordBatch.from_pylist(rows, schema=self._schema))
        return bytes(sink.getvalue())

    def _find_misfit(self, fields: Fields) -> str | None:
        import pyarrow

        for column in self._schema:
            try:
                pyarrow.array([fields.get(column.name)], column.type)
            except (ValueError, TypeError, OverflowError):
                kind = type(fields[column.name]).__name__
                return f"column {column.name!r} holds a {kind}, which does not fit {column.type}, its type so far"
        return None


def make_schema(
    columns: Iterable[str], added: Mapping[str, type], schemas: Sequence[Any], sample: Mapping[str, list[Any]]
) -> Any:
    """pyarrow.Schema of an output: types of Parquet inputs as they are; of JSON Lines by their first rows; else text.

    columns: of the input. added: type of each that comes after them, str or float. schemas: of the Parquet inputs.
    sample: first values of columns of JSON Lines.
    Raises: DataError if a column has values of different types, or pyarrow is missing.
    """
    try:
        import pyarrow
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
    return pyarrow.schema(list(types.items()), metadata=known.metadata)


def _type_of(name: str, values: list[Any]) -> Any:
    import pyarrow

    try:
        found = pyarrow.array(values).type
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            f"column {name!r} has values of different types, which Parquet cannot hold; write .jsonl"
        ) from error
    return pyarrow.string() if pyarrow.types.is_null(found) else found
