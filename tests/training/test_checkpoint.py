"""Kill a real run with SIGKILL, run the same command again, and compare with a run that was left alone."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.artifact import NETWORK
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.__main__ import main
from training.checkpoint import LOCK, STATE, fingerprint, load_checkpoint, save_checkpoint
from training.config import PretrainConfig, TrainConfig
from training.sources import Source

PYTHON = [sys.executable, "-m", "training"]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def command(folder: Path, data: str, name: str) -> list[str]:
    """The arguments of `python -m training`."""
    return [
        *("fit", "--recipe", "tiny", "--data", data, "--out", str(folder / name)),
        *("--work", str(folder / f"{name}-work"), "--set", "epochs=6", "checkpoint_every_s=0"),
    ]


def weights(artifact: Path) -> dict[str, torch.Tensor]:
    return dict(torch.jit.load(artifact / NETWORK).state_dict())  # type: ignore[no-untyped-call]


def test_run_that_another_process_trains_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Started twice, each undid what the other saved, and one of them died of a file that was gone."""
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])
    assert main(command(tmp_path, data, "first")) == 0
    [run] = (path.parent for path in (tmp_path / "first-work").glob(f"*/{STATE}"))
    holds = f"import fcntl, sys; file = open({str(run / LOCK)!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX)"
    other = [sys.executable, "-c", f"{holds}; print(flush=True); sys.stdin.read()"]
    capsys.readouterr()
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert main(command(tmp_path, data, "first")) == 1
        assert capsys.readouterr().err.endswith("another process trains this run; wait for it, or stop it\n")
        process.communicate()
    assert main(command(tmp_path, data, "first")) == 0


def test_run_killed_again_and_again_ends_with_the_same_weights(tmp_path: Path) -> None:
    rows = [(f"{text} {number}", label) for number in range(4) for text, label in LABELLED]
    data = write_jsonl(tmp_path / "data.jsonl", rows)
    assert main(command(tmp_path, data, "whole")) == 0

    killed, steps_at_kill = command(tmp_path, data, "killed"), []
    for kill_after in (1, 12):
        process = subprocess.Popen(PYTHON + killed, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        states: list[int] = []
        while len(states) < kill_after and process.poll() is None:
            found = [path.stat().st_mtime_ns for path in (tmp_path / "killed-work").glob(f"*/{STATE}")]
            if found and found[0] not in states:
                states.append(found[0])
            time.sleep(0.001)  # a checkpoint is a file, which nothing announces
        process.send_signal(signal.SIGKILL)
        process.wait()
        state = load_checkpoint(next((tmp_path / "killed-work").glob(f"*/{STATE}")).parent)
        assert state is not None
        steps_at_kill.append(state["step"])
        total_steps = state["total_steps"]
    assert 0 < steps_at_kill[0] < steps_at_kill[1] < total_steps
    assert not (tmp_path / "killed").exists()

    finished = subprocess.run(PYTHON + killed, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    assert f"from step {steps_at_kill[1]}" in finished.stderr
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    assert whole.keys() == resumed.keys()
    for name, value in whole.items():
        assert torch.equal(value, resumed[name]), name


def test_write_that_fails_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path, {"step": 1}, {"step": 1})

    def fails(state: object, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise OSError("disk full")

    monkeypatch.setattr("torch.save", fails)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(tmp_path, {"step": 2}, {"step": 2})
    monkeypatch.undo()
    assert load_checkpoint(tmp_path) == {"step": 1}
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_fingerprint_follows_all_that_decides_the_weights() -> None:
    source = Source(path="/here/a.csv")
    fit, pretraining = TrainConfig(train=(source,)), PretrainConfig(train=(source,))
    runs = {
        "fit": fingerprint(fit, ["x"]),
        "its seed": fingerprint(replace(fit, seed=1), ["x"]),
        "its data": fingerprint(fit, ["y"]),
        "what it starts from": fingerprint(fit, ["x", "y"]),
        "pretraining": fingerprint(pretraining, ["x"]),
        "its negatives": fingerprint(replace(pretraining, negatives=9), ["x"]),
    }
    assert len(set(runs.values())) == len(runs)
    # Where the data lies, how often a checkpoint is written, and what gave the encoder that is among the digests.
    assert fingerprint(replace(fit, pretraining=pretraining), ["x"]) == runs["fit"]
    moved = TrainConfig(train=(Source(path="/there/a.csv"),), checkpoint_every_s=5.0, card_notes="note")
    assert fingerprint(moved, ["x"]) == runs["fit"]


def test_no_checkpoint_is_none(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path) is None


def test_full_disk_leaves_the_last_checkpoint_and_no_leftover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file was once left on the disk that was full, and all that was told was torch's "unexpected pos"."""
    save_checkpoint(tmp_path, {"step": 1}, {"step": 1})

    def fails(state: object, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 768 vs 662")

    monkeypatch.setattr("torch.save", fails)
    with pytest.raises(OSError, match=r"cannot be written, with \d+ MB free"):
        save_checkpoint(tmp_path, {"step": 2}, {"step": 2})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint.json", STATE]
    assert load_checkpoint(tmp_path) == {"step": 1}
