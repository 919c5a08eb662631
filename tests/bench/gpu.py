"""What a GPU answers, and how near that is to what it could: `python -m tests.bench.gpu --help`.

In this process, without HTTP: first how far its probabilities are from the CPU's, then batches of random rows, one
after the other, then callers before a batcher who each ask for one row, again as soon as it is answered. The parts of a
batch are timed by waiting for the device after each, so that together they take longer than a batch does. On a machine
without a GPU the CPU stands in. The last line of output is one JSON object.

The floor of a batch of B rows, T tokens the longest, is the larger of flops / --tflops and bytes / --gb-per-s, which
are the device's published figures, dense and for float16. With W weights in the recurrent layers, F in the head, D the
width of an embedding, E that of the last states, s bytes a number, and for each one-way network I its input's width and
H its own:

    flops = 2 B T W + 2 B F
    bytes = s (W + F) + B T (8 + s (2 D + sum of I + H + E))

that is, each weight and id is read once; an embedding is read and written; each network reads its input and writes its
states, which the pooling reads. It leaves out that a step of a network waits for the one before it.
"""

import argparse
import asyncio
import copy
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import torch
from prometheus_client import CollectorRegistry

from model import SHIPPED
from model.config import ModelConfig
from model.network import load_artifact
from model.padding import pad
from service.engine import Engine
from service.gpu_predictor import GpuPredictor, find_gpu
from service.metrics import Metrics
from service.predictor import budget_of
from service.settings import Settings
from tests.bench.report import describe_machine, print_row
from tests.bench.texts import add_text_options, choose_texts

BYTES = {"float16": 2, "float32": 4}
GATES = {"rnn": 1, "gru": 3, "lstm": 4, "peephole_lstm": 4}
ROWS_COMPARED = 32
"""Of a call, when answers are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchFigures:
    """Batches of one size; times are medians."""

    texts: str
    rows: int
    texts_per_s: float
    tokens_per_s: float
    """Padding does not count."""
    batch_ms: float
    python_ms: float
    """To pad, and to start the copy."""
    copy_ms: float
    network_ms: float
    answer_ms: float
    """To copy the logits back and make them a list."""
    floor_ms: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CallerFigures:
    """Callers at once."""

    texts: str
    callers: int
    texts_per_s: float
    p50_ms: float
    p99_ms: float


def floor_s(
    config: ModelConfig, rows: int, longest: int, number_bytes: int, flops_per_s: float, bytes_per_s: float
) -> float:
    """Seconds that a batch cannot be faster than: see above."""
    directions = 2 if config.bidirectional else 1
    states_dim = directions * config.hidden_dim
    inputs = [config.embedding_dim, *[states_dim] * (config.num_layers - 1)]
    weights = sum(directions * GATES[config.cell] * config.hidden_dim * (width + config.hidden_dim) for width in inputs)
    head = states_dim * (2 if config.pooling == "max_mean" else 1) * len(config.labels)
    moved = 2 * config.embedding_dim + sum(directions * (width + config.hidden_dim) for width in inputs) + states_dim
    tokens = rows * longest
    flops = 2 * tokens * weights + 2 * rows * head
    moved_bytes = number_bytes * (weights + head) + tokens * (8 + number_bytes * moved)
    return max(flops / flops_per_s, moved_bytes / bytes_per_s)


def measure_batch(
    predictor: GpuPredictor,
    device: torch.device,
    kind: str,
    batch: Sequence[Sequence[int]],
    seconds: float,
    floor_ms: float | None,
) -> BatchFigures:
    """The same batch again and again; the first time does not count."""
    whole: list[float] = []
    parts: list[list[float]] = []
    ends_at = time.perf_counter() + seconds
    while time.perf_counter() < ends_at or len(whole) < 2:
        before = time.perf_counter()
        predictor.predict(batch)
        whole.append(time.perf_counter() - before)
        parts.append(_time_parts(predictor, device, batch))
    whole_s = statistics.median(whole[1:])
    python_ms, copy_ms, network_ms, answer_ms = (
        round(1000 * statistics.median(part), 3) for part in zip(*parts[1:], strict=True)
    )
    return BatchFigures(
        texts=kind,
        rows=len(batch),
        texts_per_s=round(len(batch) / whole_s, 1),
        tokens_per_s=round(sum(map(len, batch)) / whole_s),
        batch_ms=round(1000 * whole_s, 3),
        python_ms=python_ms,
        copy_ms=copy_ms,
        network_ms=network_ms,
        answer_ms=answer_ms,
        floor_ms=floor_ms,
    )


async def measure_callers(
    predictor: GpuPredictor, kind: str, rows: Sequence[Sequence[int]], callers: int, seconds: float
) -> CallerFigures:
    """Callers who draw from the rows; the first answer of each has no time, but counts in the rate."""
    engine = Engine(predictor, Settings(), Metrics(CollectorRegistry()))
    times: list[float] = []

    async def call(seed: int) -> None:
        draw = random.Random(seed)
        await engine.read(draw.choice(rows))
        while (before := time.perf_counter()) < ends_at or len(times) < 2:
            await engine.read(draw.choice(rows))
            times.append(time.perf_counter() - before)

    started_at = time.perf_counter()
    ends_at = started_at + seconds
    await asyncio.gather(*map(call, range(callers)))
    elapsed_s = time.perf_counter() - started_at
    await engine.retire()
    percentiles = statistics.quantiles(times, n=100, method="inclusive")
    p50_ms, p99_ms = (round(1000 * percentiles[place], 3) for place in (49, 98))
    per_s = round((callers + len(times)) / elapsed_s, 1)
    return CallerFigures(texts=kind, callers=callers, texts_per_s=per_s, p50_ms=p50_ms, p99_ms=p99_ms)


def measure_differences(directory: Path, device: torch.device, rows: Sequence[Sequence[int]]) -> dict[str, float]:
    """The most that a probability differs from float32 on the CPU, by precision."""
    artifact = load_artifact(directory)
    ordered = sorted(rows, key=len)
    temperature = artifact.metadata.temperature
    batches = [pad(ordered[start : start + ROWS_COMPARED], 0) for start in range(0, len(rows), ROWS_COMPARED)]
    most: dict[str, float] = {}
    with torch.inference_mode():
        wanted = [torch.softmax(artifact.reference(*batch) / temperature, dim=1) for batch in batches]
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            network = copy.deepcopy(artifact.reference).to(device).to(dtype)
            found = [network(*(tensor.to(device) for tensor in batch)).cpu().float() for batch in batches]
            differences = [
                (torch.softmax(logits_BC / temperature, dim=1) - wanted_BC).abs().max()
                for logits_BC, wanted_BC in zip(found, wanted, strict=True)
            ]
            most[str(dtype).removeprefix("torch.")] = round(float(torch.stack(differences).max()), 5)
    return most


def _time_parts(predictor: GpuPredictor, device: torch.device, batch: Sequence[Sequence[int]]) -> list[float]:
    marks = [time.perf_counter()]
    placed = predictor.put(batch)
    marks.append(time.perf_counter())
    _wait(device)
    marks.append(time.perf_counter())
    logits_BC = predictor.run(*placed)
    _wait(device)
    marks.append(time.perf_counter())
    predictor.take(logits_BC, len(batch))
    marks.append(time.perf_counter())
    return [after - before for before, after in pairwise(marks)]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gpu", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--artifact", type=Path, default=SHIPPED)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    add_text_options(parser)
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 8, 32, 128, 512], help="of a batch")
    parser.add_argument("--callers", type=int, nargs="*", default=[1, 64, 512])
    parser.add_argument("--compare", type=int, nargs=2, default=[100, 10], help="texts to compare, short and long")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each line")
    parser.add_argument("--tflops", type=float, help="of the device in float16, dense; H100 SXM: 989")
    parser.add_argument("--gb-per-s", type=float, help="of its memory; H100 SXM: 3350")
    options = parser.parse_args(arguments)
    machine = describe_machine()
    device = find_gpu() if options.device == "cuda" else torch.device("cpu")
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "the CPU standing in"
    predictor = GpuPredictor.load_on(options.artifact, device, 1)
    predictor.measure()
    precision, longest = predictor.info.precision, predictor.info.max_tokens
    budget = budget_of(predictor, Settings())
    all_rows = {
        kind: [row[:longest] for row in predictor.encode(random.Random(0).sample(texts, k=min(len(texts), 2048)))]
        for kind, texts in zip(("short", "long"), choose_texts(options), strict=True)
    }
    compared = [row for rows, count in zip(all_rows.values(), options.compare, strict=True) for row in rows[:count]]
    differences = measure_differences(options.artifact, device, compared)
    print(f"{name}: {precision}, calls of {budget.tokens} tokens or {budget.rows} rows")
    print(f"most that a probability of {len(compared)} texts differs from the CPU's: {differences}")

    config = load_artifact(options.artifact).metadata.model
    batches, callers = [], []
    print_row(["texts", "rows", "texts/s", "tokens/s", "ms", "python", "copy", "network", "answer", "floor"])
    for kind, rows in all_rows.items():
        for count in options.rows:
            batch = random.Random(0).choices(rows, k=count)
            floor_ms = None
            if options.tflops and options.gb_per_s:
                widest, speeds = max(map(len, batch)), (options.tflops * 1e12, options.gb_per_s * 1e9)
                floor_ms = round(1000 * floor_s(config, count, widest, BYTES[precision], *speeds), 4)
            batches.append(measure_batch(predictor, device, kind, batch, options.seconds, floor_ms))
            print_row(list(asdict(batches[-1]).values()))
    print_row(["texts", "callers", "texts/s", "p50 ms", "p99 ms"])
    for kind, rows in all_rows.items():
        for count in options.callers:
            callers.append(asyncio.run(measure_callers(predictor, kind, rows, count, options.seconds)))
            print_row(list(asdict(callers[-1]).values()))
    print(machine)
    figures = {"device": name, "precision": precision, "budget": budget._asdict(), "differences": differences}
    tables = {"batches": [asdict(row) for row in batches], "callers": [asdict(row) for row in callers]}
    print(json.dumps({"machine": machine, **figures, **tables}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
