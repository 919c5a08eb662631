from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.budget import CPU_BUDGET, FEWEST_ROWS, LIMIT_S, MOST_ROWS, Budget, measure_budget
from service.predictor import budget_of
from service.settings import Settings
from tests.service.fakes import FakePredictor


class Device:
    """Takes a time for each step and, once rows fill it, for each row; the clock is its own."""

    def __init__(self, step_s: float, full_at: int) -> None:
        self.now_s = 0.0
        self.calls: list[tuple[int, int]] = []
        self._step_s, self._full_at = step_s, full_at

    def predict(self, rows: Sequence[Sequence[int]]) -> None:
        self.calls.append((len(rows), len(rows[0])))
        self.now_s += self._step_s * len(rows[0]) * max(1.0, len(rows) / self._full_at)

    def clock(self) -> float:
        return self.now_s

    def measure(self, longest: int) -> Budget:
        return measure_budget(self.predict, 7, longest, self.clock)[0]


@pytest.mark.parametrize("full_at", [8, 128, 1024])
def test_smallest_call_that_fills_the_device_is_taken(full_at: int) -> None:
    assert Device(1e-7, full_at).measure(512) == Budget(tokens=full_at * 512, rows=full_at)


def test_call_a_little_below_the_best_is_preferred_if_it_is_smaller() -> None:
    device = Device(1e-7, 70)
    assert device.measure(512).rows == 64
    assert max(device.calls) == (MOST_ROWS, 512)


def test_window_fits_and_may_be_shorter_than_other_rows() -> None:
    assert Device(1e-7, 128).measure(16) == Budget(tokens=128 * 16, rows=128)


def test_slow_device_is_measured_for_a_bounded_time_but_at_least_once() -> None:
    device = Device(LIMIT_S, 8)
    assert device.measure(512) == Budget(tokens=FEWEST_ROWS * 512, rows=FEWEST_ROWS)
    assert {rows for rows, _ in device.calls} == {FEWEST_ROWS}


def test_measured_times_are_told_by_length_and_rows() -> None:
    device = Device(1e-7, 8)
    _, times = measure_budget(device.predict, 7, 512, device.clock)
    assert times.keys() == {64, 512}
    assert times[512][16] == pytest.approx(2 * times[512][8])
    assert list(times[64]) == [2**power for power in range(3, 11)]


def test_settings_come_before_what_was_measured_and_that_before_the_default() -> None:
    predictor, open_, fixed = FakePredictor(), Settings(), Settings(max_batch_tokens=100, max_batch_rows=7)
    assert (budget_of(predictor, open_), budget_of(predictor, fixed)) == (CPU_BUDGET, Budget(100, 7))
    predictor.measured_budget = Budget(5000, 500)
    assert (budget_of(predictor, open_), budget_of(predictor, fixed)) == (Budget(5000, 500), Budget(100, 7))
    assert budget_of(predictor, replace(open_, max_batch_rows=7)) == Budget(5000, 7)
