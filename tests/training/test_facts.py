from collections.abc import Sequence

import numpy as np

from tests.training.test_data import corpus
from training.classification import EncodedSet
from training.data import Corpus, hash_texts
from training.facts import DataFacts, describe_data
from training.sets import make_sets

LABELS = ["negative", "positive"]
ROWS = [("good", "positive"), ("bad", "negative")]


def described(train: Sequence[Corpus], dev: Sequence[Corpus]) -> tuple[DataFacts, dict[str, int]]:
    """The facts of sources whose texts are encoded as a token a word, and what `make_sets` left out."""
    train_sets, dev_sets, left_out = make_sets(train, dev, LABELS, seed=1)

    def encode(items: Sequence[object]) -> list[EncodedSet]:
        return [
            EncodedSet(item.name, [[1] * len(text.split()) for text in item.texts], item.targets, item.carried)  # type: ignore[attr-defined]
            for item in items
        ]

    encoded = {"train": encode(train_sets), "taught": [], "dev": encode(dev_sets)}
    return describe_data(LABELS, train, dev, dev_sets, encoded, max_tokens=10), left_out


def test_repeated_and_conflicting_rows_are_counted() -> None:
    rows = [*ROWS, ("Good!", "positive"), ("BAD", "positive"), ("bad.", "negative"), ("fine", "positive")]
    facts, _ = described([corpus("a", rows)], [corpus("b", [("x", "positive"), ("y", "negative")])])
    source = facts.sources[0]
    assert (source.name, source.is_train, source.rows) == ("a", True, {"negative": 2, "positive": 4})
    assert source.repeated == 3
    assert source.conflicting == 3
    assert (facts.sources[1].is_train, facts.sources[1].repeated, facts.sources[1].conflicting) == (False, 0, 0)


def test_leaks_are_those_that_the_split_leaves_out_by_dev_set() -> None:
    leaking = [*ROWS, ("Good", "positive"), ("fine", "positive"), ("poor", "negative")]
    dev = [
        corpus("b", [("GOOD", "positive"), ("x", "negative")]),
        corpus("c", [("good!", "positive"), ("poor", "negative")]),
    ]
    facts, left_out = described([corpus("a", leaking), corpus("clean", [("q", "positive"), ("r", "negative")])], dev)
    first, clean = facts.sources[:2]
    assert (first.left_out, first.leaks) == (3, {"b": 2, "c": 3})
    assert (clean.left_out, clean.leaks) == (0, {})
    assert left_out == {"a": 3}
    assert facts.train_rows == 2 + 2


def test_rows_that_a_source_holds_out_are_no_leak_of_its_own() -> None:
    """But those of another source that stand among them are."""
    own = [(f"text number {number}", LABELS[number % 2]) for number in range(200)]
    other = [(text.upper(), label) for text, label in own[:100]]
    facts, left_out = described([corpus("a", own, held_out=0.3), corpus("b", other)], [])
    assert facts.sources[0].left_out == 0
    assert facts.sources[1].left_out == left_out["b"] > 10
    assert facts.sources[1].leaks == {"a": left_out["b"]}
    assert {item.role for item in facts.sets} == {"train", "dev"}


def test_texts_that_sources_share_are_counted_most_first() -> None:
    first = corpus("first", [("one", "positive"), ("two", "negative"), ("TWO", "negative")])
    second = corpus("second", [("two", "positive"), ("three", "negative")])
    dev = corpus("first", [("one", "positive"), ("four", "negative")])
    facts, _ = described([first, second], [dev])
    assert facts.shared == [("first", "second", 2), ("first", "first (dev)", 1)]


def test_sets_tell_labels_and_lengths() -> None:
    rows = [("a " * number, LABELS[number % 2]) for number in range(1, 21)]
    facts, _ = described([corpus("a", rows)], [corpus("b", ROWS)])
    one = facts.sets[0]
    assert (one.role, one.rows, one.tokens) == ("train", {"negative": 10, "positive": 10}, 210)
    assert one.quantiles == (1, 10, 19, 20)
    assert one.buckets == (8, 8, 4, 0, 0, 0, 0, 0)
    assert one.cut == 10


def test_texts_are_alike_as_for_the_split() -> None:
    hashes_N = np.asarray(hash_texts(["Good film!", "good film", "bad film", "😀", ""]))
    assert hashes_N.dtype == np.uint64
    assert hashes_N[0] == hashes_N[1]
    assert len(set(hashes_N.tolist())) == 4
    assert len(hash_texts([])) == 0
