"""The predictor on model.pt, by TorchScript on a CPU: takes any artifact. On a GPU it is gpu_predictor.py.

Shapes in names: B rows, T steps, C labels.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from model.classifier import SentimentClassifier
from model.network import Artifact, load_artifact
from model.padding import pad
from service.budget import Budget
from service.explanation import Explained, Head
from service.predictor import DirectionTrace, describe, warm_up_batches
from service.sentences import Span
from service.tracing import trace_row

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PRIMITIVE_CACHE = 32
"""Shapes that oneDNN keeps compiled; its default of 1024 grows memory with every new batch shape (pytorch#29893)."""


class TorchScriptPredictor:
    """One call at a time, on all threads."""

    workers = 1
    best_rows = None
    measured_budget: Budget | None = None
    can_explain = True

    def __init__(self, artifact: Artifact, threads: int) -> None:
        self._network = artifact.network
        self._reference = artifact.reference
        self._head = _read_head(artifact)
        self._tokenizer = artifact.tokenizer
        self.info = describe(artifact, backend="torchscript", device="cpu", precision="float32", threads=threads)

    @classmethod
    def load(
        cls, directory: Path, threads: int, public_key: "Ed25519PublicKey | None" = None
    ) -> "TorchScriptPredictor":
        """Load and verify an artifact.

        public_key: whose signature is required, if any.   Raises: ArtifactError naming the file and the reason.
        """
        prepare_torch(threads)
        return cls(load_artifact(directory, public_key), threads)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """See Predictor."""
        return self._tokenizer.encode_batch(texts)

    def locate(self, texts: Sequence[str]) -> list[list[Span]]:
        """See Predictor."""
        return [[Span(start, end - start) for start, end in places] for places in self._tokenizer.locate(texts)]

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """See Predictor."""
        token_ids_BT, lengths_B = pad(rows, self._tokenizer.pad_id)
        with torch.inference_mode():
            logits_BC = self._network(token_ids_BT, lengths_B)
        values: list[list[float]] = logits_BC.tolist()
        return values

    def explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        """See Predictor."""
        return self._take_apart(rows, self._reference, *pad(rows, self._tokenizer.pad_id))

    def trace(self, row: Sequence[int]) -> list[DirectionTrace]:
        """See Predictor."""
        return trace_row(self._reference, row)

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """See Predictor."""
        for rows in warm_up_batches(
            self._tokenizer.empty_id,
            self.info.max_tokens,
            max_batch_tokens=max_batch_tokens,
            max_batch_rows=max_batch_rows,
        ):
            self.predict(rows)

    def _take_apart(
        self, rows: Sequence[Sequence[int]], network: SentimentClassifier, token_ids_BT: Tensor, lengths_B: Tensor
    ) -> list[Explained]:
        """Explain rows by a network, given what it reads of them, which may be followed by other rows."""
        with torch.inference_mode():
            states_BTE = network.encode(token_ids_BT, lengths_B)
            logits_BC = network.head(network.pool(states_BTE, lengths_B))
        values: list[list[float]] = logits_BC[: len(rows)].float().cpu().tolist()
        states = states_BTE.float().cpu().numpy()
        return [
            self._head.explain(logits, states[index, : len(row)])
            for index, (logits, row) in enumerate(zip(values, rows, strict=True))
        ]


def prepare_torch(threads: int) -> None:
    """Set what torch reads when it first runs a network."""
    torch.set_num_threads(threads)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(PRIMITIVE_CACHE))
    # The profiling executor recompiles on early calls and on new shapes, up to 1000x slower (pytorch#33354).
    torch._C._jit_set_profiling_executor(False)


def _read_head(artifact: Artifact) -> Head:
    weights = {name: value.float().cpu().numpy() for name, value in artifact.network.state_dict().items()}
    attention_1E = weights.get("attention.weight")
    return Head(
        config=artifact.metadata.model,
        weight_CP=weights["head.weight"],
        bias_C=weights["head.bias"],
        attention_E=None if attention_1E is None else attention_1E[0],
    )
