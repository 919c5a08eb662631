"""Whether explanations are true, and what they cost: `python -m tests.bench.explain FILE...`.

FILE: gzipped JSON Lines with a member `text`. Of each text the fifth of tokens that an explanation ranks highest is
deleted, and the text read again: how far the probability of its label moves, against deletions of as many tokens drawn
at random. Then, on a text of 30 tokens, the time of an explanation against that of a plain answer, all told: tokenizer,
network, arithmetic and the reply's bytes. Prints a table; the last line is JSON.
"""

import argparse
import gzip
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from model import SHIPPED
from service.explanation import margin_weights
from service.onnx_predictor import OnnxPredictor
from service.prediction import explain, judge, softmax

SHARE = 0.2
DRAWS = 10
FEWEST_TOKENS = 5
ROWS_AT_ONCE = 32
TIMED_TOKENS = 30
RUNS = 400


def read_rows(path: Path, predictor: OnnxPredictor, most: int) -> list[list[int]]:
    """Rows of texts drawn from a file, cut to a window."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    random.Random(0).shuffle(texts)
    rows = [row[: predictor.info.max_tokens] for row in predictor.encode(texts[: 2 * most])]
    return [row for row in rows if len(row) >= FEWEST_TOKENS][:most]


def probabilities(rows: Sequence[list[int]], predictor: OnnxPredictor) -> list[list[float]]:
    """Of every label, for rows in any order."""
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    found: dict[int, list[float]] = {}
    for start in range(0, len(order), ROWS_AT_ONCE):
        part = order[start : start + ROWS_AT_ONCE]
        for index, logits in zip(part, predictor.predict([rows[index] for index in part]), strict=True):
            found[index] = softmax([value / predictor.info.temperature for value in logits])
    return [found[index] for index in range(len(rows))]


def deletion_test(rows: Sequence[list[int]], predictor: OnnxPredictor) -> dict[str, Any]:
    """Medians of how far the probability moves, and of the ratio of both moves."""
    draw = random.Random(0)
    before, variants = probabilities(rows, predictor), []
    for row, scores in zip(rows, before, strict=True):
        gains = predictor.explain([row])[0].contributions_TC @ margin_weights(scores)
        count = max(1, round(SHARE * len(row)))
        chosen = [set(gains.argsort()[-count:].tolist())]
        chosen += [set(draw.sample(range(len(row)), count)) for _ in range(DRAWS)]
        variants += [[token for index, token in enumerate(row) if index not in gone] for gone in chosen]
    after = probabilities(variants, predictor)
    highest, at_random = [], []
    for index, scores in enumerate(before):
        best = scores.index(max(scores))
        moves = [abs(scores[best] - other[best]) for other in after[index * (1 + DRAWS) :][: 1 + DRAWS]]
        highest.append(moves[0])
        at_random.append(statistics.fmean(moves[1:]))
    ratios = [high / max(low, 1e-9) for high, low in zip(highest, at_random, strict=True)]
    return {
        "n": len(rows),
        "highest": round(statistics.median(highest), 3),
        "random": round(statistics.median(at_random), 3),
        "ratio of medians": round(statistics.median(highest) / statistics.median(at_random), 2),
        "median ratio": round(statistics.median(ratios), 2),
    }


def median_us(*works: Callable[[], object]) -> list[float]:
    """Microseconds of a call of each; they take turns, so that other load of the machine meets all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, own in zip(works, times, strict=True):
            started_at = time.perf_counter()
            work()
            own.append(time.perf_counter() - started_at)
    return [round(statistics.median(own) * 1e6, 1) for own in times]


def measure_cost(predictor: OnnxPredictor) -> dict[str, Any]:
    """Microseconds of a plain answer and of an explained one."""
    text = "the room was clean and the staff were kind, " * 5
    while len(predictor.encode([text])[0]) > TIMED_TOKENS:
        text = text[:-1]
    info = predictor.info

    def plain() -> bytes:
        return orjson.dumps(judge(predictor.predict(predictor.encode([text]))[0], info)._asdict())

    def explained() -> bytes:
        answer = predictor.explain(predictor.encode([text]))[0]
        opinion = judge(answer.logits, info)._asdict()
        return orjson.dumps(opinion | {"explanation": explain(text, predictor.locate([text])[0], answer, info)})

    plain_us, explained_us = median_us(plain, explained)
    return {"plain_us": plain_us, "explained_us": explained_us, "times": round(explained_us / plain_us, 2)}


def main() -> None:
    """Print the table; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.explain", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--artifact", type=Path, default=SHIPPED)
    parser.add_argument("--rows", type=int, default=250, help="texts of each file")
    options = parser.parse_args()
    predictor = OnnxPredictor.load(options.artifact, 1)
    results = []
    for path in options.files:
        rows = read_rows(path, predictor, options.rows)
        results.append({"set": path.name.split(".jsonl")[0], **deletion_test(rows, predictor)})
        print(*results[-1].values(), sep=" | ", flush=True)
    cost = measure_cost(predictor)
    print(f"{TIMED_TOKENS} tokens: {cost}")
    print(json.dumps({"deletion": results, "cost": cost}))


if __name__ == "__main__":
    main()
