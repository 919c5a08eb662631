"""Two systems, A and B, on the same rows: how far their figures differ, where they disagree, what made them differ.

Shapes in names: N rows, K labels of the set, R resamples.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.artifact import Metadata
from model.network import Artifact
from model.rows import DataError
from training import metrics
from training.data import Examples
from training.evaluate import figures_of, row_features
from training.scoring import score_texts

COMPARED = {"accuracy": "accuracy", "macro_recall": "macro recall", "ece": "ECE"}
"""Figures that are compared, and what tables call them."""
_NOT_RECIPE = {"best_step", "strict", "checkpoint_every_s"}
"""Of a run's record: what decides nothing that could be told apart, or is a result."""


def answer(artifact: Artifact, texts: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """Calibrated probabilities (N, K) of an artifact for texts, answered among the labels of their set.

    Raises: DataError if the artifact lacks one of them.
    """
    config = artifact.metadata.model
    missing = [label for label in labels if label not in config.labels]
    if missing:
        known = ", ".join(config.labels)
        raise DataError(f"label {missing[0]!r} is unknown to version {artifact.metadata.version}, which has {known}")
    columns = [config.labels.index(label) for label in labels]
    logits_NK = score_texts(artifact.network, artifact.tokenizer, config.max_tokens, texts)[:, columns]
    return metrics.masked_probabilities(logits_NK, np.full(len(columns), True), artifact.metadata.temperature)


def compare_answers(
    a_NK: np.ndarray, b_NK: np.ndarray, gold_N: np.ndarray, labels: Sequence[str], seed: int = 0
) -> dict[str, Any]:
    """Figures of A and of B on one set, and of B less A, as JSON types.

    a, b: probabilities over the set's labels. gold: indices into these.
    Returns: n, labels; a and b, each with a figure and its NAME_interval of 95 %; difference by figure, each of value,
    interval and p; only_a_right, only_b_right and mcnemar_p; disagreements of rows, a, b and gold, most rows first.
    Why: both are resampled with the same rows, so that what is hard for both cancels. p is twice the share of
    resamples in which the difference is 0 or on the other side of it, at most 1.
    """
    num_labels = len(labels)
    features = [row_features(values_NK, gold_N) for values_NK in (a_NK, b_NK)]
    width = features[0].shape[1]
    resampled_RF = metrics.resampled_sums(np.concatenate(features, axis=1), seed)
    found = [figures_of(item.sum(axis=0), num_labels) for item in features]
    spread = [figures_of(part, num_labels) for part in (resampled_RF[:, :width], resampled_RF[:, width:])]
    difference = {}
    for name in COMPARED:
        differences_R = spread[1][name] - spread[0][name]
        share = min(float((differences_R <= 0).mean()), float((differences_R >= 0).mean()))
        difference[name] = {
            "value": float(found[1][name] - found[0][name]),
            "interval": list(metrics.interval(differences_R)),
            "p": min(1.0, 2 * share),
        }
    a_N, b_N = a_NK.argmax(axis=1), b_NK.argmax(axis=1)
    only_a, only_b = (
        int(((a_N == gold_N) & (b_N != gold_N)).sum()),
        int(((b_N == gold_N) & (a_N != gold_N)).sum()),
    )
    parted = np.flatnonzero(a_N != b_N)
    cases = Counter(zip(a_N[parted].tolist(), b_N[parted].tolist(), gold_N[parted].tolist(), strict=True))
    sides = [
        {name: float(values[name]) for name in COMPARED}
        | {f"{name}_interval": list(metrics.interval(around[name])) for name in COMPARED}
        for values, around in zip(found, spread, strict=True)
    ]
    return {
        "n": len(gold_N),
        "labels": list(labels),
        "a": sides[0],
        "b": sides[1],
        "difference": difference,
        "only_a_right": only_a,
        "only_b_right": only_b,
        "mcnemar_p": mcnemar(only_a, only_b),
        "disagreements": [
            {"rows": rows, "a": labels[a], "b": labels[b], "gold": labels[gold]}
            for (a, b, gold), rows in sorted(cases.items(), key=lambda item: (-item[1], item[0]))
        ],
    }


def mcnemar(only_a: int, only_b: int) -> float:
    """Probability that a fair coin parts so many rows, which one of two got right, at least as unevenly.

    The exact test, two-sided.   Source: McNemar 1947; Edwards 1948 for the exact form.
    """
    tosses, fewer = only_a + only_b, min(only_a, only_b)
    term = total = 1  # integers, as a float holds no more than 2 to the 1,023
    for heads in range(fewer):
        term = term * (tosses - heads) // (heads + 1)
        total += term
    return float(min(1.0, 2 * total / 2**tosses))


def select(examples: Examples, labels: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Labels that a set can carry, and its gold as indices into these.

    labels: those that the set's targets are indices into.
    """
    carried = np.flatnonzero(examples.carried)
    return [label for label, is_carried in zip(labels, examples.carried, strict=True) if is_carried], np.searchsorted(
        carried, examples.targets
    )


def find_changes(a: Metadata, b: Metadata) -> list[tuple[str, str, str]]:
    """What may have made B differ from A: field, A's and B's value, of network, recipe, data, code and libraries."""
    return _changes(_describe(a), _describe(b))


def shorten_commit(commit: str | None) -> str:
    """The head of a commit's hash, with the + of files that differ from it; empty if it is unknown."""
    return f"{commit[:10]}{'+' * commit.endswith('+')}" if commit else ""


def tell_record(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a config's record, and of its parts, by name, each with its value as text."""
    found = []
    for name, value in sorted(record.items()):
        parts = tell_record(value) if isinstance(value, Mapping) else [("", _tell(value))]
        found += [(f"{name}.{part}".rstrip("."), text) for part, text in parts]
    return found


def _describe(metadata: Metadata) -> dict[str, Any]:
    model = metadata.model.to_dict()
    data = {
        item["name"]: f"{sum(item['rows'].values()):,} rows, sha256 {item['sha256'][:8]}…" for item in metadata.data
    }
    recipe = {name: value for name, value in metadata.training.items() if name not in {*model, *_NOT_RECIPE}}
    return {
        **model,
        **recipe,
        "data": data,
        "libraries": metadata.libraries,
        "commit": shorten_commit(metadata.git_commit),
    }


def _changes(a: Mapping[str, Any], b: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str, str]]:
    """Fields of two records that differ; a part of the recipe that only one has is one of them, not each of its own."""
    found = []
    for name in dict.fromkeys([*a, *b]):
        first, second = a.get(name), b.get(name)
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            # A source that only one has stands in the lists of sources already.
            common = set(first) & set(second) if name == "data" else {*first, *second}
            left, right = ({key: value for key, value in side.items() if key in common} for side in (first, second))
            found += _changes(left, right, f"{prefix}{name}.")
        elif _tell(first) != _tell(second):
            found.append((prefix + name, _tell(first), _tell(second)))
    return found


def _tell(value: Any) -> str:
    """A value of a record as text: JSON's and Python's alike, sources by name."""
    if isinstance(value, Mapping):
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(map(_name_source, value)) or "–"
    return "–" if value in (None, "") else str(value)


def _name_source(item: Any) -> str:
    """A source or a teacher, from its record in a config, as text; anything else as it is."""
    if not isinstance(item, Mapping):
        return str(item)
    repeat = f" ×{item['repeat']}" if item.get("repeat", 1) != 1 else ""
    held_out = f" ({item['held_out']:.0%} held out)" if item.get("held_out") else ""
    return f"{item.get('name', item.get('model'))}{repeat}{held_out}"
