"""Shapes in names: N rows, C labels."""

from collections.abc import Iterable

import numpy as np
import pytest

from model.rows import DataError
from tests.texts import LABELLED
from training.baselines import linear_baseline, predict_baselines
from training.data import Corpus, order_labels
from training.sources import Source

LABELS = ("negative", "neutral", "positive")
LINEAR, MAJORITY = "tf-idf + logistic regression", "majority"


def make_corpus(rows: Iterable[tuple[str, str]], name: str = "shop") -> Corpus:
    texts, labels = map(list, zip(*rows, strict=True))
    return Corpus(
        source=Source(path=f"{name}.csv"),
        texts=texts,
        labels=labels,
        carried=tuple(order_labels(labels)),
        problems=[],
        digest="",
    )


def reviews(count: int, name: str = "shop", seed: int = 0) -> Corpus:
    """Two labels that one word gives away, in either language."""
    generator = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        is_good, is_chinese = number % 2 == 0, number % 4 > 1
        words = "地房饭书手机店" if is_chinese else ["room", "food", "book", "phone", "shop", "it"]
        word = ("好" if is_good else "差") if is_chinese else ("great" if is_good else "awful")
        drawn = [words[index] for index in generator.integers(len(words), size=12)]
        text = ("" if is_chinese else " ").join([*drawn[:6], word, *drawn[6:]])
        rows.append((text, "positive" if is_good else "negative"))
    return make_corpus(rows, name)


def right(corpus: Corpus, probabilities_NC: np.ndarray) -> np.ndarray:
    return np.array(
        [LABELS[top] == label for top, label in zip(probabilities_NC.argmax(axis=1), corpus.labels, strict=True)]
    )


def test_linear_baseline_reads_both_languages_by_folds() -> None:
    corpus = reviews(80)
    found = predict_baselines(corpus, [], LABELS)
    assert list(found) == [f"{LINEAR}, 5-fold on this data", f"{MAJORITY}, 5-fold on this data"]
    is_right = right(corpus, found[f"{LINEAR}, 5-fold on this data"])
    assert is_right[[index for index in range(80) if index % 4 < 2]].mean() > 0.8
    assert is_right[[index for index in range(80) if index % 4 > 1]].mean() > 0.8


def test_linear_baseline_learns_from_named_sources() -> None:
    corpus, train = reviews(40, seed=1), reviews(80, "big")
    found = predict_baselines(corpus, [train], LABELS)
    assert list(found) == [f"{LINEAR}, trained on big", f"{MAJORITY}, trained on big"]
    assert right(corpus, found[f"{LINEAR}, trained on big"]).mean() > 0.9


def test_majority_answers_the_most_frequent_label_with_its_frequency() -> None:
    train = make_corpus([("a", "positive")] * 3 + [("b", "negative")], "big")
    corpus = make_corpus([("c c", "positive"), ("d d", "negative")])
    found_NC = predict_baselines(corpus, [train], LABELS)[f"{MAJORITY}, trained on big"]
    assert found_NC == pytest.approx(np.array([[0.25, 0, 0.75]] * 2))


def test_probabilities_are_over_the_labels_of_the_data() -> None:
    train = make_corpus(LABELLED, "three")
    corpus = make_corpus([(f"{text} indeed", label) for text, label in LABELLED if label != "neutral"])
    for probabilities_NC in predict_baselines(corpus, [train], LABELS).values():
        assert not probabilities_NC[:, 1].any()
        assert probabilities_NC.sum(axis=1) == pytest.approx(np.ones(len(corpus.texts)))


def test_text_that_stands_in_the_data_is_not_learned_from() -> None:
    """Every train row but two is a test row of the opposite label; learned from, they would turn each answer."""
    corpus = reviews(40)
    opposite = {"negative": "positive", "positive": "negative"}
    swapped = [(text.upper(), opposite[label]) for text, label in zip(corpus.texts, corpus.labels, strict=True)]
    train = make_corpus([*swapped, *[("great 好", "positive"), ("awful 差", "negative")] * 2], "leaky")
    assert right(corpus, predict_baselines(corpus, [train], LABELS)[f"{LINEAR}, trained on leaky"]).all()


def test_duplicates_fall_into_one_fold() -> None:
    """Noise that stands twice would be answered from its twin."""
    generator = np.random.default_rng(0)
    noise = ["".join(chr(0x4E00 + code) for code in generator.integers(2000, size=8)) for _ in range(60)]
    labels = [str(label) for label in generator.choice(["negative", "positive"], size=60)]
    corpus = make_corpus(list(zip(noise * 2, labels * 2, strict=True)))
    assert right(corpus, predict_baselines(corpus, [], LABELS)[f"{LINEAR}, 5-fold on this data"]).mean() < 0.75


def test_too_few_texts_for_folds_are_refused() -> None:
    corpus = make_corpus([(f"good {number}", "positive") for number in range(20)] + [("bad", "negative")] * 9)
    with pytest.raises(DataError, match=r"shop\.csv: 1 different texts of one label"):
        predict_baselines(corpus, [], LABELS)


def test_label_that_no_train_source_has_is_named() -> None:
    with pytest.raises(DataError, match="label 'neutral' is in no source"):
        predict_baselines(make_corpus(LABELLED), [reviews(40)], LABELS)


def test_every_mark_and_han_character_is_a_token() -> None:
    analyse = linear_baseline()[0].build_analyzer()
    tokens = [token for token in analyse("Good手机!😀") if " " not in token]
    assert tokens == ["good", "手", "机", "!", "😀"]
