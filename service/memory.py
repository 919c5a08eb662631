"""Memory: how much there may be, and what was freed goes back to the system, which only glibc has to be told."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from service.cgroups import MEMBERSHIP, ROOT, folders

ARENAS = 2
"""Heaps that threads share; glibc makes 8 for each core, and each keeps its own holes. After 200 reloads under load
two held 220 MB and sixteen 250 MB, and they serve as fast."""
_M_ARENA_MAX = -8
"""Of mallopt; see malloc.h."""


def share_heaps() -> None:
    """Let threads share ARENAS heaps. Call before there are many."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)


def read_limit_bytes(cgroups: Path = ROOT, membership: Path = MEMBERSHIP) -> int:
    """Most memory that this process may take: by its cgroup's limit or any parent's, or what the machine has."""
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    with suppress(OSError):  # a membership that cannot be read; cpu.py tells of it
        for folder, version in folders("memory", cgroups, membership):
            with suppress(OSError):
                text = (folder / ("memory.max" if version == 2 else "memory.limit_in_bytes")).read_text().strip()
                if text != "max":
                    limits.append(int(text))
    return min(limits)


def give_back() -> None:
    """Return freed memory to the system, which glibc keeps for itself. Takes some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
