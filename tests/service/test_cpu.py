import os
from pathlib import Path

import pytest

from service.cpu import CpuLimits, read_limits


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("quota", "affinity", "cores", "threads"),
    [(None, 8, 8, 7), (2.0, 208, 2, 1), (3.9, 8, 3, 2), (0.5, 8, 1, 1), (16.0, 4, 4, 3), (None, 1, 1, 1)],
)
def test_threads_leave_a_core_of_the_smaller_limit(
    quota: float | None, affinity: int, cores: int, threads: int
) -> None:
    limits = CpuLimits(quota_cores=quota, affinity_cores=affinity)
    assert (limits.cores, limits.threads) == (cores, threads)


def test_v2_quota_of_any_parent_counts(tmp_path: Path) -> None:
    write(tmp_path / "self", "0::/kubepods/pod1\n")
    write(tmp_path / "fs/kubepods/cpu.max", "150000 100000\n")
    write(tmp_path / "fs/kubepods/pod1/cpu.max", "max 100000\n")
    assert read_limits(tmp_path / "fs", tmp_path / "self").quota_cores == 1.5


def test_v2_quota_of_a_container_stands_at_the_root(tmp_path: Path) -> None:
    write(tmp_path / "self", "0::/system.slice/docker-1234.scope\n")
    write(tmp_path / "fs/cpu.max", "200000 100000\n")
    assert read_limits(tmp_path / "fs", tmp_path / "self").quota_cores == 2.0


def test_v1_quota_is_read(tmp_path: Path) -> None:
    write(tmp_path / "self", "4:memory:/x\n1:cpu,cpuacct:/docker/1234\n0::/\n")
    write(tmp_path / "fs/cpu/cpu.cfs_quota_us", "300000\n")
    write(tmp_path / "fs/cpu/cpu.cfs_period_us", "100000\n")
    assert read_limits(tmp_path / "fs", tmp_path / "self").quota_cores == 3.0


def test_no_quota_leaves_the_affinity(tmp_path: Path) -> None:
    write(tmp_path / "self", "1:cpu:/\n0::/\n")
    write(tmp_path / "fs/cpu/cpu.cfs_quota_us", "-1\n")
    write(tmp_path / "fs/cpu/cpu.cfs_period_us", "100000\n")
    limits = read_limits(tmp_path / "fs", tmp_path / "self")
    assert limits == CpuLimits(quota_cores=None, affinity_cores=len(os.sched_getaffinity(0)))


def test_where_there_is_no_affinity_all_cores_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS has none: the service did not start there."""
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    write(tmp_path / "self", "")
    assert read_limits(tmp_path, tmp_path / "self") == CpuLimits(quota_cores=None, affinity_cores=6)


@pytest.mark.parametrize("path", ["missing", "."])
def test_unreadable_groups_leave_the_affinity_and_a_warning(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A /proc that may not be read stopped the start with a stack trace."""
    assert read_limits(tmp_path, tmp_path / path).quota_cores is None
    [warning] = caplog.messages
    assert warning.startswith(f"no CPU quota is known: {tmp_path / path}: ")
