"""Explanations against the network itself: what the tokens gave adds up to the answer, whatever the network is."""

from pathlib import Path

import numpy as np
import pytest
import torch

from model.artifact import CARD, Metadata
from model.classifier import SentimentClassifier
from model.config import Cell, ModelConfig, Pooling
from model.network import write_artifact
from model.tokenizer import SubwordTokenizer
from model.windows import merge_windows, split_windows
from service.explanation import FADING, LEAST, Explained, Head, margin_weights, merge_explained
from service.onnx_predictor import OnnxPredictor
from service.torch_predictor import TorchScriptPredictor
from tests.networks import EVERY_PAIR, with_kinds

ROWS = [[5], [7, 5], list(range(2, 40)), [9] * 64]


def check_sums(answers: list[Explained], logits: list[list[float]], rows: list[list[int]]) -> None:
    for answer, wanted_C, row in zip(answers, logits, rows, strict=True):
        assert answer.logits == pytest.approx(wanted_C, abs=1e-5)
        assert answer.contributions_TC.shape == (len(row), 3)
        np.testing.assert_allclose(answer.contributions_TC.sum(axis=0) + answer.bias_C, wanted_C, atol=1e-4)


@with_kinds(EVERY_PAIR)
def test_contributions_and_bias_add_up_to_the_logits(
    tokenizer: SubwordTokenizer, tmp_path: Path, cell: Cell, pooling: Pooling, bidirectional: bool, num_layers: int
) -> None:
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        embedding_dim=6,
        hidden_dim=5,
        max_tokens=64,
        num_layers=num_layers,
        cell=cell,
        pooling=pooling,
        bidirectional=bidirectional,
    )
    torch.manual_seed(1)
    network = SentimentClassifier(config)
    torch.nn.init.uniform_(network.head.bias)
    metadata = Metadata(
        version="v1", created_at="2026-01-02T03:04:05+00:00", model=config, languages=("en",), temperature=1.0
    )
    write_artifact(tmp_path / "out", torch.jit.script(network.eval()), tokenizer, metadata, {CARD: b"#\n"})
    predictor = TorchScriptPredictor.load(tmp_path / "out", 1)
    check_sums(predictor.explain(ROWS), predictor.predict(ROWS), ROWS)


def test_compiled_network_is_explained_as_exactly(compiled_directory: Path) -> None:
    predictor = OnnxPredictor.load(compiled_directory, 1)
    answers = predictor.explain(ROWS)
    check_sums(answers, predictor.predict(ROWS), ROWS)
    assert [answer.logits for answer in answers] == predictor.predict(ROWS)
    others = TorchScriptPredictor.load(compiled_directory, 1).explain(ROWS)
    for answer, other in zip(answers, others, strict=True):
        np.testing.assert_allclose(answer.contributions_TC, other.contributions_TC, atol=0.02)


def test_each_step_is_given_what_it_added_to_a_fading_memory() -> None:
    """Two units, one a direction, of three steps, by hand."""
    config = ModelConfig(vocab_size=9, labels=("a", "b"), hidden_dim=1, pooling="max")
    head = Head(config=config, weight_CP=np.array([[1.0, 10.0], [0.0, 0.0]]), bias_C=np.zeros(2))
    states_TE = np.array([[0.5, 0.1], [0.9, 0.3], [-1.0, 0.2]], dtype=np.float32)
    found_T = head.explain([0.0, 0.0], states_TE).contributions_TC[:, 0]
    # The first would fit best with (0.5 * 0.9 - 0.9 * 1) / (0.5² + 0.9²) < 0: it keeps as little as any.
    least = LEAST**FADING
    kept = ((0.2 * 0.3 + 0.3 * 0.1) / (0.2**2 + 0.3**2)) ** FADING
    ahead = [least * 0.5, 0.9 - least * 0.5, 0.0]
    back = [0.0, 0.3 - kept * 0.2, kept * 0.2]
    assert found_T == pytest.approx([one + 10 * other for one, other in zip(ahead, back, strict=True)])


def test_windows_are_explained_as_they_are_merged(compiled_directory: Path) -> None:
    predictor = OnnxPredictor.load(compiled_directory, 1)
    row = [2 + number % 200 for number in range(150)]
    windows = split_windows(row, 64)
    assert len(windows) == 3
    merged = merge_explained(predictor.explain([*map(list, windows)]), len(row), 64)
    wanted_C = merge_windows(predictor.predict([*map(list, windows)]), [*map(len, windows)])
    check_sums([merged], [wanted_C], [row])


@pytest.mark.parametrize(
    ("probabilities", "weights"),
    [([0.6, 0.1, 0.3], [1, -0.25, -0.75]), ([0.2, 0.8], [-1, 1]), ([0.0, 1.0, 0.0], [-0.5, 1, -0.5])],
)
def test_margin_is_of_the_label_over_the_others(probabilities: list[float], weights: list[float]) -> None:
    assert margin_weights(probabilities).tolist() == pytest.approx(weights)


def test_margin_is_where_the_probability_grows_fastest() -> None:
    logits_C = torch.tensor([0.3, -0.4, 1.1], requires_grad=True)
    probabilities_C = logits_C.softmax(dim=0)
    (gradient_C,) = torch.autograd.grad(probabilities_C[2], logits_C)
    weights_C = margin_weights(probabilities_C.tolist())
    assert (gradient_C / gradient_C[2]).tolist() == pytest.approx(weights_C.tolist(), abs=1e-6)
