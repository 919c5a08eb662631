"""Ranks of a training run killed with SIGKILL: torchrun starts the group again, which ends as if nothing had been."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from tests.bench.server import ProcessTree
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.checkpoint import STATE, load_checkpoint

KILLS = 3
LIMIT_S = 600.0


def command(folder: Path, data: str, restarts: int) -> list[str]:
    return [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"),
        *("--max-restarts", str(restarts), "-m", "training", "--recipe", "tiny", "--data", data),
        *("--out", str(folder / "out"), "--work", str(folder / "work"), "--device", "cpu"),
        *("--set", "epochs=8", "evaluations_per_epoch=8", "checkpoint_every_s=0"),
    ]


def find_checkpoint(folder: Path) -> Path | None:
    return next((folder / "work").glob(f"*/{STATE}"), None)


def saved_at(folder: Path) -> int:
    """When the checkpoint was written; 0 if there is none."""
    with suppress(OSError):
        if path := find_checkpoint(folder):
            return path.stat().st_mtime_ns
    return 0


def state_of(folder: Path) -> dict[str, Any]:
    path = find_checkpoint(folder)
    state = load_checkpoint(path.parent) if path else None
    assert state is not None
    return state


def wait_for_checkpoints(process: subprocess.Popen[bytes], folder: Path, count: int) -> None:
    """Until so many have been written, or the process has ended."""
    last, deadline = saved_at(folder), time.monotonic() + LIMIT_S
    while count and process.poll() is None and time.monotonic() < deadline:
        if (now := saved_at(folder)) != last:
            last, count = now, count - 1
        time.sleep(0.002)  # a checkpoint is a file, which nothing announces


def find_rank(pid: int, rank: int) -> int | None:
    """The process of a rank among the children of torchrun, once it is there."""
    for child in ProcessTree(pid).pids()[1:]:
        with suppress(OSError):
            variables = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            if f"RANK={rank}".encode() in variables:
                return child
    return None


def test_killed_ranks_resume_to_the_same_weights(
    tmp_path: Path, record: Callable[..., None], amount: Callable[[int], int]
) -> None:
    """The main rank and another in turn, each time some checkpoints after the last start."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    subprocess.run(command(tmp_path / "whole", data, 0), env=environment, check=True, capture_output=True)

    kills, source, folder = max(2, amount(KILLS)), random.Random(0), tmp_path / "killed"
    with (tmp_path / "log").open("w") as log:
        torchrun = subprocess.Popen(command(folder, data, kills), env=environment, stdout=log, stderr=log)
        try:
            for kill in range(kills):
                wait_for_checkpoints(torchrun, folder, source.randint(3, 8))
                if victim := find_rank(torchrun.pid, (kill + 1) % 2):
                    os.kill(victim, signal.SIGKILL)
            exit_code = torchrun.wait(LIMIT_S)
        finally:
            torchrun.terminate()  # it ends its ranks; does nothing if all have ended
            torchrun.wait()
    shown = (tmp_path / "log").read_text()
    assert exit_code == 0, shown[-3000:]

    whole, killed = state_of(tmp_path / "whole"), state_of(folder)
    parted = [name for name, value in whole["network"].items() if not torch.equal(value, killed["network"][name])]
    starts = [int(step) for step in re.findall(r"from step (\d+)", shown)]
    record(
        what=f"SIGKILL to a rank of `torchrun --nproc-per-node 2 --max-restarts {kills}`, {kills} times",
        bound="each start from the last checkpoint; weights and records equal to an undisturbed run's",
        measured=f"started from steps {', '.join(map(str, starts))}; {len(parted)} of {len(whole['network'])} differ",
    )
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert len(starts) == kills + 1
    assert not parted
    assert killed["records"] == whole["records"]
    assert killed["step"] == whole["step"] > starts[-1]
