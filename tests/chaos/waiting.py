"""Waiting for what nothing announces, but not for ever."""

import time
from collections.abc import Callable

PAUSE_S = 0.02


def wait_until(condition: Callable[[], object], limit_s: float) -> None:
    """Ask again and again, with a pause between, until it is so.

    Raises: AssertionError if it is not within the limit.
    """
    ends_at = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < ends_at, f"not so within {limit_s:g} s"
        time.sleep(PAUSE_S)
