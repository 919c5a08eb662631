from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from model.classifier import SentimentClassifier
from tests.training.toy import ALONE, PAD, classifier, fit_config, learnable_set
from training.checkpoint import load_checkpoint
from training.classification import Classification
from training.config import TrainConfig
from training.distributed import Processes
from training.loop import FitResult, TrainingError, fit, resolve_precision, train_step


def run(options: TrainConfig, net: SentimentClassifier, directory: Path, size: int = 60) -> FitResult:
    task = Classification(options, [learnable_set("a", size)], [learnable_set("b", 30)], PAD)
    return fit(options, net, task, directory=directory, processes=ALONE)


def step(net: SentimentClassifier, clip_norm: float = 1.0) -> float:
    """One update of plain gradient descent, by the clipped gradient itself."""
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    task = Classification(fit_config(), [learnable_set("a")], [], PAD)
    options = {"clip_norm": clip_norm, "precision": torch.float32, "processes": ALONE}
    return train_step(task, net, optimizer, [0, 1, 2, 3], 0, **options)  # type: ignore[arg-type]


def test_step_that_is_not_finite_stops_before_the_update() -> None:
    net = classifier()
    before = net.embedding.weight.clone()
    with torch.no_grad():
        net.head.bias[0] = float("nan")
    with pytest.raises(TrainingError, match="loss is nan: stopped before the update"):
        step(net)
    assert torch.equal(net.embedding.weight, before)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_gradients_that_are_not_finite_stop_before_the_update(value: float) -> None:
    """The loss alone was once looked at: the update made every weight NaN, and a checkpoint could keep them."""
    net = classifier()
    before = {name: weight.clone() for name, weight in net.state_dict().items()}
    net.head.weight.register_hook(lambda gradient: gradient * value)  # type: ignore[no-untyped-call]
    with pytest.raises(TrainingError, match=f"gradients have norm (nan|{value}): stopped before the update"):
        step(net)
    assert all(torch.equal(weight, before[name]) for name, weight in net.state_dict().items())


def test_step_moves_no_further_than_the_clipped_gradient() -> None:
    net = classifier()
    before = nn.utils.parameters_to_vector(net.parameters()).clone()
    step(net, clip_norm=1e-3)
    moved = (nn.utils.parameters_to_vector(net.parameters()) - before).norm()
    assert 0.9e-3 < moved.item() <= 1.01e-3


def test_fit_learns_and_keeps_the_best_average(tmp_path: Path) -> None:
    net = classifier()
    options = fit_config()
    task = Classification(options, [learnable_set("a", 300)], [learnable_set("b", 90)], PAD)
    result = fit(options, net, task, directory=tmp_path, processes=ALONE)
    assert result.best_score > 0.9
    assert not net.training
    assert task.evaluate(net)["mean"] == pytest.approx(result.best_score)
    assert len(result.records) == 12
    assert result.records[0]["loss"] > result.records[-1]["loss"]
    best = max(result.records, key=lambda record: (record["dev"]["mean"], record["step"]))
    assert result.best_step == best["step"]


def test_what_is_not_learned_stands_once_in_network_and_average(tmp_path: Path) -> None:
    """A second copy of a transformer's vocabulary took 384 MB, and time to be averaged in each step."""
    net = classifier()
    net.embedding.weight.requires_grad_(False)
    before = net.embedding.weight.clone()
    options = fit_config(epochs=1.0)
    task = Classification(options, [learnable_set("a", 300)], [learnable_set("b", 90)], PAD)
    fit(options, net, task, directory=tmp_path, processes=ALONE)
    state = load_checkpoint(tmp_path)
    assert state is not None
    own, average = state["network"], state["average"]
    assert own["embedding.weight"].data_ptr() == average["module.embedding.weight"].data_ptr()
    assert torch.equal(net.embedding.weight, before)
    assert not torch.equal(own["head.weight"], average["module.head.weight"])


class Slope:
    """A Task that has neither rows nor words: one number is to become 3."""

    def batches(self, epoch: int) -> list[list[int]]:
        return [[0]] * 10

    def loss(self, network: nn.Module, rows: list[int], epoch: int, processes: Processes) -> Tensor:
        value: Tensor = network(torch.ones(1, 1))
        return (value - 3.0).square().sum()

    def evaluate(self, network: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            return {"mean": -abs(float(network(torch.ones(1, 1))) - 3.0)}


def test_fit_learns_whatever_task_it_is_given(tmp_path: Path) -> None:
    torch.manual_seed(0)
    options = fit_config(epochs=20.0, learning_rate=0.2)
    result = fit(options, nn.Linear(1, 1, bias=False), Slope(), directory=tmp_path, processes=ALONE)
    assert -0.05 < result.best_score <= 0.0
    assert [record["step"] for record in result.records] == list(range(10, 201, 10))


@pytest.mark.parametrize(
    ("evaluations_per_epoch", "epochs", "steps"),
    [(3, 2.0, [4, 7, 10, 14, 17, 20]), (20, 0.3, [1, 2, 3]), (4, 0.6, [3, 5, 6])],
)
def test_evaluations_are_spread_over_an_epoch_whose_steps_they_do_not_divide(
    tmp_path: Path, evaluations_per_epoch: int, epochs: float, steps: list[int]
) -> None:
    """The last of an epoch came a step before its end, and once more at the end of the run."""
    options = fit_config(epochs=epochs, evaluations_per_epoch=evaluations_per_epoch)
    result = fit(options, nn.Linear(1, 1, bias=False), Slope(), directory=tmp_path, processes=ALONE)
    assert [record["step"] for record in result.records] == steps


def test_run_goes_on_from_a_checkpoint_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = classifier()
    whole_result = run(fit_config(), whole, tmp_path / "whole")

    calls = 0
    real_step = train_step

    def dies(*arguments: object, **options: object) -> float:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise KeyboardInterrupt
        return real_step(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("training.loop.train_step", dies)
    with pytest.raises(KeyboardInterrupt):
        run(fit_config(checkpoint_every_s=0.0), classifier(), tmp_path / "parts")
    resumed = classifier(seed=1)
    result = run(fit_config(), resumed, tmp_path / "parts")
    assert calls > 41
    assert result == whole_result
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


@pytest.mark.parametrize(
    "options", [fit_config(epochs=1.0), fit_config(learning_rate=1e-9, patience=2)], ids=["to its end", "stopped early"]
)
def test_run_that_is_finished_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: TrainConfig
) -> None:
    first, second = classifier(), classifier(seed=1)
    first_result = run(options, first, tmp_path)
    monkeypatch.setattr("training.loop.train_step", lambda *a, **k: pytest.fail("trained again"))
    assert run(options, second, tmp_path) == first_result
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name


def test_early_stop_after_evaluations_without_gain(tmp_path: Path) -> None:
    # With a learning rate of almost nothing no evaluation is better than the first.
    result = run(fit_config(learning_rate=1e-9, patience=2), classifier(), tmp_path)
    assert [record["step"] for record in result.records][-1] == 3 * result.records[0]["step"]


def test_of_equal_scores_the_later_is_kept_yet_counts_as_no_gain() -> None:
    """A later tie used to be thrown away, and with it all that a run had learned beyond its dev sets' grain."""
    result = FitResult()
    kept = [result.add({"step": step, "dev": {"mean": score}}) for step, score in enumerate([0.5, 0.7, 0.6, 0.7, 0.7])]
    assert kept == [True, True, False, True, True]
    assert (result.best_step, result.best_score, result.evaluations_since_best) == (4, 0.7, 3)
    assert len(result.records) == 5


def test_precision_is_what_is_asked_and_says_why() -> None:
    assert resolve_precision("float32", "cpu") == (torch.float32, "as configured")
    assert resolve_precision("bfloat16", "cpu")[0] == torch.bfloat16
    assert "CPU" in resolve_precision("auto", "cpu")[1]
