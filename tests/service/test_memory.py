import ctypes
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from service.memory import ARENAS, give_back


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library returns memory by itself")
def test_freed_memory_goes_back_to_the_system() -> None:
    """glibc gives back only what is freed at the end of its heap: one block in use there keeps all that is below."""
    blocks = [bytearray(60_000) for _ in range(1000)]
    last = blocks[-1]
    del blocks
    before_mb = resident_mb()
    give_back()
    assert resident_mb() < before_mb - 40
    assert len(last) == 60_000


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="this C library has no such choice")
def test_threads_share_few_heaps() -> None:
    script = """
import ctypes, re, sys, threading
from service.memory import share_heaps
if {choice!r} == "shared":
    share_heaps()
barrier = threading.Barrier(9)
def work():
    block = ctypes.create_string_buffer(100_000)
    barrier.wait()
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
barrier.wait()
ctypes.CDLL(None).malloc_stats()
barrier.wait()
"""
    heaps = {
        choice: subprocess.run(
            [sys.executable, "-c", script.replace("{choice!r}", repr(choice))],
            capture_output=True,
            text=True,
            check=True,
        ).stderr.count("Arena ")
        for choice in ("shared", "own")
    }
    assert heaps["shared"] <= ARENAS < heaps["own"]
