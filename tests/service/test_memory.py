import ctypes
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from service.memory import ARENAS, give_back, read_limit_bytes

MACHINE_BYTES = os.sysconf("SC_PHYS_PAGES") * resource.getpagesize()


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_v2_limit_of_any_parent_counts(tmp_path: Path) -> None:
    write(tmp_path / "self", "0::/kubepods/pod1\n")
    write(tmp_path / "fs/kubepods/memory.max", "1048576\n")
    write(tmp_path / "fs/kubepods/pod1/memory.max", "max\n")
    assert read_limit_bytes(tmp_path / "fs", tmp_path / "self") == 1048576


def test_v1_limit_of_a_container_stands_at_the_root(tmp_path: Path) -> None:
    write(tmp_path / "self", "4:memory:/docker/1234\n1:cpu,cpuacct:/docker/1234\n0::/\n")
    write(tmp_path / "fs/memory/memory.limit_in_bytes", "536870912\n")
    write(tmp_path / "fs/cpu/memory.limit_in_bytes", "1\n")  # not the controller's
    assert read_limit_bytes(tmp_path / "fs", tmp_path / "self") == 536870912


@pytest.mark.parametrize("text", [None, "max\n", "9223372036854771712\n"])
def test_without_a_limit_it_is_the_machines_memory(tmp_path: Path, text: str | None) -> None:
    write(tmp_path / "self", "4:memory:/\n0::/\n")
    for file in ("memory.max", "memory/memory.limit_in_bytes") if text else ():
        write(tmp_path / "fs" / file, str(text) if file == "memory.max" else "9223372036854771712\n")
    assert read_limit_bytes(tmp_path / "fs", tmp_path / "self") == MACHINE_BYTES
    assert read_limit_bytes(tmp_path / "fs", tmp_path / "missing") == MACHINE_BYTES


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
