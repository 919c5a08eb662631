"""Load the real server and say what an answer costs: `python -m tests.bench.load --help`.

Starts `python -m service` with the SENTIMENT_* variables of the environment on a port of its own, waits until it is
ready, and drives it with wrk (Debian package `wrk`), which takes 3 % of a core where a Python client would take most of
one. Each request posts one random text over a connection that is kept. wrk's percentiles are corrected for coordinated
omission; an error is any status over 399 and any broken or timed-out connection. CPU time and memory are the kernel's
figures for the server and its children. The last line of output is one JSON object.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.commands import run
from tests.bench.report import describe_machine, print_row
from tests.bench.server import ProcessTree, Running, ask, free_port, running
from tests.bench.texts import add_text_options, choose_texts

LONG_CONCURRENCY = 8
SCRIPT = Path(__file__).with_name("wrk.lua")
WARM_UP_S = 3


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


@contextmanager
def running_service(probe: Callable[[str], object], environment: Mapping[str, str]) -> Iterator[tuple[str, Running]]:
    """`python -m service` on a free port: its URL, and what runs there.

    probe: asks what is at the URL, and raises OSError for as long as there is no answer. environment: its settings,
    beside those in the environment of this process.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    place = {"SENTIMENT_HOST": "127.0.0.1", "SENTIMENT_PORT": str(port)}
    with running([sys.executable, "-m", "service"], {**environment, **place}, probe=lambda: probe(url)) as server:
        yield url, server


def run_load(
    url: str, tree: ProcessTree | None, name: str, bodies: Sequence[object], concurrency: int, seconds: int
) -> Result:
    """Drive one server with one set of requests, each a random one of the bodies, at one concurrency.

    url: that is posted to. tree: the server's processes, if their figures are wanted. name: of the texts.
    Raises: RuntimeError if nothing was answered.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(map(json.dumps, bodies)))
        file.flush()
        run_wrk(url, Path(file.name), concurrency, WARM_UP_S)
        cpu_before_s = tree.cpu_s() if tree else 0.0
        if tree:
            tree.reset_peak_rss()
        figures = run_wrk(url, Path(file.name), concurrency, seconds)
    if not figures["requests"]:
        raise RuntimeError(f"{url}: nothing was answered in {seconds} s, {figures['errors']} errors")
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


def run_wrk(url: str, bodies: Path, concurrency: int, seconds: int) -> dict[str, int]:
    """Post random lines of a file for a while: requests, duration_us, p50_us, p99_us and errors."""
    command = ["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", "--timeout", "30s", "--script", str(SCRIPT)]
    command += [url, "--", str(bodies)]
    figures: dict[str, int] = json.loads(run(command).splitlines()[-1])
    return figures


def need_wrk(parser: argparse.ArgumentParser) -> None:
    """End with a usage error where wrk is missing."""
    if shutil.which("wrk") is None:
        parser.error("wrk is not installed; Debian and Ubuntu: apt install wrk")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the load test."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=(__doc__ or "").split("\n")[0])
    add_text_options(parser)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64], help="connections with short texts")
    parser.add_argument("--seconds", type=int, default=10, help=f"of each load, after {WARM_UP_S} s of warm-up")
    parser.add_argument("--url", help="of a server that runs already, whose CPU time and memory are not read")
    options = parser.parse_args(arguments)
    need_wrk(parser)
    short, long = choose_texts(options)
    loads = [("short", short, concurrency) for concurrency in options.concurrency]
    loads.append(("long", long, LONG_CONCURRENCY))
    machine = describe_machine()

    results = []
    service = running_service(lambda url: ask(f"{url}/health/ready"), environment={})
    with nullcontext((options.url, None)) if options.url else service as (url, server):
        endpoint = f"{url}/v1/sentiment"
        print_row(["texts", "c", "req/s", "p50 ms", "p99 ms", "errors", "RSS MB", "CPU s/1k"])
        for name, texts, concurrency in loads:
            bodies = [{"text": text} for text in texts]
            if "label" not in ask(endpoint, bodies[0]):
                raise RuntimeError(f"{endpoint} answers without a label")
            tree = server.tree if server else None
            results.append(run_load(endpoint, tree, name, bodies, concurrency, options.seconds))
            print_row(list(asdict(results[-1]).values()))
        model = ask(f"{url}/v1/model")["version"]
    if server is not None:
        print(f"start to ready: {server.start_s} s")
    print(f"model {model}; {machine}")
    summary = {"model": model, "machine": machine, "start_to_ready_s": server.start_s if server else None}
    print(json.dumps(summary | {"loads": [asdict(result) for result in results]}, separators=(",", ":")))
    return 1 if any(result.errors for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
