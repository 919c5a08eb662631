"""The state of an unfinished run: one file, written whole or not at all, with JSON for people beside it."""

import json
import os
from pathlib import Path
from typing import Any

import torch

from model.artifact import sync

STATE, SUMMARY = "checkpoint.pt", "checkpoint.json"


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
