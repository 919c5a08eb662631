"""Length-bucketed batches under a budget of tokens and of rows, from an explicit seed."""

import random
from collections.abc import Sequence

import numpy as np

from training.sequences import Column, as_column

BLOCK_ROWS = 1 << 20
"""Rows that are ordered at a time: some 60 MB, however many there are."""
_TOGETHER = 64
"""Neighbours that go to the same block, as they are read together."""


class Batches(Sequence[list[int]]):
    """All rows of an epoch in batches of similar length, in random order; the same for the same seed and epoch.

    lengths: tokens of each row. A batch takes at most batch_rows rows and batch_tokens tokens, counted as rows
    times its longest row; a longer row stands alone. Rows are sorted by length with some noise, so that batches differ
    between epochs, cut into batches, and these shuffled. Of more than BLOCK_ROWS rows every K-th stretch of some makes
    a block, and the K blocks are done so one after another: each is a sample of all, whatever order the rows were in.
    """

    def __init__(
        self, lengths: Sequence[int] | np.ndarray | Column, batch_tokens: int, batch_rows: int, *, seed: int, epoch: int
    ) -> None:
        self._lengths = as_column(lengths)
        self._budget = batch_tokens, batch_rows
        self._seed = f"{seed}/{epoch}"
        self._blocks = max(1, -(-len(lengths) // BLOCK_ROWS))
        self._starts = [0]
        for block in range(self._blocks):
            self._block, self._rows_N, self._cuts = block, *self._cut(block)
            self._starts.append(self._starts[-1] + len(self._cuts))

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, index: int) -> list[int]:  # type: ignore[override]  # no slices
        if not 0 <= index < len(self):
            raise IndexError(index)
        block = int(np.searchsorted(self._starts, index, side="right")) - 1
        if block != self._block:
            self._block, self._rows_N, self._cuts = block, *self._cut(block)
        start, stop = self._cuts[index - self._starts[block]]
        rows: list[int] = self._rows_N[start:stop].tolist()
        return rows

    def _cut(self, block: int) -> tuple[np.ndarray, list[tuple[int, int]]]:
        """Rows of a block by length, and where each batch starts and stops among them."""
        together = BLOCK_ROWS if self._blocks == 1 else _TOGETHER
        starts = range(block * together, len(self._lengths), self._blocks * together)
        lengths_N = np.concatenate([self._lengths[start : start + together] for start in starts])
        source = random.Random(self._seed if self._blocks == 1 else f"{self._seed}/{block}")
        draws = _draw(source, 2 * len(lengths_N))
        noisy_N, ties_N = lengths_N * (0.95 + (1.05 - 0.95) * draws[::2]), draws[1::2]
        order_N = np.lexsort((ties_N, noisy_N))
        sorted_N = lengths_N[order_N].astype(np.int64)
        batch_tokens, batch_rows = self._budget
        counts = np.arange(1, min(batch_rows, len(sorted_N)) + 1)
        cuts: list[tuple[int, int]] = []
        start = 0
        while start < len(sorted_N):
            longest = np.maximum.accumulate(sorted_N[start : start + batch_rows])
            fit = int(np.searchsorted(longest * counts[: len(longest)], batch_tokens, side="right"))
            cuts.append((start, start + max(1, fit)))
            start += max(1, fit)
        source.shuffle(cuts)
        return np.array(starts)[order_N // together] + order_N % together, cuts


def _draw(source: random.Random, count: int) -> np.ndarray:
    """What so many calls of source.random() return, by NumPy, whose generator is the same."""
    version, state, gauss = source.getstate()
    twin = np.random.RandomState()
    twin.set_state({"bit_generator": "MT19937", "state": {"key": np.array(state[:-1], np.uint32), "pos": state[-1]}})
    drawn = twin.random_sample(count)
    after = twin.get_state(legacy=False)["state"]
    source.setstate((version, (*after["key"].tolist(), int(after["pos"])), gauss))
    return drawn
