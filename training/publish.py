"""Publish an artifact into a model store, past a gate: `python -m training publish ARTIFACT STORE --dev dev.csv`.

A model that is worse than the store's current one on the same dev sets is refused, unless forced.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.artifact import ArtifactError
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import ModelStore, resolve
from training.data import Examples, encode_labels
from training.evaluate import read_for
from training.metrics import macro_recall, masked_probabilities
from training.options import SOURCES
from training.scoring import score_texts
from training.sources import parse_source


class GateError(ValueError):
    """A model that must not become the current one."""


def publish(artifact: Path, store: ModelStore, dev_sets: Sequence[Examples], *, force: bool = False) -> str:
    """Publish an artifact if it is at least as good as the store's current one, by the mean macro recall of dev sets.

    dev_sets: targets and carried flags in the order of the artifact's labels. A store without a current version takes
    any whole artifact. force: publish whatever the comparison says; it is still printed.
    Returns: the version.   Raises: GateError; ArtifactError.
    """
    reason = ""
    if store.current is not None:
        candidate = load_artifact(artifact)
        try:
            reason = _why_worse(candidate, load_artifact(resolve(store.root)), dev_sets)
        except ArtifactError as error:
            reason = f"the current version cannot be compared with: {error}"
        if reason and not force:
            raise GateError(f"{artifact}: not published over {store.current}: {reason} (--force publishes it)")
    return store.publish(artifact)


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training publish",
        description="Publish an artifact into a model store, if it is no worse than the store's current version.",
        epilog=SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("artifact", type=Path, help="artifact directory")
    parser.add_argument("store", type=Path, help="model store; made if it is not there")
    parser.add_argument("--dev", nargs="+", required=True, metavar="SOURCE", help="labelled sources to compare on")
    parser.add_argument("--force", action="store_true", help="publish a worse model too")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        labels = load_artifact(options.artifact).metadata.model.labels
        dev_sets = []
        for spec in options.dev:
            corpus = read_for(labels, parse_source(spec))
            targets, carried = encode_labels(corpus, labels)
            name = corpus.source.name
            dev_sets.append(Examples(name=name, texts=corpus.texts, targets=targets, carried=carried))
        print(publish(options.artifact, ModelStore(options.store), dev_sets, force=options.force))
    except (ArtifactError, DataError, GateError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _why_worse(candidate: Artifact, current: Artifact, dev_sets: Sequence[Examples]) -> str:
    labels, known = candidate.metadata.model.labels, current.metadata.model.labels
    if labels != known:
        return f"labels are {', '.join(labels)}; those of the current version are {', '.join(known)}"
    scores = [(_score(candidate, item), _score(current, item)) for item in dev_sets]
    for item, (new, old) in zip(dev_sets, scores, strict=True):
        print(f"{item.name}: n {len(item.texts):,}  macro recall {new:.4f}, current {old:.4f}", file=sys.stderr)
    mean_new, mean_old = np.mean(scores, axis=0)
    if mean_new >= mean_old:
        return ""
    return f"mean macro recall is {mean_new:.4f}, of the current version {mean_old:.4f}"


def _score(artifact: Artifact, item: Examples) -> float:
    config = artifact.metadata.model
    logits_NC = score_texts(artifact.network, artifact.tokenizer, config.max_tokens, item.texts)
    predicted_N = masked_probabilities(logits_NC, np.array(item.carried)).argmax(axis=1)
    return macro_recall(np.array(item.targets), predicted_N)
