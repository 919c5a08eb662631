"""The state of an unfinished run: one file, written whole or not at all, with JSON for people beside it."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from model.artifact import sync
from training.config import RunConfig

STATE, SUMMARY = "checkpoint.pt", "checkpoint.json"


def fingerprint(config: RunConfig, digests: Iterable[str]) -> str:
    """Short hash of everything that decides a run's weights; a checkpoint of another run is never gone on from.

    digests: of the data, and of what the run starts from.
    """
    decisive = {**config.to_dict(), "checkpoint_every_s": None, "data": list(digests)}
    for name in ("pretraining", "teaching"):
        decisive.pop(name, None)  # its result is among the digests
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]


def save_checkpoint(directory: Path, state: dict[str, Any], summary: dict[str, Any]) -> None:
    """Write a checkpoint over the last one; a kill at any moment leaves the one or the other.

    state: tensors and plain Python values only.   summary: what a person may want to read of it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    staging = directory / f".{STATE}.{os.getpid()}"
    torch.save(state, staging)
    sync(staging)
    staging.replace(directory / STATE)
    sync(directory)
    (directory / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load_checkpoint(directory: Path) -> dict[str, Any] | None:
    """The state that was saved last, or None if there is none.

    Left-overs of a killed write are removed.
    """
    for leftover in directory.glob(f".{STATE}.*"):
        leftover.unlink()
    if not (directory / STATE).is_file():
        return None
    state: dict[str, Any] = torch.load(directory / STATE, map_location="cpu", weights_only=True)
    return state
