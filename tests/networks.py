"""Kinds of network to test with: every one, and those few among which every two choices meet."""

from itertools import product
from typing import get_args

import pytest

from model.config import Cell, Pooling

Kind = tuple[Cell, Pooling, bool, int]
"""Cell, pooling, whether it reads both ways, and how many layers."""

CELLS: tuple[Cell, ...] = get_args(Cell)
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)
EVERY_KIND: list[Kind] = list(product(CELLS, POOLINGS, (False, True), (1, 2)))
EVERY_PAIR: list[Kind] = [
    (cell, pooling, (row + column) % 2 == 1, 1 + (row // 2 + column // 2) % 2)
    for row, cell in enumerate(CELLS)
    for column, pooling in enumerate(POOLINGS)
]
"""An orthogonal array: for what takes long and asks for one choice at a time, such as compiling."""


def with_kinds(kinds: list[Kind]) -> pytest.MarkDecorator:
    """A test for each of them, which takes `cell`, `pooling`, `bidirectional` and `num_layers`."""
    return pytest.mark.parametrize(
        ("cell", "pooling", "bidirectional", "num_layers"),
        [
            pytest.param(*kind, id=f"{kind[0]}-{kind[1]}-{'two_way' if kind[2] else 'one_way'}-{kind[3]}")
            for kind in kinds
        ],
    )
