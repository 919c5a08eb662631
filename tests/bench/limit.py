"""What the machine can answer without HTTP: `python -m tests.bench.limit --help`.

Each thread goes round the texts in windows: tokenise a window, sort it by length, pad and run it in batches, softmax.
Processes and threads together take all cores: several processes of one thread, and one process of several, which with
ONNX Runtime run a batch each, and with TorchScript one batch together. The last line of output is one JSON object.
"""

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.artifact import COMPILED
from service.backend import load_predictor
from service.cpu import read_limits, set_tokenizer_threads
from service.predictor import Predictor
from service.settings import BackendName, Settings
from tests.bench.artifact import prepare
from tests.bench.report import describe_machine, print_row
from tests.bench.texts import add_text_options

WARM_UP_S = 0.5
WINDOW = {"short": 2048, "long": 512}
"""Texts that are gone round; a window is always finished, and one of long texts takes its time."""


class Plan(NamedTuple):
    """How texts meet in a batch."""

    name: str
    window: int
    """Texts that wait together, and are sorted by length."""
    rows: int
    """Texts in a batch."""


PLANS = (
    Plan("sorted 64", 2048, 64),
    Plan("8 of 128", 128, 8),
    Plan("8 of 64", 64, 8),
    Plan("random 32", 32, 32),
    Plan("random 8", 8, 8),
    Plan("one at a time", 1, 1),
)


class Work(NamedTuple):
    """What threads or processes did, together."""

    texts: int
    tokens: int
    padded_tokens: int
    texts_per_s: float
    tokens_per_s: float
    cpu_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One row of the table."""

    backend: BackendName
    processes: int
    threads: int
    """Of each process."""
    texts: str
    plan: str
    window: int
    texts_per_s: float
    tokens_per_s: float
    """Padding does not count."""
    cpu_s_per_1000: float
    padding: float
    """Share of what the network reads."""


def backends_of(artifact: Path) -> list[BackendName]:
    """What can run an artifact here, the service's choice first."""
    return ["onnx", "torchscript"] if (artifact / COMPILED).exists() else ["torchscript"]


def measure(predictor: Predictor, texts: Sequence[str], plan: Plan, seconds: float) -> Work:
    """Go round the texts for some seconds, in as many threads as the predictor takes calls from."""
    cpu_before_s = time.process_time()
    with ThreadPoolExecutor(predictor.workers) as pool:
        parts = list(pool.map(lambda seed: _go_round(predictor, texts, plan, seconds, seed), range(predictor.workers)))
    return add([*parts, Work(0, 0, 0, 0.0, 0.0, time.process_time() - cpu_before_s)])


def add(parts: Sequence[Work]) -> Work:
    """All of them as one."""
    return Work(*(sum(values) for values in zip(*parts, strict=True)))


def measure_limits(
    artifact: Path, texts: dict[str, list[str]], seconds: float, backends: Sequence[BackendName]
) -> Iterator[Limit]:
    """Every backend, on all cores in both ways, with every set of texts and every plan.

    texts: by name, those of WINDOW. seconds: of each.
    """
    cores = read_limits().cores
    chosen = {name: random.Random(0).choices(values, k=WINDOW[name]) for name, values in texts.items()}
    for backend in backends:
        for processes, threads in sorted({(cores, 1), (1, cores)}, reverse=True):
            with _workers(artifact, backend, processes, threads, chosen) as connections:
                for name in chosen:
                    for plan in PLANS:
                        for connection in connections:
                            connection.send((name, plan, WARM_UP_S, seconds))
                        work = add([connection.recv() for connection in connections])
                        yield Limit(
                            backend=backend,
                            processes=processes,
                            threads=threads,
                            texts=name,
                            plan=plan.name,
                            window=plan.window,
                            texts_per_s=round(work.texts_per_s, 1),
                            tokens_per_s=round(work.tokens_per_s),
                            cpu_s_per_1000=round(work.cpu_s / work.texts * 1000, 3),
                            padding=round(1 - work.tokens / work.padded_tokens, 3),
                        )


def print_limits(limits: Iterator[Limit]) -> list[Limit]:
    """Print a table as its rows come, and return them."""
    print_row(["backend", "proc x thr", "texts", "texts/s", "tokens/s", "CPU s/1k", "padding", "batches"], 11)
    rows = []
    for row in limits:
        rows.append(row)
        layout, padding = f"{row.processes} x {row.threads}", f"{row.padding:.1%}"
        figures = [row.texts_per_s, row.tokens_per_s, row.cpu_s_per_1000, padding]
        print_row([row.backend, layout, row.texts, *figures, row.plan], 11)
    return rows


def _go_round(predictor: Predictor, texts: Sequence[str], plan: Plan, seconds: float, seed: int) -> Work:
    order = list(texts)
    random.Random(seed).shuffle(order)
    windows = [order[start : start + plan.window] for start in range(0, len(order), plan.window)]
    count = tokens = padded_tokens = 0
    started_at, cycle = time.perf_counter(), 0
    while (elapsed_s := time.perf_counter() - started_at) < seconds or not count:
        rows = sorted(predictor.encode(windows[cycle % len(windows)]), key=len)
        for start in range(0, len(rows), plan.rows):
            batch = rows[start : start + plan.rows]
            _softmax(predictor.predict(batch))
            padded_tokens += len(batch) * len(batch[-1])
        count, tokens, cycle = count + len(rows), tokens + sum(map(len, rows)), cycle + 1
    return Work(count, tokens, padded_tokens, count / elapsed_s, tokens / elapsed_s, 0.0)


def _softmax(logits: list[list[float]]) -> np.ndarray:
    values_BC = np.array(logits)
    weights_BC = np.exp(values_BC - values_BC.max(axis=1, keepdims=True))
    probabilities_BC: np.ndarray = weights_BC / weights_BC.sum(axis=1, keepdims=True)
    return probabilities_BC


@contextmanager
def _workers(
    artifact: Path, backend: BackendName, processes: int, threads: int, texts: dict[str, list[str]]
) -> Iterator[list[Connection]]:
    """Processes that have the model loaded and wait for work; they end with their connections."""
    context = multiprocessing.get_context("spawn")
    connections = []
    for _ in range(processes):
        ours, theirs = context.Pipe()
        arguments = (theirs, artifact, backend, threads, texts)
        context.Process(target=_serve, args=arguments, daemon=True).start()
        theirs.close()  # so that ours tells when the process is gone
        connections.append(ours)
    try:
        for connection in connections:
            connection.recv()
        yield connections
    finally:
        for connection in connections:
            connection.close()


def _serve(
    connection: Connection, artifact: Path, backend: BackendName, threads: int, texts: dict[str, list[str]]
) -> None:
    set_tokenizer_threads(1)
    settings = Settings(model=artifact, backend=backend, device="cpu", threads=threads)
    predictor = load_predictor(settings, read_limits())
    connection.send("ready")
    while True:
        try:
            name, plan, warm_up_s, seconds = connection.recv()
        except EOFError:
            return
        measure(predictor, texts[name], plan, warm_up_s)
        connection.send(measure(predictor, texts[name], plan, seconds))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.limit", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--artifact", type=Path, help="default: an untrained one of 16,000 tokens")
    add_text_options(parser)
    parser.add_argument("--seconds", type=float, default=4.0, help=f"of each row, after {WARM_UP_S} s of warm-up")
    options = parser.parse_args(arguments)
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        artifact, texts = prepare(options, Path(folder))
        rows = print_limits(measure_limits(artifact, texts, options.seconds, backends_of(artifact)))
    print(machine)
    print(json.dumps({"machine": machine, "limits": [asdict(row) for row in rows]}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
