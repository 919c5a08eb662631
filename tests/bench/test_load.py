import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.bench import load
from tests.bench.texts import make_reviews, read_texts


@pytest.mark.parametrize("name", ["texts.jsonl", "texts.jsonl.gz"])
def test_json_lines_are_read_by_their_text(tmp_path: Path, name: str) -> None:
    data = b'{"text": "a\\u2028b", "label": "positive"}\n{"text": "c"}\n'
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert read_texts(tmp_path / name) == ["a\u2028b", "c"]


def test_plain_files_hold_a_text_a_line(tmp_path: Path) -> None:
    (tmp_path / "texts.txt").write_text("a b\n\nc\n", encoding="utf-8")
    assert read_texts(tmp_path / "texts.txt") == ["a b", "c"]


def test_reviews_are_long_and_the_same_each_time() -> None:
    reviews = make_reviews(20)
    assert reviews == make_reviews(20)
    assert all(150 <= len(review.split()) <= 330 for review in reviews)


@pytest.mark.slow
def test_load_measures_the_real_server(
    artifact_directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not installed; Debian package: wrk")
    monkeypatch.setenv("SENTIMENT_MODEL", str(artifact_directory))
    monkeypatch.setattr(load, "WARM_UP_S", 1)
    assert load.main(["--seconds", "1", "--concurrency", "2"]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert summary["model"] == "v1"
    assert summary["start_to_ready_s"] > 0
    for row in summary["loads"]:
        assert row["errors"] == 0
        assert min(row["requests_per_s"], row["p50_ms"], row["peak_rss_mb"], row["cpu_s_per_1000_requests"]) > 0
