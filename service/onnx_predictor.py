"""The predictor on model.onnx, by ONNX Runtime on a CPU. Imports torch for traces alone: it is most of the memory.

Shapes in names: B rows, T steps, X directions, H width of one, E of all, C labels, P what the head reads.
"""

import base64
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from model.artifact import COMPILED, METADATA, NETWORK, ArtifactError, Contents
from model.config import ModelConfig
from model.graph import check_graph
from model.nesting import check_nesting
from model.reader import read_network
from service.explanation import Explained, Head
from service.predictor import DirectionTrace, describe, warm_up_batches
from service.sentences import Span

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from model.classifier import SentimentClassifier

BEST_ROWS = 8
"""Of 32 tokens a row takes 0.42 ms alone, 0.18 ms among 4 to 16, 0.19 ms among 64; and the fewer, the less padding."""


class OnnxPredictor:
    """As many calls at once as there are threads, each on one of them."""

    best_rows = BEST_ROWS
    measured_budget = None

    def __init__(
        self, session: onnxruntime.InferenceSession, contents: Contents, threads: int, directory: Path
    ) -> None:
        self._session = session
        self._directory = directory
        self._head = _read_head(directory / COMPILED, session, contents)
        self._reference: SentimentClassifier | None = None
        """The network of model.pt, once a trace was asked for."""
        self._loading = threading.Lock()
        self._tokenizer = contents.tokenizer
        self.workers = threads
        self.info = describe(contents, backend="onnx", device="cpu", precision="int8", threads=threads)

    @classmethod
    def load(cls, directory: Path, threads: int, public_key: "Ed25519PublicKey | None" = None) -> "OnnxPredictor":
        """Load and verify an artifact.

        public_key: whose signature is required, if any.   Raises: ArtifactError naming the file and the reason.
        """
        contents, content = read_network(directory, COMPILED, public_key)
        path = directory / COMPILED
        if content is None:
            raise ArtifactError(
                f"{path}: missing, and SENTIMENT_BACKEND is onnx; `python -m training compile` makes it"
            )
        predictor = cls(_open(path, content), contents, threads, directory)
        predictor._check(path, contents)
        return predictor

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """See Predictor."""
        return self._tokenizer.encode_batch(texts)

    def locate(self, texts: Sequence[str]) -> list[list[Span]]:
        """See Predictor."""
        return [[Span(start, end - start) for start, end in places] for places in self._tokenizer.locate(texts)]

    @property
    def can_explain(self) -> bool:
        """See Predictor."""
        return self._head is not None

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """See Predictor."""
        (logits_BC,) = self._run(rows, "logits")
        values: list[list[float]] = logits_BC.tolist()
        return values

    def explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        """See Predictor."""
        assert self._head is not None
        logits_BC, states_TXBH = self._run(rows, "logits", "states")
        hidden_dim = self._head.config.hidden_dim  # what is wider holds anchors
        return [
            self._head.explain(
                logits_BC[index].tolist(), states_TXBH[: len(row), :, index, :hidden_dim].reshape(len(row), -1)
            )
            for index, row in enumerate(rows)
        ]

    def trace(self, row: Sequence[int]) -> list[DirectionTrace]:
        """See Predictor."""
        from service.tracing import trace_row

        return trace_row(self._load_reference(), row)

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """See Predictor."""
        for rows in warm_up_batches(
            self._tokenizer.empty_id,
            self.info.max_tokens,
            max_batch_tokens=max_batch_tokens,
            max_batch_rows=max_batch_rows,
        ):
            self.predict(rows)

    def _load_reference(self) -> "SentimentClassifier":
        from model.network import assemble

        with self._loading:
            if self._reference is None:
                contents, content = read_network(self._directory, NETWORK)
                if contents.digests != self.info.digests:  # which were signed, if a signature is required
                    raise ArtifactError(f"{self._directory / NETWORK}: is not of the version served any more")
                self._reference = assemble(self._directory, contents, content).reference
        return self._reference

    def _run(self, rows: Sequence[Sequence[int]], *outputs: str) -> list[np.ndarray]:
        lengths_B = np.array([len(row) for row in rows], dtype=np.int64)
        token_ids_BT = np.full((len(rows), lengths_B.max()), self._tokenizer.pad_id, dtype=np.int64)
        for index, row in enumerate(rows):
            token_ids_BT[index, : len(row)] = row
        arrays: list[np.ndarray] = self._session.run(outputs, {"token_ids": token_ids_BT, "lengths": lengths_B})
        return arrays

    def _check(self, path: Path, contents: Contents) -> None:
        """Hold the network against what the metadata says of it: what it says itself, and how its answers are shaped.

        Its weights may still be any: who may choose them is what a signature tells.
        """
        config = contents.metadata.model
        said = self._session.get_modelmeta().custom_metadata_map
        for name, wanted in (("labels", "\n".join(config.labels)), ("vocab_size", str(config.vocab_size))):
            if said.get(name) != wanted:
                raise ArtifactError(f"{path}: {name} {said.get(name)!r}, {METADATA} describes {wanted!r}")
        if "config" in said:  # else of an earlier release
            _check_config(path, said["config"], config)
        rows = [[self._tokenizer.empty_id], [*range(7), config.vocab_size - 1]]
        try:
            (logits_BC,) = self._run(rows, "logits")
            states = self._run(rows, "logits", "states")[1:] if self.can_explain else []
        except Exception as error:  # ONNX Runtime has no error of its own that all others are
            raise ArtifactError(f"{path}: does not run: {_first_line(error)}") from error
        if logits_BC.shape != (2, len(config.labels)) or not _is_finite(logits_BC):
            raise ArtifactError(f"{path}: answers with shape {logits_BC.shape} or with values that are not finite")
        least = (len(rows[1]), 2 if config.bidirectional else 1, len(rows), config.hidden_dim)
        for states_TXBH in states:
            shape = states_TXBH.shape
            if shape[:3] != least[:3] or shape[3:] < least[3:] or len(shape) > 4 or not _is_finite(states_TXBH):
                raise ArtifactError(f"{path}: states of shape {shape}, or not finite; {METADATA} describes {least}")


def _check_config(path: Path, said: str, config: ModelConfig) -> None:
    try:
        check_nesting(said)
        own = ModelConfig.from_dict(json.loads(said)).to_dict()
    except ValueError as error:
        raise ArtifactError(f"{path}: its config: {error}") from error
    for name, wanted in config.to_dict().items():
        if own[name] != wanted:
            raise ArtifactError(f"{path}: {name} {own[name]!r}, {METADATA} describes {wanted!r}")


def _is_finite(values: np.ndarray) -> bool:
    return values.dtype == np.float32 and bool(np.isfinite(values).all())


def _open(path: Path, content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a call runs in the thread that makes it
    options.log_severity_level = 3  # errors only: they are raised as well
    options.add_session_config_entry("session.load_model_format", "ONNX")  # what was looked into, and no other
    try:
        check_graph(content)
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise ArtifactError(f"{path}: not an ONNX network: {_first_line(error)}") from error
    session._model_bytes = None  # kept to begin anew with other providers: 7 MB of the shipped model
    return session


def _read_head(path: Path, session: onnxruntime.InferenceSession, contents: Contents) -> Head | None:
    """The head that the file carries for explanations, if it is not of an earlier release."""
    config = contents.metadata.model
    encoded = session.get_modelmeta().custom_metadata_map.get("head")
    if encoded is None:
        return None
    parts, directions = config.pooling.count("_") + 1, 2 if config.bidirectional else 1
    shape = (len(config.labels), parts * directions * config.hidden_dim + 1)
    try:
        head_CP1 = np.frombuffer(base64.b64decode(encoded, validate=True), dtype="<f4").reshape(shape)
    except ValueError as error:
        raise ArtifactError(f"{path}: its head is not {shape[0]} x {shape[1]} numbers: {error}") from error
    return Head(config=config, weight_CP=head_CP1[:, :-1], bias_C=head_CP1[:, -1])


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
