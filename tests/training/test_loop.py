import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from model.classifier import SentimentClassifier
from model.config import ModelConfig
from training.config import TrainConfig
from training.data import Source
from training.distributed import Processes
from training.loop import (
    EncodedSet,
    FitResult,
    TrainBatch,
    TrainingError,
    evaluate,
    fit,
    masked_cross_entropy,
    resolve_precision,
    train_step,
)
from training.scoring import score_rows

ALONE = Processes(rank=0, world_size=1, device="cpu")
VOCABULARY, PAD = 30, 0


def config(**fields: object) -> TrainConfig:
    base = TrainConfig(
        train=(Source(path="a.jsonl"),),
        epochs=12.0,
        batch_tokens=64,
        max_tokens=16,
        learning_rate=1e-2,
        ema_decay=0.5,
        precision="float32",
        evaluations_per_epoch=1,
        embedding_dropout=0.1,
        output_dropout=0.1,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def network(seed: int = 0) -> SentimentClassifier:
    torch.manual_seed(seed)
    return SentimentClassifier(
        ModelConfig(vocab_size=VOCABULARY, embedding_dim=8, hidden_dim=8, embedding_dropout=0.1, output_dropout=0.1)
    )


def learnable_set(name: str, size: int = 60) -> EncodedSet:
    """The token 5 + label stands somewhere in each row."""
    generator = torch.Generator().manual_seed(size)
    rows, targets = [], []
    for index in range(size):
        length = 3 + index % 20
        row = torch.randint(10, VOCABULARY, (length,), generator=generator).tolist()
        row[index % min(length, 12)] = 5 + index % 3
        rows.append(row)
        targets.append(index % 3)
    return EncodedSet(name, rows, targets, (True, True, True))


def run(
    options: TrainConfig, net: SentimentClassifier, train: list[EncodedSet], dev: list[EncodedSet], directory: Path
) -> FitResult:
    return fit(options, net, train, dev, pad_id=PAD, directory=directory, processes=ALONE)


def test_masked_cross_entropy_ignores_labels_that_the_source_cannot_carry() -> None:
    logits = torch.tensor([[1.0, 5.0, 2.0], [1.0, 5.0, 2.0]])
    carried = torch.tensor([[True, False, True], [True, True, True]])
    loss = masked_cross_entropy(logits, torch.tensor([2, 2]), carried)
    total = math.exp(1) + math.exp(2)
    assert loss[0].item() == pytest.approx(-math.log(math.exp(2) / total), rel=1e-5)
    assert loss[1].item() == pytest.approx(-math.log(math.exp(2) / (total + math.exp(5))), rel=1e-5)


def test_masked_label_gets_no_gradient() -> None:
    logits = torch.zeros(1, 3, requires_grad=True)
    masked_cross_entropy(logits, torch.tensor([0]), torch.tensor([[True, False, True]]), 0.1).sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert logits.grad[0, 1] == 0
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]


def test_label_smoothing_is_the_mixture_with_the_uniform() -> None:
    logits = torch.tensor([[0.3, -1.0, 2.0]])
    carried = torch.ones(1, 3, dtype=torch.bool)
    expected = nn.functional.cross_entropy(logits, torch.tensor([2]), label_smoothing=0.2)
    assert masked_cross_entropy(logits, torch.tensor([2]), carried, 0.2).item() == pytest.approx(expected.item())


def batch_of(net: SentimentClassifier, rows: int = 4) -> TrainBatch:
    return TrainBatch(
        torch.randint(0, VOCABULARY, (rows, 5)),
        torch.full((rows,), 5),
        torch.arange(rows) % 3,
        torch.ones(rows, 3, dtype=torch.bool),
        torch.ones(rows),
    )


def test_step_that_is_not_finite_stops_before_the_update() -> None:
    net = network()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    with torch.no_grad():
        net.head.bias[0] = float("nan")
    optimizer = torch.optim.AdamW(net.parameters(), lr=1.0)
    with pytest.raises(TrainingError, match="loss is nan: stopped before the update"):
        train_step(net, optimizer, batch_of(net), total_weight=4, config=config(), precision=torch.float32)
    assert torch.equal(net.embedding.weight, before["embedding.weight"])


def test_step_moves_no_further_than_the_clipped_gradient() -> None:
    net = network()
    before = nn.utils.parameters_to_vector(net.parameters()).clone()
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    train_step(net, optimizer, batch_of(net), total_weight=4, config=config(clip_norm=1e-3), precision=torch.float32)
    moved = (nn.utils.parameters_to_vector(net.parameters()) - before).norm()
    assert 0.9e-3 < moved.item() <= 1.01e-3


def test_fit_learns_and_keeps_the_best_average(tmp_path: Path) -> None:
    net = network()
    train, dev = learnable_set("a", 300), learnable_set("b", 90)
    result = run(config(), net, [train], [dev], tmp_path)
    assert result.best_score > 0.9
    assert evaluate(net, [dev], PAD, 16, "cpu")["mean"] == pytest.approx(result.best_score)
    assert len(result.records) == 12
    assert result.records[0]["loss"] > result.records[-1]["loss"]


def test_run_goes_on_from_a_checkpoint_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train, dev = learnable_set("a"), learnable_set("b", 30)
    whole = network()
    whole_result = run(config(), whole, [train], [dev], tmp_path / "whole")

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
        run(config(checkpoint_every_s=0.0), network(), [train], [dev], tmp_path / "parts")
    resumed = network(seed=1)
    result = run(config(), resumed, [train], [dev], tmp_path / "parts")
    assert calls > 41
    assert result == whole_result
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_run_that_is_finished_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train, dev = learnable_set("a"), learnable_set("b", 30)
    first, second = network(), network()
    run(config(epochs=1.0), first, [train], [dev], tmp_path)
    monkeypatch.setattr("training.loop.train_step", lambda *a, **k: pytest.fail("trained again"))
    run(config(epochs=1.0), second, [train], [dev], tmp_path)
    assert torch.equal(first.head.weight, second.head.weight)


def test_early_stop_after_evaluations_without_gain(tmp_path: Path) -> None:
    # With a learning rate of almost nothing no evaluation is better than the first.
    result = run(
        config(learning_rate=1e-9, patience=2), network(), [learnable_set("a")], [learnable_set("b", 30)], tmp_path
    )
    assert [record["step"] for record in result.records][-1] == 3 * result.records[0]["step"]


def test_balanced_classes_count_alike(tmp_path: Path) -> None:
    """With 9 of 10 rows of one label and no other cue, balanced weights leave the two equally likely."""
    rows = [[7, 8, 9]] * 100
    train = EncodedSet("a", rows, [0] * 90 + [2] * 10, (True, False, True))
    logits = {}
    for mode in ("none", "balanced"):
        net = network()
        run(config(class_weights=mode, epochs=40.0), net, [train], [train], tmp_path / mode)
        row = score_rows(net, [rows[0]], PAD, 16)[0]
        logits[mode] = float(row[0] - row[2])
    assert logits["none"] > 1.5
    assert abs(logits["balanced"]) < 0.5


def test_long_row_is_scored_by_windows_to_its_last_token() -> None:
    net = network().eval()
    rows = [[11] * 40, [11] * 39 + [12]]
    first, second = score_rows(net, rows, PAD, max_tokens=16)
    assert abs(first - second).max() > 1e-6


def test_scores_come_in_the_order_of_the_rows_whatever_the_batches() -> None:
    net = network().eval()
    rows = learnable_set("a", 50).rows
    together = score_rows(net, rows, PAD, 16, batch_tokens=64)
    for index, row in enumerate(rows):
        assert abs(score_rows(net, [row], PAD, 16)[0] - together[index]).max() < 1e-5


def test_precision_is_what_is_asked_and_says_why() -> None:
    assert resolve_precision("float32", "cpu") == (torch.float32, "as configured")
    assert resolve_precision("bfloat16", "cpu")[0] == torch.bfloat16
    assert "CPU" in resolve_precision("auto", "cpu")[1]
