"""The single place where rows become a tensor, for training and serving.

Shapes in names: B rows, T steps.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class PaddedBatch(NamedTuple):
    """Rows of one batch, padded to the longest."""

    token_ids_BT: Tensor
    """(B, T) int64."""
    lengths_B: Tensor
    """(B,) int64, each from 1 to T."""


def pad(rows: Sequence[Sequence[int]], pad_id: int) -> PaddedBatch:
    """Pad token rows to the longest one.

    rows: B non-empty id lists.   Raises: ValueError if there is no row or a row is empty, since pooling needs a step.
    """
    lengths = [len(row) for row in rows]
    if not lengths or min(lengths) == 0:
        raise ValueError(f"rows of lengths {lengths}: at least one row, and one token in each, is needed")
    width = max(lengths)
    padded = [[*row, *([pad_id] * (width - len(row)))] for row in rows]
    return PaddedBatch(torch.tensor(padded, dtype=torch.int64), torch.tensor(lengths, dtype=torch.int64))
