import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.bench import load
from tests.bench.server import ProcessTree
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


def test_failing_program_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of wrk one saw that it had ended with exit code 1, and not why."""
    program = tmp_path / "wrk"
    program.write_text("#!/bin/sh\necho 'unable to connect to nowhere' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(RuntimeError, match=r"exit code 1:\nunable to connect to nowhere"):
        load.run_wrk("http://nowhere", tmp_path / "bodies.jsonl", 1, 1)


def test_load_without_any_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was a division by zero."""
    nothing = {"requests": 0, "duration_us": 10**6, "p50_us": 0, "p99_us": 0, "errors": 3}
    monkeypatch.setattr(load, "run_wrk", lambda *_: nothing)
    with pytest.raises(RuntimeError, match="nothing was answered in 1 s, 3 errors"):
        load.run_load("http://nowhere", ProcessTree(os.getpid()), "short", [{}], 1, 1)


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
