from hypothesis import given
from hypothesis import strategies as st

from training.sampler import make_batches


@given(st.lists(st.integers(1, 300), min_size=1, max_size=400), st.integers(100, 1000), st.integers(1, 40))
def test_batches_hold_every_row_once_within_the_budget(lengths: list[int], batch_tokens: int, batch_rows: int) -> None:
    batches = make_batches(lengths, batch_tokens, batch_rows, seed=3, epoch=0)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) <= batch_rows
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= batch_tokens


def test_batches_are_of_similar_length_in_random_order() -> None:
    lengths = [1 + index % 500 for index in range(5000)]
    batches = make_batches(lengths, 8192, 5000, seed=0, epoch=0)
    padded = sum(len(batch) * max(lengths[row] for row in batch) for batch in batches)
    assert padded < 1.15 * sum(lengths)
    longest = [max(lengths[row] for row in batch) for batch in batches]
    assert longest != sorted(longest)


def test_order_follows_seed_and_epoch() -> None:
    lengths = [1 + index % 50 for index in range(1000)]
    first = make_batches(lengths, 512, 64, seed=0, epoch=0)
    assert first == make_batches(lengths, 512, 64, seed=0, epoch=0)
    assert first != make_batches(lengths, 512, 64, seed=0, epoch=1)
    assert first != make_batches(lengths, 512, 64, seed=1, epoch=0)
