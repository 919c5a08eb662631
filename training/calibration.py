"""Weights and biases of the labels, and one temperature, so that a probability of 0.8 is right in eight of ten cases.

Shapes in names: N rows, C labels.   Source: Guo et al. 2017, arXiv 1706.04599, section 4.2.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize, minimize_scalar  # type: ignore[import-untyped]

from training.metrics import masked_probabilities, nll

LOWEST, HIGHEST = 0.05, 20.0
"""Range of the search; a temperature at either end says that the network learned nothing or knows everything."""
PRIOR_STD = 0.25
"""Of what labels are expected to need beside a temperature, before any dev row says so: few rows move them little."""

DevSet = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Logits (N, C), labels (N,), carried (C,) bool; N at least 1. Each set weighs the same, so that a large one does not
decide alone."""


def fit_vector_scaling(sets: Sequence[DevSet]) -> tuple[np.ndarray, np.ndarray]:
    """Weights (C,), of mean 1, and biases (C,), of mean 0, of the logits: the likeliest ones with any temperature.

    A network that learns from sources of two labels and of three is surer of a neutral label, or of none, than its
    answers bear out, which no temperature mends that suits both kinds. Unlike a temperature, it can move the top label.
    """
    num_labels, total = sets[0][0].shape[1], sum(len(labels_N) for _, labels_N, _ in sets)
    precision = 1 / (PRIOR_STD**2 * total)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weight_C, bias_C = parameters[:num_labels], parameters[num_labels:]
        from_mean_C = weight_C - weight_C.mean()
        value = precision * (from_mean_C @ from_mean_C + bias_C @ bias_C) / 2
        weight_gradient_C, bias_gradient_C = precision * from_mean_C, precision * bias_C
        for logits_NC, labels_N, carried_C in sets:
            probabilities_NC = masked_probabilities(logits_NC * weight_C + bias_C, carried_C)
            value += nll(probabilities_NC, labels_N).mean() / len(sets)
            error_NC = (probabilities_NC - np.eye(num_labels)[labels_N]) / (len(labels_N) * len(sets))
            weight_gradient_C = weight_gradient_C + (error_NC * logits_NC).sum(axis=0)
            bias_gradient_C = bias_gradient_C + error_NC.sum(axis=0)
        return float(value), np.concatenate([weight_gradient_C, bias_gradient_C])

    start = np.concatenate([np.ones(num_labels), np.zeros(num_labels)])
    bounds = [(1 / HIGHEST, 1 / LOWEST)] * num_labels + [(None, None)] * num_labels
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    weight_C, bias_C = found[:num_labels], found[num_labels:]
    return weight_C / weight_C.mean(), (bias_C - bias_C.mean()) / weight_C.mean()


def fit_temperature(sets: Sequence[DevSet]) -> float:
    """The temperature that minimises the mean over dev sets of their negative log likelihood.

    Dividing logits moves no top label, so accuracy stays as it is.
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
