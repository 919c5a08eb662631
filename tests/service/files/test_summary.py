import io
from pathlib import Path

import pytest

from service.files import predict
from service.files.predict import main
from service.files.summary import Progress
from tests.service.fakes import FakePredictor
from tests.service.files.cases import TEXTS, read, rows_of, write


def test_labels_are_drawn(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, chart = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "labels.png"
    assert main([str(source), "-o", str(tmp_path / "out.csv"), "--chart", str(chart)]) == 0
    assert chart.read_bytes().startswith(b"\x89PNG")
    shown = capsys.readouterr().err
    counts = [sum(row["label"] == label for row in read(tmp_path / "out.csv")) for label in fake.info.labels]
    for label, count in zip(fake.info.labels, counts, strict=True):
        assert any(line.startswith(label) and f" {count} " in line for line in shown.splitlines())
    monkeypatch.setattr(predict, "find_spec", lambda name: None)
    assert main([str(source), "-o", str(tmp_path / "out.csv"), "--force", "--chart", str(chart)]) == 1
    assert capsys.readouterr().err == "--chart needs matplotlib: pip install 'sentiment-service[files]'\n"


@pytest.mark.parametrize(
    ("is_terminal", "shown"),
    [
        (True, "\r\x1b[K 75% " + "█" * 30 + " " * 12 + "3,000 rows  30 rows/s  50 s left\r\x1b[K"),
        (False, " 75% " + "█" * 30 + " " * 12 + "3,000 rows  30 rows/s  50 s left\n"),
    ],
)
def test_progress_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, shown: str) -> None:
    now = 0.0
    monkeypatch.setattr("service.files.summary.time.monotonic", lambda: now)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    progress = Progress(0.25, stream)
    progress.advance(0, 0.25)
    now = 100.0
    progress.advance(3000, 0.75)
    progress.clear()
    assert stream.getvalue() == shown
