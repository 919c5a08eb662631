from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.sampler import Batches, _draw


@given(st.lists(st.integers(1, 300), min_size=1, max_size=400), st.integers(100, 1000), st.integers(1, 40))
def test_batches_hold_every_row_once_within_the_budget(lengths: list[int], batch_tokens: int, batch_rows: int) -> None:
    batches = Batches(lengths, batch_tokens, batch_rows, seed=3, epoch=0)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) <= batch_rows
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= batch_tokens


def test_batches_are_of_similar_length_in_random_order() -> None:
    lengths = [1 + index % 500 for index in range(5000)]
    batches = Batches(lengths, 8192, 5000, seed=0, epoch=0)
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in batches)
    assert padded < 1.15 * sum(lengths)
    longest = [max(lengths[row] for row in batch) for batch in batches]
    assert longest != sorted(longest)


def test_order_follows_seed_and_epoch() -> None:
    lengths = [1 + index % 50 for index in range(1000)]
    first = list(Batches(lengths, 512, 64, seed=0, epoch=0))
    assert first == list(Batches(lengths, 512, 64, seed=0, epoch=0))
    assert first != list(Batches(lengths, 512, 64, seed=0, epoch=1))
    assert first != list(Batches(lengths, 512, 64, seed=1, epoch=0))


def test_draws_are_those_of_the_standard_library() -> None:
    """So that runs keep the order that they had when each number was drawn there."""
    ours, theirs = Random("0/3"), Random("0/3")
    assert _draw(ours, 1001).tolist() == [theirs.random() for _ in range(1001)]
    assert ours.sample(range(1000), 10) == theirs.sample(range(1000), 10)


def test_rows_of_many_blocks_are_each_in_one_batch_and_blocks_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.sampler.BLOCK_ROWS", 100)
    monkeypatch.setattr("training.sampler._TOGETHER", 4)
    lengths = [1 + index // 10 for index in range(1050)]  # as in a file that is sorted
    batches = Batches(lengths, 512, 16, seed=0, epoch=0)
    found = list(batches)
    assert sorted(row for batch in found for row in batch) == list(range(1050))
    assert [batches[index] for index in reversed(range(len(batches)))] == found[::-1]
    first = [lengths[row] for batch in found[: len(found) // 11] for row in batch]
    assert 45 < sum(first) / len(first) < 61
