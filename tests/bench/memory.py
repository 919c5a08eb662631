"""Peak memory of training over texts of growing size: `python -m tests.bench.memory --help`.

Each size is a JSON Lines file of synthetic reviews, and a run of its own of each command, with a small network and a
few updates: what is measured is the way from the file to the batches, and the report of the data. For `distill` the
reviews have no label, and an artifact of the same small network is asked about all of them. The last column is what a
size took more than the first, by its additional rows. The last line of output is one JSON object.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.report import describe_machine, print_row

NETWORK = ["vocab_size=4000", "embedding_dim=16", "hidden_dim=16", "precision=float32", "evaluations_per_epoch=1"]
RUNS = {
    "fit": ["tokenizer_texts=2000"],
    "pretrain": ["tokenizer_texts=2000", "negatives=64", "dev_fraction=0.001"],
    "distill": ["tokenizer_texts=2000", "unlabelled_sentences=1000"],
}
STEPS = 20


def write_reviews(path: Path, size: int, row_bytes: int, seed: int) -> int:
    """Write about so many bytes of rows, no two alike; how many rows."""
    source = random.Random(seed)
    words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 9))) for _ in range(5_000)]
    labels = ("negative", "neutral", "positive")
    clauses = [" ".join(source.choices(words, k=12)) for _ in range(20_000)]
    rows = written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            text = ", ".join([str(rows), *source.choices(clauses, k=max(1, row_bytes // 80))])
            written += file.write(f'{{"text": "{text}", "label": "{labels[rows % 3]}"}}\n')
            rows += 1
    return rows


def measure(run: str, size: int, row_bytes: int, folder: Path) -> tuple[int, float, float]:
    """Rows of about so many bytes of reviews, peak RSS in MB, and seconds, of a run in a process of its own."""
    train, few, dev = (folder / f"{name}.jsonl" for name in ("train", "few", "dev"))
    write_reviews(dev, 100_000, 500, seed=1)
    rows = write_reviews(train, size, row_bytes, seed=2)
    sources = ["--data", str(train), "--dev", str(dev)]
    if run == "pretrain":
        sources = [str(train)]
    elif run == "distill":
        own = write_reviews(few, 100_000, 500, seed=3)
        spawn("fit", ["--data", str(few), "--dev", str(dev)], folder / "teacher", own)
        sources = ["--data", str(few), "--dev", str(dev), "--unlabelled", str(train)]
        sources += ["--teacher", str(folder / "teacher" / "out")]
    return rows, *spawn(run, sources, folder, rows)


def spawn(run: str, sources: Sequence[str], folder: Path, rows: int) -> tuple[float, float]:
    """Peak RSS in MB, and seconds, of a command that writes into a folder."""
    folder.mkdir(exist_ok=True)
    place = ["--out", str(folder / "out"), "--work", str(folder / "work"), "--device", "cpu"]
    fields = [*NETWORK, *RUNS[run], f"epochs={STEPS * 64 / rows}"]
    started_at = time.perf_counter()
    log = folder / "log"
    with log.open("w") as file:
        arguments = [sys.executable, "-m", "training", run, *sources, *place, "--set", *fields]
        output = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        pid = os.posix_spawn(sys.executable, arguments, os.environ, file_actions=output)
        _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(arguments)}:\n{log.read_text()[-3000:]}")
    return usage.ru_maxrss / 1024, time.perf_counter() - started_at


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", nargs="+", default=[*RUNS], choices=RUNS, metavar="RUN", help="(default: all)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000], metavar="MB")
    parser.add_argument("--row-bytes", type=int, default=1000, help="of a text, about")
    parser.add_argument("--folder", type=Path, help="where the files are made and removed (default: the system's)")
    options = parser.parse_args(arguments)
    machine = describe_machine()
    print_row(["run", "MB", "rows", "peak MB", "s", "B/row"])
    results = []
    for run in options.runs:
        first: tuple[int, float] | None = None
        for size in options.sizes:
            with tempfile.TemporaryDirectory(dir=options.folder) as name:
                rows, peak_mb, seconds = measure(run, size * 1_000_000, options.row_bytes, Path(name))
            first = first or (rows, peak_mb)
            grown = (peak_mb - first[1]) * 2**20 / (rows - first[0]) if rows > first[0] else None
            result = {"run": run, "mb": size, "rows": rows, "peak_rss_mb": round(peak_mb), "seconds": round(seconds)}
            results.append(result | {"bytes_per_row": grown and round(grown, 1)})
            print_row([*results[-1].values()])
    print(machine)
    print(json.dumps({"machine": machine, "memory": results}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
