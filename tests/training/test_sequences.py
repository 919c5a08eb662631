"""What is chosen and joined of sequences, and the columns beside them."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.sequences import Column, Flags, Joined, as_column, choose, choose_column, column_of, count_values
from training.storage import lengths_of


def flags(count: int, rows: Iterable[int]) -> Flags:
    is_meant = np.zeros(count, dtype=bool)
    is_meant[list(rows)] = True
    return Flags.of(as_column(is_meant))


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 60), st.data())
def test_flags_give_the_rows_that_were_meant(pattern: list[bool], repeated: int, data: st.DataObject) -> None:
    is_meant = np.array(pattern * repeated, dtype=bool)
    expected, found = np.flatnonzero(is_meant), Flags.of(as_column(is_meant))
    assert len(found) == len(expected)
    start = data.draw(st.integers(0, len(expected)))
    stop = data.draw(st.integers(start, len(expected)))
    assert found.rows(start, stop).tolist() == expected[start:stop].tolist()
    runs = [row for run in found.runs(start, stop) for row in range(run.start, run.stop)]
    assert runs == expected[start:stop].tolist()
    assert found.others().rows(0, len(is_meant) - len(expected)).tolist() == np.flatnonzero(~is_meant).tolist()


def test_more_rows_than_are_read_at_once_are_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.sequences.STRETCH", 64)
    is_meant = np.arange(1000) % 7 == 0
    found = Flags.of(as_column(is_meant))
    assert found.rows(0, len(found)).tolist() == list(range(0, 1000, 7))
    assert count_values(as_column(np.arange(1000) % 7), 9).tolist() == [143] * 6 + [142, 0, 0]


def test_rows_chosen_twice_are_chosen_of_the_first() -> None:
    items = [[number] * number for number in range(10)]
    some = choose(items, flags(10, [1, 3, 5, 7]))
    fewer = choose(some, flags(4, [0, 3]))
    assert list(some) == items[1:8:2]
    assert some[1:3] == items[3:7:2]
    assert list(fewer) == [items[1], items[7]]
    assert choose(items, flags(10, range(10))) is items
    assert list(lengths_of(fewer)) == [1, 7]


def test_columns_are_chosen_and_joined_as_their_items_are() -> None:
    items = Joined([choose(list("abcdef"), flags(6, [0, 2, 3])), list("gh")], [2, 1])
    found = column_of(items, lambda letters: as_column([ord(letter) for letter in letters]))
    assert "".join(items) == "".join(map(chr, found)) == "acdacdgh"
    assert "".join(map(chr, found[2:7])) == "".join(items[2:7]) == "dacdg"
    assert [found[-1], len(found), len(found[3:3])] == [ord("h"), 8, 0]
    assert np.asarray(found.map(lambda codes: codes * 2))[0] == 2 * ord("a")
    with pytest.raises(IndexError):
        found[8]


def test_column_is_read_no_further_than_it_is_asked_for() -> None:
    reads = []

    def read(start: int, stop: int) -> np.ndarray:
        reads.append((start, stop))
        return np.arange(start, stop)

    some = choose_column(Column(100, read), flags(100, [3, 4, 90]))
    assert some[1] == 4
    assert some[1:3].tolist() == [4, 90]
    assert reads == [(4, 5), (4, 5), (90, 91)]


def test_joined_rows_know_where_they_are_from() -> None:
    joined = Joined([[[1], [2, 2]], [], [[3]]], [2, 5, 3])
    assert list(joined) == [[1], [2, 2], [1], [2, 2], [3], [3], [3]]
    assert [joined.locate(row) for row in (1, 3, 4, 6)] == [(0, 1), (0, 1), (2, 0), (2, 0)]
    assert list(lengths_of(joined)) == [1, 2, 1, 2, 1, 1, 1]
    assert joined[2:5] == [[1], [2, 2], [3]]
