"""Shapes in names: N rows, C labels."""

import numpy as np
import pytest

from training.calibration import fit_temperature
from training.metrics import bin_sums, ece, masked_probabilities, nll

EVERY = np.array([True, True, True])
TWO = np.array([True, False, True])


def labelled(rows: int, sharpness: float, carried_C: np.ndarray, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Logits that are `sharpness` times those that the labels were drawn from."""
    generator = np.random.default_rng(seed)
    true_NC = generator.normal(size=(rows, 3)) * 2
    probabilities_NC = masked_probabilities(true_NC, carried_C)
    labels_N = (generator.random((rows, 1)) > probabilities_NC.cumsum(axis=1)).sum(axis=1)
    return true_NC * sharpness, labels_N, carried_C


@pytest.mark.parametrize("carried_C", [EVERY, TWO], ids=["three labels", "two labels"])
@pytest.mark.parametrize("sharpness", [0.3, 1.0, 4.0])
def test_temperature_undoes_sharpening(sharpness: float, carried_C: np.ndarray) -> None:
    logits_NC, labels_N, _ = labelled(20_000, sharpness, carried_C)
    found = fit_temperature([(logits_NC, labels_N, carried_C)])
    assert found == pytest.approx(sharpness, rel=0.05)


def test_no_other_temperature_has_a_lower_loss() -> None:
    sets = [labelled(300, 2.0, EVERY), labelled(100, 0.7, TWO, seed=1)]

    def loss(temperature: float) -> float:
        return sum(float(nll(masked_probabilities(x, c, temperature), y).mean()) for x, y, c in sets)

    best = loss(fit_temperature([(x, y, c) for x, y, c in sets]))
    assert all(best <= loss(temperature) + 1e-6 for temperature in np.geomspace(0.06, 19, 200))


def test_each_set_weighs_the_same_whatever_its_size() -> None:
    small, large = labelled(500, 1.0, EVERY), labelled(500, 4.0, EVERY, seed=1)
    repeated = (np.tile(large[0], (20, 1)), np.tile(large[1], 20), large[2])
    once = fit_temperature([(small[0], small[1], EVERY), (large[0], large[1], EVERY)])
    assert fit_temperature([(small[0], small[1], EVERY), (repeated[0], repeated[1], EVERY)]) == pytest.approx(once)


def test_calibration_error_falls() -> None:
    logits_NC, labels_N, carried_C = labelled(5000, 4.0, EVERY)
    temperature = fit_temperature([(logits_NC, labels_N, carried_C)])
    before, after = (
        float(ece(bin_sums(masked_probabilities(logits_NC, carried_C, value), labels_N).sum(axis=0)))
        for value in (1.0, temperature)
    )
    assert before > 0.1
    assert after < 0.03


def test_network_that_is_always_right_keeps_a_finite_temperature() -> None:
    found = fit_temperature([(np.eye(3) * 50, np.arange(3), EVERY)])
    assert 0.04 < found < 21
