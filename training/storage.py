"""Sequences too long for memory: texts and token rows in files, made once on a machine and read row by row.

A folder holds one sequence:

    rows   the bytes of each row, one after another
    ends   where each row ends among them, int64, with a 0 before the first

Files are read, not mapped: pages of a map count as memory of the process until the kernel wants them back.
"""

import fcntl
import hashlib
import os
import shutil
import weakref
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from model.artifact import sync
from training.sequences import Column, Items, as_column, column_of

ROWS, ENDS = "rows", "ends"
FOLDER = "data"
"""Of a work folder, for these."""
_Item = TypeVar("_Item")


class Stored(Items[_Item]):
    """The rows of a folder, decoded as they are asked for."""

    def __init__(self, folder: Path, decode: Callable[[bytes], _Item]) -> None:
        self.folder = folder
        self._rows, self._decode = _open(self, folder / ROWS), decode
        self._ends = read_column(folder / ENDS, np.int64)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _read(self, start: int, stop: int) -> list[_Item]:
        ends = self._ends[start : stop + 1].tolist()
        data = os.pread(self._rows, ends[-1] - ends[0], ends[0])
        return [self._decode(data[low - ends[0] : high - ends[0]]) for low, high in pairwise(ends)]

    def sizes(self) -> Column:
        """Bytes of each row."""
        return Column(len(self), lambda start, stop: np.diff(self._ends[start : stop + 1]))


class StoredTexts(Stored[str]):
    """Texts of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, bytes.decode)


class TokenRows(Stored[Sequence[int]]):
    """Token rows of a folder; itemcode is `array`'s, of their ids."""

    def __init__(self, folder: Path, itemcode: str) -> None:
        super().__init__(folder, lambda data: array(itemcode, data))
        self._itemsize = array(itemcode).itemsize

    def lengths(self) -> Column:
        """Tokens of each row."""
        return self.sizes().map(lambda sizes: sizes // self._itemsize)


def lengths_of(rows: Sequence[Sequence[int]]) -> Column:
    """Tokens of each row."""
    return column_of(rows, lambda rows: rows.lengths() if isinstance(rows, TokenRows) else as_column([*map(len, rows)]))


def read_column(path: Path, dtype: Any) -> Column:
    """The column that a file holds: the bytes of its values, one after another."""
    dtype = np.dtype(dtype)

    def read(start: int, stop: int) -> np.ndarray:
        data = os.pread(descriptor, dtype.itemsize * (stop - start), dtype.itemsize * start)
        return np.frombuffer(data, dtype)

    column = Column(path.stat().st_size // dtype.itemsize, read)
    descriptor = _open(column, path)
    return column


def write_rows(folder: Path, rows: Iterable[bytes]) -> None:
    """Write the two files of a sequence."""
    end = 0
    with open(folder / ROWS, "wb") as data, open(folder / ENDS, "wb") as ends:
        ends.write(bytes(8))
        for row in rows:
            end += data.write(row)
            ends.write(end.to_bytes(8, "little"))


def write_column(path: Path, parts: Iterable[np.ndarray]) -> None:
    """Write the file of a column, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.name}.{os.getpid()}.part")  # another start of the run may write it too
    with open(staging, "wb") as file:
        for part in parts:
            file.write(part.tobytes())
    sync(staging)
    staging.replace(path)


def make_once(work: Path, key: str, fill: Callable[[Path], None]) -> Path:
    """The folder of a key, filled by whichever process comes first, while the others wait and then find it.

    It is there whole or not at all: one that is killed leaves nothing that is taken for the whole.
    """
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    folder = work / FOLDER / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it when its process ends, however that ends
        if not folder.is_dir():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            fill(part)
            for path in (*part.iterdir(), part):
                sync(path)
            part.replace(folder)
    return folder


def _open(owner: object, path: Path) -> int:
    """A descriptor to read by, closed when its owner is gone."""
    descriptor = os.open(path, os.O_RDONLY)
    weakref.finalize(owner, os.close, descriptor)
    return descriptor
