"""Give an artifact its compiled form: `python -m training compile ARTIFACT DATA... --out NEW`.

`fit` does this by itself; an artifact that an earlier release made, with none or with one that lacks something, can be
given it without being trained again. If it has no baseline of drift, it gets that of the same data.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from model.artifact import CARD, COMPILED, METADATA, ArtifactError, read_files, write_files
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training.card import compiled_section, replace_compiled_section
from training.classification import EncodedSet
from training.data import Corpus, encode_labels
from training.drift import measure
from training.evaluate import read_for
from training.export import version_name
from training.onnx_export import CompileError, compile_checked
from training.options import rewriting_parser
from training.scoring import score_rows
from training.sets import check_names
from training.sources import parse_source


def add_compiled(artifact: Artifact, corpora: Sequence[Corpus], source: Path, out: Path) -> str:
    """Write the artifact of folder `source` to `out`, with a compiled form beside its network, a new one if it had one.

    Returns: what the card says of it.
    Raises: CompileError; DataError as `check_names` does; FileExistsError as write_files does.
    """
    check_names([corpus.source.name for corpus in corpora])
    metadata, tokenizer, weights = artifact.metadata, artifact.tokenizer, artifact.network.state_dict()
    sets, logits = [], []
    for corpus in corpora:
        rows = tokenizer.encode_batch(corpus.texts)
        sets.append(EncodedSet(corpus.source.name, rows, *encode_labels(corpus, metadata.model.labels)))
        logits.append(score_rows(artifact.network, rows, tokenizer.pad_id, metadata.model.max_tokens))
    compiled, figures = compile_checked(weights, metadata.model, metadata.temperature, sets, logits, tokenizer.pad_id)
    created_at = datetime.now(UTC)
    answered = [(corpus.texts, item.rows, scores) for corpus, item, scores in zip(corpora, sets, logits, strict=True)]
    metadata = replace(
        metadata,
        version=version_name(weights, tokenizer, metadata.temperature, created_at, compiled),
        created_at=created_at.isoformat(timespec="seconds"),
        compiled={COMPILED: figures},
        baseline=metadata.baseline or measure(answered, metadata.model.labels, metadata.temperature, tokenizer),
    )
    files = read_files(source) | {COMPILED: compiled, METADATA: metadata.to_json().encode()}
    files[CARD] = replace_compiled_section(files[CARD].decode(), metadata.compiled, metadata.version).encode()
    write_files(out, files)
    load_artifact(out)
    return compiled_section(metadata.compiled, metadata.version).rstrip() + "\n"


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    return rewriting_parser(
        "compile",
        "Give an artifact its int8 form for CPUs, made anew if it had one and held against its network on "
        "labelled data, and write it as a new artifact.",
        "DATA",
        "labelled sources, best those it was selected on",
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        source = resolve(options.artifact)
        artifact = load_artifact(source)
        labels = artifact.metadata.model.labels
        corpora = [read_for(labels, parse_source(spec), strict=options.strict) for spec in options.data]
        print(add_compiled(artifact, corpora, source, options.out))
    except (ArtifactError, CompileError, DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"wrote {options.out}")
    return 0
