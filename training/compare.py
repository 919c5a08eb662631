"""Compare two artifacts on labelled data: `python -m training compare A B DATA [DATA ...]`.

Is B better than A, or luckier? Both answer the same rows, so the difference is resampled in pairs: its interval is
narrower than those of A and B suggest.
"""

import argparse
import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.artifact import ArtifactError
from model.network import Artifact, load_artifact
from model.rows import DataError
from model.store import resolve
from training.comparison import COMPARED, answer, compare_answers, find_changes
from training.data import Corpus, read_source
from training.options import SOURCES
from training.progress import say
from training.sources import parse_source
from training.speed import load_forms, measure, sample

EPILOG = f"""\
{SOURCES}
what is printed
  For each set, a figure of A, of B, and of B less A, each with a 95 % bootstrap interval over rows; the same resamples
  serve both. p is twice the share of resamples in which the difference is 0 or on the other side of it: a small one
  says that other rows of the same kind would hardly turn the result. McNemar's p is the exact test of accuracy.
  An answer is chosen among the labels of its set, so a model of two labels and one of three compare on two.
  Figures are those of model.pt; speed is measured of every form that an artifact has, both in turn on the same texts.

examples
  python -m training compare models artifacts/mine dev.csv
  python -m training compare shipped artifacts/mine dev.csv tweets.jsonl.gz --disagreements --json compared.json
  python -m training compare runs/a runs/b 'shop.csv?label=stars&map=1:negative,3:,5:positive' --rounds 0
"""
SHOWN_CASES = 12
SHOWN_CHARS = 300
WIDTH = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of the two artifacts."""

    letter: str
    given: str
    directory: Path
    artifact: Artifact

    def describe(self) -> dict[str, Any]:
        """Where it comes from, and its size, as JSON types."""
        sizes = {name: (self.directory / name).stat().st_size for name in sorted(self.artifact.digests)}
        return {
            "path": self.given,
            "version": self.artifact.metadata.version,
            "labels": list(self.artifact.metadata.model.labels),
            "temperature": self.artifact.metadata.temperature,
            "weights": sum(value.numel() for value in self.artifact.network.state_dict().values()),
            "bytes": sum(sizes.values()),
            "files": sizes,
        }


def load_side(letter: str, given: str) -> Side:
    """Load an artifact, a store's current version, or `shipped`.

    Raises: ArtifactError.
    """
    from model import SHIPPED

    directory = resolve(SHIPPED if given == "shipped" else Path(given))
    return Side(letter=letter, given=given, directory=directory, artifact=load_artifact(directory))


def read_common(source_spec: str, sides: Sequence[Side], *, strict: bool) -> Corpus:
    """Read a source whose labels both artifacts must know.

    Raises: DataError naming the source, the label, and which of the two lacks it.
    """
    corpus = read_source(parse_source(source_spec), strict=strict)
    for side in sides:
        known = side.artifact.metadata.model.labels
        for label in corpus.carried:
            if label not in known:
                raise DataError(
                    f"{corpus.source.path}: unknown label {label!r}; {side.letter} ({side.given}) has "
                    f"{', '.join(known)} (map= renames labels of a file, or leaves their rows out)"
                )
    return corpus


def compare_corpus(a: Side, b: Side, corpus: Corpus) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Both artifacts on one set: the figures of `compare_answers`, and each row in which they disagree.

    Returns: figures; rows, each of text, gold, a, b and their confidences.
    """
    labels = corpus.carried
    gold_N = np.array([labels.index(label) for label in corpus.labels])
    first_NK, second_NK = (answer(side.artifact, corpus.texts, labels) for side in (a, b))
    parted = np.flatnonzero(first_NK.argmax(axis=1) != second_NK.argmax(axis=1))
    rows = [
        {
            "text": corpus.texts[int(row)],
            "gold": labels[gold_N[row]],
            **{
                key: value
                for letter, values_K in (("a", first_NK[row]), ("b", second_NK[row]))
                for key, value in (
                    (letter, labels[values_K.argmax()]),
                    (f"{letter}_confidence", round(float(values_K.max()), 4)),
                )
            },
        }
        for row in parted
    ]
    return compare_answers(first_NK, second_NK, gold_N, labels), rows


def render_sides(sides: Sequence[Mapping[str, Any]]) -> str:
    """What the two are: path, version, size."""
    lines = []
    for letter, side in zip("AB", sides, strict=True):
        networks = [f"{name} {size / 1e6:.1f}" for name, size in side["files"].items() if name.startswith("model.")]
        size = f"{side['bytes'] / 1e6:.1f} MB ({', '.join(networks)})"
        lines.append(f"{letter}  {side['path']}  version {side['version']}  {side['weights']:,} weights  {size}")
    return "\n".join(lines)


def render_set(name: str, path: str, result: Mapping[str, Any]) -> str:
    """The figures of one set as text."""
    lines = [f"{name}: {result['n']:,} rows of {', '.join(result['labels'])}  ({path})", ""]
    lines.append(f"  {'':12}  {'A':<21}  {'B':<21}  {'B - A':<26}  p")
    for figure, title in COMPARED.items():
        cells = [
            f"{result[side][figure]:.4f} {'{:.3f}-{:.3f}'.format(*result[side][f'{figure}_interval']):<14}"
            for side in ("a", "b")
        ]
        gap = result["difference"][figure]
        low, high = gap["interval"]
        lines.append(f"  {title:12}  {'  '.join(cells)}  {gap['value']:+.4f} {low:+.4f} to {high:+.4f}  {gap['p']:.3f}")
    only = f"only A right {result['only_a_right']:,}, only B right {result['only_b_right']:,}"
    lines += ["", f"  {only}: McNemar's p {result['mcnemar_p']:.3f}"]
    cases = result["disagreements"]
    parted = sum(case["rows"] for case in cases)
    lines.append(f"  they disagree on {parted:,} of {result['n']:,} rows" + (":" if cases else ""))
    if cases:
        width = max(8, *(len(label) for label in result["labels"]))
        lines.append(f"  {'rows':>9}  {'A said':{width}}  {'B said':{width}}  gold")
        for case in cases[:SHOWN_CASES]:
            lines.append(f"  {case['rows']:9,}  {case['a']:{width}}  {case['b']:{width}}  {case['gold']}")
        if len(cases) > SHOWN_CASES:
            lines.append(
                f"  {sum(case['rows'] for case in cases[SHOWN_CASES:]):9,}  in {len(cases) - SHOWN_CASES} more"
            )
    return "\n".join(lines)


def render_row(row: Mapping[str, Any]) -> str:
    """A row in which they disagree, as one line."""
    text = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(row["text"].split()))
    shown = text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"
    said = f"A {row['a']} {row['a_confidence']:.2f}, B {row['b']} {row['b_confidence']:.2f}, gold {row['gold']}"
    return f"  {said}: {shown}"


def render_speed(speed: Mapping[str, Any]) -> str:
    """The speed of every form as text."""
    head = (
        f"speed: {speed['texts']:,} texts, {speed['threads']} threads, median of {speed['rounds']} rounds, all in turn"
    )
    lines = [head, "", f"  {'':12}{'':16}{'A':>10}{'B':>10}  B / A, over rounds"]
    for form, sides in speed["forms"].items():
        for key, title, digits in (("texts_per_s", "texts/s", 0), ("ms_per_text", "ms a text alone", 2)):
            cells = [f"{sides[side][key]:,.{digits}f}" if sides[side] else "none" for side in ("a", "b")]
            ratio = (
                "{median:.2f}, {lowest:.2f} to {highest:.2f}".format(**sides["ratio"][key]) if "ratio" in sides else "–"
            )
            lines.append(f"  {form:12}{title:16}{cells[0]:>10}{cells[1]:>10}  {ratio}")
    return "\n".join(lines)


def render_changes(changes: Sequence[Sequence[str]]) -> str:
    """What the two were made of otherwise, as text."""
    if not changes:
        return "made alike: network, recipe, data, code and libraries are the same by their metadata"
    width = max(len(name) for name, _, _ in changes)
    lines = ["made otherwise (A -> B):"]
    for name, a, b in changes:
        if len(f"{a}{b}") <= WIDTH - 40:
            lines.append(f"  {name:{width}}  {a} -> {b}")
        else:
            parts = (
                textwrap.wrap(f"{sign}  {value}", WIDTH - 4, subsequent_indent=" " * 4)
                for sign, value in (("A", a), ("B", b))
            )
            lines += [f"  {name}", *(f"    {line}" for part in parts for line in part)]
    return "\n".join(lines)


def build_parser() -> argparse.ArgumentParser:
    """The options of this command."""
    parser = argparse.ArgumentParser(
        prog="python -m training compare",
        description="Compare two artifacts on labelled data: paired differences with intervals, where they disagree, "
        "speed and size.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("a", metavar="A", help="artifact directory, model store, or `shipped`: what stands now")
    parser.add_argument("b", metavar="B", help="artifact directory, model store, or `shipped`: what might replace it")
    parser.add_argument("data", nargs="+", metavar="DATA", help="labelled sources that neither was trained on")
    parser.add_argument("--disagreements", action="store_true", help="list the rows in which they disagree, with text")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of the measurement of speed; 0 leaves it out (default: %(default)s)"
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="also write every figure to this file, and with --disagreements these rows",
    )
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be used")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit status, which does not say who is better."""
    options = build_parser().parse_args(arguments)
    try:
        if options.rounds < 0:
            raise ValueError(f"--rounds {options.rounds}: must be at least 0")
        a, b = sides = load_side("A", options.a), load_side("B", options.b)
        corpora = [read_common(spec, sides, strict=options.strict) for spec in options.data]
        content: dict[str, Any] = {"a": a.describe(), "b": b.describe(), "sets": []}
        print(render_sides([content["a"], content["b"]]), end="\n\n", flush=True)
        for corpus in corpora:
            say(f"{corpus.source.name}: both answer {len(corpus.texts):,} texts")
            result, rows = compare_corpus(a, b, corpus)
            print(render_set(corpus.source.name, corpus.source.path, result), flush=True)
            if options.disagreements:
                print(*(render_row(row) for row in rows), sep="\n")
                result |= {"disagreeing_rows": rows}
            print(flush=True)
            content["sets"].append({**corpus.summary(), "path": corpus.source.path, **result})
        if options.rounds:
            texts = sample([text for corpus in corpora for text in corpus.texts])
            say(f"speed: {options.rounds + 1} rounds of {len(texts):,} texts")
            first, second = (load_forms(side.artifact, side.directory) for side in sides)
            content["speed"] = measure(first, second, texts, options.rounds)
            print(render_speed(content["speed"]), end="\n\n")
        content["changes"] = find_changes(a.artifact.metadata, b.artifact.metadata)
        print(render_changes(content["changes"]))
        if options.json:
            options.json.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (ArtifactError, DataError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
