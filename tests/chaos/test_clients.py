"""Hostile clients of each kind beside an innocent one, which must not notice, and what the server does with them."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from model import SHIPPED
from tests.bench.load import run_wrk
from tests.bench.texts import SHORT
from tests.chaos.attackers import LONG, OPEN_FILES
from tests.chaos.waiting import wait_until
from tests.service.conftest import ROOT, ServerProcess

TIMEOUT_S = 2.0
LATE_S = 2.0
"""That a timeout may be late by, on a busy machine."""
SLICE_S = 2
ROUNDS = 7
INNOCENTS = 2
"""Connections that ask short texts one after the other, as fast as they are answered."""
MOST_RATIO = 1.5
MOST_WASTE = 0.1
"""Share of the work of those who left that may be done: they are noticed after 0.05 s."""

EXPECTED: dict[str, set[str]] = {
    "leave_in_the_body": {"left"},
    "leave_before_the_answer": {"left"},
    "stall": {"closed", "408"},
    "drip": {"408"},
    "read_nothing": {"closed"},
    "pipeline": {"in order"},
    "lie": {"as expected"},
    "reuse": {"right"},
    "idle": {"open"},
}
"""What an attacker may see."""
TIMED = ("stall", "drip", "lie")
"""Kinds whose connections the timeout ends; those who read nothing are given as much behind a full buffer."""


@contextmanager
def attacking(kind: str, url: httpx.URL) -> Iterator[dict[str, Any]]:
    """While the block runs; what the attackers saw is there behind it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.attackers", kind, str(url)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    report: dict[str, Any] = {}
    try:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        yield report
        output, _ = process.communicate(timeout=120)
        report.update(json.loads(output))
    finally:
        process.kill()
        process.wait()


def sample(url: httpx.URL, name: str) -> float:
    lines = httpx.get(url.join("/metrics"), timeout=60).text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"{name} ")))


def p99_ms(url: httpx.URL, bodies: Path) -> float:
    """Of the innocent clients, none of whom may fail."""
    figures = run_wrk(str(url.join("/v1/sentiment")), bodies, INNOCENTS, SLICE_S)
    assert figures["errors"] == 0
    return figures["p99_us"] / 1000


@pytest.fixture
def bodies() -> Iterator[Path]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(json.dumps({"text": text}) for text in SHORT))
        file.flush()
        yield Path(file.name)


@pytest.fixture
def _open_files() -> Iterator[None]:
    """The server inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        pytest.skip(f"needs {OPEN_FILES} open files, the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, OPEN_FILES), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("_open_files")
@pytest.mark.parametrize("kind", EXPECTED)
def test_innocent_clients_notice_nothing_of_hostile_ones(
    serve: Callable[..., ServerProcess],
    amount: Callable[[int], int],
    record: Callable[..., None],
    bodies: Path,
    kind: str,
) -> None:
    server = serve(SHIPPED, request_timeout_s=str(TIMEOUT_S))
    url = httpx.URL(server.wait_until_ready())
    p99_ms(url, bodies)  # warm
    ratios, alone_ms, beside_ms, longest_s = [], [], [], 0.0
    seen: dict[str, int] = {}
    for _ in range(max(3, amount(ROUNDS))):
        alone_ms.append(p99_ms(url, bodies))
        with attacking(kind, url) as report:
            beside_ms.append(p99_ms(url, bodies))
        ratios.append(beside_ms[-1] / alone_ms[-1])
        longest_s = max(longest_s, report["longest_s"])
        seen = {what: seen.get(what, 0) + count for what, count in report["seen"].items()}
    ratio = statistics.median(ratios)
    timed = f", the slowest ended after {longest_s:.1f} s" if kind in TIMED else ""
    record(
        what=f"{kind.replace('_', ' ')}: {len(ratios)} rounds of {SLICE_S} s beside an innocent client",
        bound=f"its p99 <= {MOST_RATIO} times that without" + (f"; ended within {TIMEOUT_S} s" if timed else ""),
        measured=f"p99 {statistics.median(beside_ms):.1f} ms to {statistics.median(alone_ms):.1f} ms, "
        f"median of ratios {ratio:.2f}; " + ", ".join(f"{count:,} {what}" for what, count in seen.items()) + timed,
    )
    assert seen.keys() <= EXPECTED[kind]
    if kind in TIMED:
        assert longest_s <= TIMEOUT_S + LATE_S
    assert ratio <= MOST_RATIO
    assert sample(url, "sentiment_http_requests_in_progress") == 1  # that of the metrics
    assert server.terminate() == 0
    assert not [line for line in server.log if line["level"] in ("error", "critical")]


def test_work_of_those_who_left_is_not_done(
    serve: Callable[..., ServerProcess], amount: Callable[[int], int], record: Callable[..., None]
) -> None:
    """Whole requests of some seconds' work, on which nobody waits any more."""
    server = serve(SHIPPED, request_timeout_s="300")
    url = httpx.URL(server.wait_until_ready())
    before = sample(url, "sentiment_batch_tokens_sum")
    texts = json.loads(LONG)["texts"]
    assert httpx.post(url.join("/v1/sentiment"), json={"texts": texts}, timeout=300).status_code == 200
    of_one = sample(url, "sentiment_batch_tokens_sum") - before
    with attacking("leave_much_work", url) as report:
        wanted, cancelled = amount(100) * len(texts), 'sentiment_texts_total{outcome="cancelled"}'
        wait_until(lambda: sample(url, cancelled) >= wanted, 600)
    wait_until(lambda: sample(url, "sentiment_queue_texts") == 0, 60)
    left = report["seen"]["left"]
    done = (sample(url, "sentiment_batch_tokens_sum") - before - of_one) / (left * of_one)
    record(
        what=f"{left} clients leave before their answer, each to {of_one:,.0f} tokens",
        bound=f"<= {MOST_WASTE:.0%} of these are read",
        measured=f"{done:.1%}",
    )
    assert done <= MOST_WASTE
    assert sample(url, 'sentiment_texts_total{outcome="ok"}') == len(texts)
    assert server.terminate() == 0
