"""The predictor: what the service needs of a model, and the one that an artifact gives.

Shapes in names: B rows, T steps, C labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from model.network import Artifact, load_artifact
from model.padding import pad
from service.settings import Device, SettingsError

WARM_UP_LENGTHS = (1, 16, 64, 256)
"""Row lengths that a model is tried on before it serves, besides its longest."""
WARM_UP_RUNS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelInfo:
    """What is served."""

    version: str
    created_at: str
    digests: dict[str, str]
    """sha256 by file of the artifact."""
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    max_tokens: int
    """Longest window."""
    temperature: float
    dev_metrics: dict[str, dict[str, Any]]
    device: str


class Predictor(Protocol):
    """A model at work. Called from worker threads, never from the event loop."""

    @property
    def info(self) -> ModelInfo:
        """What it is."""

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """N texts -> N rows of token ids, each of at least one."""

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """B rows of at most max_tokens -> (B, C) logits."""

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """Run the shapes that requests will have, so that the first ones are not slow."""


class TorchScriptPredictor:
    """The network and tokenizer of an artifact."""

    def __init__(self, artifact: Artifact, device: str) -> None:
        self._network = artifact.network
        self._tokenizer = artifact.tokenizer
        self._device = device
        metadata = artifact.metadata
        self.info = ModelInfo(
            version=metadata.version,
            created_at=metadata.created_at,
            digests=artifact.digests,
            labels=metadata.model.labels,
            languages=metadata.languages,
            max_tokens=metadata.model.max_tokens,
            temperature=metadata.temperature,
            dev_metrics=metadata.dev_metrics,
            device=device,
        )

    @classmethod
    def load(cls, directory: Path, device: str) -> "TorchScriptPredictor":
        """Load and verify an artifact.

        Raises: ArtifactError naming the file and the reason.
        """
        # The profiling executor recompiles on early calls and on new shapes, up to 1000x slower (pytorch#33354).
        torch._C._jit_set_profiling_executor(False)
        return cls(load_artifact(directory, device), device)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """See Predictor."""
        return self._tokenizer.encode_batch(texts)

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """See Predictor."""
        token_ids_BT, lengths_B = pad(rows, self._tokenizer.pad_id)
        with torch.inference_mode():
            logits_BC = self._network(token_ids_BT.to(self._device), lengths_B.to(self._device))
        values: list[list[float]] = logits_BC.float().cpu().tolist()
        return values

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """See Predictor."""
        longest = self.info.max_tokens
        for length in sorted({min(length, longest) for length in (*WARM_UP_LENGTHS, longest)}):
            row = [self._tokenizer.empty_id] * length
            for rows in sorted({1, max(1, min(max_batch_rows, max_batch_tokens // length))}):
                for _ in range(WARM_UP_RUNS):
                    self.predict([row] * rows)


def choose_device(wanted: Device) -> str:
    """The torch device of a setting.

    Raises: SettingsError if a GPU is wanted and there is none.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SettingsError("SENTIMENT_DEVICE='cuda': torch sees no GPU here; use auto or cpu")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"
