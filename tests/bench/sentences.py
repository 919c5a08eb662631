"""Segmenters compared, and the threshold of `mixed`: `python -m tests.bench.sentences`.

Ours is compared with those that are installed of others (`pip install pysbd blingfire sentencex syntok nupunkt
yasbd-lib`), on the hand-cut texts of the tests. With --labelled FILE, JSON Lines of positive and negative texts,
also how often `mixed` is told of two sentences of opposite labels and of two of one label, by threshold.
"""

import argparse
import gzip
import importlib
import importlib.metadata
import json
import random
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from model import SHIPPED
from service.onnx_predictor import OnnxPredictor
from service.prediction import judge
from service.sentences import Span, split_sentences
from tests.sentences import Case, read_cases, spans_of

Segmenter = Callable[[str, str], list[Span]]
"""Text and language to spans."""

HOSTILE = ("a", ".", "好", "a. ", "Dr. ", "。", '"', "(", "\n", "1.")
HOSTILE_CHARS = 20_000
"""A tenth of what a text may have: the slowest of the others take minutes for more."""
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
PAIRS = 2000


def by_strings(pieces: Sequence[str], text: str) -> list[Span]:
    """Spans of sentences that a segmenter gives as strings; it may have dropped white space between them."""
    ends, position = [], 0
    for piece in pieces:
        start = text.find(piece.strip(), position)
        if start < 0:
            return []  # it has altered the text
        ends.append(start)
        position = start + len(piece.strip())
    cuts = [*ends[1:], len(text)]
    return spans_of([text[start:end] for start, end in zip([0, *cuts], cuts, strict=False)])


def _icu() -> Segmenter:
    breaker = importlib.import_module("icu4py.breakers").SentenceBreaker

    def segment(text: str, language: str) -> list[Span]:
        ends = list(accumulate(map(len, breaker(text, language))))
        return spans_of([text[start:end] for start, end in zip([0, *ends], ends, strict=False)])

    return segment


def _pysbd() -> Segmenter:
    module = importlib.import_module("pysbd")
    segmenters = {language: module.Segmenter(language=language, clean=False) for language in ("en", "zh")}
    return lambda text, language: by_strings(segmenters[language].segment(text), text)


def _yasbd() -> Segmenter:
    module = importlib.import_module("yasbd")
    segmenters = {language: module.BoundaryDetector(lang=language) for language in ("en", "zh")}
    return lambda text, language: by_strings(list(segmenters[language].segment(text)), text)


def _blingfire() -> Segmenter:
    module = importlib.import_module("blingfire")

    def segment(text: str, language: str) -> list[Span]:
        starts = [start for start, _ in module.text_to_sentences_and_offsets(text)[1]]
        ends = [*starts[1:], len(text)]
        return spans_of([text[start:end] for start, end in zip([0, *ends], ends, strict=False)])

    return segment


def _sentencex() -> Segmenter:
    module = importlib.import_module("sentencex")
    return lambda text, language: by_strings(module.segment(language, text), text)


def _nupunkt() -> Segmenter:
    module = importlib.import_module("nupunkt")
    return lambda text, language: by_strings(module.sent_tokenize(text), text)


def _syntok() -> Segmenter:
    module = importlib.import_module("syntok.segmenter")

    def segment(text: str, language: str) -> list[Span]:
        starts = [sentence[0].offset for paragraph in module.analyze(text) for sentence in paragraph]
        ends = [*starts[1:], len(text)]
        return spans_of([text[start:end] for start, end in zip([0, *ends], ends, strict=False)])

    return segment


SEGMENTERS: dict[str, Callable[[], Segmenter]] = {
    "ours": lambda: lambda text, language: split_sentences(text),
    "icu4py": _icu,
    "sentencex": _sentencex,
    "yasbd-lib": _yasbd,
    "pysbd": _pysbd,
    "blingfire": _blingfire,
    "nupunkt": _nupunkt,
    "syntok": _syntok,
}


def measure(name: str, cases: Sequence[Case]) -> dict[str, Any]:
    """How many texts a segmenter cuts exactly so, by language and part; microseconds of one; seconds of the worst."""
    segment = SEGMENTERS[name]()
    row: dict[str, Any] = {"segmenter": name}
    for language in ("en", "zh"):
        for held_out in (False, True):
            own = [case for case in cases if (case.language, case.held_out) == (language, held_out)]
            right = sum(segment(case.text, case.language) == case.spans for case in own)
            row[f"{language}{' held out' if held_out else ''}"] = f"{right} of {len(own)}"
    started_at = time.perf_counter()
    for case in [*cases] * 10:
        segment(case.text, case.language)
    row["us a text"] = round((time.perf_counter() - started_at) / (10 * len(cases)) * 1e6, 1)
    worst_s = 0.0
    for text in HOSTILE:
        started_at = time.perf_counter()
        segment((text * HOSTILE_CHARS)[:HOSTILE_CHARS], "en")
        worst_s = max(worst_s, time.perf_counter() - started_at)
    row[f"worst s of {HOSTILE_CHARS}"] = round(worst_s, 3)
    return row


def measure_mixed(path: Path, predictor: OnnxPredictor) -> list[dict[str, Any]]:
    """By threshold: share of pairs called mixed, of opposite labels and of one, drawn from texts of one sentence."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [row for row in rows if row["label"] in ("positive", "negative") and len(split_sentences(row["text"])) == 1]
    opinions: dict[str, list[tuple[str, float]]] = {"positive": [], "negative": []}
    for row, ids in zip(rows, predictor.encode([row["text"] for row in rows]), strict=True):
        if len(ids) <= predictor.info.max_tokens:
            opinions[row["label"]].append(judge(predictor.predict([ids])[0], predictor.info)[:2])
    draw = random.Random(0)
    good, bad = opinions["positive"], opinions["negative"]
    opposite = [(draw.choice(good), draw.choice(bad)) for _ in range(PAIRS)]
    same = [tuple(draw.sample(own, 2)) for own in (good, bad) for _ in range(PAIRS // 2)]

    def share(pairs: Sequence[Sequence[tuple[str, float]]], threshold: float) -> float:
        plain = [{label for label, score in pair if score >= threshold} for pair in pairs]
        return round(sum(labels >= {"positive", "negative"} for labels in plain) / len(pairs), 3)

    return [
        {"set": path.name, "from": threshold, "opposite": share(opposite, threshold), "same": share(same, threshold)}
        for threshold in THRESHOLDS
    ]


def main() -> None:
    """Print both tables, and who is left out; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sentences", description=__doc__)
    parser.add_argument("--labelled", type=Path, nargs="*", default=[], help="gzipped JSON Lines of text and label")
    options = parser.parse_args()
    rows = []
    for name in SEGMENTERS:
        try:
            rows.append(measure(name, read_cases()))
        except ImportError as error:
            print(name, f"left out: {error}", sep=" | ", flush=True)
            continue
        print(*rows[-1].values(), sep=" | ", flush=True)
    predictor = OnnxPredictor.load(SHIPPED, 1)
    mixed = [row for path in options.labelled for row in measure_mixed(path, predictor)]
    for row in mixed:
        print(*row.values(), sep=" | ")
    print(json.dumps({"segmenters": rows, "mixed": mixed}, ensure_ascii=False))


if __name__ == "__main__":
    main()
