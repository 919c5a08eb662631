"""What each idea of a run brings: `python -m tests.bench.ablation --help`.

Runs of `fit` that differ in one thing, each with several seeds, some at a time, each in a process of one thread; by the
dev scores in their artifacts. A variant is compared with the run without it seed by seed, as seeds move a score more
than most ideas do. The last line of output is one JSON object.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.report import describe_machine, print_row

BASE = "base"
NAME_WIDTH = 28


@dataclass(frozen=True, slots=True)
class Run:
    """One fit: accuracy by dev set, and minutes."""

    accuracy: Mapping[str, float]
    minutes: float


@dataclass(frozen=True, slots=True)
class Row:
    """A variant's scores in points, over its seeds."""

    name: str
    fields: tuple[str, ...]
    accuracy: Mapping[str, float]
    """Mean of each dev set."""
    spread: Mapping[str, float]
    """Standard deviation of each."""
    gain: float | None
    """Mean, over seeds, of the mean over dev sets less that of the base with the same seed."""
    gain_error: float | None
    """Its standard error; both None for the base."""
    minutes: float
    """Median of a run."""


def fit_once(arguments: Sequence[str], fields: Sequence[str], folder: Path) -> Run:
    """A fit in a process of its own.   Raises: RuntimeError with the end of its output."""
    place = ["--out", str(folder / "out"), "--work", str(folder / "work"), "--device", "cpu"]
    started_at = time.monotonic()
    finished = subprocess.run(
        [sys.executable, "-m", "training", "fit", *arguments, *place, "--set", *fields],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(f"{' '.join(fields)}: {(finished.stdout + finished.stderr)[-3000:]}")
    metrics = json.loads((folder / "out" / "metadata.json").read_text())["dev_metrics"]
    accuracy = {name: 100 * figures["accuracy"] for name, figures in metrics.items()}
    return Run(accuracy, (time.monotonic() - started_at) / 60)


def summarise(name: str, fields: Sequence[str], runs: Sequence[Run], base: Sequence[Run]) -> Row:
    """The row of a variant.   runs, base: one of each seed, in the same order."""
    sets = {item: [run.accuracy[item] for run in runs] for item in runs[0].accuracy}
    differences = [_mean(run) - _mean(other) for run, other in zip(runs, base, strict=True)]
    is_base = runs is base
    return Row(
        name,
        tuple(fields),
        {item: round(statistics.fmean(values), 2) for item, values in sets.items()},
        {item: round(statistics.stdev(values), 2) for item, values in sets.items()},
        None if is_base else round(statistics.fmean(differences), 2),
        None if is_base else round(statistics.stdev(differences) / len(differences) ** 0.5, 2),
        round(statistics.median(run.minutes for run in runs), 1),
    )


def print_summary(row: Row) -> None:
    """One row of the table."""
    cells = [f"{row.accuracy[item]:.1f}±{row.spread[item]:.1f}" for item in row.accuracy]
    gain = None if row.gain is None else f"{row.gain:+.1f}±{row.gain_error:.1f}"
    print_row([row.name, *cells, gain, row.minutes], NAME_WIDTH)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ablation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", nargs="+", required=True, metavar="SOURCE")
    parser.add_argument("--dev", nargs="+", required=True, metavar="SOURCE")
    parser.add_argument("--recipe", help="as of fit")
    parser.add_argument("--set", nargs="+", default=[], metavar="FIELD=VALUE", help="of all runs")
    parser.add_argument(
        "--variant",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "FIELD=VALUE"),
        help="what differs from the base; once for each variant",
    )
    parser.add_argument("--seeds", type=int, default=3, help="at least 2: one tells nothing of the spread")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="runs at a time")
    options = parser.parse_args(arguments)
    if options.seeds < 2 or options.jobs < 1:
        parser.error(f"--seeds {options.seeds} --jobs {options.jobs}: must be at least 2 and 1")
    common = ["--data", *options.data, "--dev", *options.dev]
    common += ["--recipe", options.recipe] if options.recipe else []
    variants = [(BASE, []), *((name, fields) for name, *fields in options.variant)]
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        started = [
            [
                pool.submit(
                    fit_once, common, [*options.set, *fields, f"seed={seed}"], Path(folder, f"{position}-{seed}")
                )
                for seed in range(options.seeds)
            ]
            for position, (_, fields) in enumerate(variants)
        ]
        try:
            base = [run.result() for run in started[0]]
            print_row(["", *(name[:9] for name in base[0].accuracy), "gain", "minutes"], NAME_WIDTH)
            rows = []
            for (name, fields), waiting in zip(variants, started, strict=True):
                runs = base if waiting is started[0] else [run.result() for run in waiting]
                rows.append(summarise(name, fields, runs, base))
                print_summary(rows[-1])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what runs already ends first
            raise
    print(machine)
    print(json.dumps({"machine": machine, "ablation": [asdict(row) for row in rows]}, separators=(",", ":")))
    return 0


def _mean(run: Run) -> float:
    return statistics.fmean(run.accuracy.values())


if __name__ == "__main__":
    sys.exit(main())
