"""Two processes under the real torchrun, against one."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.__main__ import main
from training.checkpoint import STATE, load_checkpoint
from training.distributed import join
from training.encoder import load_encoder

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
SHORT = ["precision=float32", "evaluations_per_epoch=1000"]  # so that each step has its record


def run(folder: Path, command: list[str], options: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The states that a run ends in, alone and together, which write into folders of these names."""
    options = ["--device", "cpu", "--set", *SHORT, *options]
    alone, together = (
        [*command, "--out", str(folder / name / "out"), "--work", str(folder / name / "work"), *options]
        for name in ("alone", "together")
    )
    assert main(alone) == 0
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [*TORCHRUN, "-m", "training", *together]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return state(folder / "alone"), state(folder / "together")


def state(folder: Path) -> dict[str, Any]:
    [path] = (folder / "work").glob(f"*/{STATE}")
    found = load_checkpoint(path.parent)
    assert found is not None
    return found


def assert_same_run(one: dict[str, Any], two: dict[str, Any], steps: int) -> None:
    """Loss and score of every step, and the weights at the end, are the same but for the order of sums."""
    assert [record["step"] for record in two["records"]] == list(range(1, len(one["records"]) + 1))
    assert len(one["records"]) >= steps
    assert one["records"][-1]["loss"] < 0.95 * one["records"][0]["loss"]
    for here, there in zip(one["records"], two["records"], strict=True):
        assert there["loss"] == pytest.approx(here["loss"], abs=1e-4)
        assert there["dev"]["mean"] == pytest.approx(here["dev"]["mean"], abs=1e-4)
    for name, value in one["network"].items():
        assert torch.allclose(value, two["network"][name], rtol=0, atol=1e-4), name


def test_two_processes_fit_as_one(tmp_path: Path) -> None:
    """But for dropout, which each draws for its own rows."""
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    options = ["epochs=3", "embedding_dropout=0", "output_dropout=0", "subword_split=0.2", "class_weights=balanced"]
    alone, together = run(tmp_path, ["fit", "--recipe", "tiny", "--data", data], options)
    assert_same_run(alone, together, 20)


@pytest.mark.slow
def test_two_processes_pretrain_as_one(tmp_path: Path) -> None:
    """Each used to draw negatives of its own, so that two processes learned from twice as many."""
    text = tmp_path / "text.txt"
    text.write_text("".join(f"{line} {n}\n" for n in range(6) for line, _ in LABELLED), encoding="utf-8")
    options = ["vocab_size=400", "negatives=50", "embedding_dim=16", "hidden_dim=16", "dev_fraction=0.2"]
    options += ["epochs=3", "learning_rate=0.01", "ema_decay=0.5", "batch_tokens=512", "batch_rows=16"]
    options += ["embedding_dropout=0", "output_dropout=0"]
    alone, together = run(tmp_path, ["pretrain", str(text)], options)
    assert_same_run(alone, together, 20)
    first, second = (load_encoder(tmp_path / name / "out") for name in ("alone", "together"))
    assert first.tokenizer.to_json() == second.tokenizer.to_json()


def test_processes_wait_for_what_the_main_one_does_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By torch's default they gave up after half an hour, of which a linear teacher or an export can take more."""
    told: dict[str, Any] = {}
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)
    store = SimpleNamespace(set_timeout=lambda timeout: told.update(store_timeout=timeout))
    monkeypatch.setattr("training.distributed.rendezvous", lambda url: iter([(store, 1, 2)]))
    monkeypatch.setattr("torch.distributed.init_process_group", lambda backend, **others: told.update(others))
    monkeypatch.setattr("torch.distributed.barrier", lambda: None)
    monkeypatch.setattr("torch.distributed.destroy_process_group", lambda: None)
    with join("cpu") as processes:
        assert (processes.rank, processes.world_size) == (1, 2)
    assert told["timeout"] == told["store_timeout"] == timedelta(hours=24)


def test_unusable_device_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of auto, cpu, cuda"), join("tpu"):
        pass
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no CUDA device is usable"), join("cuda"):
            pass
