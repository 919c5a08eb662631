"""Ray with two workers, one of which is killed, against two plain processes: `python -m tests.bench.ray --help`.

Both answer the same two CSV files of short texts, each text with its number, on the same cores, turn about. The plain
processes take a file each, with one thread each; Ray starts with the command and ends with it, and both starts count.
When half of its parts are done, one of its workers gets SIGKILL. Rows are then counted by their numbers. The last line
of output is one JSON object.
"""

import argparse
import csv
import importlib.util
import json
import os
import pickle
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from model import SHIPPED
from model.reader import read_contents
from service.files.parts import PART_ROWS, cut
from tests.bench.report import describe_machine, print_row
from tests.bench.server import ProcessTree
from tests.bench.texts import SHORT

LOOK_EVERY_S = 0.2
WORKER = b"ray::MapWorker"
"""How the name of a worker's process begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """Medians of the rounds."""

    rows: int
    plain_per_s: float
    """Rows, by two plain processes."""
    ray_per_s: float
    """Rows, by Ray, with a worker killed."""
    ratio: float
    """The latter by the former."""
    ray_tokens_per_core_s: float
    """The same as tokens, by one of the two cores."""
    cut_per_s: float
    """Rows that one reader of Ray's cuts and packs, with nothing beside it."""
    lost: int
    """Rows, of all rounds together."""
    doubled: int


def compare(rows: int, rounds: int, folder: Path) -> Result:
    """Turn about: two plain processes, then Ray."""
    halves = write_halves(rows, folder)
    plain_s, ray_s, lost, doubled = [], [], 0, 0
    for _ in range(rounds):
        plain_s.append(time_plain(halves, folder))
        output = folder / "scored"
        shutil.rmtree(output, ignore_errors=True)
        ray_s.append(time_ray(halves, output, parts_before_kill=rows // PART_ROWS // 2))
        found = count_numbers(output)
        lost += rows - len(found)
        doubled += found.total() - len(found)
    plain, ray = statistics.median(plain_s), statistics.median(ray_s)
    started_at = time.perf_counter()
    for part in cut(str(halves[0]), 0, "text"):
        pickle.dumps(part)
    cut_s = time.perf_counter() - started_at
    return Result(
        rows=rows,
        plain_per_s=round(rows / plain, 1),
        ray_per_s=round(rows / ray, 1),
        ratio=round(plain / ray, 3),
        ray_tokens_per_core_s=round(rows * tokens_of_a_row(halves[0]) / ray / 2, 1),
        cut_per_s=round(rows / 2 / cut_s, 1),
        lost=lost,
        doubled=doubled,
    )


def write_halves(rows: int, folder: Path) -> list[Path]:
    """Two files, with the numbers from 0 to rows as their ids."""
    generator = random.Random(0)
    halves = []
    for half, numbers in enumerate((range(rows // 2), range(rows // 2, rows))):
        halves.append(folder / f"half-{half}.csv")
        with halves[-1].open("w", encoding="utf-8", newline="") as file:
            lines = ([number, f"{generator.choice(SHORT)} {number}"] for number in numbers)
            csv.writer(file).writerows([["id", "text"], *lines])
    return halves


def tokens_of_a_row(path: Path) -> float:
    """Mean of the first rows of a file, by the tokenizer of the shipped model."""
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in islice(csv.DictReader(file), 1000)]
    return statistics.mean(map(len, read_contents(SHIPPED).tokenizer.encode_batch(texts)))


def time_plain(files: Sequence[Path], folder: Path) -> float:
    """Seconds that a process for each file takes, all at once."""
    started_at = time.perf_counter()
    environment = {**os.environ, "SENTIMENT_THREADS": "1"}
    processes = [
        subprocess.Popen([*_COMMAND, str(path), "-o", str(folder / f"plain-{path.name}"), "--force"], env=environment)
        for path in files
    ]
    codes = [process.wait() for process in processes]
    assert not any(codes), codes
    return time.perf_counter() - started_at


def time_ray(files: Sequence[Path], output: Path, parts_before_kill: int) -> float:
    """Seconds that Ray takes with two workers, one of which is killed when so many parts are done."""
    started_at = time.perf_counter()
    process = start_ray(files, output)
    wait_for_parts(process, output, parts_before_kill)
    worker = next(worker_pids(process.pid))
    os.kill(worker, signal.SIGKILL)
    code = process.wait()
    assert code == 0, code
    return time.perf_counter() - started_at


def start_ray(files: Sequence[Path], output: Path) -> subprocess.Popen[bytes]:
    """The command, which starts a Ray of its own."""
    return subprocess.Popen([*_COMMAND, *map(str, files), "-o", str(output), "--engine", "ray", "--workers", "2"])


def wait_for_parts(process: subprocess.Popen[bytes], output: Path, parts: int) -> None:
    """Until so many are done, and the process still runs."""
    while len(list(output.glob("_done/*.json"))) < max(1, parts):
        assert process.poll() is None, "Ray was done before it could be disturbed"
        time.sleep(LOOK_EVERY_S)


def worker_pids(driver: int) -> Iterator[int]:
    """The processes with a model, of a Ray that a process has started."""
    for pid in ProcessTree(driver).pids():
        if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(WORKER):
            yield pid


def count_numbers(output: Path) -> Counter[str]:
    """How often each row's id is in a folder of parts."""
    found = Counter[str]()
    for path in output.glob("part-*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found.update(row["id"] for row in csv.DictReader(file))
    return found


_COMMAND = [sys.executable, "-m", "service", "predict"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the comparison."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ray", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("ray") is None:
        parser.error("Ray is not installed: pip install '.[ray]'")
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        result = compare(options.rows, options.rounds, Path(folder))
    print_row(["rows", "plain/s", "ray/s", "ratio", "tokens/s", "cut/s", "lost", "doubled"])
    speeds = [
        result.plain_per_s,
        result.ray_per_s,
        f"{result.ratio:.1%}",
        result.ray_tokens_per_core_s,
        result.cut_per_s,
    ]
    print_row([result.rows, *speeds, result.lost, result.doubled])
    print(machine)
    print(json.dumps({"machine": machine, "ray": asdict(result)}, separators=(",", ":")))
    return 1 if result.lost or result.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
