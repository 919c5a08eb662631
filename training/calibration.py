"""One temperature for all labels and sources, so that a probability of 0.8 is right in eight of ten cases.

Shapes in names: N rows, C labels.   Source: Guo et al. 2017, arXiv 1706.04599, section 4.2.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

from training.metrics import masked_probabilities, nll

LOWEST, HIGHEST = 0.05, 20.0
"""Range of the search; a temperature at either end says that the network learned nothing or knows everything."""


def fit_temperature(sets: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
    """The temperature that minimises the mean over dev sets of their negative log likelihood.

    sets: (logits (N, C), labels (N,), carried (C,) bool) of each dev set, N at least 1. Each set weighs the same, so
    that a large one does not decide alone. Dividing logits moves no top label, so accuracy stays as it is.
    """

    def loss(log_temperature: float) -> float:
        temperature = float(np.exp(log_temperature))
        return float(
            np.mean(
                [
                    nll(masked_probabilities(logits, carried, temperature), labels).mean()
                    for logits, labels, carried in sets
                ]
            )
        )

    # The loss is convex in 1/T, so it has one valley; in the logarithm halving is as far as doubling.
    found = minimize_scalar(loss, bounds=(np.log(LOWEST), np.log(HIGHEST)), method="bounded")
    return float(np.exp(found.x))
