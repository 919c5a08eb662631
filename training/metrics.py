"""Figures of a classifier as plain functions on arrays, and their bootstrap intervals.

Every figure here is a function of sums over rows (confusion counts, gaps by confidence bin, log likelihood). So one
matrix product gives the sums of all bootstrap resamples at once, and a figure reads them as it reads the data itself.

Shapes in names: N rows, C labels, M confidence bins, R resamples, F summed features; ... any leading dimensions.
Labels are indices from 0 to C-1.
"""

import numpy as np

BINS = 15
"""Equal-width confidence bins of the calibration error, as in Guo et al. 2017, arXiv 1706.04599."""
RESAMPLES = 1000


def masked_probabilities(logits_NC: np.ndarray, carried_C: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Softmax over the labels that a source can carry; the others get probability 0.

    logits (N, C), carried (C,) bool, at least one True.   Returns: (N, C) float64.
    """
    scaled_NC = np.where(carried_C, logits_NC.astype(np.float64) / temperature, -np.inf)
    powers_NC = np.exp(scaled_NC - scaled_NC.max(axis=1, keepdims=True))
    return np.asarray(powers_NC / powers_NC.sum(axis=1, keepdims=True))


def confusion_matrix(gold_N: np.ndarray, predicted_N: np.ndarray, num_labels: int) -> np.ndarray:
    """Counts (C, C) int64: rows gold, columns predicted."""
    cells = np.bincount(gold_N * num_labels + predicted_N, minlength=num_labels**2)
    return cells.reshape(num_labels, num_labels)


def accuracy(confusion_CC: np.ndarray) -> np.ndarray:
    """Share of rows whose label is right.   confusion (..., C, C).   Returns: (...)."""
    return np.asarray(np.trace(confusion_CC, axis1=-2, axis2=-1) / confusion_CC.sum(axis=(-2, -1)))


def class_figures(confusion_CC: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall, F1 and support of each label.

    confusion (..., C, C).   Returns: four of (..., C); a figure without any row to stand on is 0.
    """
    right = np.diagonal(confusion_CC, axis1=-2, axis2=-1)
    predicted, support = confusion_CC.sum(axis=-2), confusion_CC.sum(axis=-1)
    precision, recall = right / np.maximum(predicted, 1), right / np.maximum(support, 1)
    return precision, recall, 2 * right / np.maximum(predicted + support, 1), support


def macro_f1_of(confusion_CC: np.ndarray) -> np.ndarray:
    """Mean F1 of the labels that occur in the gold.   confusion (..., C, C).   Returns: (...)."""
    _, _, f1, support = class_figures(confusion_CC)
    return _mean_where(f1, support > 0)


def macro_recall_of(confusion_CC: np.ndarray) -> np.ndarray:
    """Mean recall of the labels that occur in the gold.   confusion (..., C, C).   Returns: (...)."""
    _, recall, _, support = class_figures(confusion_CC)
    return _mean_where(recall, support > 0)


def macro_recall(gold_N: np.ndarray, predicted_N: np.ndarray) -> float:
    """Mean recall of the labels that occur in the gold: chance level is the same for any balance of classes."""
    num_labels = int(max(gold_N.max(), predicted_N.max())) + 1
    return float(macro_recall_of(confusion_matrix(gold_N, predicted_N, num_labels)))


def nll(probabilities_NC: np.ndarray, gold_N: np.ndarray) -> np.ndarray:
    """Negative log likelihood (N,) of each row in nats; their mean is what calibration minimises."""
    tiny = np.finfo(np.float64).tiny
    return np.asarray(-np.log(np.maximum(probabilities_NC[np.arange(len(gold_N)), gold_N], tiny)))


def bin_sums(probabilities_NC: np.ndarray, gold_N: np.ndarray) -> np.ndarray:
    """What each row adds to its confidence bin: (N, 3, M), of rows, confidence and right answers.

    Confidence is the probability of the top label; bin m holds those above m/M, up to and including (m+1)/M.
    """
    confidence_N = probabilities_NC.max(axis=1)
    right_N = probabilities_NC.argmax(axis=1) == gold_N
    bin_N = np.digitize(confidence_N, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    in_bin_NM = np.eye(BINS)[bin_N]
    return np.stack([in_bin_NM, in_bin_NM * confidence_N[:, None], in_bin_NM * right_N[:, None]], axis=1)


def ece(sums_3M: np.ndarray) -> np.ndarray:
    """Expected calibration error: mean over rows of |accuracy - confidence| of the row's bin.

    sums (..., 3, M), of `bin_sums` over rows.   Returns: (...).   Source: Guo et al. 2017, equation 3.
    """
    rows, confidence, right = sums_3M[..., 0, :], sums_3M[..., 1, :], sums_3M[..., 2, :]
    return np.asarray(np.abs(right - confidence).sum(axis=-1) / rows.sum(axis=-1))


def resampled_sums(features_NF: np.ndarray, seed: int = 0, resamples: int = RESAMPLES) -> np.ndarray:
    """Sums (R, F) of the features over N rows drawn with replacement, R times.

    Why: the spread of a figure over resamples estimates its sampling error.   Source: Efron & Tibshirani 1993.
    """
    generator = np.random.default_rng(seed)
    rows = len(features_NF)
    at_once = max(1, 4_000_000 // rows)  # some 32 MB of counts
    sums = []
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = generator.integers(rows, size=(size, rows)) + rows * np.arange(size)[:, None]
        times_drawn = np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows)
        sums.append(times_drawn @ features_NF)
    return np.concatenate(sums)


def interval(figures_R: np.ndarray) -> tuple[float, float]:
    """95 % percentile interval of a figure over resamples."""
    low, high = np.quantile(figures_R, [0.025, 0.975])
    return float(low), float(high)


def _mean_where(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.asarray((values * mask).sum(axis=-1) / mask.sum(axis=-1))
