"""Length-bucketed batches under a budget of tokens and of rows, from an explicit seed."""

import random
from collections.abc import Sequence


def make_batches(
    lengths: Sequence[int], batch_tokens: int, batch_rows: int, *, seed: int, epoch: int
) -> list[list[int]]:
    """Cut all rows into batches of similar length, in random order.

    lengths: tokens of each row. A batch takes at most batch_rows rows and batch_tokens tokens, counted as rows times
    its longest row; a longer row stands alone. Rows are sorted by length with some noise, so that batches differ
    between epochs, cut into batches, and these shuffled.
    Returns: lists of row indices that together hold each row once; the same for the same seed and epoch.
    """
    source = random.Random(f"{seed}/{epoch}")
    noisy = sorted((length * source.uniform(0.95, 1.05), source.random(), row) for row, length in enumerate(lengths))
    batches: list[list[int]] = []
    batch: list[int] = []
    longest = 0
    for _, _, row in noisy:
        longest_with_row = max(longest, lengths[row])
        is_full = len(batch) == batch_rows or longest_with_row * (len(batch) + 1) > batch_tokens
        if batch and is_full:
            batches.append(batch)
            batch, longest_with_row = [], lengths[row]
        batch.append(row)
        longest = longest_with_row
    if batch:
        batches.append(batch)
    source.shuffle(batches)
    return batches
