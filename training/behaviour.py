"""Score an artifact on pairs of texts that differ in one thing: `python -m training behaviour ARTIFACT FILE`.

A score on held-out rows hides what a model cannot do; a failure rate by capability shows it.
FILE has a JSON object a line: id, capability, language, kind, texts [a, b], and by kind

    label      labels [a, b]         each text must get its label
    invariant  max_shift, optional   both texts must get the same label, and no probability may move by more
    direction  label, of POLAR       P(label) must rise from a to b, and both texts must lie on its side

Where a label of POLAR is expected, the answer is the likelier of the two.
Shapes in names: N pairs, C labels of the artifact.   Source: Ribeiro et al. 2020, arXiv 2005.04118 (CheckList).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from model.artifact import ArtifactError
from model.network import Artifact, load_artifact
from model.rows import DataError, Problem, is_unicode
from model.store import resolve
from training.metrics import masked_probabilities
from training.readers import read_rows
from training.scoring import score_texts

POLAR = ("negative", "positive")
MAX_FALL = 0.02
"""A probability that has to rise may fall by this: near 1 it has nowhere to rise to, and rounding moves it."""
TOTAL = "total"
"""Stands for every capability, or every language."""

Table = dict[str, dict[str, dict[str, Any]]]
"""Figures by capability, then by language."""

_COLUMNS = ("id", "capability", "language", "kind", "texts")
_FIELD_OF_KIND = {"label": "labels", "invariant": "max_shift", "direction": "label"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two texts, and what their answers must be or have in common."""

    id: str
    capability: str
    language: str
    kind: str
    """label, invariant or direction."""
    texts: tuple[str, str]
    labels: tuple[str, str] = ("", "")
    """The label that each text must get; empty, of kind invariant, for any."""
    max_shift: float = 1.0
    """Of kind invariant: most that the probability of any label may move; 1 for no limit."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an artifact answered a pair."""

    predicted: tuple[str, str]
    confidences: tuple[float, float]
    """Probability of each predicted label among all labels."""
    failure: str
    """What is wrong with the answers; empty if nothing is."""


def read_pairs(path: str, labels: Sequence[str]) -> list[Pair]:
    """The pairs of a JSON Lines file.

    labels: of the artifact; a pair may expect no other.
    Raises: DataError naming file and row of the first line that is no pair, or the file if it has none.
    """
    pairs = []
    for row in read_rows(path, _COLUMNS):
        if isinstance(row, Problem):
            raise DataError(str(row))
        try:
            pairs.append(_parse(row.fields, labels))
        except ValueError as error:
            raise DataError(f"{path}:{row.number}: {error}") from error
    if not pairs:
        raise DataError(f"{path}: no pair in it")
    return pairs


def judge(pair: Pair, probabilities_2C: np.ndarray, labels: Sequence[str]) -> Verdict:
    """Whether the probabilities of a pair's two texts are what it expects."""
    first_C, second_C = probabilities_2C
    confidence_1, label_1 = _likeliest(first_C, labels, pair.labels[0])
    confidence_2, label_2 = _likeliest(second_C, labels, pair.labels[1])
    failure = _find_failure(pair, (label_1, label_2), dict(zip(labels, second_C - first_C, strict=True)))
    return Verdict((label_1, label_2), (confidence_1, confidence_2), failure)


def judge_all(artifact: Artifact, pairs: Sequence[Pair]) -> list[Verdict]:
    """The verdict on every pair, from calibrated probabilities as the service gives them."""
    config = artifact.metadata.model
    texts = [text for pair in pairs for text in pair.texts]
    logits = score_texts(artifact.network, artifact.tokenizer, config.max_tokens, texts)
    carried_C = np.ones(len(config.labels), dtype=bool)
    probabilities = masked_probabilities(logits, carried_C, artifact.metadata.temperature)
    probabilities_N2C = probabilities.reshape(len(pairs), 2, len(config.labels))
    return [judge(pair, values_2C, config.labels) for pair, values_2C in zip(pairs, probabilities_N2C, strict=True)]


def count(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> Table:
    """Pairs, failed and failure_rate of each capability in each language, and of their totals.

    Both stand in the order of the pairs, the total last; a language that a capability lacks is left out there.
    """
    failed = defaultdict(list)
    for pair, verdict in zip(pairs, verdicts, strict=True):
        for cell in product({pair.capability, TOTAL}, {pair.language, TOTAL}):
            failed[cell].append(bool(verdict.failure))
    languages = [*dict.fromkeys(pair.language for pair in pairs), TOTAL]
    table: Table = {capability: {} for capability in [*dict.fromkeys(pair.capability for pair in pairs), TOTAL]}
    for capability, language in product(table, languages):
        cases = failed[capability, language]
        if cases:
            figures = {"pairs": len(cases), "failed": sum(cases), "failure_rate": sum(cases) / len(cases)}
            table[capability][language] = figures
    return table


def render(table: Table) -> str:
    """The figures of `count` as text: a row for each capability, three columns for each language."""
    width, languages = max(map(len, table)), list(table[TOTAL])
    columns = f"{'pairs':>11}{'failed':>7}{'rate':>7}" * len(languages)
    lines = [" " * width + header for header in ("".join(f"{language:>25}" for language in languages), columns)]
    for capability, by_language in table.items():
        cells = [
            "{pairs:11,}{failed:7,}{failure_rate:7.1%}".format(**by_language[language])
            if language in by_language
            else f"{'-':>11}{'-':>7}{'-':>7}"
            for language in languages
        ]
        lines.append(f"{capability:{width}}{''.join(cells)}")
    return "\n".join(lines)


def render_failure(pair: Pair, verdict: Verdict) -> str:
    """A failed pair as text: what is wrong, then each text after its predicted label."""
    answers = zip(verdict.predicted, verdict.confidences, pair.texts, strict=True)
    lines = [f"  {label:10} {confidence:.2f}  {text}" for label, confidence, text in answers]
    return "\n".join([f"{pair.id}: {verdict.failure}", *lines])


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training behaviour",
        description="Score an artifact on minimal pairs: the share that it fails, by capability and language.",
    )
    parser.add_argument("artifact", type=Path, help="artifact directory or model store")
    parser.add_argument("file", metavar="FILE", help="pairs as JSON Lines; tests/data/behaviour.jsonl has some")
    parser.add_argument("--failures", action="store_true", help="list the failed pairs with their predicted labels")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write figures and failed pairs to this file")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status, which failed pairs do not change."""
    options = build_parser().parse_args(arguments)
    try:
        artifact = load_artifact(resolve(options.artifact))
        pairs = read_pairs(options.file, artifact.metadata.model.labels)
        verdicts = judge_all(artifact, pairs)
        table = count(pairs, verdicts)
        failed = [(pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True) if verdict.failure]
        print(render(table))
        if options.failures:
            print("", *(render_failure(pair, verdict) for pair, verdict in failed), sep="\n")
        if options.json:
            failures = [asdict(pair) | asdict(verdict) for pair, verdict in failed]
            content = {"model": artifact.metadata.version, "path": options.file, "figures": table, "failures": failures}
            options.json.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (ArtifactError, DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _find_failure(pair: Pair, predicted: tuple[str, str], shifts: dict[str, float]) -> str:
    """What is wrong with the answers to a pair, whose probabilities move by `shifts` from the first to the second."""
    if pair.kind == "invariant":
        farthest = max(shifts, key=lambda label: abs(shifts[label]))
        if predicted[0] != predicted[1]:
            return "expected the same label"
        if abs(shifts[farthest]) > pair.max_shift:
            return f"P({farthest}) moves by {abs(shifts[farthest]):.3f}, at most {pair.max_shift:g} expected"
    elif predicted != pair.labels:
        return f"expected {', '.join(pair.labels)}"
    elif pair.kind == "direction" and shifts[pair.labels[1]] < -MAX_FALL:
        return f"P({pair.labels[1]}) falls by {-shifts[pair.labels[1]]:.3f}, expected to rise"
    return ""


def _likeliest(probabilities_C: np.ndarray, labels: Sequence[str], wanted: str) -> tuple[float, str]:
    """Probability and label that a text gets: of POLAR where one of them is wanted, of all otherwise."""
    answers = zip(map(float, probabilities_C), labels, strict=True)
    return max(answer for answer in answers if wanted not in POLAR or answer[1] in POLAR)


def _parse(fields: dict[str, Any], labels: Sequence[str]) -> Pair:
    """The pair that a line holds.

    Raises: ValueError naming the field that is missing, unknown or wrong.
    """
    kind = fields["kind"]
    if not isinstance(kind, str) or kind not in _FIELD_OF_KIND:
        raise ValueError(f"kind={kind!r}: must be one of {', '.join(_FIELD_OF_KIND)}")
    for name in sorted(fields.keys() - {*_COLUMNS, _FIELD_OF_KIND[kind]}):
        raise ValueError(f"unknown field {name!r} of kind {kind}")
    for name in ("id", "capability", "language"):
        if not _is_text(fields[name]):
            raise ValueError(f"{name}={fields[name]!r}: must be a text that is not blank")
    wanted = ("", "")
    if kind == "label":
        wanted = _two_texts(fields, "labels")
    elif kind == "direction":
        if fields.get("label") not in POLAR:
            raise ValueError(f"label={fields.get('label')!r}: must be one of {', '.join(POLAR)}")
        wanted = (fields["label"], fields["label"])
    # A label of POLAR is judged against the other one, so the artifact needs both.
    needed = {*wanted, *(() if set(wanted).isdisjoint(POLAR) else POLAR)} - {""}
    for label in sorted(needed.difference(labels)):
        raise ValueError(f"unknown label {label!r}; the artifact has {', '.join(labels)}")
    max_shift = fields.get("max_shift", 1.0)
    if not isinstance(max_shift, float) or not 0.0 < max_shift <= 1.0:
        raise ValueError(f"max_shift={max_shift!r}: must be a decimal above 0, at most 1")
    same = {name: fields[name] for name in ("id", "capability", "language", "kind")}
    return Pair(**same, texts=_two_texts(fields, "texts"), labels=wanted, max_shift=max_shift)


def _two_texts(fields: dict[str, Any], name: str) -> tuple[str, str]:
    value = fields.get(name)
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_text, value)):
        raise ValueError(f"{name}={value!r}: must be a list of two texts that are not blank")
    return value[0], value[1]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and is_unicode(value)


if __name__ == "__main__":
    sys.exit(main())
