"""Ray whose processes are killed: every row is there once, at little cost."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.ray import compare, count_numbers, start_ray, wait_for_parts, worker_pids, write_halves

pytest.importorskip("ray", reason="needs the extra ray: pip install -e '.[dev,ray]'")

ROWS = 1_000_000
LEAST_RATIO = 0.85
END_LIMIT_S = 60.0


def test_killed_worker_loses_no_row_and_little_time(
    tmp_path: Path, record: Callable[..., None], amount: Callable[[int], int]
) -> None:
    result = compare(amount(ROWS), 1, tmp_path)
    record(
        what=f"SIGKILL to one of two workers of Ray, {result.rows:,} texts",
        bound=f"0 lost, 0 doubled; {LEAST_RATIO:.0%} of two plain processes",
        measured=f"{result.lost} lost, {result.doubled} doubled; {result.ratio:.1%}",
    )
    assert (result.lost, result.doubled) == (0, 0)
    # The start of Ray takes the same seconds, however few the rows.
    assert result.ratio >= LEAST_RATIO or result.rows < ROWS


def test_killed_driver_takes_its_ray_along_and_the_same_command_goes_on(
    tmp_path: Path, record: Callable[..., None], amount: Callable[[int], int]
) -> None:
    rows = max(150_000, amount(300_000))  # ten parts at least, or it is done too soon
    files, output = write_halves(rows, tmp_path), tmp_path / "scored"
    driver = start_ray(files, output)
    wait_for_parts(driver, output, 3)
    workers = list(worker_pids(driver.pid))
    driver.kill()
    driver.wait()
    assert len(workers) == 2
    ended_at = time.monotonic() + END_LIMIT_S
    while left := [pid for pid in workers if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < ended_at, f"still there: {left}"
        time.sleep(0.1)
    assert not (output / "_SUCCESS").exists()
    before = {path.name: path.stat().st_mtime_ns for path in output.glob("_done/*.json")}
    assert start_ray(files, output).wait() == 0
    found = count_numbers(output)
    after = {path.name: path.stat().st_mtime_ns for path in output.glob("_done/*.json")}
    again = sum(after[name] != changed for name, changed in before.items())
    record(
        what=f"SIGKILL to the driver of Ray, {rows:,} texts, then the same command",
        bound="0 lost, 0 doubled; no part that is done is done again",
        measured=f"{rows - len(found)} lost, {found.total() - len(found)} doubled; {again} of {len(before)} again",
    )
    assert found.total() == len(found) == rows
    assert again == 0
    assert (output / "_SUCCESS").exists()
