"""Load the real server and say what an answer costs: `python -m tests.bench.load --help`.

Starts `python -m service` with the SENTIMENT_* variables of the environment on a port of its own, waits until it is
ready, and drives it with wrk (Debian package `wrk`), which takes 3 % of a core where a Python client would take most of
one. Each request posts one random text over a connection that is kept. wrk's percentiles are corrected for coordinated
omission; an error is any status over 399 and any broken or timed-out connection. CPU time and memory are the kernel's
figures for the server and its children. The last line of output is one JSON object.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.texts import SHORT, make_reviews, read_texts

LONG_CONCURRENCY = 8
WARM_UP_S = 3
START_LIMIT_S = 120.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the environment's proxies are not for us


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One load; the last two are None for a server that runs elsewhere."""

    texts: str
    concurrency: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int
    peak_rss_mb: float | None
    cpu_s_per_1000_requests: float | None


class ProcessTree:
    """A server and its children, read from /proc."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu_s(self) -> float:
        """User and system time until now."""
        ticks = 0
        for pid in self._pids():
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(values[11]) + int(values[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def reset_peak_rss(self) -> None:
        """Let the kernel forget the peak until now."""
        for pid in self._pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_rss_mb(self) -> float:
        """Peak resident memory since the reset."""
        status = [line for pid in self._pids() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024

    def _pids(self) -> list[int]:
        found = [self.pid]
        for pid in found:  # grows while it is walked
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        return found


@contextmanager
def running_server() -> Iterator[tuple[str, ProcessTree, float]]:
    """`python -m service` on a free port: its URL, its processes, and the seconds from its start to ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "SENTIMENT_HOST": "127.0.0.1", "SENTIMENT_PORT": str(port)}
    with tempfile.TemporaryFile("w+") as log:
        started_at = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "service"], env=environment, stdout=log, stderr=log)
        try:
            while not _is_ready(url):
                if process.poll() is not None or time.monotonic() > started_at + START_LIMIT_S:
                    log.seek(0)
                    raise RuntimeError(f"server is not ready, exit code {process.returncode}:\n{log.read()[-3000:]}")
                time.sleep(0.02)
            yield url, ProcessTree(process.pid), round(time.monotonic() - started_at, 2)
        finally:
            process.send_signal(signal.SIGTERM)
            if exit_code := process.wait(60):
                print(f"server ended with exit code {exit_code}", file=sys.stderr)


def run_load(
    url: str, tree: ProcessTree | None, name: str, texts: Sequence[str], concurrency: int, seconds: int
) -> Result:
    """Drive one server with one set of texts at one concurrency.

    Raises: RuntimeError if it answers a text of them with anything but 200 and a label.
    """
    bodies = [json.dumps({"text": text}) for text in texts]
    answer = _ask(f"{url}/v1/sentiment", bodies[0].encode())
    if "label" not in answer:
        raise RuntimeError(f"{url} answers without a label: {answer}")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(bodies))
        file.flush()
        _run_wrk(url, Path(file.name), concurrency, WARM_UP_S)
        cpu_before_s = tree.cpu_s() if tree else 0.0
        if tree:
            tree.reset_peak_rss()
        figures = _run_wrk(url, Path(file.name), concurrency, seconds)
    return Result(
        texts=name,
        concurrency=concurrency,
        requests_per_s=round(figures["requests"] / figures["duration_us"] * 1e6, 1),
        p50_ms=figures["p50_us"] / 1000,
        p99_ms=figures["p99_us"] / 1000,
        errors=figures["errors"],
        peak_rss_mb=round(tree.peak_rss_mb(), 1) if tree else None,
        cpu_s_per_1000_requests=round((tree.cpu_s() - cpu_before_s) / figures["requests"] * 1000, 3) if tree else None,
    )


def _run_wrk(url: str, bodies: Path, concurrency: int, seconds: int) -> dict[str, int]:
    script = Path(__file__).with_name("wrk.lua")
    command = ["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", "--timeout", "30s", "--script", str(script)]
    command += [f"{url}/v1/sentiment", "--", str(bodies)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, int] = json.loads(output.splitlines()[-1])
    return figures


def _ask(url: str, body: bytes | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with _OPENER.open(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def _is_ready(url: str) -> bool:
    try:
        with _OPENER.open(f"{url}/health/ready", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _describe_machine() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].partition(": ")[2] if names else platform.machine()
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return (
        f"{processor}, {cores} cores, load average {load:.1f} before; Python {platform.python_version()}, "
        f"torch {version('torch')}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )


def _print_row(cells: Sequence[object]) -> None:
    print(" | ".join(f"{'-' if cell is None else cell:>9}" for cell in cells), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the load test."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--short", type=Path, help="texts for every concurrency: .jsonl, .jsonl.gz or a text a line")
    parser.add_argument("--long", type=Path, help=f"texts for the load at concurrency {LONG_CONCURRENCY}")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64], help="connections with short texts")
    parser.add_argument("--seconds", type=int, default=10, help=f"of each load, after {WARM_UP_S} s of warm-up")
    parser.add_argument("--url", help="of a server that runs already, whose CPU time and memory are not read")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        parser.error("wrk is not installed; Debian and Ubuntu: apt install wrk")
    short = read_texts(options.short) if options.short else SHORT
    long = read_texts(options.long) if options.long else make_reviews()
    loads = [("short", short, concurrency) for concurrency in options.concurrency]
    loads.append(("long", long, LONG_CONCURRENCY))
    machine = _describe_machine()

    results = []
    with nullcontext((options.url, None, None)) if options.url else running_server() as (url, tree, start_to_ready_s):
        _print_row(["texts", "c", "req/s", "p50 ms", "p99 ms", "errors", "RSS MB", "CPU s/1k"])
        for name, texts, concurrency in loads:
            results.append(run_load(url, tree, name, texts, concurrency, options.seconds))
            _print_row(list(asdict(results[-1]).values()))
        model = _ask(f"{url}/v1/model")["version"]
    if start_to_ready_s is not None:
        print(f"start to ready: {start_to_ready_s} s")
    print(f"model {model}; {machine}")
    summary = {"model": model, "machine": machine, "start_to_ready_s": start_to_ready_s}
    print(json.dumps(summary | {"loads": [asdict(result) for result in results]}, separators=(",", ":")))
    return 1 if any(result.errors for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
