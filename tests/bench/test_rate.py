import json
from pathlib import Path

import pytest

from tests.bench import rate


@pytest.mark.slow
def test_rates_are_kept_and_answered(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_MODEL", str(artifact_directory))
    assert rate.main(["--rates", "20", "--long-rates", "5", "--seconds", "3"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rates"]
    assert [row["texts"] for row in rows] == ["short", "long"]
    for row in rows:
        assert row["answered_per_s"] == pytest.approx(row["wanted_per_s"], rel=0.7)
        assert row["others"] == 0
        assert 0 < row["p50_ms"] <= row["p99_ms"]
