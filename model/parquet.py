"""Rows of Parquet files; the one reader that needs pyarrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from model.rows import DataError, Problem, Row, Rows, require_columns

NEEDS_PYARROW = "Parquet needs pyarrow: pip install 'sentiment-service[files]'"
_BUFFER_BYTES = 1 << 20
"""Read at once; pyarrow would by itself read a row group, which may be the whole file."""
_BATCH_ROWS, _BATCH_BYTES = 1024, 8 << 20
"""Of a file that are in memory at once, by its own average of bytes a row."""


def open_parquet(file: IO[bytes], name: str, wanted: tuple[str, ...], every_column: bool) -> Rows:
    """Begin to read an open file: see model.rows.open_rows.

    Raises: DataError.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DataError(f"{name}: {NEEDS_PYARROW}") from error
    try:
        table = pyarrow.parquet.ParquetFile(file, buffer_size=_BUFFER_BYTES, pre_buffer=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{name}: not Parquet: {_line(error)}") from error
    columns = tuple(table.schema_arrow.names)
    require_columns(name, list(columns), wanted)
    taken = None if every_column else list(wanted)
    return Rows(
        columns=columns if every_column else wanted,
        items=(item for block in _cut(table, name, taken, _BATCH_ROWS, _BATCH_BYTES) for item in block.items()),
        blocks=partial(_cut, table, name, taken),
        count=table.metadata.num_rows,
        schema=table.schema_arrow,
    )


@dataclass(frozen=True, slots=True)
class BatchBlock:
    """See Block."""

    name: str
    """Of the file, for messages."""
    before: int
    """Rows before it in the file."""
    batch: Any
    """A pyarrow.RecordBatch."""

    @property
    def last(self) -> int:
        """See Block."""
        return self.before + int(self.batch.num_rows)

    def items(self) -> Iterator[Row | Problem]:
        """See Block."""
        size = self.batch.nbytes // max(1, self.batch.num_rows)
        for number, fields in enumerate(_fields(self.batch), start=self.before + 1):
            yield Problem(self.name, number, fields) if isinstance(fields, str) else Row(number, fields, size)


def _cut(table: Any, name: str, columns: list[str] | None, most_rows: int, most_bytes: int) -> Iterator[BatchBlock]:
    """most_bytes: by the average of the file's rows."""
    import pyarrow

    metadata = table.metadata
    total_bytes = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    rows = most_bytes * metadata.num_rows // max(1, total_bytes)
    number = 0
    try:
        for batch in table.iter_batches(batch_size=max(1, min(rows, most_rows)), columns=columns):
            yield BatchBlock(name, number, batch)
            number += batch.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{name}: broken Parquet after row {number}: {_line(error)}") from error


def _fields(batch: Any) -> list[dict[str, Any] | str]:
    """Fields of each row, or the reason why Python cannot have them."""
    try:
        values: list[dict[str, Any] | str] = batch.to_pylist()
    except (ValueError, OverflowError):
        if batch.num_rows > 1:
            return [fields for row in range(batch.num_rows) for fields in _fields(batch.slice(row, 1))]
        return [_reason(batch)]
    return values


def _reason(batch: Any) -> str:
    for column in batch.schema.names:
        try:
            batch.column(column).to_pylist()
        except UnicodeDecodeError:
            return f"column {column!r} is not UTF-8"
        except (ValueError, OverflowError):
            return f"column {column!r} holds a value that Python cannot, of the type {batch.schema.field(column).type}"
    raise AssertionError("no column is at fault")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
