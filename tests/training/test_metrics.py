"""Figures against scikit-learn and against arithmetic that can be followed.

Shapes in names: N rows, C labels, R resamples, F features.
"""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from training import metrics

EVERY = np.array([True, True, True])
rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def random_probabilities(rows: int, labels: int = 3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    logits_NC = generator.normal(size=(rows, labels)) * 2
    return metrics.masked_probabilities(logits_NC, np.ones(labels, dtype=bool)), generator.integers(labels, size=rows)


@given(rows)
def test_figures_of_labels_equal_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    gold_N, predicted_N = np.array(pairs).T
    confusion_CC = metrics.confusion_matrix(gold_N, predicted_N, 4)
    occurring = np.unique(gold_N)
    assert (confusion_CC == sklearn.metrics.confusion_matrix(gold_N, predicted_N, labels=range(4))).all()
    wanted = sklearn.metrics.precision_recall_fscore_support(gold_N, predicted_N, labels=range(4), zero_division=0)
    for found_C, wanted_C in zip(metrics.class_figures(confusion_CC), wanted, strict=True):
        assert found_C == pytest.approx(wanted_C)
    options = {"labels": occurring, "average": "macro", "zero_division": 0}
    assert metrics.accuracy(confusion_CC) == pytest.approx(sklearn.metrics.accuracy_score(gold_N, predicted_N))
    assert metrics.macro_f1_of(confusion_CC) == pytest.approx(sklearn.metrics.f1_score(gold_N, predicted_N, **options))
    recall = sklearn.metrics.recall_score(gold_N, predicted_N, **options)
    assert metrics.macro_recall_of(confusion_CC) == pytest.approx(recall)
    assert metrics.macro_recall(gold_N, predicted_N) == pytest.approx(recall)


def test_rows_are_gold_and_columns_predicted() -> None:
    confusion_CC = metrics.confusion_matrix(np.array([0, 0, 1]), np.array([1, 1, 1]), 3)
    assert confusion_CC.tolist() == [[0, 2, 0], [0, 1, 0], [0, 0, 0]]


def test_label_that_does_not_occur_in_the_gold_does_not_count() -> None:
    """Nine right of ten negatives, one called neutral: recall 0.9, not its mean with a neutral recall of 0."""
    gold_N, predicted_N = np.zeros(10, dtype=int), np.array([0] * 9 + [1])
    assert metrics.macro_recall(gold_N, predicted_N) == pytest.approx(0.9)


def test_figures_read_many_confusions_at_once() -> None:
    confusions = np.stack([np.eye(2) * 5, np.array([[3, 1], [2, 4]]), np.array([[0, 4], [0, 4]])])
    for figure in (metrics.accuracy, metrics.macro_f1_of, metrics.macro_recall_of):
        assert figure(confusions) == pytest.approx([float(figure(confusion)) for confusion in confusions])


def test_probabilities_are_a_softmax_over_carried_labels() -> None:
    logits_NC = np.array([[1.0, 9.0, 2.0], [0.0, -9.0, 0.0]], dtype=np.float32)
    found_NC = metrics.masked_probabilities(logits_NC, np.array([True, False, True]))
    right = 1 / (1 + np.exp(-1))
    assert found_NC == pytest.approx(np.array([[1 - right, 0, right], [0.5, 0, 0.5]]))


def test_temperature_divides_the_logits() -> None:
    logits_NC = np.array([[1.0, 2.0, 4.0]])
    assert metrics.masked_probabilities(logits_NC, EVERY, 2.0) == pytest.approx(
        metrics.masked_probabilities(logits_NC / 2, EVERY)
    )


def test_huge_logits_do_not_overflow() -> None:
    found_NC = metrics.masked_probabilities(np.array([[1e4, -1e4, 0.0]], dtype=np.float32), EVERY, 0.05)
    assert found_NC.tolist() == [[1.0, 0.0, 0.0]]
    assert np.isfinite(metrics.nll(found_NC, np.array([1]))).all()


def test_nll_equals_scikit_learn() -> None:
    probabilities_NC, gold_N = random_probabilities(200)
    wanted = sklearn.metrics.log_loss(gold_N, probabilities_NC, labels=[0, 1, 2])
    assert metrics.nll(probabilities_NC, gold_N).mean() == pytest.approx(wanted)


def test_calibration_error_by_hand() -> None:
    """Two bins: three rows at 0.9 of which two are right, one at 0.6 that is wrong."""
    top_N = np.array([0.9, 0.9, 0.9, 0.6])
    probabilities_NC = np.stack([top_N, 1 - top_N], axis=1)
    sums = metrics.bin_sums(probabilities_NC, np.array([0, 0, 1, 1])).sum(axis=0)
    assert float(metrics.ece(sums)) == pytest.approx((3 * abs(2 / 3 - 0.9) + 1 * abs(0 - 0.6)) / 4)


def test_calibration_error_follows_its_definition_bin_by_bin() -> None:
    probabilities_NC, gold_N = random_probabilities(500)
    confidence_N, right_N = probabilities_NC.max(axis=1), probabilities_NC.argmax(axis=1) == gold_N
    wanted = 0.0
    for bin in range(15):
        inside = (confidence_N > bin / 15) & (confidence_N <= (bin + 1) / 15)
        if inside.any():
            wanted += inside.mean() * abs(right_N[inside].mean() - confidence_N[inside].mean())
    assert float(metrics.ece(metrics.bin_sums(probabilities_NC, gold_N).sum(axis=0))) == pytest.approx(wanted)


def test_confidence_on_an_edge_belongs_to_the_bin_below() -> None:
    edge = np.linspace(0, 1, 16)[12]
    sums = metrics.bin_sums(np.array([[edge, 1 - edge]]), np.array([0])).sum(axis=0)
    assert np.flatnonzero(sums[0]).tolist() == [11]


def test_sure_and_right_is_calibrated_and_in_the_last_bin() -> None:
    sums = metrics.bin_sums(np.eye(3), np.arange(3)).sum(axis=0)
    assert float(metrics.ece(sums)) == 0.0
    assert sums[0].tolist() == [0.0] * 14 + [3.0]


def test_resamples_draw_as_many_rows_as_there_are() -> None:
    sums_RF = metrics.resampled_sums(np.ones((40, 1)), resamples=30)
    assert sums_RF.tolist() == [[40.0]] * 30


def test_resamples_of_a_large_set_are_drawn_in_parts() -> None:
    """Seven resamples of a 600,000-row set are drawn six at once and one more: all are drawn, and all differ."""
    features_NF = np.arange(600_000, dtype=float)[:, None]
    sums_RF = metrics.resampled_sums(features_NF, resamples=7)
    assert sums_RF.shape == (7, 1)
    assert len(set(sums_RF[:, 0])) == 7


def test_interval_is_seeded() -> None:
    features_NF = np.random.default_rng(1).normal(size=(50, 2))
    assert (metrics.resampled_sums(features_NF) == metrics.resampled_sums(features_NF)).all()
    assert (metrics.resampled_sums(features_NF) != metrics.resampled_sums(features_NF, seed=1)).any()


def test_interval_of_an_accuracy_is_that_of_the_binomial() -> None:
    """80 of 100 right: the standard error is 0.04, so the interval is near 0.8 -+ 0.078."""
    right_NF = np.array([1.0] * 80 + [0.0] * 20)[:, None]
    low, high = metrics.interval(metrics.resampled_sums(right_NF, resamples=4000)[:, 0] / 100)
    assert low == pytest.approx(0.72, abs=0.015)
    assert high == pytest.approx(0.875, abs=0.015)
