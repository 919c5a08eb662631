"""Score a finished artifact on labelled data: `python -m training evaluate ARTIFACT DATA [DATA ...]`.

A row's answer is chosen among the labels that its set can carry: on a set of two labels, a model of three is asked
P(positive) against P(negative).

Shapes in names: N rows, C labels of the artifact, K labels of the set, M confidence bins, R resamples, F features.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from model.artifact import ArtifactError
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training import metrics
from training.data import Corpus, encode_labels, read_source
from training.options import SOURCES
from training.scoring import score_texts
from training.sources import Source, parse_source

FIGURES = {"accuracy": "accuracy", "macro_f1": "macro F1", "macro_recall": "macro recall", "ece": "ECE"}
"""Figures that have an interval, and what the table calls them."""
SHOWN_PROBLEMS = 5


def evaluate_corpus(
    probabilities_NC: np.ndarray, gold_N: np.ndarray, carried: Sequence[bool], labels: Sequence[str]
) -> dict[str, Any]:
    """Figures of one set, each with its 95 % bootstrap interval over rows, as JSON types.

    probabilities: 0 for labels that the set cannot carry. gold: indices into labels, carried ones only.
    Returns: n, accuracy, macro_f1, macro_recall, ece, nll; under NAME_interval [low, high] of each; per_label
    precision, recall, f1 and rows by label; confusion, rows gold and columns predicted, in the order of `labels`.
    The ECE of a resample leans upwards, as a bin with fewer different rows is noisier: its interval may lie above it.
    """
    chosen = np.flatnonzero(carried)
    names = [label for label, is_carried in zip(labels, carried, strict=True) if is_carried]
    probabilities_NK, gold_N = probabilities_NC[:, chosen], np.searchsorted(chosen, gold_N)
    num_labels, rows = len(chosen), len(gold_N)
    features_NF = row_features(probabilities_NK, gold_N)
    sums_F = features_NF.sum(axis=0)
    found, resampled = figures_of(sums_F, num_labels), figures_of(metrics.resampled_sums(features_NF), num_labels)
    confusion_KK = sums_F[: num_labels**2].reshape(num_labels, num_labels)
    per_label = zip(names, *metrics.class_figures(confusion_KK), strict=True)
    return {
        "n": rows,
        **{name: float(figure) for name, figure in found.items()},
        **{f"{name}_interval": list(metrics.interval(figures_R)) for name, figures_R in resampled.items()},
        "labels": names,
        "per_label": {
            name: {"precision": float(precision), "recall": float(recall), "f1": float(f1), "rows": int(support)}
            for name, precision, recall, f1, support in per_label
        },
        "confusion": confusion_KK.astype(int).tolist(),
    }


def row_features(probabilities_NK: np.ndarray, gold_N: np.ndarray) -> np.ndarray:
    """What each row adds (N, F) to the sums that every figure is told from: `figures_of` reads them.

    probabilities: over the labels of the set. gold: indices into these.
    """
    rows, num_labels = probabilities_NK.shape
    cell_N = gold_N * num_labels + probabilities_NK.argmax(axis=1)
    return np.concatenate(
        [
            np.eye(num_labels**2)[cell_N],
            metrics.bin_sums(probabilities_NK, gold_N).reshape(rows, -1),
            metrics.nll(probabilities_NK, gold_N)[:, None],
        ],
        axis=1,
    )


def figures_of(sums_F: np.ndarray, num_labels: int) -> dict[str, np.ndarray]:
    """Each figure from the sums (..., F) over rows: confusion, then confidence bins, then negative log likelihood."""
    cells = num_labels**2
    confusion = sums_F[..., :cells].reshape(*sums_F.shape[:-1], num_labels, num_labels)
    bins = sums_F[..., cells:-1].reshape(*sums_F.shape[:-1], 3, metrics.BINS)
    return {
        "accuracy": metrics.accuracy(confusion),
        "macro_f1": metrics.macro_f1_of(confusion),
        "macro_recall": metrics.macro_recall_of(confusion),
        "ece": metrics.ece(bins),
        "nll": sums_F[..., -1] / confusion.sum(axis=(-2, -1)),
    }


def read_for(labels: Sequence[str], source: Source, *, strict: bool = False) -> Corpus:
    """Read a source whose labels must be among those of an artifact.

    Raises: DataError naming file, row and the artifact's labels if one is not; as `read_source` otherwise.
    """
    corpus = read_source(source, strict=strict)
    if not set(corpus.labels) <= set(labels):
        known = read_source(replace(source, labels=tuple(labels)))
        first = next(problem for problem in known.problems if problem not in corpus.problems)
        raise DataError(f"{first} (the labels of the artifact; map= renames those of a file)")
    return corpus


def predict(artifact: Artifact, corpus: Corpus) -> np.ndarray:
    """Calibrated probabilities (N, C) of a corpus, over the labels that it can carry."""
    config = artifact.metadata.model
    _, carried = encode_labels(corpus, config.labels)
    logits_NC = score_texts(artifact.network, artifact.tokenizer, config.max_tokens, corpus.texts)
    return metrics.masked_probabilities(logits_NC, np.array(carried), artifact.metadata.temperature)


def render(corpus: Corpus, results: dict[str, dict[str, Any]]) -> str:
    """The figures of one set as text: a row for each system, then labels and confusion of the first."""
    first = next(iter(results.values()))
    lines = [f"{corpus.source.name}: {first['n']:,} rows of {', '.join(first['labels'])}  ({corpus.source.path})"]
    if corpus.problems:
        lines.append(f"  {len(corpus.problems):,} rows could not be used and are left out:")
        lines += [f"    {problem}" for problem in corpus.problems[:SHOWN_PROBLEMS]]
        lines += ["    ..."] * (len(corpus.problems) > SHOWN_PROBLEMS)
    width = max(map(len, results))
    lines += ["", f"  {'':{width}}  " + "  ".join(f"{title:<20}" for title in FIGURES.values()).rstrip()]
    for system, result in results.items():
        cells = []
        for name in FIGURES:
            low, high = result[f"{name}_interval"]
            cells.append(f"{result[name]:.4f} {f'{low:.3f}-{high:.3f}':<13}")
        lines.append(f"  {system:{width}}  {'  '.join(cells)}".rstrip())
    width = max(max(map(len, first["labels"])), 9)
    predicted = "  ".join(f"{name:>{width}}" for name in first["labels"])
    lines += ["", f"  {'':{width}}  precision  recall      F1     rows    predicted as: {predicted}"]
    for (name, figures), counts in zip(first["per_label"].items(), first["confusion"], strict=True):
        shares = f"{figures['precision']:9.4f}  {figures['recall']:6.4f}  {figures['f1']:6.4f}  {figures['rows']:7,}"
        counted = "  ".join(f"{count:>{width},}" for count in counts)
        lines.append(f"  {name:{width}}  {shares}                  {counted}")
    return "\n".join(lines)


def evaluate(artifact: Artifact, corpora: Sequence[Corpus], train: Sequence[Corpus] | None) -> list[dict[str, Any]]:
    """Score an artifact on each corpus, and baselines beside it, printing a table for each.

    train: corpora to train the baselines on; empty: they are trained on other parts of each corpus; None: no baselines.
    """
    labels = artifact.metadata.model.labels
    reports = []
    for corpus in corpora:
        targets, carried = encode_labels(corpus, labels)
        predictions = {"model": predict(artifact, corpus)}
        if train is not None:
            # Imported late: scikit-learn takes seconds, and most calls need none of it.
            from training.baselines import predict_baselines

            predictions |= predict_baselines(corpus, train, labels)
        results = {
            system: evaluate_corpus(probabilities_NC, np.array(targets), carried, labels)
            for system, probabilities_NC in predictions.items()
        }
        print(render(corpus, results), end="\n\n", flush=True)
        reports.append({**corpus.summary(), "path": corpus.source.path, "systems": results})
    return reports


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training evaluate",
        description="Score an artifact on labelled data, every figure with its 95 % bootstrap interval.",
        epilog=SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("artifact", type=Path, help="artifact directory or model store")
    parser.add_argument("data", nargs="+", metavar="DATA", help="labelled sources")
    parser.add_argument(
        "--baselines",
        nargs="*",
        metavar="TRAIN",
        help="put TF-IDF with logistic regression, and the majority, beside the model: trained on these sources, or "
        "without any on four fifths of DATA to answer the last fifth, five times over",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to this file")
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be used")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        artifact = load_artifact(resolve(options.artifact))
        labels = artifact.metadata.model.labels
        corpora = [read_for(labels, parse_source(spec), strict=options.strict) for spec in options.data]
        train = None
        if options.baselines is not None:
            train = [read_for(labels, parse_source(spec), strict=options.strict) for spec in options.baselines]
        reports = evaluate(artifact, corpora, train)
        if options.json:
            content = {"model": artifact.metadata.version, "sets": reports}
            options.json.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (ArtifactError, DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
