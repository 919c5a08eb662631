"""Plots of a run, as PNG files beside its model card.

Shapes in names: N rows, C labels of the model, K labels of a set, M confidence bins.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.calibration import DevSet
from training.metrics import bin_sums, ece, masked_probabilities

TRAINING, CONFUSION = "report/training.png", "report/confusion.png"
RELIABILITY, LENGTH = "report/reliability.png", "report/length.png"
CAPTIONS = {
    TRAINING: "Loss and learning rate by step, and macro recall of each dev set.",
    CONFUSION: "Each dev set: rows are the gold label, columns the answer, a cell the share of its row and its count.",
    RELIABILITY: "Accuracy by confidence, before and after calibration; on the diagonal, a probability is right.",
    LENGTH: "Accuracy by number of tokens, with the number of rows; the bar is a 95 % interval.",
}
MOST_TOKENS = (8, 16, 32, 64, 128, 256, 512)
"""Upper ends of the length buckets; one more holds whatever is longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoredSet:
    """A dev set with the network's answers to it."""

    name: str
    logits_NC: np.ndarray
    gold_N: np.ndarray
    """Indices into the model's labels."""
    carried_C: np.ndarray
    """Bool; the labels that the set can carry."""
    tokens_N: np.ndarray
    """Tokens of each text."""

    @property
    def answered(self) -> DevSet:
        """What calibration asks for."""
        return self.logits_NC, self.gold_N, self.carried_C


def plots(
    records: Sequence[Mapping[str, Any]], sets: Sequence[ScoredSet], labels: Sequence[str], temperature: float
) -> dict[str, bytes]:
    """PNG files of a run, by their names in the artifact.

    records: as in FitResult, one a dev evaluation: step, loss, learning_rate, and dev, a score by set.
    """
    with rc_context({"text.parse_math": False}):  # two $ in a name would be a formula, and if it is none, an error
        return {
            TRAINING: _png(plot_training(records)),
            CONFUSION: _png(plot_confusion(sets, labels)),
            RELIABILITY: _png(plot_reliability(sets, temperature)),
            LENGTH: _png(plot_length(sets)),
        }


def plot_training(records: Sequence[Mapping[str, Any]]) -> Figure:
    """Loss and learning rate on the left, dev scores on the right."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    steps = [record["step"] for record in records]
    left.plot(steps, [record["loss"] for record in records], "o-", markersize=3, label="train loss (left axis)")
    left.set(xlabel="step", ylabel="train loss, nats")
    rate = left.twinx()
    rate.plot(steps, [record["learning_rate"] for record in records], ":", color="gray")
    rate.plot([], [], ":", color="gray", label="learning rate")
    rate.set(ylabel="learning rate")
    rate.ticklabel_format(axis="y", style="scientific", scilimits=(0, 0))
    rate.set_ylim(bottom=0)
    left.plot([], [], ":", color="gray", label="learning rate (right axis)")
    left.legend(frameon=False)
    for name in records[-1]["dev"]:
        is_mean = name == "mean"
        scores = [record["dev"][name] for record in records]
        right.plot(steps, scores, "k-" if is_mean else "o-", markersize=3, linewidth=2 if is_mean else 1, label=name)
    right.set(xlabel="step", ylabel="macro recall on dev")
    right.grid(alpha=0.3)
    right.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return figure


def plot_confusion(sets: Sequence[ScoredSet], labels: Sequence[str]) -> Figure:
    """A confusion matrix for each set, over the labels that it can carry."""
    figure, grid = _grid(len(sets), width=3.4, height=3.2)
    for axes, item in zip(grid, sets, strict=True):
        chosen = np.flatnonzero(item.carried_C)
        names = [labels[int(index)] for index in chosen]
        answers_N = masked_probabilities(item.logits_NC, item.carried_C).argmax(axis=1)
        counts_KK = np.array([[np.sum((item.gold_N == g) & (answers_N == a)) for a in chosen] for g in chosen])
        shares_KK = counts_KK / np.maximum(counts_KK.sum(axis=1, keepdims=True), 1)
        axes.imshow(shares_KK, cmap="Blues", vmin=0, vmax=1)
        for row, column in np.ndindex(*counts_KK.shape):
            share = shares_KK[row, column]
            text = f"{share:.0%}\n{counts_KK[row, column]:,}"
            axes.text(
                column, row, text, ha="center", va="center", fontsize=8, color="white" if share > 0.5 else "black"
            )
        axes.set_xticks(range(len(names)), names, fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8, rotation=90, va="center")
        axes.set_title(f"{item.name}, n = {len(item.gold_N):,}", fontsize=10)
    figure.supxlabel("answer", fontsize=9)
    figure.supylabel("gold label", fontsize=9)
    return figure


def plot_reliability(sets: Sequence[ScoredSet], temperature: float) -> Figure:
    """Accuracy by confidence of all sets together, before and after calibration, with the share of rows below."""
    figure = Figure(figsize=(9, 5), layout="constrained")
    grid = figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=(3, 1))
    panels = (("before, temperature 1", 1.0), (f"after, temperature {temperature:.2f}", temperature))
    for (title, value), upper, lower in zip(panels, grid[0], grid[1], strict=True):
        sums_3M = sum_bins(sets, value)
        rows_M, confidence_M, right_M = sums_3M
        filled = rows_M > 0
        middles_M = (np.arange(len(rows_M)) + 0.5) / len(rows_M)
        upper.plot([0, 1], [0, 1], "--", color="gray", linewidth=1)
        upper.plot(confidence_M[filled] / rows_M[filled], right_M[filled] / rows_M[filled], "o-", markersize=4)
        upper.set_title(f"{title}: ECE {float(ece(sums_3M)):.3f}", fontsize=10)
        upper.grid(alpha=0.3)
        lower.bar(middles_M, rows_M / rows_M.sum(), width=0.9 / len(rows_M), color="lightsteelblue")
        lower.set(xlabel="confidence: probability of the answer", xlim=(0, 1))
    grid[0][0].set(ylabel="accuracy", ylim=(0, 1))
    grid[1][0].set(ylabel="share of rows")
    return figure


def plot_length(sets: Sequence[ScoredSet]) -> Figure:
    """Accuracy by number of tokens, a panel for each set."""
    figure, grid = _grid(len(sets), width=3.4, height=2.8)
    for axes, item in zip(grid, sets, strict=True):
        answers_N = masked_probabilities(item.logits_NC, item.carried_C).argmax(axis=1)
        bucket_N = np.searchsorted(MOST_TOKENS, item.tokens_N)
        right = np.array([np.sum((answers_N == item.gold_N) & (bucket_N == b)) for b in range(len(MOST_TOKENS) + 1)])
        rows = np.bincount(bucket_N, minlength=len(MOST_TOKENS) + 1)
        filled = np.flatnonzero(rows)
        low, high = _wilson(right[filled], rows[filled])
        accuracy = right[filled] / rows[filled]
        axes.errorbar(filled, accuracy, yerr=(accuracy - low, high - accuracy), fmt="o", markersize=4, capsize=2)
        for position, top in zip(filled, high, strict=True):
            axes.annotate(
                f"{rows[position]:,}", (position, top), (0, 4), textcoords="offset points", ha="center", size=7
            )
        names = [*(f"≤{most}" for most in MOST_TOKENS), f">{MOST_TOKENS[-1]}"]
        axes.set_xticks(range(len(names)), names, fontsize=7)
        axes.set(xlim=(-0.6, len(names) - 0.4), ylim=(0, 1.12))
        axes.set_yticks(np.arange(0, 1.01, 0.25))
        axes.grid(axis="y", alpha=0.3)
        axes.set_title(f"{item.name}, n = {len(item.gold_N):,}", fontsize=10)
    figure.supxlabel("tokens", fontsize=9)
    figure.supylabel("accuracy", fontsize=9)
    return figure


def sum_bins(sets: Sequence[ScoredSet], temperature: float) -> np.ndarray:
    """Sums (3, M) of rows, confidence and right answers by confidence bin, over all sets."""
    return sum(
        (
            bin_sums(masked_probabilities(item.logits_NC, item.carried_C, temperature), item.gold_N).sum(axis=0)
            for item in sets
        ),
        start=np.zeros(()),
    )


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _grid(count: int, *, width: float, height: float) -> tuple[Figure, list[Axes]]:
    columns = min(count, 4)
    rows = -(-count // columns)
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[count:]:
        spare.remove()
    return figure, axes[:count]


def _wilson(right: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a share; unlike a bootstrap it has a width where all rows are right.   Source: Wilson 1927."""
    z = 1.96
    centre = (right + z**2 / 2) / (rows + z**2)
    half = z / (rows + z**2) * np.sqrt(right * (rows - right) / rows + z**2 / 4)
    return np.minimum(centre - half, right / rows), np.maximum(centre + half, right / rows)  # but for rounding
