"""Training that is killed, has no disk left, meets gradients that are not finite, or a row that is broken."""

import contextlib
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from model.artifact import METADATA, TOKENIZER, Metadata
from tests.service.conftest import ROOT
from tests.texts import LABELLED
from tests.training.test_checkpoint import ENVIRONMENT, weights
from tests.training.test_data import write_jsonl
from training.checkpoint import STATE, load_checkpoint

Record = Callable[..., None]
Amount = Callable[[int], int]
SETTINGS = ("--set", "epochs=6", "checkpoint_every_s=0")
WITH_PRETRAINING = """if True:
    import sys
    from dataclasses import replace
    from pathlib import Path
    from training.config import PretrainConfig
    from training.sources import parse_source
    from training.distributed import join
    from training.recipes import tiny
    from training.train import train
    data, out, work = sys.argv[1:]
    small = dict(vocab_size=400, embedding_dim=16, hidden_dim=16, max_tokens=64, negatives=32, dev_fraction=0.1)
    pretraining = PretrainConfig(
        train=(parse_source(data),), epochs=3.0, checkpoint_every_s=0.0, batch_rows=16, precision="float32", **small
    )
    config = replace(tiny([data], []), epochs=4.0, checkpoint_every_s=0.0, pretraining=pretraining)
    with join("cpu") as processes:
        train(config, Path(out), Path(work), processes)
"""
"""A run of two phases, which the command has for the recipe of the shipped model alone."""
ROWS = 1_000_000
BROKEN = ROWS // 2
MOST_MB = 1500
"""To read a million rows of 60 letters; the rows themselves take 200 MB as Python's strings."""


def fit(data: str, folder: Path, name: str) -> list[str]:
    """The command of one run, which goes on from its own checkpoints."""
    out, work = str(folder / name), str(folder / f"{name}-work")
    given = ("--recipe", "tiny", "--data", data, "--out", out, "--work", work, *SETTINGS)
    return [sys.executable, "-m", "training", "fit", *given]


def fit_in_two_phases(data: str, folder: Path, name: str) -> list[str]:
    arguments = (data, str(folder / name), str(folder / f"{name}-work"))
    return [sys.executable, "-W", "ignore", "-c", WITH_PRETRAINING, *arguments]


def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=500, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def data(tmp_path: Path) -> str:
    return write_jsonl(
        tmp_path / "data.jsonl", [(f"{text} {number}", label) for number in range(4) for text, label in LABELLED]
    )


def same(one: Path, two: Path) -> bool:
    """Whether two runs ended with the same weights, tokenizer and temperature, bit by bit."""
    first, second = weights(one), weights(two)
    temperatures = [Metadata.from_json((each / METADATA).read_text()).temperature for each in (one, two)]
    return (
        first.keys() == second.keys()
        and all(torch.equal(value, second[name]) for name, value in first.items())
        and (one / TOKENIZER).read_bytes() == (two / TOKENIZER).read_bytes()
        and temperatures[0] == temperatures[1]
    )


@pytest.mark.parametrize(("command", "whole_kills"), [(fit, 30), (fit_in_two_phases, 10)])
def test_run_that_is_killed_at_random_ends_with_the_same_weights(
    command: Callable[[str, Path, str], list[str]],
    whole_kills: int,
    data: str,
    tmp_path: Path,
    record: Record,
    amount: Amount,
) -> None:
    """A run that has ended between two kills is held against the whole one, and another is begun."""
    started = time.monotonic()
    assert run(command(data, tmp_path, "whole")).returncode == 0
    whole_s = time.monotonic() - started
    kills = wrong = ended = 0
    source = random.Random(0)
    while kills < amount(whole_kills) or ended == 0:
        process = subprocess.Popen(
            command(data, tmp_path, f"run-{ended}"), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL
        )
        try:
            # Each goes on from the last, so that after most of the time of a whole run each has come to its end.
            limit = source.uniform(0, whole_s) if kills < amount(whole_kills) else 500
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        assert status == 0
        wrong += not same(tmp_path / "whole", tmp_path / f"run-{ended}")
        ended += 1
    record(
        what=f"training killed by SIGKILL at {kills} random moments ({command.__name__.replace('_', ' ')})",
        bound="the same command ends with the same weights, bit by bit",
        measured=f"{wrong} of {ended} runs differ",
    )
    assert wrong == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a file system can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_keeps_the_last_checkpoint_and_the_run_goes_on_when_there_is_room(
    data: str, small_disk: Path, tmp_path: Path, record: Record
) -> None:
    assert run(fit(data, tmp_path, "whole")).returncode == 0
    command = fit(data, tmp_path, "run")
    command[command.index("--work") + 1] = str(small_disk / "work")
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    while not list(small_disk.glob(f"work/*/{STATE}")) and process.poll() is None:
        time.sleep(0.001)  # a checkpoint is a file, which nothing announces
    with (small_disk / "somebody else's").open("wb", buffering=0) as file:
        while process.poll() is None:  # a checkpoint that is replaced leaves room, which is taken at once
            with contextlib.suppress(OSError):
                file.write(bytes(4096))
                continue
            time.sleep(0.001)
    _, told = process.communicate(timeout=300)
    last = told.strip().splitlines()[-1]
    (directory,) = (path for path in (small_disk / "work").iterdir() if path.name != "data")
    leftovers = [path.name for path in directory.iterdir() if path.name.startswith(".")]
    state = load_checkpoint(directory)
    (small_disk / "somebody else's").unlink()
    finished = run(command)
    is_same = finished.returncode == 0 and same(tmp_path / "whole", tmp_path / "run")
    record(
        what="the disk fills while checkpoints are written",
        bound="one line and exit code 1, the last checkpoint kept, the same weights once there is room",
        measured=f"exit code {process.returncode}, step {state and state['step']} kept, "
        + ("same weights" if is_same else "other weights"),
    )
    assert process.returncode == 1
    assert last.startswith("error: ")
    assert "no checkpoint could be written" in last
    assert "Traceback" not in told
    assert leftovers == []
    assert state is not None
    assert f"from step {state['step']}" in finished.stderr
    assert is_same


def test_gradients_that_are_not_finite_stop_the_run_before_the_update(
    data: str, tmp_path: Path, record: Record
) -> None:
    """They become NaN at step 20, by a hook on the head's weights; the checkpoint is that of step 20."""
    script = """
        import sys, torch
        from torch.nn.utils import clip_grad_norm_
        from training.__main__ import main
        calls = [0]
        def spoil(parameters, *rest):
            parameters = list(parameters)
            calls[0] += 1
            if calls[0] > 20:
                parameters[-1].grad[0] = float("nan")
            return clip_grad_norm_(parameters, *rest)
        torch.nn.utils.clip_grad_norm_ = spoil
        sys.exit(main(sys.argv[1:]))
        """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), *fit(data, tmp_path, "run")[3:]]
    done = run(command)
    (directory,) = (path for path in (tmp_path / "run-work").iterdir() if path.name != "data")
    state = load_checkpoint(directory)
    assert state is not None
    finite = all(bool(torch.isfinite(value).all()) for value in state["network"].values())
    last = done.stderr.strip().splitlines()[-1]
    record(
        what="a gradient becomes NaN",
        bound="stopped before the update, the last checkpoint kept",
        measured=f"exit code {done.returncode}, checkpoint of step {state['step']}, {'finite' if finite else 'NaN'}",
    )
    assert (done.returncode, state["step"], finite) == (1, 20, True)
    assert last == "error: gradients have norm nan: stopped before the update; lower the learning rate"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_broken_row_among_a_million_is_told_by_file_and_line(
    suffix: str, tmp_path: Path, record: Record, amount: Amount
) -> None:
    rows, broken = amount(ROWS), amount(BROKEN)
    path = tmp_path / f"rows.{suffix}"
    with path.open("w") as file:
        if suffix == "csv":
            file.write("text,label\n")
        for number in range((file.tell() and 2) or 1, rows + 1):
            label = "positive" if number % 2 else "negative"
            text = f"a text of some letters that nobody has written a text of number {number}"
            line = f"{text},{label}" if suffix == "csv" else f'{{"text": "{text}", "label": "{label}"}}'
            file.write((line[: len(text) // 2] if number == broken else line) + "\n")
    script = (
        "import resource, sys; from training.__main__ import main; status = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024); sys.exit(status)"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, *fit(str(path), tmp_path, "run")[3:], "--strict"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = run(command)
    cpu_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    memory_mb = int(done.stdout)
    record(
        what=f"a broken row in the middle of {rows:,} ({suffix})",
        bound=f"file and line; below {MOST_MB} MB and 60 s of CPU",
        measured=f"line {broken:,} told; {memory_mb} MB; {cpu_s:.0f} s",
    )
    assert done.returncode == 1
    assert f"error: {path}:{broken}: broken row" in done.stderr
    assert memory_mb < MOST_MB
    assert cpu_s < 60
