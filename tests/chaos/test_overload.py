"""Overload: more is asked than can be answered, for a minute, and what is admitted is answered as fast as ever.

wrk sends the load, since a Python client would take more of the two cores than the server. What it became of is told
by others: the server's own metrics say how much was answered and refused, and a client that asks at random times, 50
times a second, sees what any client would; it and the two that ask for health are processes of their own.
"""

import json
import re
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import httpx
import pytest

from service.settings import Settings
from tests.bench.load import SCRIPT, run_load, running_service
from tests.bench.server import ask
from tests.chaos.clients import TEXTS, Count, ask_by_the_clock, ask_for, percentile, processes

OVERLOAD_S = 60
CALM_S = 10
"""That the most which can be answered is measured for: by 64 clients, each of which waits for its answer, while those
who look on in the overload do so too."""
ASKING = 800
"""Connections beside those whose requests are admitted."""
SAMPLES_PER_S = 50.0
REFUSED_WITHIN_S = 0.05
HEALTHY_WITHIN_S = 0.1
GOODPUT = 0.9
"""Of what can be answered; with the two bounds above, the aim on a machine with nothing else to do."""
SLACK = {2: 2, 10: 4}
"""Times those bounds that the test takes, at so many times of what can be answered. At 2 they were held on two cores
that the senders share, at 10 missed by up to 1.6 times."""
LEAST_GOODPUT = {2: 0.8, 10: 0.45}
"""As above. A refusal takes the server 0.07 ms, most of it in the kernel, and wrk 0.05, of two cores."""
OPEN_FILES = 8000


@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk: apt install wrk")
@pytest.mark.parametrize("times", [2, 10])
def test_overload_is_refused_and_the_rest_answered(
    times: int,
    record: Callable[..., None],
    amount: Callable[[int], int],
    tmp_path: Path,
    open_files: None,
) -> None:
    settings, seconds, bodies = Settings(), max(8, amount(OVERLOAD_S)), tmp_path / "bodies.jsonl"
    bodies.write_text("\n".join(json.dumps({"text": text}) for text in TEXTS))
    service = running_service(lambda url: ask(f"{url}/health/ready"), environment={})
    with service as (url, server), processes(3) as start:

        def look_on(for_s: float) -> list[Future[Count]]:
            return [
                start(ask_by_the_clock, url, SAMPLES_PER_S, for_s),
                start(ask_for, url, "/health/live", 0.1, for_s),
                start(ask_for, url, "/health/ready", 0.1, for_s),
            ]

        endpoint = f"{url}/v1/sentiment"
        onlookers = look_on(CALM_S + 2)
        calm = run_load(endpoint, server.tree, "mixed", [{"text": text} for text in TEXTS], 64, CALM_S)
        wait(onlookers)
        pause_ms = ASKING / (times * calm.requests_per_s) * 1000
        command = ["wrk", "-t1", f"-c{settings.queue_limit + ASKING}", f"-d{seconds}s", "--timeout", "60s"]
        command += ["--script", str(SCRIPT), endpoint]
        before, cpu_before_s = _answers(url), server.tree.cpu_s()
        load = subprocess.Popen([*command, "--", bodies, f"{pause_ms:.0f}"], stdout=subprocess.DEVNULL)
        onlookers = look_on(seconds - 1)
        assert load.wait() == 0
        after, cpu_s, peak_mb = _answers(url), server.tree.cpu_s() - cpu_before_s, server.tree.peak_rss_mb()
        sampled, *health = [onlooker.result() for onlooker in onlookers]
    counts = {status: (count - before.get(status, 0)) / seconds for status, count in after.items()}
    calm_cpu_s = calm.cpu_s_per_1000_requests or 0.0
    goodput = counts["200"] / calm.requests_per_s
    admitted_s = [each.latency_s for each in sampled.of(200)]
    refused_s = [each.latency_s for each in sampled.of(429, 503)]
    health_s = [each.latency_s for count in health for each in count.exchanges]
    record(
        what=f"{sum(counts.values()):,.0f} requests/s for {seconds} s, tweets and reviews, of which "
        f"{calm.requests_per_s:,.0f} can be answered (wanted: {times} times that)",
        bound=f"admitted p99 <= {settings.request_timeout_s:.0f} s; refused p99 <= {REFUSED_WITHIN_S * 1000:.0f} ms; "
        f"health <= {HEALTHY_WITHIN_S * 1000:.0f} ms; answered >= {GOODPUT:.0%} of what can be",
        measured=f"admitted p99 {percentile(admitted_s, 0.99):.1f} s; refused p99 "
        f"{percentile(refused_s, 0.99) * 1000:.0f} ms; health p99 {percentile(health_s, 0.99) * 1000:.0f} ms, at most "
        f"{max(health_s) * 1000:.0f} ms; answered {goodput:.0%}, for "
        f"each CPU second {counts['200'] * seconds / cpu_s / (1000 / calm_cpu_s):.0%}; peak RSS {peak_mb:.0f} MB",
    )
    assert {status for status, count in counts.items() if count} <= {"200", "429", "499", "503", "504"}
    assert {each.status for each in sampled.exchanges} <= {200, 429, 503}
    assert all(each.headers["retry-after"] for each in sampled.of(429, 503))
    assert all(each.status == 200 for count in health for each in count.exchanges)
    assert percentile(admitted_s, 0.99) <= settings.request_timeout_s
    assert goodput >= LEAST_GOODPUT[times]
    assert percentile(refused_s, 0.99) <= SLACK[times] * REFUSED_WITHIN_S
    assert max(health_s) <= SLACK[times] * HEALTHY_WITHIN_S


@pytest.fixture
def open_files() -> Iterator[None]:
    """Enough of them for wrk and the server, which inherit the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        pytest.skip(f"needs {OPEN_FILES} open files, the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, OPEN_FILES), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _answers(url: str) -> dict[str, float]:
    """Requests for sentiment until now, by status."""
    shown = httpx.get(f"{url}/metrics", timeout=30).text
    pattern = r'^sentiment_http_requests_total\{code="(\d+)",method="POST",route="/v1/sentiment"\} (\S+)$'
    return {status: float(count) for status, count in re.findall(pattern, shown, re.MULTILINE)}
