import pytest

from training.schedule import learning_rate


def rate(step: int) -> float:
    return learning_rate(step, 101, peak=1.0, warmup_fraction=0.2, final_fraction=0.1)


def test_rises_in_a_line_to_the_peak_then_falls_by_a_cosine_to_the_end() -> None:
    assert rate(0) == pytest.approx(1 / 20)
    assert rate(9) == pytest.approx(0.5)
    assert rate(19) == rate(20) == 1.0
    assert rate(60) == pytest.approx(0.1 + 0.9 * 0.5)
    assert rate(100) == pytest.approx(0.1)
    assert all(rate(step) > rate(step + 1) for step in range(20, 100))


def test_run_of_one_step_has_a_rate() -> None:
    assert learning_rate(0, 1, peak=0.5, warmup_fraction=0.05, final_fraction=0.1) == 0.5
