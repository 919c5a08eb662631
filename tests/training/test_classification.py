import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from tests.training.toy import ALONE, BOTH, PAD, classifier, fit_config, learnable_set
from training.classification import (
    Classification,
    EncodedSet,
    encode_set,
    label_shares,
    masked_cross_entropy,
    split_subwords,
)
from training.config import TrainConfig
from training.data import Examples
from training.loop import fit
from training.metrics import macro_recall
from training.scoring import score_rows
from training.sequences import as_column


def task_of(train: EncodedSet, config: TrainConfig | None = None) -> Classification:
    return Classification(config or fit_config(), [train], [], PAD)


class Reads(nn.Module):
    """Answers evenly, and keeps the rows that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[int]] = []

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        pairs = zip(token_ids_BT.tolist(), lengths_B.tolist(), strict=True)
        self.rows = [row[:length] for row, length in pairs]
        return torch.zeros(len(self.rows), 3)


def test_masked_cross_entropy_ignores_labels_that_the_source_cannot_carry() -> None:
    logits = torch.tensor([[1.0, 5.0, 2.0], [1.0, 5.0, 2.0]])
    carried = torch.tensor([[True, False, True], [True, True, True]])
    shares = torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    loss = masked_cross_entropy(logits, shares, carried)
    total = math.exp(1) + math.exp(2)
    assert loss[0].item() == pytest.approx(-math.log(math.exp(2) / total), rel=1e-5)
    assert loss[1].item() == pytest.approx(-math.log(math.exp(2) / (total + math.exp(5))), rel=1e-5)


def test_masked_label_gets_no_gradient() -> None:
    logits = torch.zeros(1, 3, requires_grad=True)
    shares = torch.tensor([label_shares(0, (True, False, True), 0.1)])
    masked_cross_entropy(logits, shares, torch.tensor([[True, False, True]])).sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert logits.grad[0, 1] == 0
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]


def test_label_smoothing_is_the_mixture_with_the_uniform() -> None:
    logits = torch.tensor([[0.3, -1.0, 2.0]])
    carried = torch.ones(1, 3, dtype=torch.bool)
    expected = nn.functional.cross_entropy(logits, torch.tensor([2]), label_smoothing=0.2)
    shares = torch.tensor([label_shares(2, (True, True, True), 0.2)])
    assert masked_cross_entropy(logits, shares, carried).item() == pytest.approx(expected.item())


def test_label_shares_are_of_carried_labels_only_and_sum_to_one() -> None:
    assert label_shares(0, (True, False, True), 0.0) == (1.0, 0.0, 0.0)
    assert label_shares(2, (True, False, True), 0.1) == pytest.approx((0.05, 0.0, 0.95))


def test_shares_of_a_teacher_are_learned_instead_of_the_targets(tmp_path: Path) -> None:
    """The targets say 0, the shares say 2 in three of four cases: the network comes to say the latter."""
    rows = [[7, 8, 9]] * 40
    shares = np.tile(np.array([0.25, 0.0, 0.75], dtype=np.float32), (40, 1))
    train = EncodedSet("a", rows, [0] * 40, (True, False, True), shares=as_column(shares))
    net = classifier()
    config = fit_config(epochs=60.0)
    dev = EncodedSet("b", rows, [2] * 40, (True, False, True))
    fit(config, net, Classification(config, [train], [dev], PAD), directory=tmp_path, processes=ALONE)
    logits = torch.from_numpy(score_rows(net, [rows[0]], PAD, 16))[0, [0, 2]]
    assert logits.softmax(dim=0)[1].item() == pytest.approx(0.75, abs=0.05)


def test_set_keeps_targets_labels_and_repeats(tmp_path: Path, tokenizer: SubwordTokenizer) -> None:
    examples = Examples(name="a", texts=["fine", "差"], targets=[2, 0], carried=(True, False, True), repeat=3)
    found = encode_set(examples, tokenizer, tmp_path)
    assert [list(row) for row in found.rows] == [tokenizer.encode("fine"), tokenizer.encode("差")]
    assert (found.name, found.targets, found.carried, found.repeat) == ("a", [2, 0], (True, False, True), 3)


def test_epoch_holds_each_row_as_often_as_its_set_is_repeated() -> None:
    once, thrice = learnable_set("a", 20), replace(learnable_set("b", 7), repeat=3)
    task = Classification(fit_config(), [once, thrice], [], PAD)
    batches = task.batches(0)
    found = sorted(tuple(task.rows[row]) for batch in batches for row in batch)
    assert found == sorted(map(tuple, [*once.rows, *thrice.rows, *thrice.rows, *thrice.rows]))
    assert list(task.batches(0)) == list(batches) != list(task.batches(1))
    for batch in batches:
        assert len(batch) * max(min(16, len(task.rows[row])) for row in batch) <= 64


def test_no_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no row left to train on"):
        Classification(fit_config(), [EncodedSet("a", [], [], (True, True, True))], [], PAD)


def windows(task: Classification, epochs: Sequence[int]) -> list[list[int]]:
    network = Reads()
    found = []
    for epoch in epochs:
        task.loss(network, [0], epoch, ALONE)
        found += network.rows
    return found


def test_long_row_gives_a_window_at_another_place_each_epoch() -> None:
    row = list(range(100))
    task = task_of(EncodedSet("a", [row], [0], (True, True, True)))
    found = windows(task, range(200))
    starts = {window[0] for window in found}
    assert all(window == row[window[0] : window[0] + 16] for window in found)
    assert len(starts) > 50
    assert min(starts) < 5
    assert max(starts) > 79
    assert found == windows(task, range(200))


def test_row_that_fits_is_read_whole() -> None:
    row = list(range(16))
    assert windows(task_of(EncodedSet("a", [row], [0], (True, True, True))), range(5)) == [row] * 5


def test_subword_is_split_into_what_it_was_merged_from(tokenizer: SubwordTokenizer) -> None:
    row = tokenizer.encode("The staff were kind and the room was spotless 房间很干净")
    parts = tokenizer.parts()
    source = random.Random(0)
    assert split_subwords(row, parts, 0.0, source) == row
    found = [split_subwords(row, parts, 0.3, source) for _ in range(50)]
    assert {tokenizer.backend.decode(pieces) for pieces in found} == {tokenizer.backend.decode(row)}
    assert len({tuple(pieces) for pieces in found}) > 25
    assert all(len(pieces) >= len(row) for pieces in found)
    bytewise = split_subwords(row, parts, 1.0, source)
    assert not set(bytewise) & set(parts)


def test_splits_follow_seed_and_epoch_and_stay_within_the_longest_row(tokenizer: SubwordTokenizer) -> None:
    rows = tokenizer.encode_batch([text for text, _ in LABELLED])
    train = EncodedSet("a", rows, [0] * len(rows), (True, False, True))
    task = Classification(fit_config(subword_split=0.5), [train], [], tokenizer.pad_id, tokenizer.parts())
    network, found = Reads(), []
    for epoch in (0, 0, 1):
        task.loss(network, list(range(len(rows))), epoch, ALONE)
        found.append(network.rows)
    assert found[0] == found[1] != found[2]
    assert max(map(len, found[0])) == 16


def test_loss_is_the_weighted_mean_over_the_batch() -> None:
    """Six rows of one label and two of another: balanced, a row of the rare label weighs three times as much."""
    rows = [[5, 6, 7]] * 6 + [[8, 9]] * 2
    train = EncodedSet("a", rows, [0] * 6 + [2] * 2, (True, False, True))
    net = classifier().eval()
    frequent, rare = (task_of(train).loss(net, [row], 0, ALONE).item() for row in (0, 7))
    everything = list(range(8))
    plain = task_of(train).loss(net, everything, 0, ALONE)
    balanced = task_of(train, fit_config(class_weights="balanced")).loss(net, everything, 0, ALONE)
    assert plain.item() == pytest.approx((6 * frequent + 2 * rare) / 8, rel=1e-5)
    assert balanced.item() == pytest.approx((frequent + rare) / 2, rel=1e-5)
    taught = task_of(replace(train, labelled=False), fit_config(class_weights="balanced"))
    assert taught.loss(net, everything, 0, ALONE).item() == pytest.approx(plain.item(), rel=1e-5)


@pytest.mark.parametrize("rows", [[0, 1, 2, 3, 4], [0]], ids=["uneven", "fewer rows than processes"])
def test_two_processes_share_the_loss_and_gradient_of_one(rows: list[int]) -> None:
    task = task_of(learnable_set("a"), fit_config(class_weights="balanced", label_smoothing=0.1))
    net = classifier().eval()
    whole = task.loss(net, rows, 3, ALONE)
    shares = [task.loss(net, rows, 3, processes) for processes in BOTH]
    assert sum(share.item() for share in shares) == pytest.approx(whole.item(), rel=1e-5)
    parameters = list(net.parameters())
    wanted = torch.autograd.grad(whole, parameters)
    found = [torch.autograd.grad(share, parameters) for share in shares]  # every process takes part
    for one, *two in zip(wanted, *found, strict=True):
        assert torch.allclose(one, sum(two, torch.zeros_like(one)), atol=1e-6)


def test_shares_of_all_processes_are_numbers_of_one_type() -> None:
    """Weights of numpy made 8 bytes of a share where a process had labelled rows alone, and gloo ended the run."""
    labelled = EncodedSet("a", [[5, 6], [7, 8]], [0, 2], (True, False, True))
    sets = [labelled, replace(labelled, labelled=False)]
    task = Classification(fit_config(class_weights="balanced"), sets, [], PAD)
    net = classifier().eval()
    assert {task.loss(net, [0, 2], 0, processes).dtype for processes in BOTH} == {torch.float32}


def test_balanced_classes_count_alike(tmp_path: Path) -> None:
    """With 9 of 10 rows of one label and no other cue, balanced weights leave the two equally likely."""
    rows = [[7, 8, 9]] * 100
    train = EncodedSet("a", rows, [0] * 90 + [2] * 10, (True, False, True))
    logits = {}
    for mode in ("none", "balanced"):
        net = classifier()
        config = fit_config(class_weights=mode, epochs=40.0)
        task = Classification(config, [train], [train], PAD)
        fit(config, net, task, directory=tmp_path / mode, processes=ALONE)
        row = score_rows(net, [rows[0]], PAD, 16)[0]
        logits[mode] = float(row[0] - row[2])
    assert logits["none"] > 1.5
    assert abs(logits["balanced"]) < 0.5


def test_score_is_the_mean_over_dev_sets_of_recall_among_the_labels_that_each_carries() -> None:
    net = classifier().eval()
    three = learnable_set("three", 31)
    two = EncodedSet("two", learnable_set("x", 40).rows, [0, 2] * 20, (True, False, True))
    scores = Classification(fit_config(), [three], [three, two], PAD).evaluate(net)
    logits = score_rows(net, two.rows, PAD, 16)
    answers = (logits[:, 2] > logits[:, 0]) * 2
    assert scores["two"] == pytest.approx(macro_recall(torch.tensor(two.targets).numpy(), answers))
    assert scores["mean"] == pytest.approx((scores["three"] + scores["two"]) / 2)
    assert set(scores) == {"three", "two", "mean"}
