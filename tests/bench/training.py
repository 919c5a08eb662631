"""How much of a bare loop's speed a run keeps: `python -m tests.bench.training --help`.

The run is `fit` itself on token rows in files: batches, padding, loss, backward, clipping, AdamW, the average of
weights, one evaluation and one checkpoint. The bare loop does forward, loss, backward and AdamW with the same network
and type of products on random ids, in batches of the same shapes that are in memory before it starts. They take turns,
in one process and in several (torchrun); tokens are those of texts, without padding. The last line of output is one
JSON object.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from model.classifier import SentimentClassifier
from tests.bench.report import describe_machine, print_row
from training.classification import Classification, EncodedSet
from training.config import TrainConfig
from training.distributed import Processes, join
from training.loop import fit, resolve_precision
from training.sources import Source
from training.storage import TokenRows, write_rows

CLASSES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """So many processes; medians of the rounds."""

    processes: int
    device: str
    steps: int
    bare_tokens_per_s: int
    tokens_per_s: int
    kept: float
    """Of the bare loop's tokens a second."""
    cpu_kept: float
    """Of its tokens a CPU second, which other work on the machine disturbs less."""


def make_task(folder: Path, steps: int, processes: Processes) -> Classification:
    """Rows for about so many updates of the default size; lengths as in a mix of phrases and reviews."""
    config = TrainConfig(train=(Source(path="random.jsonl"),), epochs=1.0, evaluations_per_epoch=1)
    source = random.Random(0)
    lengths = [min(512, max(3, round(source.lognormvariate(3.6, 0.9)))) for _ in range(steps * 110)]
    rows = (array("H", source.choices(range(2, config.vocab_size), k=length)).tobytes() for length in lengths)
    own = folder / f"rows-{processes.rank}"
    own.mkdir(exist_ok=True)
    write_rows(own, rows)
    stored = TokenRows(own, "H")
    train = EncodedSet("random", stored, [index % CLASSES for index in range(len(stored))], (True,) * CLASSES)
    return Classification(config, [train], [EncodedSet("dev", [[5, 6]], [0], (True,) * CLASSES)], pad_id=0)


def clock() -> np.ndarray:
    """Seconds passed, and CPU seconds of this process."""
    return np.array([time.perf_counter(), time.process_time()])


def make_network(config: TrainConfig) -> SentimentClassifier:
    torch.manual_seed(0)
    return SentimentClassifier(config.shape(config.vocab_size))


def time_fit(task: Classification, folder: Path, processes: Processes) -> np.ndarray:
    """Seconds of a run."""
    network = make_network(task.config)
    started_at = clock()
    with tempfile.TemporaryDirectory(dir=folder) as directory:
        fit(task.config, network, task, directory=Path(directory), processes=processes)
    passed: np.ndarray = clock() - started_at
    return passed


def time_bare(task: Classification, processes: Processes) -> np.ndarray:
    """Seconds of a bare loop."""
    device, (precision, _) = processes.device, resolve_precision(task.config.precision, processes.device)
    network: nn.Module = make_network(task.config).to(device)
    network = DistributedDataParallel(network) if processes.world_size > 1 else network
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    batches = []
    for rows in task.batches(0):
        lengths = np.array([task.lengths[row] for row in rows[processes.rank :: processes.world_size] or rows[:1]])
        ids_BT = torch.randint(2, task.config.vocab_size, (len(lengths), int(lengths.max())))
        batches.append((ids_BT, torch.from_numpy(lengths).long(), torch.randint(0, CLASSES, (len(lengths),))))
    started_at = clock()
    for batch in batches:
        ids_BT, lengths_B, targets_B = (tensor.to(device) for tensor in batch)
        with torch.autocast(device.partition(":")[0], precision, enabled=precision != torch.float32):
            loss = nn.functional.cross_entropy(network(ids_BT, lengths_B).float(), targets_B)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    loss.item()
    passed: np.ndarray = clock() - started_at
    return passed


def work(folder: Path, steps: int, rounds: int) -> None:
    """What each process does; the first prints tokens a second of the bare loop and of the run, by round."""
    torch.set_num_threads(1)
    with join() as processes:
        task = make_task(folder, steps, processes)
        tokens = int(np.sum(task.lengths))
        found = []
        for _ in range(rounds):
            bare, run = time_bare(task, processes), time_fit(task, folder, processes)
            found.append([*(tokens / bare), *(tokens / run)])
        if processes.is_main:
            print(json.dumps({"steps": len(task.batches(0)), "device": processes.device, "tokens_per_s": found}))


def launch(processes: int, steps: int, rounds: int) -> Result:
    """Run `work` in so many processes of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "tests.bench.training", "--folder", folder, "--steps", str(steps), "--rounds", str(rounds)]
        launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
        finished = subprocess.run(
            [sys.executable, *launcher, *command],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
        )
    if finished.returncode:
        raise RuntimeError(finished.stderr[-3000:])
    found = json.loads(finished.stdout.splitlines()[-1])
    rates = np.array(found["tokens_per_s"])  # (rounds, 4): bare by time and by CPU time, the run likewise
    bare, _, run, _ = np.median(rates, axis=0)
    kept, cpu_kept = np.median(rates[:, 2:] / rates[:, :2], axis=0)
    return Result(
        processes=processes,
        device=found["device"],
        steps=found["steps"],
        bare_tokens_per_s=round(bare),
        tokens_per_s=round(run),
        kept=round(kept, 3),
        cpu_kept=round(cpu_kept, 3),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.training", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=100, help="updates of a round, about")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.folder:
        work(options.folder, options.steps, options.rounds)
        return 0
    machine = describe_machine()
    print_row(["processes", "steps", "bare t/s", "fit t/s", "kept", "CPU kept", "scale"])
    results = [launch(count, options.steps, options.rounds) for count in options.processes]
    for item in results:
        scale = f"{item.tokens_per_s / results[0].tokens_per_s:.2f}"
        print_row(
            [item.processes, item.steps, item.bare_tokens_per_s, item.tokens_per_s, item.kept, item.cpu_kept, scale]
        )
    print(machine)
    print(json.dumps({"machine": machine, "training": [asdict(item) for item in results]}, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
