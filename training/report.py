"""The report of a run: one page that needs nothing beside it, no script and no network, for screens of any width.

`report.html` is its template. Whatever comes from data (names of sources, labels, quoted texts) is escaped there.

Shapes in names: N rows, C labels of the model, K labels of a set.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from model.artifact import ArtifactError, Metadata
from model.network import load_artifact
from model.rows import DataError
from model.store import resolve
from training import charts
from training.card import describe_network
from training.comparison import COMPARED, answer, compare_answers, find_changes, select, shorten_commit, tell_record
from training.data import Examples
from training.facts import DataFacts
from training.metrics import BINS, ece, masked_probabilities
from training.plots import MOST_TOKENS, ScoredSet, sum_bins
from training.progress import say

REPORT = "report/report.html"
CONFIDENT = 0.9
"""Probability from which a mistake is called a confident one."""
QUOTED, QUOTED_CHARS = 10, 400
"""Mistakes of a set that are quoted, and characters of each."""
SHOWN_SHARED = 30
_CASES = 6
"""Kinds of disagreement shown of a set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportOptions:
    """What a person decides about the report of a run."""

    quote: bool = False
    """Quote the most confident mistakes. An artifact is passed on, so its data's text enters it only if asked for."""
    against: Path | None = None
    """Artifact or model store to compare with, on the same dev sets."""


def render_report(
    metadata: Metadata,
    *,
    records: Sequence[Mapping[str, Any]],
    scored: Sequence[ScoredSet],
    before: Mapping[str, Mapping[str, Any]],
    facts: DataFacts,
    mistakes: Sequence[Mapping[str, Any]],
    comparison: Mapping[str, Any] | None,
    weights: int,
    command: str,
) -> str:
    """The page.

    metadata: with dev_metrics as of `evaluate_corpus`. records: as in FitResult. before: by dev set, its figures at
    temperature 1. mistakes: of `find_mistakes`. comparison: of `compare_with`, None if there is nothing to compare
    with. weights: their number. command: what reproduces the run.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    marks = charts.mark_labels(metadata.model.labels)
    results = metadata.dev_metrics
    return environment.get_template("report.html").render(
        metadata=metadata,
        network=describe_network(metadata.model),
        commit=shorten_commit(metadata.git_commit),
        marks=marks,
        weights=weights,
        command=command.strip(),
        summary={
            name: float(np.mean([item[name] for item in results.values()])) for name in ("accuracy", "macro_recall")
        },
        results=results,
        before=before,
        whiskers=_draw_results(results),
        curves=_draw_curves(records),
        records=records,
        calibration=_draw_calibration(scored, metadata.temperature),
        bins=BINS,
        facts=facts,
        drawn_sets=[_draw_set(item, marks) for item in facts.sets],
        shared=facts.shared[:SHOWN_SHARED],
        mistakes=mistakes,
        confident=CONFIDENT,
        comparison=comparison,
        compared=COMPARED,
        differences=_draw_differences(comparison),
        cases=_CASES,
        configuration=tell_record(metadata.training),
        signed=_sign,
    )


def find_mistakes(
    examples: Sequence[Examples], scored: Sequence[ScoredSet], temperature: float, labels: Sequence[str], *, quote: bool
) -> list[dict[str, Any]]:
    """How often each dev set is answered wrongly, and with much confidence; its most confident mistakes if asked for.

    Returns: by set name, rows, wrong, confident, and quoted, each of text, gold, answer and confidence.
    """
    found = []
    for item, answers in zip(examples, scored, strict=True):
        probabilities_NC = masked_probabilities(answers.logits_NC, answers.carried_C, temperature)
        answer_N, confidence_N = probabilities_NC.argmax(axis=1), probabilities_NC.max(axis=1)
        wrong = np.flatnonzero(answer_N != answers.gold_N)
        worst = wrong[np.argsort(-confidence_N[wrong], kind="stable")][: QUOTED if quote else 0]
        found.append(
            {
                "name": item.name,
                "rows": len(answer_N),
                "wrong": len(wrong),
                "confident": int((confidence_N[wrong] >= CONFIDENT).sum()),
                "quoted": [
                    {
                        "text": _shorten(item.texts[row]),
                        "gold": labels[answers.gold_N[row]],
                        "answer": labels[answer_N[row]],
                        "confidence": float(confidence_N[row]),
                    }
                    for row in worst
                ],
            }
        )
    return found


def compare_with(
    path: Path, metadata: Metadata, examples: Sequence[Examples], scored: Sequence[ScoredSet]
) -> dict[str, Any]:
    """A run's answers to its dev sets against those of an earlier version, which is A; its own are B.

    Returns: path, version, created_at, sets (by name, as of `compare_answers`), skipped (by name, why), changes; or
    path and reason, if there is nothing to compare with.
    """
    try:
        previous = load_artifact(resolve(path))
    except ArtifactError as error:
        say(f"not compared with {path}: {error}")
        return {"path": path.name, "reason": str(error).replace(str(path), path.name)}
    sets, skipped = {}, {}
    for item, answers in zip(examples, scored, strict=True):
        names, gold_N = select(item, metadata.model.labels)
        now_NK = masked_probabilities(answers.logits_NC, answers.carried_C, metadata.temperature)[:, answers.carried_C]
        try:
            sets[item.name] = compare_answers(answer(previous, item.texts, names), now_NK, gold_N, names)
        except DataError as error:
            skipped[item.name] = str(error)
    return {
        "path": path.name,
        "reason": "",
        "version": previous.metadata.version,
        "created_at": previous.metadata.created_at,
        "sets": sets,
        "skipped": skipped,
        "changes": find_changes(previous.metadata, metadata),
    }


def _draw_results(results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    lowest = min(item["accuracy_interval"][0] for item in results.values())
    low = min(0.9, math.floor(lowest * 10) / 10)  # a scale has two ends, also where every answer is right
    drawn = {
        name: charts.whisker(item["accuracy"], item["accuracy_interval"], low, 1.0, f"accuracy {item['accuracy']:.3f}")
        for name, item in results.items()
    }
    return {"low": low, "drawn": drawn}


def _draw_curves(records: Sequence[Mapping[str, Any]]) -> list[tuple[Any, str]]:
    steps = [record["step"] for record in records]
    dev = {name: [record["dev"][name] for record in records] for name in records[-1]["dev"]}
    dev = {name: dev[name] for name in sorted(dev, key=lambda name: -dev[name][-1])}
    if len(dev) == 2:
        del dev["mean"]  # of one set
    losses, rates = ([record[name] for record in records] for name in ("loss", "learning_rate"))
    return [
        (charts.curves(steps, {"loss": losses}, "train loss, nats", "train loss by step"), "Train loss."),
        (
            charts.curves(steps, dev, "macro recall on dev", "macro recall of each dev set by step", "mean"),
            "Macro recall of each dev set; the mean decides which weights are kept.",
        ),
        (charts.curves(steps, {"rate": rates}, "learning rate", "learning rate by step"), "Learning rate."),
    ]


def _draw_calibration(scored: Sequence[ScoredSet], temperature: float) -> list[tuple[Any, str]]:
    drawn = []
    for when, value in (("Before, temperature 1", 1.0), (f"After, temperature {temperature:.3f}", temperature)):
        sums_3M = sum_bins(scored, value)
        error = float(ece(sums_3M))
        chart = charts.reliability(sums_3M, f"accuracy by confidence, {when.lower()}: ECE {error:.3f}")
        drawn.append((chart, f"{when}: ECE {error:.3f} over all dev sets together."))
    return drawn


def _draw_set(item: Any, marks: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    told = ", ".join(f"{label} {count:,}" for label, count in item.rows.items())
    names = [*map(str, MOST_TOKENS), "more"]
    lengths = ", ".join(f"up to {name}: {count:,}" for name, count in zip(names, item.buckets, strict=True))
    short = ["8", "16", "32", "64", "128", "256", "512", "+"]
    return {
        "facts": item,
        "shares": charts.shares(item.rows, marks, told),
        "lengths": charts.histogram(item.buckets, short, f"rows by tokens, {lengths}"),
    }


def _draw_differences(comparison: Mapping[str, Any] | None) -> dict[str, Any]:
    if not comparison or comparison["reason"]:
        return {}
    gaps = {name: item["difference"]["macro_recall"] for name, item in comparison["sets"].items()}
    widest = max([abs(end) for gap in gaps.values() for end in gap["interval"]], default=0.0) or 0.01
    return {
        name: charts.whisker(
            gap["value"], gap["interval"], -widest, widest, f"macro recall {gap['value']:+.3f}", zero=0.0
        )
        for name, gap in gaps.items()
    }


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED_CHARS else f"{flat[: QUOTED_CHARS - 1]}…"


def _sign(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
