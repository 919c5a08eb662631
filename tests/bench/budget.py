"""Where the time of a request goes: `python -m tests.bench.budget --help`.

Starts `python -m service`, loads it with short texts through wrk, and samples the stacks of its threads meanwhile with
py-spy (`pip install py-spy`; on some systems it needs root). A sample of a running thread counts for the part that its
innermost known frame belongs to; the kernel's figures for the process turn shares into microseconds of CPU a request,
with the kernel's own part (sockets, waking threads) apart. The last line of output is one JSON object.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.load import WARM_UP_S, need_wrk, run_load, running_service
from tests.bench.report import describe_machine, print_row
from tests.bench.server import ask
from tests.bench.texts import add_text_options, choose_texts

RATE_HZ = 400
PARTS = {
    "service/onnx_predictor.py": "model",
    "service/torch_predictor.py": "model",
    "model/tokenizer.py": "tokenise",
    "service/parsing.py": "parse",
    "service/batcher.py": "batch",
    "concurrent/futures": "batch",
    "service/admission.py": "route",
    "service/classification.py": "route",
    "service/engine.py": "route",
    "service/patience.py": "route",
    "service/routes.py": "route",
    "service/shortcut.py": "route",
    "service/metrics.py": "observe",
    "prometheus_client": "observe",
    "service/observer.py": "observe",
    "service/logs.py": "log",
    "logging/__init__.py": "log",
    "starlette": "HTTP",
    "uvicorn": "HTTP",
    "asyncio": "event loop",
}
"""Part of a file's name -> what is done there."""
NAMES = {
    "model": "model: pad, run, softmax",
    "tokenise": "tokenise",
    "parse": "parse the request",
    "batch": "gather batches, hand them to threads and back",
    "route": "admit, wait, build the reply",
    "observe": "metrics, headers, times",
    "log": "access log",
    "HTTP": "HTTP: uvicorn, Starlette",
    "event loop": "event loop",
    "other": "other",
}


def share_samples(stacks: Iterable[str]) -> Counter[str]:
    """Samples of each part.

    stacks: lines of py-spy's raw format, `outermost;...;innermost COUNT`.
    """
    parts: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.strip().rpartition(" ")
        found = (part for frame in reversed(stack.split(";")) for name, part in PARTS.items() if name in frame)
        parts[next(found, "other")] += int(count)
    return parts


def record(pid: int, seconds: float, out: Path, style: str) -> None:
    """Sample a process. style: of the file, raw or flamegraph."""
    command = ["py-spy", "record", "--pid", str(pid), "--duration", str(int(seconds)), "--rate", str(RATE_HZ)]
    subprocess.run([*command, "--format", style, "--output", str(out)], check=True, capture_output=True)


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
        user_s, kernel_s = tree.cpu_times_s()
        load = run_load(endpoint, tree, "short", bodies, options.concurrency, options.seconds)
        user_after_s, kernel_after_s = tree.cpu_times_s()
        kernel_share = (kernel_after_s - kernel_s) / (user_after_s + kernel_after_s - user_s - kernel_s)
        for style, out in (("raw", raw), ("flamegraph", options.flame)):
            if out is not None:
                busy = threads.submit(run_load, endpoint, tree, "short", bodies, options.concurrency, options.seconds)
                record(tree.pid, options.seconds + WARM_UP_S - 1, out, style)
                busy.result()
        samples = share_samples(raw.read_text().splitlines())

    cpu_us = 1000 * (load.cpu_s_per_1000_requests or 0.0)
    budget = {
        NAMES[part]: cpu_us * (1 - kernel_share) * count / samples.total() for part, count in samples.most_common()
    }
    budget["kernel: sockets, waking threads"] = cpu_us * kernel_share
    for name, part_us in budget.items():
        print_row([name, f"{part_us:.0f} us", f"{part_us / cpu_us:.0%}"], first_width=46)
    print_row(["CPU a request", f"{cpu_us:.0f} us", "100%"], first_width=46)
    print(f"{load.requests_per_s:,.0f} requests/s at {options.concurrency} connections; {machine}")
    figures = {"machine": machine, "requests_per_s": load.requests_per_s, "cpu_us": round(cpu_us, 1)}
    print(json.dumps(figures | {"budget_us": {name: round(value, 1) for name, value in budget.items()}}))
    return 1 if load.errors else 0


if __name__ == "__main__":
    sys.exit(main())
