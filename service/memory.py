"""Memory: what was freed goes back to the system."""

import ctypes


def give_back() -> None:
    """Return freed memory to the system, where the C library can: glibc keeps it for itself. Some milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl, not on a Mac
    if trim is not None:
        trim(0)
