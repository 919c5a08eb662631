import subprocess
import sys
from pathlib import Path

import pytest

from model.rows import Row
from service.files import bulk
from service.files.predict import main
from service.settings import Settings
from tests.service.conftest import ROOT, running
from tests.service.files.cases import command, read, write
from tests.texts import LABELLED


def test_window_of_large_rows_has_few() -> None:
    """Only characters of text were counted: 4,096 rows with a picture each would have been in memory at once."""
    items = [("a.parquet", Row(number, {"text": "a"}, bulk.WINDOW_SIZE // 4)) for number in range(1, 11)]
    windows = list(bulk.read_windows(items, "text", Settings(), lambda number: number / 10))
    assert [(len(window.items), window.fraction) for window in windows] == [(4, 0.4), (4, 0.8), (2, 1.0)]


async def test_answers_are_those_of_the_api(
    compiled_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text for text, _ in LABELLED] + ["a long one, of many words that no window holds " * 30]
    monkeypatch.setenv("SENTIMENT_MODEL", str(compiled_directory))
    source, target = write(tmp_path / "in.txt", [{"text": text} for text in texts]), tmp_path / "out.jsonl"
    assert main([str(source), "-o", str(target)]) == 0
    async with running(Settings(model=compiled_directory, threads=1), None) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"texts": texts})).json()
    assert reply["results"][-1]["windows"] > 1
    for row, result in zip(read(target), reply["results"], strict=True):
        assert (row["label"], row["language"], row["model"]) == (result["label"], result["language"], reply["model"])
        scores = [row["score"], *(row[f"score_{label}"] for label in result["scores"])]
        assert scores == pytest.approx([result["score"], *result["scores"].values()], abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl.gz", "parquet"])
def test_memory_does_not_grow_with_the_file(compiled_directory: Path, tmp_path: Path, form: str) -> None:
    """Five times the rows: 80 MB more of them in memory if they were kept."""
    script = "import re, sys; from service.files.predict import main; assert main(sys.argv[1:]) == 0; "
    script += "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    peaks_mb = []
    for count in (20_000, 100_000):
        rows = [{"text": "some words", "note": f"{number:0600}"} for number in range(count)]
        source, target = write(tmp_path / f"{count}.{form}", rows), tmp_path / f"{count}.out.{form}"
        _, environment = command(compiled_directory)
        environment["SENTIMENT_MAX_BATCH_ROWS"] = "64"
        arguments = [sys.executable, "-c", script, str(source), "-o", str(target)]
        finished = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        peaks_mb.append(int(finished.stdout) / 1024)
    assert peaks_mb[1] < peaks_mb[0] + 25, peaks_mb
