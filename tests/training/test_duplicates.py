"""Texts that stand in more than one place, found some hashes at a time."""

import numpy as np
import pytest

from tests.training.test_data import corpus
from tests.training.test_facts import described
from training.data import hash_texts
from training.duplicates import by_range, find_new
from training.keys import duplicate_key
from training.sequences import as_column

TEXTS = [f"text {number % 150}" for number in range(400)]
OTHERS = [f"Text {number}!" for number in range(100, 300)]


@pytest.mark.parametrize("at_once", [1 << 20, 100, 7])
def test_each_text_is_new_once_whatever_is_compared_at_once(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr("training.duplicates.AT_ONCE", at_once)
    monkeypatch.setattr("training.sequences.STRETCH", 64)
    first, second = find_new([TEXTS, OTHERS], {duplicate_key("TEXT 3"), duplicate_key("text 200")})
    assert first.rows(0, len(first)).tolist() == [row for row in range(150) if row != 3]
    assert second.rows(0, len(second)).tolist() == [row for row in range(50, 200) if row != 100]


def test_ranges_hold_each_hash_once_with_what_stands_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.duplicates.AT_ONCE", 50)
    found = list(by_range([(hash_texts(TEXTS), as_column(np.arange(400)))]))
    assert len(found) == 8
    rows = np.concatenate([rows for [(_, rows)] in found])
    assert sorted(rows.tolist()) == list(range(400))
    keys = np.concatenate([keys for [(keys, _)] in found])
    assert keys.tolist() == np.asarray(hash_texts(TEXTS))[rows].tolist()


def test_report_is_the_same_whatever_is_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(text, ("negative", "positive")[number % 7 < 3]) for number, text in enumerate(TEXTS)]
    sources = [corpus("a", rows, held_out=0.2), corpus("b", [(text, "positive") for text in OTHERS])]
    dev = [corpus("c", [("text 40", "negative"), ("text 120", "positive"), ("other", "positive")])]
    whole = described(sources, dev)
    monkeypatch.setattr("training.duplicates.AT_ONCE", 20)
    assert described(sources, dev) == whole
    assert whole[0].sources[0].repeated == 250
    assert whole[0].sources[0].conflicting > 0
    assert dict(whole[0].sources[1].leaks)["c"] == 1
