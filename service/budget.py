"""How much one model call is given: measured at start on a GPU, where the settings leave it open."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

LENGTH = 64
"""Tokens of the rows that tell how many rows are best; the longest rows tell how many tokens are."""
FEWEST_ROWS, MOST_ROWS = 8, 1024
GOOD_ENOUGH = 0.9
"""Share of the best throughput that is enough: a smaller call keeps others waiting for less long."""
RUNS = 3
LIMIT_S = 2.0
"""For each length: once it is over, no larger call is tried."""


class Budget(NamedTuple):
    """The most that one model call is given."""

    tokens: int
    """Counted as rows times the longest row."""
    rows: int


CPU_BUDGET = Budget(tokens=4096, rows=64)


def measure_budget(
    predict: Callable[[Sequence[Sequence[int]]], object],
    token: int,
    longest: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[Budget, dict[int, dict[int, float]]]:
    """The smallest calls that are about as fast as any, and what was measured: seconds by length and rows.

    predict: runs a call to its end. token: any. longest: length of the longest rows that it takes.
    """
    short = min(LENGTH, longest)
    times = {length: _time_calls(predict, token, length, clock) for length in sorted({short, longest})}
    rows = {length: _smallest_good(of_length) for length, of_length in times.items()}
    tokens = max(length * of_length for length, of_length in rows.items())
    return Budget(tokens=tokens, rows=rows[short]), times


def _time_calls(
    predict: Callable[[Sequence[Sequence[int]]], object], token: int, length: int, clock: Callable[[], float]
) -> dict[int, float]:
    """Seconds of a call by its rows, which are doubled until the time is over."""
    times: dict[int, float] = {}
    started_at, rows = clock(), FEWEST_ROWS
    while rows <= MOST_ROWS and (not times or clock() - started_at < LIMIT_S):
        batch = [[token] * length] * rows
        predict(batch)  # the first call of its size finds memory, and perhaps a kernel
        runs = []
        for _ in range(RUNS):
            before = clock()
            predict(batch)
            runs.append(clock() - before)
        times[rows] = min(runs)
        rows *= 2
    return times


def _smallest_good(times: dict[int, float]) -> int:
    best = max(rows / seconds for rows, seconds in times.items())
    return min(rows for rows, seconds in times.items() if rows / seconds >= GOOD_ENOUGH * best)
