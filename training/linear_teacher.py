"""A linear model as a teacher: it sees which words occur where a network reads, so that their mistakes differ.

Shapes in names: N rows, C labels, F features.   Source: Wang and Manning 2012, aclanthology.org/P12-2018, for logistic
regression over features weighted by the ratios of naive Bayes.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, diags  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer

from training.baselines import TOKEN, predict, predict_out_of_fold
from training.config import TrainConfig, split_taught
from training.data import Examples
from training.distributed import Processes


class NaiveBayesRatios(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Weighs features by the logarithm of how much likelier they are with label 1 than with label 0."""

    def fit(self, features_NF: csr_matrix, targets_N: np.ndarray) -> Self:
        """Count how often each feature occurs with either label, and once more."""
        counts = [np.asarray(features_NF[np.asarray(targets_N) == label].sum(axis=0))[0] + 1.0 for label in (0, 1)]
        self.ratio_F_ = np.log(counts[1] / counts[1].sum()) - np.log(counts[0] / counts[0].sum())
        return self

    def transform(self, features_NF: csr_matrix) -> csr_matrix:
        """Features times their weights."""
        return features_NF @ diags(self.ratio_F_)


def linear_teacher() -> Pipeline:
    """Which runs of one to three tokens occur, weighed by naive Bayes, then logistic regression for each label.

    Alone it is about as right as a network, of reviews and of posts; the mean of both is more so.
    """
    features = CountVectorizer(
        preprocessor=_plain, token_pattern=TOKEN, ngram_range=(1, 3), binary=True, min_df=2, dtype=np.float32
    )
    regression = LogisticRegression(C=8.0, solver="liblinear", dual=True, tol=1e-2, random_state=0)
    return make_pipeline(features, OneVsRestClassifier(make_pipeline(NaiveBayesRatios(), Normalizer(), regression)))


def _plain(text: str) -> str:
    return text.replace("<br />", " ").lower()


def ask_linear(
    config: TrainConfig, examples: Examples, train_sets: Sequence[Examples], num_labels: int, processes: Processes
) -> np.ndarray | None:
    """Probabilities (N, C) of a set, each by a model that has not seen its row; None if the config names no such set.

    A train set is divided into folds, each answered by a model of the others. What is not among the train sets is
    answered by a model of the whole train set that the config names with it.
    """
    is_labelled = any(item is examples for item in train_sets)
    pairs = [split_taught(entry) for entry in config.cross_taught]
    taught_by = {name: name for name, _ in pairs} if is_labelled else {other: name for name, other in pairs}
    if examples.name not in taught_by:
        return None
    said = np.zeros((0, num_labels))
    if processes.is_main:
        [labelled] = [item for item in train_sets if item.name == taught_by[examples.name]]
        texts, targets = list(labelled.texts), np.asarray(labelled.targets).tolist()
        if is_labelled:
            said = predict_out_of_fold(linear_teacher(), labelled.name, texts, targets, num_labels)
        else:
            said = predict(linear_teacher().fit(texts, targets), examples.texts, num_labels)
    return processes.gather(said)[0]
