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
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeVar, overload

import numpy as np

from model.artifact import sync

ROWS, ENDS = "rows", "ends"
FOLDER = "data"
"""Of a work folder, for these."""
_AT_ONCE = 1_000
_Item = TypeVar("_Item")


class Stored(Sequence[_Item]):
    """The rows of a folder, decoded as they are asked for."""

    def __init__(self, folder: Path, decode: Callable[[bytes], _Item]) -> None:
        self._folder, self._decode = folder, decode
        self._rows, self._ends = (os.open(folder / name, os.O_RDONLY) for name in (ROWS, ENDS))
        for descriptor in (self._rows, self._ends):
            weakref.finalize(self, os.close, descriptor)
        self._count = os.fstat(self._ends).st_size // 8 - 1

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._count)
            assert step == 1
            return self._read(start, max(start, stop))
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._read(index % self._count, index % self._count + 1)[0]

    def __iter__(self) -> Iterator[_Item]:
        for start in range(0, self._count, _AT_ONCE):
            yield from self._read(start, min(start + _AT_ONCE, self._count))

    def sizes(self) -> np.ndarray:
        """Bytes (N,) int32 of each row."""
        sizes_N = np.empty(self._count, dtype=np.int32)
        for start in range(0, self._count, 1 << 20):
            ends = np.fromfile(self._folder / ENDS, dtype=np.int64, count=(1 << 20) + 1, offset=8 * start)
            sizes_N[start : start + len(ends) - 1] = np.diff(ends)
        return sizes_N

    def _read(self, start: int, stop: int) -> list[_Item]:
        ends = array("q", os.pread(self._ends, 8 * (stop - start + 1), 8 * start))
        data = os.pread(self._rows, ends[-1] - ends[0], ends[0])
        return [self._decode(data[low - ends[0] : high - ends[0]]) for low, high in pairwise(ends)]


class StoredTexts(Stored[str]):
    """Texts of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, bytes.decode)


class TokenRows(Stored[Sequence[int]]):
    """Token rows of a folder; itemcode is `array`'s, of their ids."""

    def __init__(self, folder: Path, itemcode: str) -> None:
        super().__init__(folder, lambda data: array(itemcode, data))
        self._itemsize = array(itemcode).itemsize

    def lengths(self) -> np.ndarray:
        """Tokens (N,) int32 of each row."""
        return self.sizes() // self._itemsize


class Chosen(Sequence[_Item]):
    """Some rows of another sequence, by their indices in it."""

    def __init__(self, items: Sequence[_Item], index_N: np.ndarray) -> None:
        self.items, self.index_N = items, index_N

    def __len__(self) -> int:
        return len(self.index_N)

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        found = self.index_N[index]
        return [self.items[int(row)] for row in found] if isinstance(index, slice) else self.items[int(found)]


class Joined(Sequence[_Item]):
    """Sequences one after another, each as often as it is repeated."""

    def __init__(self, parts: Sequence[Sequence[_Item]], repeats: Sequence[int]) -> None:
        self.parts, self.repeats = parts, repeats
        sizes = (len(part) * repeat for part, repeat in zip(parts, repeats, strict=True))
        self._starts = [0, *accumulate(sizes)]

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        part, row = self.locate(index)
        return self.parts[part][row]

    def locate(self, index: int) -> tuple[int, int]:
        """Which part a row is of, and its index there."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._starts, index) - 1
        return part, (index - self._starts[part]) % len(self.parts[part])


def choose(items: Sequence[_Item], index_N: np.ndarray) -> Sequence[_Item]:
    """Rows of a sequence by their rising indices, without a copy; the sequence itself if these are all."""
    if len(index_N) == len(items):
        return items
    return Chosen(items.items, items.index_N[index_N]) if isinstance(items, Chosen) else Chosen(items, index_N)


def lengths_of(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Tokens (N,) int32 of each row, of any kind of sequence above."""
    match rows:
        case TokenRows():
            return rows.lengths()
        case Chosen():
            return np.asarray(lengths_of(rows.items)[rows.index_N])
        case Joined():
            parts = zip(rows.parts, rows.repeats, strict=True)
            return np.concatenate([np.tile(lengths_of(part), repeat) for part, repeat in parts])
    return np.fromiter(map(len, rows), dtype=np.int32, count=len(rows))


def write_rows(folder: Path, rows: Iterable[bytes]) -> None:
    """Write the two files of a sequence."""
    end = 0
    with open(folder / ROWS, "wb") as data, open(folder / ENDS, "wb") as ends:
        ends.write(bytes(8))
        for row in rows:
            end += data.write(row)
            ends.write(end.to_bytes(8, "little"))


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
