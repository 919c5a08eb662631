import importlib.util
from pathlib import Path

import pytest

from tests.bench import ray


def result(lost: int, doubled: int) -> ray.Result:
    return ray.Result(
        rows=1,
        plain_per_s=1.0,
        ray_per_s=1.0,
        ratio=1.0,
        ray_tokens_per_core_s=1.0,
        cut_per_s=1.0,
        lost=lost,
        doubled=doubled,
    )


def test_missing_ray_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It was noticed after the plain processes had read a million rows."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        ray.main([])
    assert "Ray is not installed: pip install" in capsys.readouterr().err


@pytest.mark.parametrize(("lost", "doubled", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_lost_or_doubled_rows_are_a_failure(
    monkeypatch: pytest.MonkeyPatch, lost: int, doubled: int, code: int
) -> None:
    def compare(rows: int, rounds: int, folder: Path) -> ray.Result:
        return result(lost, doubled)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(ray, "compare", compare)
    assert ray.main([]) == code
