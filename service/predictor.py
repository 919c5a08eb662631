"""The predictor: what the service needs of a model. Its forms are in the modules *_predictor.py.

Shapes in names: B rows, C labels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from model.artifact import COMPILED, NETWORK, Contents
from model.drift import Baseline
from service.budget import CPU_BUDGET, Budget
from service.explanation import Explained
from service.sentences import Span
from service.settings import BackendName, Settings

Precision = Literal["int8", "float16", "float32"]

NETWORK_FILES: dict[BackendName, str] = {"onnx": COMPILED, "torchscript": NETWORK}
"""By backend, the file of the artifact that it runs."""
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
    backend: BackendName
    device: str
    precision: Precision
    """What the recurrent layers compute in."""
    threads: int
    """That run the network, together or each a batch of its own."""
    baseline: Baseline | None = None
    """What the model answered to its dev sets, if the artifact tells."""
    fragments: frozenset[int] = frozenset()
    """Of `SubwordTokenizer.fragments`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectionTrace:
    """One layer read in one direction: one number a token and kind, in the order of the text."""

    layer: int
    direction: str
    """forward or backward."""
    figures: dict[str, tuple[float, ...]]
    """See model.trace.DirectionTrace: gates and candidate as means over the units, memory and output as norms."""


class Predictor(Protocol):
    """A model at work. Called from worker threads; `encode` and `locate` also from the event loop, with little text."""

    @property
    def info(self) -> ModelInfo:
        """What it is."""

    @property
    def workers(self) -> int:
        """Calls of `predict` that may run at once."""

    @property
    def best_rows(self) -> int | None:
        """Rows of a call with which each takes least time; None if more are always better."""

    @property
    def measured_budget(self) -> Budget | None:
        """What calls it is best given, if that was measured."""

    @property
    def can_explain(self) -> bool:
        """Whether it has what `explain` needs; an older model.onnx has not."""

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """N texts -> N rows of token ids, each of at least one."""

    def locate(self, texts: Sequence[str]) -> list[list[Span]]:
        """N texts -> for each id of their rows, where in the text it comes from."""

    def predict(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        """B rows of at most max_tokens -> (B, C) logits."""

    def explain(self, rows: Sequence[Sequence[int]]) -> list[Explained]:
        """B rows of at most max_tokens -> their logits, with what each token gave to them."""

    def trace(self, row: Sequence[int]) -> list[DirectionTrace]:
        """What happens in the memory as the row is read, by model.pt whatever `predict` runs. Slow the first time."""

    def warm_up(self, *, max_batch_tokens: int, max_batch_rows: int) -> None:
        """Run the shapes that requests will have, so that the first ones are not slow."""


def budget_of(predictor: Predictor, settings: Settings) -> Budget:
    """What the settings say, or where they leave it open, what was measured, else what suits a CPU."""
    default = predictor.measured_budget or CPU_BUDGET
    return Budget(settings.max_batch_tokens or default.tokens, settings.max_batch_rows or default.rows)


def rows_of_a_call(predictor: Predictor, limit: int) -> int:
    """Most rows that a call is given: the limit, or as many as are best for the predictor."""
    return min(limit, predictor.best_rows or limit)


def describe(contents: Contents, *, backend: BackendName, device: str, precision: Precision, threads: int) -> ModelInfo:
    """What an artifact's model is, run in this way."""
    metadata = contents.metadata
    return ModelInfo(
        version=metadata.version,
        created_at=metadata.created_at,
        digests=contents.digests,
        labels=metadata.model.labels,
        languages=metadata.languages,
        max_tokens=metadata.model.max_tokens,
        temperature=metadata.temperature,
        dev_metrics=metadata.dev_metrics,
        backend=backend,
        device=device,
        precision=precision,
        threads=threads,
        baseline=metadata.baseline,
        fragments=contents.tokenizer.fragments(),
    )


def warm_up_batches(
    token: int, longest: int, *, max_batch_tokens: int, max_batch_rows: int
) -> Iterator[list[list[int]]]:
    """Batches of the shapes that requests will have, each WARM_UP_RUNS times."""
    for length in sorted({min(length, longest) for length in (*WARM_UP_LENGTHS, longest)}):
        for rows in sorted({1, max(1, min(max_batch_rows, max_batch_tokens // length))}):
            yield from [[[token] * length] * rows] * WARM_UP_RUNS
