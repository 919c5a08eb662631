"""The file command against the model alone, on the same texts: `python -m tests.bench.files --help`.

The model alone is what tests.bench.limit measures: windows of texts in memory, as many as the command's, tokenised,
sorted by length and run in all threads of one process; texts longer than the network's window are left out, since only
the command cuts them. The command is a process of its own that reads a CSV file and writes one; what it takes for a
file of one row, its start, is subtracted. CPU seconds tell more than texts a second on a machine that does other things
too. The last line of output is one JSON object.
"""

import argparse
import csv
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from service.backend import load_predictor
from service.cpu import read_limits, set_tokenizer_threads
from service.files.bulk import WINDOW_ROWS, WINDOW_SIZE
from service.predictor import Predictor, budget_of, rows_of_a_call
from service.settings import Settings
from tests.bench.commands import run
from tests.bench.limit import Plan, measure
from tests.bench.report import describe_machine, print_row
from tests.bench.texts import add_text_options, choose_texts

WARM_UP_S = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One set of texts; medians of the rounds."""

    texts: str
    rows: int
    start_s: float
    """Of the command with one row."""
    model_per_s: float
    """Texts, by the model alone."""
    command_per_s: float
    """Rows, by the command after its start."""
    whole_per_s: float
    """Rows, by the command with its start."""
    ratio: float
    """command_per_s by model_per_s."""
    model_cpu_s_per_1000: float
    command_cpu_s_per_1000: float


def compare(
    predictor: Predictor, settings: Settings, name: str, texts: Sequence[str], rounds: int, seconds: float, folder: Path
) -> Result:
    """Turn about: the model alone for some seconds, then the command on all texts."""
    window = min(WINDOW_ROWS, WINDOW_SIZE * len(texts) // sum(map(len, texts)))
    plan = Plan("sorted", window, rows_of_a_call(predictor, budget_of(predictor, settings).rows))
    measure(predictor, texts, plan, WARM_UP_S)
    model, command, start = [], [], []
    for _ in range(rounds):
        work = measure(predictor, texts, plan, seconds)
        model.append((work.texts_per_s, work.cpu_s / work.texts))
        start.append(time_command(texts[:1], folder))
        command.append(time_command(texts, folder))
    model_per_s, model_cpu_s = _medians(model)
    start_s, start_cpu_s = _medians(start)
    command_s, command_cpu_s = _medians(command)
    per_s = len(texts) / (command_s - start_s)
    return Result(
        texts=name,
        rows=len(texts),
        start_s=round(start_s, 2),
        model_per_s=round(model_per_s, 1),
        command_per_s=round(per_s, 1),
        whole_per_s=round(len(texts) / command_s, 1),
        ratio=round(per_s / model_per_s, 3),
        model_cpu_s_per_1000=round(model_cpu_s * 1000, 4),
        command_cpu_s_per_1000=round((command_cpu_s - start_cpu_s) / len(texts) * 1000, 4),
    )


def time_command(texts: Sequence[str], folder: Path) -> tuple[float, float]:
    """Seconds, and CPU seconds, that the command takes for a CSV file of texts, from its start to its end."""
    source, target = folder / "in.csv", folder / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
    command = [sys.executable, "-m", "service", "predict", str(source), "-o", str(target), "--force"]
    started_at, before_s = time.perf_counter(), _children_cpu_s()
    run(command)
    return time.perf_counter() - started_at, _children_cpu_s() - before_s


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    first, second = (statistics.median(values) for values in zip(*pairs, strict=True))
    return first, second


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the comparison."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.files", description=(__doc__ or "").split("\n")[0])
    add_text_options(parser)
    parser.add_argument("--rows", type=int, nargs=2, default=[60_000, 4_000], help="short and long, drawn at random")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0, help="of the model alone, each round")
    options = parser.parse_args(arguments)
    machine = describe_machine()
    limits = read_limits()
    set_tokenizer_threads(1)  # each thread of the model tokenises its own
    settings = Settings()
    predictor = load_predictor(settings, limits)
    print_row(["texts", "rows", "start s", "model/s", "command/s", "ratio", "CPU s/1k", "command"])
    results = []
    for name, texts, rows in zip(("short", "long"), choose_texts(options), options.rows, strict=True):
        if not rows:
            continue
        token_ids = predictor.encode(texts)
        fit = [text for text, row in zip(texts, token_ids, strict=True) if len(row) <= predictor.info.max_tokens]
        chosen = random.Random(0).choices(fit, k=rows)
        with tempfile.TemporaryDirectory() as folder:
            result = compare(predictor, settings, name, chosen, options.rounds, options.seconds, Path(folder))
        results.append(result)
        speeds = [result.model_per_s, result.command_per_s, f"{result.ratio:.1%}"]
        print_row([name, rows, result.start_s, *speeds, result.model_cpu_s_per_1000, result.command_cpu_s_per_1000])
    print(machine)
    print(json.dumps({"machine": machine, "files": [asdict(result) for result in results]}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
