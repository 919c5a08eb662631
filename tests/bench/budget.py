"""Where the time of a request goes: `python -m tests.bench.budget --help`.

Starts `python -m service` and loads it with short texts through wrk. The kernel tells how much CPU time the thread of
the event loop took, how much the others, and how much it spent itself on them (sockets, waking threads). The event
loop's part is divided by samples of its stack, by py-spy (`pip install py-spy`; on some systems it needs root): each
counts for what its innermost known frame belongs to. The other threads are not sampled, for py-spy cannot tell whether
one that has left the interpreter works or waits. The last line of output is one JSON object.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.commands import run
from tests.bench.load import WARM_UP_S, need_wrk, run_load, running_service
from tests.bench.report import describe_machine, print_row
from tests.bench.server import ask
from tests.bench.texts import add_text_options, choose_texts

RATE_HZ = 400
PARTS = {
    "model/tokenizer.py": "tokenise",
    "service/parsing.py": "parse the request",
    "service/batcher.py": "gather batches, hand them to threads",
    "concurrent/futures": "gather batches, hand them to threads",
    "service/admission.py": "admit, wait, build the reply",
    "service/classification.py": "admit, wait, build the reply",
    "service/engine.py": "admit, wait, build the reply",
    "service/patience.py": "admit, wait, build the reply",
    "service/answering.py": "admit, wait, build the reply",
    "service/keyring.py": "admit, wait, build the reply",
    "service/keys.py": "admit, wait, build the reply",
    "service/bucket.py": "admit, wait, build the reply",
    "service/routes.py": "admit, wait, build the reply",
    "service/express.py": "admit, wait, build the reply",
    "service/metrics.py": "metrics, headers, times",
    "prometheus_client": "metrics, headers, times",
    "service/instruments.py": "metrics, headers, times",
    "service/observer.py": "metrics, headers, times",
    "model/drift.py": "metrics, headers, times",
    "service/headers.py": "metrics, headers, times",
    "service/protocol.py": "HTTP: uvicorn, Starlette",
    "service/logs.py": "access log",
    "logging/__init__.py": "access log",
    "starlette": "HTTP: uvicorn, Starlette",
    "uvicorn": "HTTP: uvicorn, Starlette",
}
"""Part of a file's name -> what the event loop does there."""
OTHER, THREADS, KERNEL = "event loop and the rest", "model threads: pad, run; log lines", "kernel"
_THREAD = "_bootstrap (threading.py"
"""In the outermost frame of every thread but the first."""


def share_samples(stacks: Iterable[str]) -> Counter[str]:
    """Samples of the first thread in each part.

    stacks: lines of py-spy's raw format, `outermost;...;innermost COUNT`.
    """
    parts: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.strip().rpartition(" ")
        frames = stack.split(";")
        if _THREAD not in frames[0]:
            found = (part for frame in reversed(frames) for name, part in PARTS.items() if name in frame)
            parts[next(found, OTHER)] += int(count)
    return parts


def thread_cpu_s(pid: int) -> float:
    """User time of a process's first thread until now."""
    values = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(values[11]) / os.sysconf("SC_CLK_TCK")


def record(pid: int, seconds: float, out: Path, style: str) -> None:
    """Sample a process. style: of the file, raw or flamegraph."""
    command = ["py-spy", "record", "--pid", str(pid), "--duration", str(int(seconds)), "--rate", str(RATE_HZ)]
    run([*command, "--format", style, "--output", str(out)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.budget", description=(__doc__ or "").split("\n")[0])
    add_text_options(parser)
    parser.add_argument("--concurrency", type=int, default=64, help="connections")
    parser.add_argument("--seconds", type=int, default=10, help="of the load")
    parser.add_argument("--flame", type=Path, help="write a flame graph (SVG) of the same load here")
    options = parser.parse_args(arguments)
    need_wrk(parser)
    if shutil.which("py-spy") is None:
        parser.error("py-spy is not installed: pip install py-spy")
    bodies = [{"text": text} for text in choose_texts(options)[0]]
    machine = describe_machine()

    service = running_service(lambda url: ask(f"{url}/health/ready"), environment={})
    with service as (url, server), tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as threads:
        endpoint, tree, raw = f"{url}/v1/sentiment", server.tree, Path(folder) / "stacks.txt"
        # The figures are of a load that nobody samples, since sampling stops the process again and again.
        before, loop_before = tree.cpu_times_s(), thread_cpu_s(tree.pid)
        load = run_load(endpoint, tree, "short", bodies, options.concurrency, options.seconds)
        user_s, kernel_s = (now - then for now, then in zip(tree.cpu_times_s(), before, strict=True))
        loop_s = thread_cpu_s(tree.pid) - loop_before
        for style, out in (("raw", raw), ("flamegraph", options.flame)):
            if out is not None:
                busy = threads.submit(run_load, endpoint, tree, "short", bodies, options.concurrency, options.seconds)
                record(tree.pid, options.seconds + WARM_UP_S - 1, out, style)
                busy.result()
        samples = share_samples(raw.read_text().splitlines())

    cpu_us = 1000 * (load.cpu_s_per_1000_requests or 0.0)
    to_us = cpu_us / (user_s + kernel_s)
    budget = {part: loop_s * to_us * count / samples.total() for part, count in samples.most_common()}
    budget |= {THREADS: (user_s - loop_s) * to_us, KERNEL: kernel_s * to_us}
    for name, part_us in budget.items():
        print_row([name, f"{part_us:.0f} us", f"{part_us / cpu_us:.0%}"], first_width=46)
    print_row(["CPU a request", f"{cpu_us:.0f} us", "100%"], first_width=46)
    print(f"{load.requests_per_s:,.0f} requests/s at {options.concurrency} connections; {machine}")
    figures = {"machine": machine, "requests_per_s": load.requests_per_s, "cpu_us": round(cpu_us, 1)}
    print(json.dumps(figures | {"budget_us": {name: round(value, 1) for name, value in budget.items()}}))
    return 1 if load.errors else 0


if __name__ == "__main__":
    sys.exit(main())
