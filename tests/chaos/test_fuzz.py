"""Bytes that nobody would write, millions of them, into whatever reads what others wrote."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="Atheris has wheels for Linux on x86_64 alone")

CASES = {
    "bodies": 300_000,
    "tokens": 150_000,
    "windows": 150_000,
    "sentences": 100_000,
    "files": 100_000,
    "keys": 150_000,
    "settings": 100_000,
    "protocol": 50_000,
}
"""By target, as targets.py has them."""


@pytest.mark.parametrize("target", CASES)
def test_no_bytes_break_it(
    record: Callable[..., None], amount: Callable[[int], int], tmp_path: Path, target: str
) -> None:
    """Each case raises what is documented or gives an answer that is valid; none crashes, none takes 30 s."""
    folder = tmp_path / target
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.chaos.fuzz", target, str(folder), "-seed=1"]
    started_at = time.monotonic()
    command += [f"-runs={amount(CASES[target])}"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    ran = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    cases = int(ran[1]) if ran else 0
    slowest = re.search(r"stat::slowest_unit_time_sec: +(\d+)", done.stderr)
    record(
        what=f"cases by Atheris, which follows coverage, of {target}: {cases:,}",
        bound="0 wrong answers, 0 crashes, 0 hangs of 30 s",
        measured=f"exit code {done.returncode}, {cases / (time.monotonic() - started_at):,.0f} cases/s, "
        f"slowest {slowest[1] if slowest else '?'} s, {len(list(folder.glob('*')))} cases kept for new coverage",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    assert cases >= amount(CASES[target])
