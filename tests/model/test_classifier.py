"""What every model owes, for each cell, direction, depth and pooling.

Shapes in names: B rows, T steps, C labels.
"""

from itertools import combinations, product
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.artifact import CARD, Metadata
from model.classifier import SentimentClassifier
from model.config import Cell, ModelConfig, Pooling
from model.network import load_artifact, write_artifact
from model.padding import pad
from model.tokenizer import SubwordTokenizer
from tests.networks import CELLS, EVERY_KIND, EVERY_PAIR, POOLINGS, with_kinds

ROWS = [[5], [7, 8, 9, 10, 11, 12, 13], [2, 2, 2], [50, 40, 30, 20], [6, 5]]
PAD_ID = 0


def build(
    cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int, dropout: float = 0.0
) -> SentimentClassifier:
    """A small network in eval mode, its weights rounded to half as an artifact stores them."""
    torch.manual_seed(0)
    config = ModelConfig(
        vocab_size=600,
        embedding_dim=6,
        hidden_dim=5,
        num_layers=num_layers,
        cell=cell,
        bidirectional=bidirectional,
        pooling=pooling,
        embedding_dropout=dropout,
        output_dropout=dropout,
    )
    network = SentimentClassifier(config)
    with torch.no_grad():
        network.embedding.weight.normal_()  # livelier than its start, so that differences show
    return network.half().float().eval()


def close(found: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_every_two_choices_meet() -> None:
    for one, other in combinations(range(4), 2):
        met = {(kind[one], kind[other]) for kind in EVERY_PAIR}
        assert met == set(product({kind[one] for kind in EVERY_KIND}, {kind[other] for kind in EVERY_KIND}))


@with_kinds(EVERY_KIND)
def test_alone_equals_in_a_batch(cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int) -> None:
    network = build(cell, pooling, bidirectional, num_layers)
    with torch.no_grad():
        batched_BC = network(*pad(ROWS, PAD_ID))
        assert batched_BC.shape == (len(ROWS), 3)
        assert (batched_BC[0] - batched_BC[1]).abs().max() > 1e-3
        close(torch.cat([network(*pad([row], PAD_ID)) for row in ROWS]), batched_BC)


@with_kinds(EVERY_PAIR)
def test_scripted_equals_loaded_equals_eager(
    cell: Cell,
    pooling: Pooling,
    bidirectional: bool,
    num_layers: int,
    tokenizer: SubwordTokenizer,
    tmp_path: Path,
) -> None:
    network = build(cell, pooling, bidirectional, num_layers)
    scripted = torch.jit.script(network)
    metadata = Metadata(version="v1", created_at="2026-01-02", model=network.config, languages=(), temperature=1.0)
    write_artifact(tmp_path / "artifact", scripted, tokenizer, metadata, {CARD: b""})
    with torch.no_grad():
        eager_BC = network(*pad(ROWS, PAD_ID))
        close(scripted(*pad(ROWS, PAD_ID)), eager_BC)
        close(load_artifact(tmp_path / "artifact").network(*pad(ROWS, PAD_ID)), eager_BC)


@pytest.mark.parametrize("cell", CELLS)
def test_scripted_stays_equal_once_the_compiler_has_profiled_it(cell: Cell) -> None:
    network = build(cell, "max_mean", True, 2)
    scripted = torch.jit.script(network)
    with torch.no_grad():
        for rows in (ROWS, ROWS[:1], ROWS[1:], ROWS):
            close(scripted(*pad(rows, PAD_ID)), network(*pad(rows, PAD_ID)))


@with_kinds(EVERY_KIND)
def test_content_and_width_of_padding_do_not_matter(
    cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int
) -> None:
    network = build(cell, pooling, bidirectional, num_layers)
    token_ids_BT, lengths_B = pad(ROWS, PAD_ID)
    noisy_BT, _ = pad([*ROWS, [1] * 20], pad_id=77)
    with torch.no_grad():
        close(network(noisy_BT[: len(ROWS)], lengths_B), network(token_ids_BT, lengths_B))


@with_kinds(EVERY_KIND)
def test_every_parameter_gets_a_gradient(cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int) -> None:
    network = build(cell, pooling, bidirectional, num_layers)
    targets_B = torch.tensor([0, 1, 2, 0, 1])
    loss = torch.nn.functional.cross_entropy(network(*pad(ROWS, PAD_ID)), targets_B)
    names, parameters = zip(*network.named_parameters(), strict=True)
    for name, gradient in zip(names, torch.autograd.grad(loss, parameters), strict=True):
        assert gradient.abs().max() > 1e-7, name


@pytest.mark.parametrize("pooling", POOLINGS)
def test_order_of_the_tokens_matters(pooling: Pooling) -> None:
    network = build("lstm", pooling, True, 1)
    with torch.no_grad():
        logits_BC = network(*pad([[7, 8, 9, 10], [10, 9, 8, 7]], PAD_ID))
    assert (logits_BC[0] - logits_BC[1]).abs().max() > 1e-3


def test_dropout_acts_in_training_only() -> None:
    network = build("lstm", "max_mean", True, 2, dropout=0.5)
    batch = pad(ROWS, PAD_ID)
    assert torch.equal(network(*batch), network(*batch))
    network.train()
    assert not torch.equal(network(*batch), network(*batch))


def test_each_dropout_acts_by_itself() -> None:
    for field in ("embedding_dropout", "output_dropout"):
        config = ModelConfig(vocab_size=100, embedding_dim=6, hidden_dim=5, **{field: 0.5})  # type: ignore[arg-type]
        torch.manual_seed(0)
        network = SentimentClassifier(config).train()
        batch = pad(ROWS, PAD_ID)
        assert not torch.equal(network(*batch), network(*batch)), field


def test_one_logit_per_label() -> None:
    labels = ("one", "two", "three", "four", "five")
    network = SentimentClassifier(ModelConfig(vocab_size=100, embedding_dim=6, hidden_dim=5, labels=labels))
    assert network(*pad(ROWS, PAD_ID)).shape == (len(ROWS), 5)
