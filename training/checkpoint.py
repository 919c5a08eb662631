"""The state of an unfinished run: one file, written whole or not at all, with JSON for people beside it."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch

from model.artifact import sync, write_whole
from training.config import RunConfig
from training.distributed import Processes

STATE, SUMMARY, LOCK = "checkpoint.pt", "checkpoint.json", ".lock"


def fingerprint(config: RunConfig, digests: Iterable[str], left_out: Set[str] = frozenset()) -> str:
    """Short hash of everything that decides a run's weights; a checkpoint of another run is never gone on from.

    digests: of the data, and of what the run starts from. left_out: keys of texts that it does not learn from, beside
    those of its own dev sets.
    """
    decisive = {**config.to_dict(), "checkpoint_every_s": None, "data": list(digests)}
    if left_out:
        decisive["left_out"] = sorted(left_out)
    for name in ("founding", "pretraining", "teaching"):
        decisive.pop(name, None)  # its result is among the digests
    decisive.pop("start_share", None)  # is applied when the run is over
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]


@contextmanager
def claimed(directory: Path, processes: Processes) -> Iterator[None]:
    """Keep other processes than these from training in the folder of a run: each would undo what the others saved.

    Raises: BlockingIOError in all of them if another has it.
    """
    with ExitStack() as held:
        is_taken = False
        if processes.is_main:
            directory.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context(open(directory / LOCK, "w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go of by the kernel, however a process ends
            except BlockingIOError:
                is_taken = True
        if processes.agree(is_taken):
            raise BlockingIOError(f"{directory}: another process trains this run; wait for it, or stop it")
        yield


def save_checkpoint(directory: Path, state: dict[str, Any], summary: dict[str, Any]) -> None:
    """Write a checkpoint over the last one; a kill or a failure at any moment leaves the one or the other.

    state: tensors and plain Python values only.   summary: what a person may want to read of it.
    Raises: OSError, and then nothing is left of what was begun: on a full disk, each byte of it would be missed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    staging = directory / f".{STATE}.{os.getpid()}"
    try:
        _write(state, staging)
        sync(staging)
        staging.replace(directory / STATE)
    finally:
        staging.unlink(missing_ok=True)
    sync(directory)
    write_whole(directory / SUMMARY, (json.dumps(summary, indent=2, ensure_ascii=False) + "\n").encode())


def _write(state: dict[str, Any], path: Path) -> None:
    try:
        torch.save(state, path)
    except RuntimeError as error:  # "unexpected pos 768 vs 662" is how torch says that a disk is full
        free = shutil.disk_usage(path.parent).free
        raise OSError(f"{path}: cannot be written, with {free >> 20} MB free: {error}") from error


def load_checkpoint(directory: Path) -> dict[str, Any] | None:
    """The state that was saved last, or None if there is none.

    Left-overs of a killed write are removed.
    """
    for leftover in (*directory.glob(f".{STATE}.*"), *directory.glob(f".{SUMMARY}.*")):
        leftover.unlink()
    if not (directory / STATE).is_file():
        return None
    state: dict[str, Any] = torch.load(directory / STATE, map_location="cpu", weights_only=True)
    return state
