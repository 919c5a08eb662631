"""Shapes in names: N rows, C labels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.network import load_artifact
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.toy import ALONE
from training.calibration import DevSet, fit_temperature, fit_vector_scaling
from training.metrics import bin_sums, ece, masked_probabilities, nll
from training.recipes import tiny
from training.train import train

EVERY = np.array([True, True, True])
TWO = np.array([True, False, True])


def labelled(rows: int, sharpness: float, carried_C: np.ndarray, seed: int = 0) -> DevSet:
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


@pytest.mark.parametrize("seed", [0, 1])
def test_vector_scaling_undoes_what_was_done_to_single_labels(seed: int) -> None:
    weight_C, bias_C = np.array([1.2, 0.6, 1.2]), np.array([0.2, -0.5, 0.3])
    sets = []
    for carried_C in (EVERY, TWO):
        true_NC, labels_N, _ = labelled(20_000, 1.0, carried_C, seed)
        sets.append(((true_NC * 2 - bias_C) / weight_C, labels_N, carried_C))
    found_weight_C, found_bias_C = fit_vector_scaling(sets)
    assert found_weight_C == pytest.approx(weight_C, rel=0.05)
    assert found_bias_C == pytest.approx(bias_C, abs=0.1)
    scaled = [(logits_NC * found_weight_C + found_bias_C, *rest) for logits_NC, *rest in sets]
    assert fit_temperature([(x, y, c) for x, y, c in scaled]) == pytest.approx(2.0, rel=0.05)


def test_vector_scaling_of_calibrated_logits_changes_nothing() -> None:
    weight_C, bias_C = fit_vector_scaling([labelled(50_000, 1.0, EVERY)])
    assert weight_C == pytest.approx(np.ones(3), abs=0.03)
    assert bias_C == pytest.approx(np.zeros(3), abs=0.03)


def test_few_rows_move_the_labels_little() -> None:
    """All three rows are positive, which thousands would be believed."""
    few = np.zeros((3, 3)), np.full(3, 2), EVERY
    many = np.zeros((3000, 3)), np.full(3000, 2), EVERY
    (few_weight_C, few_bias_C), (_, many_bias_C) = map(fit_vector_scaling, ([few], [many]))
    assert few_weight_C == pytest.approx(np.ones(3))
    assert 0.0 < few_bias_C[2] < 0.2
    assert many_bias_C[2] > 1.0


def test_label_that_no_dev_set_carries_keeps_its_place() -> None:
    weight_C, bias_C = fit_vector_scaling([labelled(5000, 4.0, TWO)])
    assert weight_C == pytest.approx(np.ones(3), abs=0.05)
    assert bias_C == pytest.approx(np.zeros(3), abs=0.1)


def test_artifact_of_a_run_answers_as_its_dev_sets_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    config = replace(tiny([data], []), epochs=2.0)
    asked: list[tuple[np.ndarray, np.ndarray]] = []

    def keep(sets: list[DevSet]) -> tuple[np.ndarray, np.ndarray]:
        asked.append(fit_vector_scaling(sets))
        return asked[0]

    def ignore(sets: list[DevSet]) -> tuple[np.ndarray, np.ndarray]:
        return np.ones(3), np.zeros(3)

    heads = []
    for scaling in (keep, ignore):
        monkeypatch.setattr("training.train.fit_vector_scaling", scaling)
        train(config, tmp_path / scaling.__name__, tmp_path / "work", ALONE)
        weights = load_artifact(tmp_path / scaling.__name__).network.state_dict()
        heads.append((weights["head.weight"].float().numpy(), weights["head.bias"].float().numpy()))
    [(weight_C, bias_C)] = asked
    assert np.abs(weight_C - 1).max() > 1e-3
    assert heads[0][0] == pytest.approx(heads[1][0] * weight_C[:, None], rel=2e-3, abs=1e-4)
    assert heads[0][1] == pytest.approx(heads[1][1] * weight_C + bias_C, rel=2e-3, abs=1e-3)
