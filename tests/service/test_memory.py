import ctypes
import resource
from pathlib import Path

import pytest

from service.memory import give_back


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
