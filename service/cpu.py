"""How many threads to run, and how: what the container may use, not what the host has.

Threads above the quota are throttled together: losses from 4x to 45x are reported (TEI#170, ollama#17916).
"""

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from service.cgroups import MEMBERSHIP, ROOT, folders

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class CpuLimits:
    """What this process may use."""

    quota_cores: float | None
    """Cores' worth of time by the cgroup; None without a limit."""
    affinity_cores: int
    """Cores that it may be scheduled on."""

    @property
    def cores(self) -> int:
        """The smaller limit, rounded down, and at least 1."""
        return max(1, int(min(self.affinity_cores, self.quota_cores or self.affinity_cores)))

    @property
    def threads(self) -> int:
        """Threads of a model call that uses several: one less than the cores, and at least 1.

        The event loop and the tokenizer need a core too. With threads on all, a recurrent layer waits at every step for
        the one that was set aside: on 2 cores under load, 2 threads answered 35 long reviews a second, 1 thread 103.
        """
        return max(1, self.cores - 1)


def read_limits(cgroups: Path = ROOT, membership: Path = MEMBERSHIP) -> CpuLimits:
    """Limits of this process: cgroup v2 or v1 quota, its own group's and every parent's, and CPU affinity.

    Where the groups cannot be read, the log says so, and the affinity is all that counts.
    """
    quotas: list[float] = []
    try:
        for folder, version in folders("cpu", cgroups, membership):
            quota = _read_v2(folder) if version == 2 else _read_v1(folder)
            if quota is not None:
                quotas.append(quota)
    except OSError as error:
        if sys.platform == "linux":
            logger.warning("no CPU quota is known: %s: %s", membership, error.strerror)
    # macOS has no affinity.
    affinity_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return CpuLimits(quota_cores=min(quotas, default=None), affinity_cores=affinity_cores)


def set_tokenizer_threads(threads: int) -> None:
    """Set the threads of one call of the tokenizer; one is the caller's own. Call before a model is loaded."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if threads > 1 else "false"
    os.environ["RAYON_NUM_THREADS"] = str(threads)


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
