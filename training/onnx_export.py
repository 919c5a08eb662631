"""A network as ONNX with int8 weights, for ONNX Runtime on a CPU: a second form of model.pt, and the faster.

ONNX Runtime rounds what enters an int8 product to 8 bits, by one scale for the whole tensor: the smallest that holds
it. So the answer to a row would depend on the rows beside it, by up to 0.0045 in probability. Here each of these
tensors has two columns more, the anchors, which hold the ends of a fixed range and meet zero weights: the scale is
always the same, and a row has the same answer alone as in any batch.

Shapes in names: V vocabulary, D input width, G the four gates' width, H width of one direction, C labels, N rows.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from model.config import ModelConfig
from training.classification import EncodedSet
from training.metrics import masked_probabilities
from training.scoring import score_rows

OPSET, IR_VERSION = 18, 9
"""Not the newest, so that older releases of ONNX Runtime read them too."""
MOST_PROBABILITY = 0.02
"""Largest difference of a probability from model.pt's, on any row of a dev set."""
MOST_ACCURACY = 0.002
"""Largest difference of accuracy on a dev set, or else one row: of 160 rows, a tie that falls otherwise is 0.006."""
WEIGHT_LEVELS = 64
"""Half of int8's range: without VNNI, x86 adds pairs of products in 16 bits, which the whole range overflows."""
ANCHORS = 2
POOLED = 32
"""Steps of which the maximum is taken together."""
SATURATED = 20.0
"""Input of a gate that is then 1, or of a tanh that is then 1 or -1, to the last bit of a float32."""


class CompileError(ValueError):
    """A network that has no compiled form, or one that answers otherwise than the network."""


class OnnxNetwork:
    """A compiled network, to be called as the network is."""

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.add_session_config_entry("session.load_model_format", "ONNX")  # never by a file's own looks
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def __call__(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        """Logits (B, C) of a padded batch."""
        inputs = {"token_ids": token_ids_BT.numpy(), "lengths": lengths_B.numpy()}
        return torch.from_numpy(self._session.run(["logits"], inputs)[0])


def compile_checked(
    weights: Mapping[str, Tensor],
    config: ModelConfig,
    temperature: float,
    sets: Sequence[EncodedSet],
    logits: Sequence[np.ndarray],
    pad_id: int,
) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """A network's compiled form, held against the network on dev sets.

    weights: by the names that SentimentClassifier gives them. logits: (N, C) of each set, by the network.
    Returns: the ONNX file; by set: n, the largest and the mean difference of a probability, both accuracies.
    Raises: CompileError if there is no such form, or if it answers otherwise than the bounds above allow.
    """
    content = compile_network(weights, config)
    return content, check_compiled(content, config, temperature, sets, logits, pad_id)


def check_compiled(
    content: bytes,
    config: ModelConfig,
    temperature: float,
    sets: Sequence[EncodedSet],
    logits: Sequence[np.ndarray],
    pad_id: int,
) -> dict[str, dict[str, Any]]:
    """The figures of `compile_checked`, of a form that is there.   Raises: CompileError as it does."""
    compiled, every_C = OnnxNetwork(content), np.full(len(config.labels), True)
    figures = {}
    for item, logits_NC in zip(sets, logits, strict=True):
        compiled_NC = score_rows(compiled, item.rows, pad_id, config.max_tokens)
        before, after = (masked_probabilities(values, every_C, temperature) for values in (logits_NC, compiled_NC))
        gold_N, carried_C = np.array(item.targets), np.array(item.carried)
        right, right_compiled = (
            int((masked_probabilities(values, carried_C).argmax(axis=1) == gold_N).sum())
            for values in (logits_NC, compiled_NC)
        )
        difference, count = float(np.abs(after - before).max()), len(item.rows)
        if not difference <= MOST_PROBABILITY:  # nan must not pass
            raise CompileError(f"{item.name}: a probability differs by {difference:.4f}, at most {MOST_PROBABILITY}")
        if abs(right_compiled - right) > max(1, MOST_ACCURACY * count):
            raise CompileError(f"{item.name}: {right_compiled} of {count} rows are right, of the network's {right}")
        figures[item.name] = {
            "n": count,
            "max_probability_difference": difference,
            "mean_probability_difference": float(np.abs(after - before).mean()),
            "accuracy": right / count,
            "compiled_accuracy": right_compiled / count,
        }
    return figures


def compile_network(weights: Mapping[str, Tensor], config: ModelConfig) -> bytes:
    """The ONNX file: token_ids (B, T) int64, lengths (B,) int64 -> logits (B, C) float32.

    A second output, of whoever asks for it, is what the head reads: the last layer's states (T, directions, B, H + the
    anchors) float32, 0 past a row's length. Its metadata has the head, base64 of little-endian float32 (C, P + 1), the
    bias last: with both, an answer can be taken apart by token. It also has the config as JSON, and labels and
    vocabulary apart, which earlier releases look for, so that it is not taken for another network's.
    Raises: CompileError for what has no int8 form here.
    """
    if config.cell != "lstm" or config.pooling == "attention":
        raise CompileError(f"only LSTMs with max or mean pooling are compiled, not {config.cell}, {config.pooling}")
    arrays = _balance({name: value.detach().float().cpu().numpy() for name, value in weights.items()})
    graph = _Graph()
    ids_TB = graph.node("Transpose", "token_ids", perm=[1, 0])
    x_TBD = _embed(graph, arrays["embedding.weight"], ids_TB)
    lengths_B = graph.node("Cast", "lengths", to=TensorProto.INT32)
    outputs_TXBH = ""
    for depth in range(config.num_layers):
        if depth:  # (T, directions, B, H) -> (T, B, directions * H)
            rows_first = graph.node("Transpose", outputs_TXBH, perm=[0, 2, 1, 3])
            x_TBD = graph.node("Reshape", rows_first, graph.constant(np.array([0, 0, -1])))
        name = "states" if depth == config.num_layers - 1 else ""
        outputs_TXBH = _lstm(graph, arrays, config, depth, x_TBD, lengths_B, name)
    pooled = _pool(graph, config, outputs_TXBH, ids_TB)
    directions = 2 if config.bidirectional else 1
    head_w = _widen(arrays["head.weight"], blocks=len(config.pooling.split("_")) * directions, axis=1)
    graph.node("Gemm", pooled, graph.constant(head_w.T), graph.constant(arrays["head.bias"]), output="logits")
    head_CP1 = np.concatenate([arrays["head.weight"], arrays["head.bias"][:, None]], axis=1).astype("<f4")
    return graph.to_bytes(config, head_CP1)


class _Graph:
    """An ONNX graph in the making; constants and results are named by number."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        """Add a constant; its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, *inputs: str, output: str = "", domain: str = "", **attributes: Any) -> str:
        """Add an operator; the name of its result."""
        output = output or f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], domain=domain, **attributes))
        return output

    def to_bytes(self, config: ModelConfig, head_CP1: np.ndarray) -> bytes:
        """The file."""
        ids = helper.make_tensor_value_info("token_ids", TensorProto.INT64, ["rows", "steps"])
        lengths = helper.make_tensor_value_info("lengths", TensorProto.INT64, ["rows"])
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["rows", len(config.labels)])
        shape = ["steps", 2 if config.bidirectional else 1, "rows", config.hidden_dim + ANCHORS]
        states = helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, "sentiment", [ids, lengths], [logits, states], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
        network = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        head = base64.b64encode(head_CP1.tobytes()).decode()
        about = {"labels": "\n".join(config.labels), "vocab_size": str(config.vocab_size), "head": head}
        helper.set_model_props(network, about | {"config": json.dumps(config.to_dict())})
        onnx.checker.check_model(network)
        return bytes(network.SerializeToString())


def _balance(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same network, each of whose embedding columns fills the range that all of them are rounded in.

    Without it the largest column sets the step of all.
    Source: Xiao et al. 2023, arXiv 2211.10438, equation 3.
    """
    highest_D = np.abs(arrays["embedding.weight"]).max(axis=0)
    factor_D = np.where(highest_D > 0, highest_D / highest_D.max(), 1.0).astype(np.float32)
    balanced = {**arrays, "embedding.weight": arrays["embedding.weight"] / factor_D}
    for name, value in arrays.items():
        if name.startswith("layers.0.") and name.endswith("weight_ih_l0"):
            balanced[name] = value * factor_D
    return balanced


def _embed(graph: _Graph, table_VD: np.ndarray, ids_TB: str) -> str:
    """Embeddings and their anchors. The LSTM rounds them by this same scale again, so that it loses nothing more."""
    scale = np.array(np.abs(table_VD).max() / 127, dtype=np.float32)
    rounded_VD = np.rint(table_VD / scale).astype(np.int8)
    anchors = np.tile(np.array([-128, 127], dtype=np.int8), (len(table_VD), 1))
    table = graph.constant(np.concatenate([rounded_VD, anchors], axis=1))
    zero_point = graph.constant(np.array(0, dtype=np.int8))
    return graph.node("DequantizeLinear", graph.node("Gather", table, ids_TB), graph.constant(scale), zero_point)


def _lstm(
    graph: _Graph, arrays: Mapping[str, np.ndarray], config: ModelConfig, depth: int, x: str, lengths: str, output: str
) -> str:
    """One layer of one or two directions; each row is read within its own length, and is 0 past it."""
    names = ["forward", "backward"] if config.bidirectional else ["forward"]
    width = config.hidden_dim + ANCHORS
    stacked: list[list[np.ndarray]] = []
    for name in names:
        prefix = f"layers.{depth}.{name}_direction.network"
        w_GD = _widen(arrays[f"{prefix}.weight_ih_l0"], blocks=len(names) if depth else 1, axis=1)
        w_GH = _widen(arrays[f"{prefix}.weight_hh_l0"], blocks=1, axis=1)
        b_G = arrays[f"{prefix}.bias_ih_l0"] + arrays[f"{prefix}.bias_hh_l0"]
        w_GD, w_GH, b_G = (_widen(_reorder(value), blocks=4, axis=0) for value in (w_GD, w_GH, b_G))
        table_VD = _widen(arrays["embedding.weight"], blocks=1, axis=1)
        inputs_DD = table_VD.T @ table_VD if depth == 0 else np.eye(w_GD.shape[1])
        b_4H = b_G.reshape(4, width)
        b_4H[:, -ANCHORS:] = SATURATED  # the anchors' gates are open, and their candidate is 1 or -1
        b_4H[3, -1] = -SATURATED
        stacked.append(
            [*_round(w_GD, inputs_DD), *_round(w_GH, np.eye(width)), np.concatenate([b_G, np.zeros_like(b_G)])]
        )
    w, w_scale, r, r_scale, b = (np.stack(values) for values in zip(*stacked, strict=True))
    state = np.zeros((len(names), 1, width), dtype=np.float32)
    state[:, :, -ANCHORS:] = [1.0, -1.0]
    rows = graph.node("Shape", "lengths")
    shape = graph.node(
        "Concat", graph.constant(np.array([len(names)])), rows, graph.constant(np.array([width])), axis=0
    )
    hidden = graph.node("Expand", graph.constant(state), shape)
    memory = graph.node("Expand", graph.constant(SATURATED * state), shape)
    no_peepholes, zero_points = "", graph.constant(np.zeros(w_scale.shape, dtype=np.int8))
    w_name, r_name, b_name, w_scale_name, r_scale_name = map(graph.constant, (w, r, b, w_scale, r_scale))
    return graph.node(
        "DynamicQuantizeLSTM",
        *(x, w_name, r_name, b_name, lengths, hidden, memory, no_peepholes),
        *(w_scale_name, zero_points, r_scale_name, zero_points),
        output=output,
        domain="com.microsoft",
        direction="bidirectional" if config.bidirectional else "forward",
        hidden_size=width,
    )


def _pool(graph: _Graph, config: ModelConfig, outputs_TXBH: str, ids_TB: str) -> str:
    """Maximum and mean over each row's own steps: (T, directions, B, H) -> (B, parts * directions * H)."""
    first, second = graph.constant(np.array([0])), graph.constant(np.array([1]))
    parts = []
    if "max" in config.pooling:
        steps = graph.node("Gather", graph.node("Shape", ids_TB), graph.constant(np.array(0)))
        position_T = graph.node("Range", graph.constant(np.array(0)), steps, graph.constant(np.array(1)))
        mask_TB = graph.node("Less", graph.node("Unsqueeze", position_T, second), "lengths")
        mask_T1B1 = graph.node("Unsqueeze", mask_TB, graph.constant(np.array([1, 3])))
        lowest = graph.constant(np.array(-np.inf, dtype=np.float32))
        parts.append(_maximum(graph, config, graph.node("Where", mask_T1B1, outputs_TXBH, lowest), steps))
    if "mean" in config.pooling:
        sum_XBH = graph.node("ReduceSum", outputs_TXBH, first, keepdims=0)
        length_B1 = graph.node("Unsqueeze", graph.node("Cast", "lengths", to=TensorProto.FLOAT), second)
        parts.append(graph.node("Div", sum_XBH, length_B1))
    shape = graph.constant(np.array([0, -1]))
    flat = [graph.node("Reshape", graph.node("Transpose", part, perm=[1, 0, 2]), shape) for part in parts]
    return graph.node("Concat", *flat, axis=1)


def _maximum(graph: _Graph, config: ModelConfig, outputs_TXBH: str, steps_1: str) -> str:
    """Maximum over the steps, (T, X, B, H) -> (X, B, H): first of POOLED at a time, as if they were an image.

    ReduceMax alone gives the same and takes several times as long: it branches at every number.
    """
    directions, width = 2 if config.bidirectional else 1, config.hidden_dim + ANCHORS
    image, rest = graph.constant(np.array([1, 1])), graph.constant(np.array([-1, width]))
    shape = graph.node("Concat", image, steps_1, rest, axis=0)
    window: dict[str, Any] = {"kernel_shape": [POOLED, 1, 1], "strides": [POOLED, 1, 1], "ceil_mode": 1}
    pooled = graph.node("MaxPool", graph.node("Reshape", outputs_TXBH, shape), **window)
    maximum = graph.node("ReduceMax", pooled, graph.constant(np.array([2])), keepdims=0)
    return graph.node("Reshape", maximum, graph.constant(np.array([directions, -1, width])))


def _reorder(value_G: np.ndarray) -> np.ndarray:
    """The gates of torch, i f g o, in the order of ONNX: i o f g."""
    i, f, g, o = np.split(value_G, 4)
    return np.concatenate([i, o, f, g])


def _widen(value: np.ndarray, *, blocks: int, axis: int) -> np.ndarray:
    """Zeros for the anchors, after each of the equal blocks that an axis has."""
    margin = [(0, 0)] * value.ndim
    margin[axis] = (0, ANCHORS)
    return np.concatenate([np.pad(block, margin) for block in np.split(value, blocks, axis=axis)], axis=axis)


def _round(w_GD: np.ndarray, inputs_DD: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (D, G) int8, and their scales (G,): one for each output.

    inputs: second moments (D, D) of what the weights meet. Column by column, what rounding takes from an output is
    given to those not rounded yet, as far as their inputs go with this one's; with the identity, to none.
    Source: GPTQ, Frantar et al. 2023, arXiv 2210.17323, algorithm 1.
    """
    scale_G = np.maximum(np.abs(w_GD).max(axis=1), np.finfo(np.float32).tiny * WEIGHT_LEVELS) / WEIGHT_LEVELS
    damped_DD = inputs_DD + 0.01 * np.trace(inputs_DD) / len(inputs_DD) * np.eye(len(inputs_DD))
    spread_DD = np.linalg.cholesky(np.linalg.inv(damped_DD.astype(np.float64))).T
    left_GD, rounded_GD = w_GD.astype(np.float64), np.empty(w_GD.shape, dtype=np.int8)
    for column in range(w_GD.shape[1]):
        exact_G = left_GD[:, column].copy()
        rounded_GD[:, column] = np.clip(np.rint(exact_G / scale_G), -WEIGHT_LEVELS, WEIGHT_LEVELS)
        error_G = (exact_G - rounded_GD[:, column] * scale_G) / spread_DD[column, column]
        left_GD[:, column:] -= np.outer(error_G, spread_DD[column, column:])
    return rounded_GD.T, scale_G.astype(np.float32)
