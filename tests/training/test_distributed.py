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
from training.encoder import load_encoder

ALONE = [sys.executable]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def run(folder: Path, launcher: list[str], command: list[str], options: list[str]) -> list[dict[str, Any]]:
    """Records of a run that writes into a folder."""
    place = ["--out", str(folder / "out"), "--work", str(folder / "work"), "--device", "cpu"]
    # Without dropout, which is drawn by process, the two runs compute the same.
    settings = ["--set", "embedding_dropout=0", "output_dropout=0", "precision=float32", *options]
    subprocess.run(
        [*launcher, "-m", "training", *command, *place, *settings],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    [summary] = (folder / "work").glob("*/checkpoint.json")
    records: list[dict[str, Any]] = json.loads(summary.read_text())["records"]
    return records


def test_two_processes_fit_as_one(tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    command = ["--recipe", "tiny", "--data", data]
    alone, together = (
        run(tmp_path / name, launcher, command, ["epochs=4"])
        for name, launcher in (("alone", ALONE), ("together", TORCHRUN))
    )
    assert [record["step"] for record in alone] == [record["step"] for record in together]
    assert alone[-1]["loss"] < 0.9 * alone[0]["loss"]
    for one, two in zip(alone, together, strict=True):
        assert two["loss"] == pytest.approx(one["loss"], abs=1e-3)
        assert two["dev"]["mean"] == pytest.approx(one["dev"]["mean"], abs=0.02)


def test_two_processes_pretrain_as_one(tmp_path: Path) -> None:
    """Each draws negatives of its own; so many that every token is among them, the two compute the same."""
    text = tmp_path / "text.txt"
    text.write_text("".join(f"{line} {n}\n" for n in range(6) for line, _ in LABELLED), encoding="utf-8")
    options = ["vocab_size=40000", "negatives=40000", "embedding_dim=16", "hidden_dim=16", "dev_fraction=0.2"]
    options += ["epochs=3", "learning_rate=0.01", "ema_decay=0.5", "batch_tokens=512", "batch_rows=16"]
    alone, together = (
        run(tmp_path / name, launcher, ["pretrain", str(text)], options)
        for name, launcher in (("alone", ALONE), ("together", TORCHRUN))
    )
    assert [record["step"] for record in alone] == [record["step"] for record in together]
    assert alone[-1]["loss"] < 0.9 * alone[0]["loss"]
    for one, two in zip(alone, together, strict=True):
        assert two["loss"] == pytest.approx(one["loss"], abs=2e-3)
        assert two["dev"] == pytest.approx(one["dev"], abs=2e-3)
    first, second = (load_encoder(tmp_path / name / "out") for name in ("alone", "together"))
    assert first.tokenizer.to_json() == second.tokenizer.to_json()
    for name, value in first.weights.items():
        assert torch.allclose(value, second.weights[name], atol=0.05), name


def test_unusable_device_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of auto, cpu, cuda"), join("tpu"):
        pass
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device is usable"), join("cuda"):
            pass
