"""Fit the temperature of an artifact anew: `python -m training calibrate ARTIFACT DATA... --out artifacts/mine`.

Probabilities are calibrated where they were fitted; on texts of another kind they are off. Labels stay as they are.
The baseline of drift is taken anew from the same data, since the confidence in it was that of the old temperature.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from model.artifact import CARD, COMPILED, METADATA, ArtifactError, read_files, write_files
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training.calibration import fit_temperature
from training.card import replace_compiled_section
from training.classification import EncodedSet
from training.data import Corpus, encode_labels
from training.drift import measure
from training.evaluate import evaluate_corpus, read_for
from training.export import version_name
from training.metrics import masked_probabilities
from training.onnx_export import CompileError, check_compiled
from training.options import rewriting_parser
from training.scoring import score_rows
from training.sets import check_names
from training.sources import parse_source


def calibrate(artifact: Artifact, corpora: Sequence[Corpus], source: Path, out: Path) -> float:
    """Write the artifact of folder `source` to `out`, with the temperature that suits the corpora best.

    Its dev figures are those on the corpora, and its card says so; everything else is carried over. The compiled form
    is only if it keeps its bounds there: at a lower temperature its probabilities are further from the network's.
    Returns: the temperature.   Raises: DataError as `check_names` does; FileExistsError as write_files does.
    """
    check_names([corpus.source.name for corpus in corpora])
    config, labels, pad_id = artifact.metadata.model, artifact.metadata.model.labels, artifact.tokenizer.pad_id
    scored, answered, sets = [], [], []
    for corpus in corpora:
        targets, carried = encode_labels(corpus, labels)
        rows = artifact.tokenizer.encode_batch(corpus.texts)
        logits_NC = score_rows(artifact.network, rows, pad_id, config.max_tokens)
        sets.append(EncodedSet(corpus.source.name, rows, targets, carried))
        scored.append((logits_NC, np.array(targets), np.array(carried)))
        answered.append((corpus.texts, rows, logits_NC))
    temperature = fit_temperature(scored)
    figures, lines = {}, []
    for corpus, (logits_NC, gold_N, carried_C) in zip(corpora, scored, strict=True):
        before, after = (
            evaluate_corpus(
                masked_probabilities(logits_NC, carried_C, value), gold_N, carried_C.tolist(), config.labels
            )
            for value in (artifact.metadata.temperature, temperature)
        )
        figures[corpus.source.name] = after
        lines.append(f"- {corpus.source.name}, {after['n']:,} rows: ECE {before['ece']:.4f} -> {after['ece']:.4f}")
    created_at, weights = datetime.now(UTC), artifact.network.state_dict()
    files, compiled = read_files(source), {}
    if COMPILED in files:
        logits = [logits_NC for logits_NC, _, _ in scored]
        try:
            compiled[COMPILED] = check_compiled(files[COMPILED], config, temperature, sets, logits, pad_id)
        except CompileError as error:
            del files[COMPILED]
            lines.append(f"- no {COMPILED} any more, so that CPUs run the slower model.pt: {error}")
    version = version_name(weights, artifact.tokenizer, temperature, created_at, files.get(COMPILED, b""))
    metadata = replace(
        artifact.metadata,
        version=version,
        created_at=created_at.isoformat(timespec="seconds"),
        temperature=temperature,
        dev_metrics=figures,
        compiled=compiled,
        baseline=measure(answered, labels, temperature, artifact.tokenizer),
    )
    section = (
        f"\n## Calibrated anew\n\nVersion {metadata.version}: temperature {artifact.metadata.temperature:.3f} -> "
        f"{temperature:.3f}, fitted on the sets below. The figures and plots above, and the report, are those of "
        f"version {artifact.metadata.version}.\n\n" + "\n".join(lines) + "\n"
    )
    card = files[CARD].decode() + section
    files[CARD] = replace_compiled_section(card, compiled, metadata.version).encode()
    write_files(out, files | {METADATA: metadata.to_json().encode()})
    load_artifact(out)
    print("\n".join(lines))
    return temperature


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    return rewriting_parser(
        "calibrate",
        "Fit the temperature of an artifact on labelled data of your own, and write it as a new artifact.",
        "DATA",
        "labelled sources that it was not trained on",
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        source = resolve(options.artifact)
        artifact = load_artifact(source)
        labels = artifact.metadata.model.labels
        corpora = [read_for(labels, parse_source(spec), strict=options.strict) for spec in options.data]
        temperature = calibrate(artifact, corpora, source, options.out)
    except (ArtifactError, DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"temperature {artifact.metadata.temperature:.3f} -> {temperature:.3f}; wrote {options.out}")
    return 0
