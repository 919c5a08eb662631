import json
from itertools import product
from pathlib import Path

import pytest

from tests.bench import memory
from training.data import read_source
from training.sources import parse_source


def test_reviews_fill_the_size_and_differ(tmp_path: Path) -> None:
    rows = memory.write_reviews(tmp_path / "a.jsonl", 200_000, row_bytes=500, seed=0)
    assert 200_000 <= (tmp_path / "a.jsonl").stat().st_size < 202_000
    read = read_source(parse_source(str(tmp_path / "a.jsonl")))
    assert len(set(read.texts)) == len(read.texts) == rows
    assert 400 < sum(map(len, read.texts)) / rows < 600
    assert read.carried == ("negative", "neutral", "positive")


@pytest.mark.slow
def test_bench_measures_each_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert memory.main(["--sizes", "1", "2", "--folder", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["memory"]
    assert [(item["run"], item["mb"]) for item in found] == list(product(["fit", "pretrain", "distill"], [1, 2]))
    assert all(item["peak_rss_mb"] > 50 for item in found)
    assert list(tmp_path.iterdir()) == []
