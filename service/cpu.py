"""How many threads to run, and how: what the container may use, not what the host has.

Threads above the quota are throttled together: losses from 4x to 45x are reported (TEI#170, ollama#17916).
"""

import os
from dataclasses import dataclass
from pathlib import Path

import torch

PRIMITIVE_CACHE = 32
"""Shapes that oneDNN keeps compiled; its default of 1024 grows memory with every new batch shape (pytorch#29893)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CpuLimits:
    """What this process may use."""

    quota_cores: float | None
    """Cores' worth of time by the cgroup; None without a limit."""
    affinity_cores: int
    """Cores that it may be scheduled on."""

    @property
    def threads(self) -> int:
        """Threads of a model call: one less than the smaller limit, rounded down, and at least 1.

        The event loop and the tokenizer need a core too. With threads on all, a recurrent layer waits at every step for
        the one that was set aside: on 2 cores under load, 2 threads answered 35 long reviews a second, 1 thread 103.
        """
        return max(1, int(min(self.affinity_cores, self.quota_cores or self.affinity_cores)) - 1)


def read_limits(cgroups: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")) -> CpuLimits:
    """Limits of this process: cgroup v2 or v1 quota, its own group's and every parent's, and CPU affinity."""
    quotas: list[float] = []
    for line in membership.read_text().splitlines() if membership.exists() else []:
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            folder, read = cgroups, _read_v2
        elif "cpu" in controllers.split(","):
            folder, read = cgroups / "cpu", _read_v1
        else:
            continue
        # In a container the path may be the host's and absent here; then only the mount's root applies.
        path = Path(group.lstrip("/"))
        for relative in [path, *path.parents]:
            quota = read(folder / relative)
            if quota is not None:
                quotas.append(quota)
    return CpuLimits(quota_cores=min(quotas, default=None), affinity_cores=len(os.sched_getaffinity(0)))


def use_threads(threads: int) -> None:
    """Set the threads of torch and of the tokenizer, and bound what oneDNN caches. Call before a model is loaded."""
    torch.set_num_threads(threads)
    os.environ["TOKENIZERS_PARALLELISM"] = "true"  # said explicitly, or the library warns about forks
    os.environ["RAYON_NUM_THREADS"] = str(min(threads, 2))  # more cost start time, not speed (TEI#766)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(PRIMITIVE_CACHE))


def _read_v2(folder: Path) -> float | None:
    try:
        quota, period = (folder / "cpu.max").read_text().split()
    except OSError:
        return None
    return None if quota == "max" else int(quota) / int(period)


def _read_v1(folder: Path) -> float | None:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
    except OSError:
        return None
    return quota / period if quota > 0 else None
