"""TF-IDF with logistic regression as a teacher: it counts words where a network reads, so that their mistakes differ.

Shapes in names: N rows, C labels.
"""

from collections.abc import Sequence

import numpy as np

from training.config import TrainConfig, split_taught
from training.data import Examples
from training.distributed import Processes


def ask_linear(
    config: TrainConfig, examples: Examples, train_sets: Sequence[Examples], num_labels: int, processes: Processes
) -> np.ndarray | None:
    """Probabilities (N, C) of a set, each by a model that has not seen its row; None if the config names no such set.

    A train set is divided into folds, each answered by a model of the others. What is not among the train sets is
    answered by a model of the whole train set that the config names with it.
    """
    from training.baselines import linear_baseline, predict, predict_out_of_fold

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
            said = predict_out_of_fold(linear_baseline(), labelled.name, texts, targets, num_labels)
        else:
            said = predict(linear_baseline().fit(texts, targets), examples.texts, num_labels)
    return processes.gather(said)[0]
