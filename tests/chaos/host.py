"""Faults of the host that a test can bring about as root: small disks, missing rights, hidden files, limits."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs")
"""Root without capabilities: what a file's mode says holds for it too, and ports below 1024 are not its."""
_CGROUPS = Path("/sys/fs/cgroup")


def require(*command: str) -> None:
    """Skip the test unless this machine lets us run a command, on a command that does nothing."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]} here")
    done = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"{' '.join(command)} is not allowed here: {done.stderr.strip()}")


def mounting(*mounts: str) -> tuple[str, ...]:
    """A command to run another under, with mounts of its own, each as `mount` takes it."""
    steps = " && ".join(f"mount {each}" for each in mounts)
    return ("unshare", "--mount", "sh", "-c", f'{steps} && exec "$@"', "sh")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of a size such as 64k, at a folder that is made for it."""
    require(*mounting("-t tmpfs none /mnt"))
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Fill a small disk to its last byte.   Returns: the file that does, to be removed."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filling
    raise AssertionError("the disk took all")


class Limits:
    """A control group, of version 2 or 1, with bounds on memory and CPU."""

    def __init__(self, name: str, memory_bytes: int, cores: float) -> None:
        period_us = 100_000
        quota_us = int(cores * period_us)
        self._is_v2 = (_CGROUPS / "cgroup.controllers").exists()
        if self._is_v2:
            self.folders = [_CGROUPS / name]
            values = {"memory.max": memory_bytes, "memory.swap.max": 0, "cpu.max": f"{quota_us} {period_us}"}
        else:
            self.folders = [_CGROUPS / "memory" / name, _CGROUPS / "cpu" / name]
            values = {"memory.limit_in_bytes": memory_bytes, "cpu.cfs_period_us": period_us}
            values["cpu.cfs_quota_us"] = quota_us
        try:
            for folder in self.folders:
                folder.mkdir()
            for file, value in values.items():
                folder = self.folders[-1] if file.startswith("cpu") else self.folders[0]
                (folder / file).write_text(str(value))
        except OSError as error:
            self.remove()
            pytest.skip(f"control groups cannot be made here: {error}")

    @property
    def under(self) -> tuple[str, ...]:
        """A command to run another under."""
        enter = " && ".join(f"echo $$ > {folder}/cgroup.procs" for folder in self.folders)
        return ("sh", "-c", f'{enter} && exec "$@"', "sh")

    def peak_bytes(self) -> int:
        """The most memory that was taken, the page cache included."""
        return int((self.folders[0] / ("memory.peak" if self._is_v2 else "memory.max_usage_in_bytes")).read_text())

    def kills(self) -> int:
        """Processes killed for want of memory."""
        events = (self.folders[0] / ("memory.events" if self._is_v2 else "memory.oom_control")).read_text()
        return int(dict(line.split() for line in events.splitlines())["oom_kill"])

    def remove(self) -> None:
        """Call when all of its processes have ended."""
        for folder in self.folders:
            if folder.is_dir():
                folder.rmdir()
