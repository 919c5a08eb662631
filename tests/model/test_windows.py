from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.windows import merge_windows, split_windows


@given(total=st.integers(1, 3000), max_tokens=st.integers(1, 600))
def test_windows_cover_every_token_in_order_and_overlap(total: int, max_tokens: int) -> None:
    windows = split_windows(range(total), max_tokens)
    assert windows[0][0] == 0
    assert windows[-1][-1] == total - 1
    for window in windows:
        assert 1 <= len(window) <= max_tokens
        assert list(window) == list(range(window[0], window[-1] + 1))
    for before, after in pairwise(windows):
        assert before[0] < after[0]
        assert before[-1] + 1 - after[0] >= max_tokens // 8


@given(total=st.integers(1, 3000), max_tokens=st.integers(1, 600))
def test_windows_are_as_few_as_the_overlap_allows(total: int, max_tokens: int) -> None:
    count = len(split_windows(range(total), max_tokens))
    reached_by_one_fewer = max_tokens + (count - 2) * (max_tokens - max_tokens // 8)
    assert count == 1 or reached_by_one_fewer < total


@given(total=st.integers(2, 3000), max_tokens=st.integers(1, 600))
def test_no_window_of_a_cut_text_is_a_fragment(total: int, max_tokens: int) -> None:
    windows = split_windows(range(total), max_tokens)
    assert len(windows) == 1 or {len(window) for window in windows} == {max_tokens}


def test_a_row_that_fits_is_one_window() -> None:
    assert split_windows([4, 5, 6], 3) == [[4, 5, 6]]


def test_one_token_more_makes_two_windows() -> None:
    assert split_windows([4, 5, 6, 7], 3) == [[4, 5, 6], [5, 6, 7]]


def test_smallest_windows() -> None:
    assert split_windows([4, 5, 6], 1) == [[4], [5], [6]]
    assert split_windows([4, 5, 6], 2) == [[4, 5], [5, 6]]
    assert split_windows([4, 5, 6, 7], 2) == [[4, 5], [6, 7]]


def test_merged_logits_are_the_mean_weighted_by_tokens() -> None:
    assert merge_windows([[1.0, -2.0], [4.0, 0.0]], [2, 1]) == pytest.approx([2.0, -4 / 3])


def test_one_window_keeps_its_logits() -> None:
    assert merge_windows([[0.25, -0.5, 3.0]], [7]) == pytest.approx([0.25, -0.5, 3.0])


def test_unequal_numbers_of_windows_and_lengths_are_a_bug() -> None:
    with pytest.raises(ValueError, match="shorter"):
        merge_windows([[1.0], [2.0]], [3])
