"""Publish an artifact into a model store, past a gate: `python -m training publish ARTIFACT STORE --dev dev.csv`.

A model that is worse than the store's current one on the same dev sets is refused, unless forced.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from torch import Tensor

from model.artifact import COMPILED, ArtifactError
from model.graph import check_graph
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import ModelStore, resolve
from training.data import Examples, encode_labels
from training.evaluate import read_for
from training.metrics import macro_recall, masked_probabilities
from training.onnx_export import OnnxNetwork
from training.options import SOURCES
from training.scoring import score_texts
from training.sources import parse_source


class GateError(ValueError):
    """A model that must not become the current one."""


def publish(artifact: Path, store: ModelStore, dev_sets: Sequence[Examples], *, force: bool = False) -> str:
    """Publish an artifact if it is at least as good as the store's current one, by the mean macro recall of dev sets.

    Of each, the worse of model.pt and model.onnx counts: a service may run either.
    dev_sets: targets and carried flags in the order of the artifact's labels. A store without a current version takes
    any whole artifact. force: publish whatever the comparison says; it is still printed.
    Returns: the version.   Raises: GateError; ArtifactError.
    """
    reason = ""
    if store.current is not None:
        candidate = load_artifact(artifact)
        scores = [_score(artifact, candidate, item) for item in dev_sets]
        try:
            reason = _why_worse(scores, candidate.metadata.model.labels, resolve(store.root), dev_sets)
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


def _why_worse(new: Sequence[float], labels: Sequence[str], current: Path, dev_sets: Sequence[Examples]) -> str:
    """Why an artifact of these scores and labels must not follow the current one; empty if it may."""
    artifact = load_artifact(current)
    known = artifact.metadata.model.labels
    if labels != known:
        return f"labels are {', '.join(labels)}; those of the current version are {', '.join(known)}"
    old = [_score(current, artifact, item) for item in dev_sets]
    for item, scores in zip(dev_sets, zip(new, old, strict=True), strict=True):
        shown = "macro recall {:.4f}, current {:.4f}".format(*scores)
        print(f"{item.name}: n {len(item.texts):,}  {shown}", file=sys.stderr)
    mean_new, mean_old = np.mean(new), np.mean(old)
    if mean_new >= mean_old:
        return ""
    return f"mean macro recall is {mean_new:.4f}, of the current version {mean_old:.4f}"


def _score(directory: Path, artifact: Artifact, item: Examples) -> float:
    """Macro recall on a dev set, of the worse of model.pt and model.onnx: a service may run either.

    Raises: ArtifactError if model.onnx cannot be run.
    """

    def recall(network: Callable[[Tensor, Tensor], Tensor]) -> float:
        max_tokens = artifact.metadata.model.max_tokens
        logits_NC = score_texts(network, artifact.tokenizer, max_tokens, item.texts)
        predicted_N = masked_probabilities(logits_NC, np.array(item.carried)).argmax(axis=1)
        return macro_recall(np.array(item.targets), predicted_N)

    found = recall(artifact.network)
    if COMPILED not in artifact.digests:
        return found
    content = (directory / COMPILED).read_bytes()
    try:
        check_graph(content)  # as a service does before it runs one
        compiled = recall(OnnxNetwork(content))
    except Exception as error:  # ONNX Runtime's have no base of their own
        raise ArtifactError(f"{directory / COMPILED}: cannot be run: {error}") from error
    if compiled < found:
        print(f"{item.name}: {directory / COMPILED} has {compiled:.4f}, model.pt {found:.4f}", file=sys.stderr)
    return min(found, compiled)
