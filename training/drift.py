"""The baseline that drift is measured against: `python -m training drift ARTIFACT TEXTS... --out NEW`.

`fit` takes it from the dev sets of its run, which the texts of a service need not resemble: one that is only asked in
English is far from a baseline of two languages, and rightly so. This command takes it from a sample of the service's
own texts, without labels. Answers stay as they are.

Shapes in names: N texts, C labels.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from model.artifact import CARD, COMPILED, METADATA, ArtifactError, read_files, write_files
from model.drift import SUBWORDS, Baseline, bins, confidence_bin, count_subwords
from model.language import detect
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from model.tokenizer import SubwordTokenizer
from training.data import TextCorpus, read_texts
from training.export import version_name
from training.metrics import masked_probabilities
from training.options import rewriting_parser
from training.scoring import score_rows
from training.sources import parse_source

Answered = tuple[Sequence[str], Sequence[Sequence[int]], np.ndarray]
"""N texts, their token rows, and the network's logits (N, C)."""


def measure(
    sets: Iterable[Answered], labels: Sequence[str], temperature: float, tokenizer: SubwordTokenizer
) -> Baseline:
    """Shares over all texts of the sets together, as the service would answer them: among all labels."""
    fragments, all_labels = tokenizer.fragments(), np.ones(len(labels), dtype=bool)
    counts = {signal: dict.fromkeys(names, 0) for signal, names in bins(labels).items()}
    total = 0
    for texts, rows, logits_NC in sets:
        probabilities_NC = masked_probabilities(logits_NC, all_labels, temperature)
        for text, row, answer, score in zip(
            texts, rows, probabilities_NC.argmax(axis=1), probabilities_NC.max(axis=1), strict=True
        ):
            counts["label"][labels[int(answer)]] += 1
            counts["language"][detect(text)] += 1
            counts["confidence"][confidence_bin(float(score))] += 1
            for kind, count in zip(SUBWORDS, count_subwords(row, fragments), strict=True):
                counts["subword"][kind] += count
            total += 1
    return Baseline.from_counts(total, counts)


def set_baseline(artifact: Artifact, corpora: Sequence[TextCorpus], source: Path, out: Path) -> Baseline:
    """Write the artifact of folder `source` to `out`, with the baseline of these texts.

    Raises: FileExistsError as write_files does.
    """
    metadata, tokenizer, files = artifact.metadata, artifact.tokenizer, read_files(source)
    answered = []
    for corpus in corpora:
        rows = tokenizer.encode_batch(corpus.texts)
        logits_NC = score_rows(artifact.network, rows, tokenizer.pad_id, metadata.model.max_tokens)
        answered.append((corpus.texts, rows, logits_NC))
    baseline = measure(answered, metadata.model.labels, metadata.temperature, tokenizer)
    created_at, weights = datetime.now(UTC), artifact.network.state_dict()
    tells_apart = files.get(COMPILED, b"") + json.dumps(baseline.to_dict()).encode()
    version = version_name(weights, tokenizer, metadata.temperature, created_at, tells_apart)
    section = (
        f"\n## Baseline of drift\n\nVersion {version} answers as {metadata.version} does, and compares what it answers "
        f"with {baseline.texts:,} texts of {', '.join(corpus.source.name for corpus in corpora)}.\n"
    )
    metadata = replace(
        metadata, version=version, created_at=created_at.isoformat(timespec="seconds"), baseline=baseline
    )
    files[CARD] += section.encode()
    write_files(out, files | {METADATA: metadata.to_json().encode()})
    load_artifact(out)
    return baseline


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    return rewriting_parser(
        "drift",
        "Measure the texts that drift is told from, and write the artifact with them as a new one. Labels "
        "are not needed.",
        "TEXTS",
        "a sample of what the service is asked",
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        source = resolve(options.artifact)
        artifact = load_artifact(source)
        corpora = [read_texts(parse_source(spec), strict=options.strict) for spec in options.data]
        baseline = set_baseline(artifact, corpora, source, options.out)
    except (ArtifactError, DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for signal, shares in baseline.shares.items():
        print(f"{signal:<10}  " + "  ".join(f"{name} {share:.1%}" for name, share in shares.items()))
    print(f"{baseline.texts:,} texts; wrote {options.out}")
    return 0
