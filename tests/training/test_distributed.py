"""Two processes under the real torchrun, against one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.distributed import join


def run(folder: Path, data: str, name: str, launcher: list[str]) -> list[dict[str, Any]]:
    subprocess.run(
        [
            *(*launcher, "-m", "training", "--recipe", "tiny", "--data", data, "--out", str(folder / name)),
            *("--device", "cpu", "--work", str(folder / f"{name}-work")),
            # Without dropout, which is drawn by process, the two runs compute the same.
            *("--set", "epochs=6", "embedding_dropout=0", "output_dropout=0"),
        ],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    summary = next((folder / f"{name}-work").glob("*/checkpoint.json"))
    records: list[dict[str, Any]] = json.loads(summary.read_text())["records"]
    return records


def test_two_processes_train_as_one(tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    alone = run(tmp_path, data, "alone", [sys.executable])
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    together = run(tmp_path, data, "together", torchrun)
    assert [record["step"] for record in alone] == [record["step"] for record in together]
    assert alone[-1]["loss"] < 0.9 * alone[0]["loss"]
    for one, two in zip(alone, together, strict=True):
        assert two["loss"] == pytest.approx(one["loss"], abs=1e-3)
        assert two["dev"]["mean"] == pytest.approx(one["dev"]["mean"], abs=0.02)


def test_unusable_device_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of auto, cpu, cuda"), join("tpu"):
        pass
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device is usable"), join("cuda"):
            pass
