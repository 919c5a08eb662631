"""A million requests of all lengths: no error, no growth, and the last are as fast as the first."""

import json
import math
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.load import run_wrk, running_service
from tests.bench.server import ask
from tests.chaos.clients import make_texts
from tests.service.conftest import ROOT

REQUESTS = 1_000_000
LONGEST = 2000
"""Tokens. Lengths are log-uniform from 1 on: as many texts of 1 to 45 as of 45 to 2,000, 263 in the mean."""
BODIES = 4000
"""Different ones; which is asked next is random."""
CONNECTIONS = 8
SLICES, LEAST_SLICES = 40, 16
"""As many as the speed of the warm-up lets expect, and those that halves and quarters need."""
WARM_UP_S = 5
SAMPLE = 20
"""Bodies whose answers are compared after each slice with those to the same bodies before."""
TOLERANCE = 1e-5
PROGRESS = ROOT / "build" / "soak.tsv"
"""A line for each slice: requests so far, requests/s, p50 and p99 in ms, errors, RSS in MB."""


def test_a_million_requests_leave_the_service_as_it_was(
    amount: Callable[[int], int], record: Callable[..., None], tmp_path: Path
) -> None:
    generator = random.Random(0)
    texts = make_texts(round(math.exp(generator.uniform(0, math.log(LONGEST)))) for _ in range(BODIES))
    wanted = amount(REQUESTS)
    bodies = tmp_path / "bodies.jsonl"
    bodies.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    sample = random.Random(1).sample(texts, SAMPLE)
    PROGRESS.parent.mkdir(exist_ok=True)
    with (
        running_service(lambda url: ask(f"{url}/health/ready"), environment={}) as (url, server),
        PROGRESS.open("w") as progress,
    ):
        endpoint = f"{url}/v1/sentiment"
        known = [ask(endpoint, {"text": text}) for text in sample]
        slices: list[dict[str, Any]] = []
        first = run_wrk(endpoint, bodies, CONNECTIONS, WARM_UP_S)
        slice_s = max(1, round(wanted / SLICES / first["requests"] * WARM_UP_S))
        done, wrong = 0, 0
        while done < wanted or len(slices) < LEAST_SLICES:
            figures = run_wrk(endpoint, bodies, CONNECTIONS, slice_s)
            done += figures["requests"]
            slices.append(figures | {"rss_mb": server.tree.rss_mb()})
            answers = [ask(endpoint, {"text": text}) for text in sample]
            wrong += sum(not alike(*pair) for pair in zip(answers, known, strict=True))
            cells = [done, figures["requests"] // slice_s, figures["p50_us"] / 1000, figures["p99_us"] / 1000]
            print(*cells, figures["errors"], round(slices[-1]["rss_mb"], 1), sep="\t", file=progress, flush=True)
    half, quarter, eighth = len(slices) // 2, len(slices) // 4, len(slices) // 8
    second_ms, last_ms = median(slices[quarter:half], "p99_us") / 1000, median(slices[-quarter:], "p99_us") / 1000
    middle_mb, end_mb = median(slices[half : half + eighth], "rss_mb"), median(slices[-eighth:], "rss_mb")
    errors = sum(each["errors"] for each in slices)
    record(
        what=f"{done:,} requests of 1 to {LONGEST:,} tokens, log-uniform, on {CONNECTIONS} connections",
        bound="0 errors; RSS grows <= 5 % in the last half; p99 of the last quarter <= 1.2 times the second's",
        measured=f"{errors} errors, {wrong} of {SAMPLE * len(slices)} compared answers wrong; "
        f"RSS {middle_mb:.0f} MB in the middle, {end_mb:.0f} MB at the end; "
        f"p99 {second_ms:.1f} ms and {last_ms:.1f} ms",
    )
    assert (errors, wrong) == (0, 0)
    assert end_mb <= 1.05 * middle_mb
    assert last_ms <= 1.2 * second_ms


def median(slices: list[dict[str, Any]], figure: str) -> float:
    return statistics.median(float(each[figure]) for each in slices)


def alike(answer: dict[str, Any], known: dict[str, Any]) -> bool:
    return answer.keys() == known.keys() and all(
        abs(answer["scores"][label] - score) <= TOLERANCE for label, score in known["scores"].items()
    )
