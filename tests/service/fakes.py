"""A predictor without a network: it records batches, and can be held up or made to fail."""

import threading
from collections.abc import Callable, Sequence

import numpy as np

from service.budget import Budget
from service.explanation import Explained
from service.predictor import DirectionTrace, ModelInfo
from service.sentences import Span

LABELS = ("negative", "neutral", "positive")


def info(version: str = "fake", max_tokens: int = 8) -> ModelInfo:
    return ModelInfo(
        version=version,
        created_at="2026-01-02T03:04:05+00:00",
        digests={"model.pt": "0" * 64},
        labels=LABELS,
        languages=("en", "zh"),
        max_tokens=max_tokens,
        temperature=1.0,
        dev_metrics={"imdb": {"n": 100, "accuracy": 0.9}},
        backend="torchscript",
        device="cpu",
        precision="float32",
        threads=1,
    )


class FakePredictor:
    """One token a character, its code point; the logits of a row tell its length and its sum."""

    workers = 1
    best_rows: int | None = None
    measured_budget: Budget | None = None
    can_explain = True

    def __init__(self, version: str = "fake", max_tokens: int = 8) -> None:
        self.info = info(version, max_tokens)
        self.encoded: list[list[str]] = []
        """Texts, by call."""
        self.batches: list[list[list[int]]] = []
        self.traced: list[list[int]] = []
        self.warmed_up = False
        self.fail: Callable[[Sequence[Sequence[int]]], bool] = lambda rows: False
        self.encode_error: BaseException | None = None
        self.is_free = threading.Event()
        """Clear it to hold up the model in the middle of a batch."""
        self.is_free.set()
        self.is_called = threading.Event()
        """Set as soon as a batch is in the model's hands."""
        self.calls = threading.Semaphore(0)
        """Released at each call: to wait for several at once."""

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        if self.encode_error:
            raise self.encode_error
        self.encoded.append(list(texts))
        return [[ord(character) for character in text] for text in texts]

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        self.batches.append([list(row) for row in rows])
        self.is_called.set()
        self.calls.release()
        assert self.is_free.wait(timeout=60)
        if self.fail(rows):
            raise RuntimeError("the fake fails as told")
        return [logits(row) for row in rows]

    def locate(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(offset, 1) for offset in range(len(text))] for text in texts]

    def explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        """All tokens give the same."""
        bias_C = np.array([0.0, 0.0, 0.5])
        return [
            Explained(answer, np.tile((np.array(answer) - bias_C) / len(row), (len(row), 1)), bias_C)
            for answer, row in zip(self.predict(rows), rows, strict=True)
        ]

    def trace(self, row: Sequence[int]) -> list[DirectionTrace]:
        self.traced.append(list(row))
        if self.fail([row]):
            raise RuntimeError("the fake fails as told")
        return [DirectionTrace(layer=0, direction="forward", figures={"hidden_norm": (1.0,) * len(row)})]

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        self.warmed_up = True


def logits(row: Sequence[int]) -> list[float]:
    return [len(row) / 10, sum(row) % 1000 / 1000, 0.5]
