import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.padding import pad
from training.classification import EncodedSet
from training.onnx_export import CompileError, OnnxNetwork, _balance, _round, compile_checked, compile_network
from training.scoring import score_rows

CONFIG = ModelConfig(vocab_size=50, embedding_dim=16, hidden_dim=12, max_tokens=32)
ROWS = [[3 + (7 * row + step) % 47 for step in range(1 + 5 * row % 32)] for row in range(24)]


def network(**fields: Any) -> SentimentClassifier:
    torch.manual_seed(1)
    classifier = SentimentClassifier(replace(CONFIG, **fields)).eval()
    with torch.no_grad():
        classifier.embedding.weight.mul_(10)  # as large as trained ones: the answers lie apart
    return classifier


def compiled(network: SentimentClassifier) -> OnnxNetwork:
    return OnnxNetwork(compile_network(network.state_dict(), network.config))


def labelled(network: SentimentClassifier) -> tuple[EncodedSet, np.ndarray]:
    """A set that the network answers rightly, and its logits."""
    logits_NC = score_rows(network, ROWS, 0, 32)
    return EncodedSet("own", ROWS, logits_NC.argmax(axis=1).tolist(), (True, True, True)), logits_NC


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"pooling": "max"},
        {"pooling": "mean"},
        {"bidirectional": False},
        {"num_layers": 3},
        {"num_layers": 2, "bidirectional": False},
        {"labels": ("bad", "good")},
    ],
    ids=str,
)
def test_answers_are_those_of_the_network_but_for_rounding(fields: dict[str, Any]) -> None:
    original = network(**fields)
    with torch.inference_mode():
        wanted_BC = original(*pad(ROWS, 0))
    given_BC = compiled(original)(*pad(ROWS, 0))
    assert given_BC.shape == wanted_BC.shape
    # Small next to how far the answers lie apart: another graph would not get so near by chance.
    assert float((given_BC - wanted_BC).abs().max()) < 0.2 * float(wanted_BC.std(dim=0).mean())


@pytest.mark.parametrize("fields", [{}, {"num_layers": 2}, {"bidirectional": False}], ids=str)
def test_row_alone_has_the_answer_that_it_has_in_a_batch(fields: dict[str, Any]) -> None:
    """With the scales that ONNX Runtime chooses by itself, neighbours changed a probability by up to 0.0045."""
    answer = compiled(network(**fields))
    together_BC = answer(*pad(ROWS, 0))
    alone_BC = torch.cat([answer(*pad([row], 0)) for row in ROWS])
    assert float((together_BC - alone_BC).abs().max()) < 1e-6


@pytest.mark.parametrize("steps", [1, 31, 32, 33, 64, 65, 300])
def test_maximum_is_that_of_all_steps_however_many(steps: int) -> None:
    original = network(pooling="max")
    content = compile_network(original.state_dict(), original.config)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    rows = [[3 + (7 * row + step) % 47 for step in range(steps - row % steps)] for row in range(5)]
    token_ids_BT, lengths_B = pad(rows, 0)
    inputs = {"token_ids": token_ids_BT.numpy(), "lengths": lengths_B.numpy()}
    logits_BC, states_TXBH = session.run(["logits", "states"], inputs)
    maximum_BE = np.stack(
        [states_TXBH[: len(row), :, index, : CONFIG.hidden_dim].max(axis=0).ravel() for index, row in enumerate(rows)]
    )
    head = original.head
    wanted_BC = maximum_BE @ head.weight.detach().numpy().T + head.bias.detach().numpy()
    np.testing.assert_allclose(logits_BC, wanted_BC, atol=1e-5)


def test_padding_is_not_read() -> None:
    answer = compiled(network())
    token_ids_BT, lengths_B = pad(ROWS, 0)
    assert torch.equal(answer(token_ids_BT, lengths_B), answer(*pad(ROWS, 49)))
    wider_BT = torch.nn.functional.pad(token_ids_BT, (0, 9))
    assert float((answer(token_ids_BT, lengths_B) - answer(wider_BT, lengths_B)).abs().max()) < 1e-6


def test_file_is_small_and_says_whose_it_is() -> None:
    original = network(vocab_size=2000)
    content = compile_network(original.state_dict(), original.config)
    floats = sum(value.numel() for value in original.state_dict().values())
    assert len(content) < 1.4 * floats + 8000
    session = onnxruntime.InferenceSession(content)
    said = session.get_modelmeta().custom_metadata_map
    assert said.keys() == {"labels", "vocab_size", "head", "config"}
    assert ModelConfig.from_dict(json.loads(said["config"])) == original.config
    assert (said["labels"], said["vocab_size"]) == ("negative\nneutral\npositive", "2000")
    head_CP1 = np.frombuffer(base64.b64decode(said["head"]), dtype="<f4").reshape(3, -1)
    np.testing.assert_array_equal(head_CP1[:, :-1], original.head.weight.detach().numpy())
    np.testing.assert_array_equal(head_CP1[:, -1], original.head.bias.detach().numpy())


def test_states_are_those_of_the_network_and_nothing_past_a_row() -> None:
    original = network(num_layers=2).eval()
    token_ids_BT, lengths_B = pad([[5, 6, 7], [8]], 0)
    session = onnxruntime.InferenceSession(compile_network(original.state_dict(), original.config))
    feeds = {"token_ids": token_ids_BT.numpy(), "lengths": lengths_B.numpy()}
    alone_BC, (logits_BC, states_TXBH) = session.run(["logits"], feeds)[0], session.run(["logits", "states"], feeds)
    np.testing.assert_array_equal(logits_BC, alone_BC)
    with torch.inference_mode():
        wanted_BTE = original.encode(token_ids_BT, lengths_B).numpy()
    for row, length in enumerate(lengths_B.tolist()):
        found_TE = states_TXBH[:length, :, row, : original.config.hidden_dim].reshape(length, -1)
        np.testing.assert_allclose(found_TE, wanted_BTE[row, :length], atol=0.05)
    assert not states_TXBH[1:, :, 1].any()
    assert [item.name for item in session.get_inputs()] == ["token_ids", "lengths"]


def test_weights_leave_room_for_adding_pairs_of_products_in_16_bits() -> None:
    """Without VNNI, x86 saturates there, and answers would be others than those that were checked."""
    original = network()
    for constant in onnx.load_from_string(compile_network(original.state_dict(), original.config)).graph.initializer:
        value = onnx.numpy_helper.to_array(constant)
        if value.dtype == np.int8 and value.ndim == 3:
            assert np.abs(value.astype(int)).max() == 64


@pytest.mark.parametrize("fields", [{"cell": "gru"}, {"cell": "peephole_lstm"}, {"pooling": "attention"}], ids=str)
def test_what_has_no_int8_form_is_refused(fields: dict[str, Any]) -> None:
    original = network(**fields)
    with pytest.raises(CompileError, match="only LSTMs with max or mean pooling"):
        compile_network(original.state_dict(), original.config)


def test_figures_tell_the_distance_on_each_set() -> None:
    original = network()
    item, logits_NC = labelled(original)
    content, figures = compile_checked(original.state_dict(), original.config, 1.5, [item], [logits_NC], 0)
    assert content == compile_network(original.state_dict(), original.config)
    assert list(figures) == ["own"]
    assert figures["own"]["n"] == len(ROWS)
    assert 0 < figures["own"]["mean_probability_difference"] < figures["own"]["max_probability_difference"] < 0.02
    assert figures["own"]["accuracy"] == 1.0
    assert figures["own"]["compiled_accuracy"] >= 1 - 1 / len(ROWS)


def test_other_probabilities_are_refused() -> None:
    original = network()
    item, logits_NC = labelled(original)
    with pytest.raises(CompileError, match=r"own: a probability differs by 0\.\d+, at most 0\.02"):
        compile_checked(original.state_dict(), original.config, 1.5, [item], [logits_NC + np.array([0.2, 0.0, 0.0])], 0)


def test_other_accuracy_is_refused() -> None:
    original = network()
    item, logits_NC = labelled(original)
    # As near as a probability may be, and yet two rows fall otherwise.
    ties_NC = logits_NC.copy()
    wrong = np.argsort(np.diff(np.sort(logits_NC, axis=1), axis=1)[:, -1])[:2]
    for index in wrong:
        low, high = np.argsort(logits_NC[index])[-2:]
        ties_NC[index, low] = logits_NC[index, high] + 1e-6
    targets = ties_NC.argmax(axis=1).tolist()
    with pytest.raises(CompileError, match=r"own: 22 of 24 rows are right, of the network's 24"):
        compile_checked(original.state_dict(), original.config, 100.0, [replace(item, targets=targets)], [ties_NC], 0)


def test_answers_that_are_no_numbers_are_refused() -> None:
    original = network()
    item, logits_NC = labelled(original)
    with pytest.raises(CompileError, match="differs by nan"):
        compile_checked(original.state_dict(), original.config, 1.5, [item], [logits_NC * np.nan], 0)


def test_rounding_that_knows_its_inputs_loses_less_of_the_outputs() -> None:
    generator = np.random.default_rng(0)
    # Inputs of width 32 that lie near 4 directions, as embeddings do.
    inputs_ND = generator.normal(size=(500, 4)) @ generator.normal(size=(4, 32)) + 0.1 * generator.normal(
        size=(500, 32)
    )
    w_GD = generator.normal(size=(24, 32)).astype(np.float32)

    def lost(moments_DD: np.ndarray) -> float:
        rounded_DG, scale_G = _round(w_GD, moments_DD)
        return float(np.square(inputs_ND @ (rounded_DG * scale_G - w_GD.T)).mean())

    assert lost(inputs_ND.T @ inputs_ND) < 0.5 * lost(np.eye(32))


def test_rounding_without_knowledge_is_to_the_nearest() -> None:
    w_GD = np.random.default_rng(1).normal(size=(8, 6)).astype(np.float32)
    rounded_DG, scale_G = _round(w_GD, np.eye(6))
    assert (np.abs(rounded_DG * scale_G - w_GD.T) <= scale_G / 2 + 1e-7).all()


def test_balanced_columns_fill_one_range_and_give_the_same_products() -> None:
    net = network()
    arrays = {name: value.numpy() for name, value in net.state_dict().items()}
    arrays["embedding.weight"] = arrays["embedding.weight"] * np.linspace(0.1, 1, 16, dtype=np.float32)
    balanced = _balance(arrays)
    highest_D = np.abs(balanced["embedding.weight"]).max(axis=0)
    assert highest_D == pytest.approx(np.full(16, highest_D.max()))
    name = "layers.0.backward_direction.network.weight_ih_l0"
    products = [values["embedding.weight"] @ values[name].T for values in (arrays, balanced)]
    assert products[1] == pytest.approx(products[0], abs=1e-4)
