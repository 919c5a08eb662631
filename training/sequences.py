"""Sequences read a stretch at a time, so that memory holds no row of all: items, what is chosen and joined of them.

Beside items stand columns: a number of each item, or an array, read as arrays.   Shapes in names: N rows, K of these.
"""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, TypeVar, overload

import numpy as np

STRETCH = 1 << 13
"""Rows of a column that are read at once where all are."""
_ITEMS = 1_000
"""Items likewise."""
_COUNTED = 64
"""Bytes of flags that are counted together."""
_Item = TypeVar("_Item")


class Items(Sequence[_Item]):
    """A sequence that is told how it reads a stretch of itself."""

    @abstractmethod
    def _read(self, start: int, stop: int) -> list[_Item]:
        """Items from one to before another, 0 <= start <= stop <= the length."""

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        start, stop = _bounds(index, len(self))
        found = self._read(start, stop)
        return found if isinstance(index, slice) else found[0]

    def __iter__(self) -> Iterator[_Item]:
        for start in range(0, len(self), _ITEMS):
            yield from self._read(start, min(start + _ITEMS, len(self)))


class Column:
    """A number of each of N rows, or an array, read as they are asked for.

    read: array (K,) or (K, ...) of those from one row to before another.
    """

    def __init__(self, count: int, read: Callable[[int, int], np.ndarray]) -> None:
        self._count, self._read = count, read

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int | slice) -> Any:
        found = self._read(*_bounds(index, self._count))
        return found if isinstance(index, slice) else found[0]

    def __iter__(self) -> Iterator[Any]:
        for part in self.parts():
            yield from part

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """All of it, in memory."""
        return np.asarray(self[:], dtype=dtype)

    def parts(self) -> Iterator[np.ndarray]:
        """All of it, a stretch at a time."""
        for start in range(0, self._count, STRETCH):
            yield self[start : start + STRETCH]

    def map(self, function: Callable[[np.ndarray], np.ndarray]) -> "Column":
        """What a function makes of it, row by row."""
        return Column(self._count, lambda start, stop: function(self._read(start, stop)))


class Flags:
    """Some of N rows, in a bit for each of the N and eight bytes for each 512."""

    def __init__(self, bits: np.ndarray, count: int) -> None:
        """bits (N / 8,) uint8 of the count N, the first row's the highest of the first byte, as np.packbits has it."""
        self.count, self.bits = count, np.pad(bits, (0, -len(bits) % _COUNTED))
        counts = np.bitwise_count(self.bits.reshape(-1, _COUNTED)).sum(axis=1, dtype=np.int64)
        self._before = np.concatenate([[0], counts.cumsum()])

    @classmethod
    def of(cls, column: Column) -> "Flags":
        """Rows of which a column of bools says yes."""
        return cls(np.concatenate([np.zeros(0, np.uint8), *map(np.packbits, column.parts())]), len(column))

    def others(self) -> "Flags":
        """The rows that are not among the some."""
        bits = ~self.bits[: -(-self.count // 8)]
        bits[self.count // 8 :] &= 0xFF << 8 - self.count % 8 & 0xFF  # beyond the last row there is none
        return Flags(bits, self.count)

    def __len__(self) -> int:
        return int(self._before[-1])

    def rows(self, start: int, stop: int) -> np.ndarray:
        """Indices (K,) among the N of the some, from one of them to before another."""
        first, last = np.searchsorted(self._before, start, side="right") - 1, np.searchsorted(self._before, stop)
        found = np.flatnonzero(np.unpackbits(self.bits[first * _COUNTED : last * _COUNTED])) + first * 8 * _COUNTED
        return found[start - self._before[first] : stop - self._before[first]]

    def runs(self, start: int, stop: int) -> list[slice]:
        """The same as runs of neighbours."""
        rows = self.rows(start, stop)
        breaks = np.flatnonzero(np.diff(rows) > 1) + 1
        return [slice(int(run[0]), int(run[-1]) + 1) for run in np.split(rows, breaks) if len(run)]


class Chosen(Items[_Item]):
    """Some rows of another sequence, in its order."""

    def __init__(self, items: Sequence[_Item], flags: Flags) -> None:
        self.items, self.flags = items, flags

    def __len__(self) -> int:
        return len(self.flags)

    def _read(self, start: int, stop: int) -> list[_Item]:
        return [item for run in self.flags.runs(start, stop) for item in self.items[run]]


class Joined(Items[_Item]):
    """Sequences one after another, each as often as it is repeated."""

    def __init__(self, parts: Sequence[Sequence[_Item]], repeats: Sequence[int]) -> None:
        self.parts, self.repeats = parts, repeats
        sizes = (len(part) * repeat for part, repeat in zip(parts, repeats, strict=True))
        self._starts = [0, *accumulate(sizes)]

    def __len__(self) -> int:
        return self._starts[-1]

    def _read(self, start: int, stop: int) -> list[_Item]:
        return [item for part, rows in self.stretches(start, stop) for item in self.parts[part][rows]]

    def stretches(self, start: int, stop: int) -> Iterator[tuple[int, slice]]:
        """The rows from one to before another as parts and rows of these."""
        while start < stop:
            part, row = self.locate(start)
            taken = min(len(self.parts[part]) - row, stop - start)
            yield part, slice(row, row + taken)
            start += taken

    def locate(self, index: int) -> tuple[int, int]:
        """Which part a row is of, and its index there."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        part = bisect_right(self._starts, index) - 1
        return part, (index - self._starts[part]) % len(self.parts[part])


def choose(items: Sequence[_Item], flags: Flags) -> Sequence[_Item]:
    """Some rows of a sequence, without a copy; the sequence itself if these are all."""
    return items if len(flags) == len(items) else Chosen(items, flags)


def choose_column(column: Column, flags: Flags) -> Column:
    """Those of some rows, in their order."""
    if len(flags) == len(column):
        return column
    return Column(len(flags), lambda start, stop: _concatenate(column, flags.runs(start, stop)))


def as_column(values: "Sequence[int] | np.ndarray | Column") -> Column:
    """A column of values that may be in memory."""
    if isinstance(values, Column):
        return values
    array = values if isinstance(values, np.ndarray) else np.array(values, dtype=np.int64)
    return Column(len(array), lambda start, stop: array[start:stop])


def column_of(items: Sequence[_Item], leaf: Callable[[Sequence[_Item]], Column]) -> Column:
    """The column of a sequence that may be chosen and joined of others, of each of which `leaf` has one."""
    if isinstance(items, Chosen):
        return choose_column(column_of(items.items, leaf), items.flags)
    if isinstance(items, Joined):
        columns = [column_of(part, leaf) for part in items.parts]

        def read(start: int, stop: int) -> np.ndarray:
            found = [columns[part][rows] for part, rows in items.stretches(start, stop)]
            return np.concatenate(found) if found else columns[0][:0]

        return Column(len(items), read)
    return leaf(items)


def count_values(column: Column, count: int = 0) -> np.ndarray:
    """How often each of 0, 1, 2 ... stands in a column, up to its greatest or to so many."""
    counts = np.zeros(count, dtype=np.int64)
    for part in column.parts():
        found = np.bincount(part, minlength=len(counts))
        found[: len(counts)] += counts
        counts = found
    return counts


def _concatenate(column: Column, runs: Sequence[slice]) -> np.ndarray:
    return np.concatenate([column[run] for run in runs]) if runs else column[:0]


def _bounds(index: int | slice, count: int) -> tuple[int, int]:
    if isinstance(index, slice):
        start, stop, step = index.indices(count)
        assert step == 1
        return start, max(start, stop)
    if not -count <= index < count:
        raise IndexError(index)
    return index % count, index % count + 1
