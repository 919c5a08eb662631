"""Shapes in names: N predictions, D embedding width, V vocabulary, K negatives."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from model.classifier import SentimentClassifier
from model.config import Cell
from model.padding import pad
from tests.training.toy import ALONE, BOTH, PAD, VOCABULARY, cycle_task, cycles, language_model, pretrain_config
from training.encoding import cut_rows
from training.language_model import DEV_ROWS, LanguageModel, LanguageModelling, sampled_cross_entropy
from training.loop import fit, train_step

ROW = [7, 3, 9, 4, 11, 5, 2]
KINDS = [(cell, bidirectional) for cell in get_args(Cell) for bidirectional in (True, False)]


def queries(network: LanguageModel, row: list[int]) -> list[Tensor]:
    with torch.inference_mode():
        return [found for found, _ in network.queries(*pad([row], PAD))]


@pytest.mark.parametrize(("cell", "bidirectional"), KINDS)
def test_forward_half_expects_the_next_token_from_those_before_it_alone(cell: Cell, bidirectional: bool) -> None:
    network = language_model(cell, bidirectional=bidirectional).eval()
    before = queries(network, ROW)[0]
    assert network.queries(*pad([ROW], PAD))[0][1].tolist() == ROW[1:]
    for position in range(1, len(ROW)):
        # Query number `position - 1` expects the first token that changes here.
        after = queries(network, [*ROW[:position], *(token + 12 for token in ROW[position:])])[0]
        assert torch.equal(after[:position], before[:position])
        assert all(not torch.allclose(*pair) for pair in zip(after[position:], before[position:], strict=True))


@pytest.mark.parametrize("cell", get_args(Cell))
def test_backward_half_expects_the_token_before_from_those_after_it_alone(cell: Cell) -> None:
    network = language_model(cell).eval()
    before = queries(network, ROW)[1]
    assert network.queries(*pad([ROW], PAD))[1][1].tolist() == ROW[:-1]
    for position in range(len(ROW) - 1):
        # Query number `position` expects the last token that changes here.
        after = queries(network, [*(token + 12 for token in ROW[: position + 1]), *ROW[position + 1 :]])[1]
        assert torch.equal(after[position:], before[position:])
        assert all(not torch.allclose(*pair) for pair in zip(after[:position], before[:position], strict=True))


@pytest.mark.parametrize(("cell", "bidirectional"), KINDS)
def test_row_alone_is_the_row_in_a_padded_batch(cell: Cell, bidirectional: bool) -> None:
    network = language_model(cell, bidirectional=bidirectional).eval()
    rows = [ROW[:length] for length in (2, 7, 1, 4, 7, 3)]
    with torch.inference_mode():
        together = network.queries(*pad(rows, PAD))
        alone = [network.queries(*pad([row], PAD)) for row in rows]
    assert len(together) == (2 if bidirectional else 1)
    for direction, (found_ND, tokens_N) in enumerate(together):
        assert torch.allclose(found_ND, torch.cat([item[direction][0] for item in alone]), atol=1e-6)
        assert torch.equal(tokens_N, torch.cat([item[direction][1] for item in alone]))


def test_embedding_and_layer_are_those_of_a_classifier() -> None:
    network = language_model()
    classifier = SentimentClassifier(network.config)
    shared = {name: value.shape for name, value in classifier.state_dict().items() if not name.startswith("head.")}
    found = {name: value.shape for name, value in network.state_dict().items()}
    assert shared.items() <= found.items()
    assert {name.partition(".")[0] for name in found.keys() - shared.keys()} == {"projections", "bias"}


@pytest.mark.parametrize(("cell", "bidirectional"), KINDS)
def test_every_parameter_has_a_gradient(cell: Cell, bidirectional: bool) -> None:
    network = language_model(cell, bidirectional=bidirectional)
    share_V = torch.full((VOCABULARY,), 1 / VOCABULARY)
    network(*pad([ROW, ROW[:4]], PAD), torch.arange(VOCABULARY), share_V.log()).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_log_likelihood_is_the_log_softmax_over_the_vocabulary() -> None:
    network = language_model().eval()
    rows = cycles(90) * 4  # more predictions than are made at once
    with torch.inference_mode():
        found = network.log_likelihood(*pad(rows, PAD))
        for values_N, (queries_ND, tokens_N) in zip(found, network.queries(*pad(rows, PAD)), strict=True):
            assert len(values_N) == sum(len(row) - 1 for row in rows) > 2048
            wanted_NV = (queries_ND @ network.embedding.weight.T + network.bias).log_softmax(dim=1)
            assert torch.allclose(values_N, wanted_NV.gather(1, tokens_N.unsqueeze(1)).squeeze(1), atol=1e-5)


def test_negatives_that_are_the_vocabulary_give_the_softmax_over_it() -> None:
    torch.manual_seed(0)
    queries_ND, embedding_VD, bias_V = torch.randn(40, 8), torch.randn(VOCABULARY, 8), torch.randn(VOCABULARY)
    targets_N = torch.arange(40) % VOCABULARY
    everything_K = torch.randperm(VOCABULARY)
    # Each token is in every draw.
    found_N = sampled_cross_entropy(queries_ND, targets_N, embedding_VD, bias_V, everything_K, torch.zeros(VOCABULARY))
    wanted_N = nn.functional.cross_entropy(queries_ND @ embedding_VD.T + bias_V, targets_N, reduction="none")
    assert torch.allclose(found_N, wanted_N, atol=1e-4)
    uniform_V = torch.full((VOCABULARY,), 1 / VOCABULARY).log()
    again_N = sampled_cross_entropy(queries_ND, targets_N, embedding_VD, bias_V, everything_K, uniform_V)
    assert torch.allclose(again_N, wanted_N, atol=1e-4)


def test_negative_that_is_the_target_is_left_out() -> None:
    torch.manual_seed(0)
    queries_ND, embedding_VD, bias_V = torch.randn(2, 8), torch.randn(VOCABULARY, 8), torch.zeros(VOCABULARY)
    log_share_V = torch.full((VOCABULARY,), 0.5).log()

    def loss(target: int, negatives: list[int]) -> float:
        targets_N, negatives_K = torch.tensor([target]), torch.tensor(negatives)
        return float(
            sampled_cross_entropy(queries_ND[:1], targets_N, embedding_VD, bias_V, negatives_K, log_share_V).item()
        )

    assert loss(5, [3, 5, 8]) == pytest.approx(loss(5, [3, 8]))
    assert loss(5, [5]) == 0.0
    assert loss(3, [3, 5, 8]) == pytest.approx(loss(3, [5, 8]))


def draws(task: LanguageModelling) -> Iterator[tuple[Tensor, float]]:
    """Every set of different negatives that a small task may draw, and its probability."""
    chances: dict[tuple[int, ...], float] = {}
    for picks in product(range(len(task.share_V)), repeat=task.config.negatives):
        chance = float(task.share_V[list(picks)].prod())
        key = tuple(sorted(set(picks)))
        chances[key] = chances.get(key, 0.0) + chance
    for key, chance in chances.items():
        yield torch.tensor(key), chance


def test_least_sampled_loss_is_at_the_distribution_itself() -> None:
    """It was not: with tokens counted as often as they were picked, one of probability 0.5 was learned as 0.61."""
    rows = [[0] * 50 + [1] * 25 + [2] * 15 + [3] * 10]
    task = LanguageModelling(
        pretrain_config(negatives=4, max_tokens=100, batch_tokens=100), rows, rows, vocab_size=4, pad_id=PAD
    )
    wanted_V = torch.tensor([0.5, 0.25, 0.15, 0.1])
    # No text goes before: the logits are the bias alone.
    bias_V = torch.zeros(4, requires_grad=True)
    nothing_VD = torch.zeros(4, 1)
    negatives = list(draws(task))
    assert sum(chance for _, chance in negatives) == pytest.approx(1.0)
    optimizer = torch.optim.LBFGS([bias_V], max_iter=200, line_search_fn="strong_wolfe")

    def mean_loss() -> Tensor:
        optimizer.zero_grad()
        total = torch.zeros(())
        for negatives_K, chance in negatives:
            loss_V = sampled_cross_entropy(
                nothing_VD, torch.arange(4), nothing_VD, bias_V, negatives_K, task.log_share_V
            )
            total = total + chance * (wanted_V * loss_V).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(mean_loss)  # type: ignore[no-untyped-call]
    assert bias_V.detach().softmax(dim=0) == pytest.approx(wanted_V, abs=0.006)


class Draws(nn.Module):
    """Keeps the negatives that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Tensor] = []
        self.log_share_V = torch.zeros(0)

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor, negatives_K: Tensor, log_share_V: Tensor) -> Tensor:
        self.drawn.append(negatives_K)
        self.log_share_V = log_share_V
        return torch.zeros(())


def test_share_is_that_of_the_draws_that_hold_a_token() -> None:
    rows = [[token] * (1 + 200 // (1 + token)) for token in range(VOCABULARY)]
    task = LanguageModelling(pretrain_config(negatives=12), rows, rows, vocab_size=VOCABULARY, pad_id=PAD)
    torch.manual_seed(0)
    network = Draws()
    for _ in range(3000):
        task.loss(network, [0], 0, ALONE)
    held_V = torch.stack([torch.bincount(negatives_K, minlength=VOCABULARY) for negatives_K in network.drawn])
    assert int(held_V.max()) == 1  # none twice
    found_V = held_V.double().mean(dim=0)
    assert float(found_V.max()) > 0.8
    assert float(found_V.min()) < 0.2
    assert found_V == pytest.approx(network.log_share_V.exp(), abs=0.04)


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("rows", [[0, 3, 17, 20, 8], [4]], ids=["uneven", "fewer rows than processes"])
def test_two_processes_share_the_loss_and_gradient_of_one(bidirectional: bool, rows: list[int]) -> None:
    task = cycle_task(pretrain_config(bidirectional=bidirectional))
    network = language_model(bidirectional=bidirectional)
    losses = []
    for processes in (ALONE, *BOTH):
        torch.manual_seed(5)  # of the negatives
        losses.append(task.loss(network, rows, 0, processes))
    whole, *shares = losses
    assert sum(share.item() for share in shares) == pytest.approx(whole.item(), rel=1e-5)
    parameters = list(network.parameters())
    wanted = torch.autograd.grad(whole, parameters)
    found = [torch.autograd.grad(share, parameters) for share in shares]  # every process takes part
    for one, *two in zip(wanted, *found, strict=True):
        assert torch.allclose(one, sum(two, torch.zeros_like(one)), atol=1e-6)


def test_loss_is_the_mean_over_predictions_whatever_the_batch() -> None:
    task = cycle_task(pretrain_config())
    network = language_model()
    alone = []
    for row in (2, 8):
        torch.manual_seed(5)
        alone.append(task.loss(network, [row], 0, ALONE).item() * (len(task.rows[row]) - 1))
    torch.manual_seed(5)
    together = task.loss(network, [2, 8], 0, ALONE).item()
    assert together == pytest.approx(sum(alone) / sum(len(task.rows[row]) - 1 for row in (2, 8)), rel=1e-5)


@pytest.mark.parametrize(("cell", "bidirectional"), [("lstm", True), ("gru", False), ("rnn", True)])
def test_cycle_is_learned_in_every_direction(tmp_path: Path, cell: Cell, bidirectional: bool) -> None:
    config = pretrain_config(cell=cell, bidirectional=bidirectional, epochs=15.0)
    network = language_model(cell, bidirectional=bidirectional)
    task = cycle_task(config)
    first = task.evaluate(network.eval())
    result = fit(config, network, task, directory=tmp_path, processes=ALONE)
    scores = result.records[-1]["dev"]
    assert list(scores) == ["forward", *(["backward"] if bidirectional else []), "mean"]
    assert first["mean"] < -3.0
    # How often each token occurs is worth -2.08 alone.
    assert all(score > -0.5 for score in scores.values()), scores


def test_run_goes_on_from_a_checkpoint_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negatives are drawn anew each step, and yet by the step alone."""
    config = pretrain_config(epochs=2.0, checkpoint_every_s=0.0)
    whole = language_model(dropout=0.2)
    fit(config, whole, cycle_task(config), directory=tmp_path / "whole", processes=ALONE)
    calls = 0
    real_step = train_step

    def dies(*arguments: object, **options: object) -> float:
        nonlocal calls
        calls += 1
        if calls == 13:
            raise KeyboardInterrupt
        return real_step(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("training.loop.train_step", dies)
    with pytest.raises(KeyboardInterrupt):
        fit(config, language_model(dropout=0.2), cycle_task(config), directory=tmp_path / "parts", processes=ALONE)
    resumed = language_model(dropout=0.2, seed=1)
    fit(config, resumed, cycle_task(config), directory=tmp_path / "parts", processes=ALONE)
    assert calls > 14
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_dev_rows_are_a_seeded_sample() -> None:
    rows = [[2 + index % 20, 3] for index in range(2 * DEV_ROWS)]

    def chosen(seed: int) -> list[list[int]]:
        task = LanguageModelling(pretrain_config(seed=seed), rows, rows, vocab_size=VOCABULARY, pad_id=PAD)
        return [list(row) for row in task.dev_rows]

    assert len(chosen(0)) == DEV_ROWS
    assert chosen(0) == chosen(0) != chosen(1)


@pytest.mark.parametrize("role", ["train", "dev"])
def test_rows_that_predict_nothing_are_refused(role: str) -> None:
    train, dev = ([[5], [6]], [[5, 6]]) if role == "train" else ([[5, 6]], [[5], [6]])
    with pytest.raises(ValueError, match=f"{role}: no text of two tokens or more"):
        LanguageModelling(
            pretrain_config(), *(list(cut_rows(rows, 16)) for rows in (train, dev)), vocab_size=VOCABULARY, pad_id=PAD
        )


@given(st.lists(st.integers(0, 200), max_size=20), st.integers(1, 40))
def test_rows_are_cut_evenly_and_lose_nothing_but_single_tokens(lengths: list[int], max_tokens: int) -> None:
    for length in lengths:
        row = list(range(length))
        parts = [list(part) for part in cut_rows([row], max_tokens)]
        sizes = [len(part) for part in parts]
        assert all(2 <= size <= max_tokens for size in sizes)
        assert not sizes or max(sizes) - min(sizes) <= 1
        lost = set(row) - {token for part in parts for token in part}
        assert [token for part in parts for token in part] == [token for token in row if token not in lost]
        # A single token is only lost where a longer part would have been too long.
        assert not lost or max_tokens <= 2 or length == 1
        assert len(parts) + len(lost) == -(-length // max_tokens)
    rows = [list(range(length)) for length in lengths]
    assert list(cut_rows(rows, max_tokens)) == [part for row in rows for part in cut_rows([row], max_tokens)]
