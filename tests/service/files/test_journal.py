import io
import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.files import bulk, predict
from service.files.journal import FileOutput, Mark
from service.files.predict import main
from tests.service.conftest import ROOT
from tests.service.fakes import FakePredictor
from tests.service.files.cases import FORMATS, TEXTS, command, read, rejected, rows_of, write


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("_small_windows")
def test_run_that_stopped_anywhere_goes_on_to_the_same_file(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    texts = [f"text {number}" if number % 4 else "" for number in range(14)]
    source = write(tmp_path / "in.jsonl", rows_of(texts))
    assert main([str(source), "-o", str(tmp_path / f"whole.{form}")]) == 0
    append = FileOutput.append
    target = tmp_path / f"out.{form}"
    for stop_after in range(6):
        calls = 0

        def stop(self: FileOutput, data: bytes, bad: bytes, mark: Mark, stop_after: int = stop_after) -> None:
            nonlocal calls
            calls += 1
            if calls > stop_after:
                for path in (target.with_name(f"{target.name}.partial"), self.rejected_path):
                    with path.open("ab") as file:
                        file.write(b"half a wind")
                raise KeyboardInterrupt
            append(self, data, bad, mark)

        monkeypatch.setattr(FileOutput, "append", stop)
        assert main([str(source), "-o", str(target)]) == 130
        assert not target.exists()
        monkeypatch.setattr(FileOutput, "append", append)
        fake.batches.clear()
        assert main([str(source), "-o", str(target)]) == 0
        assert sum(map(len, fake.batches)) < 10 or stop_after < 2  # what was done is not done again
        if form == "parquet":
            assert read(target) == read(tmp_path / "whole.parquet")
        else:
            assert target.read_bytes() == (tmp_path / f"whole.{form}").read_bytes()
        assert rejected(target) == rejected(tmp_path / f"whole.{form}")
        assert {path.name for path in tmp_path.iterdir() if path.name.startswith("out")} == {
            target.name,
            f"{target.name}.rejected.jsonl",
        }
        target.unlink()


def heed_interrupts() -> None:
    """A shell lets what it starts in the background ignore them, and so would we all."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_killed_process_goes_on_without_a_lost_or_doubled_row(
    compiled_directory: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    count = 4 * bulk.WINDOW_ROWS + 100  # so that much is left to do when it is killed
    source, target = write(tmp_path / "in.csv", rows_of(["some words"] * count)), tmp_path / "out.csv"
    journal = tmp_path / "out.csv.journal"
    arguments, environment = command(compiled_directory, str(source), "-o", str(target))
    process = subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    )
    try:
        end = time.monotonic() + 60
        while not (journal.exists() and json.loads(journal.read_text())["mark"]["read"]):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.001)
        process.send_signal(sent)
        _, shown = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == (130 if sent == signal.SIGINT else -signal.SIGKILL)
    assert not target.exists()
    read_before = json.loads(journal.read_text())["mark"]["read"]
    if sent == signal.SIGINT:
        told = f"stopped after row {read_before:,}; the same command goes on from there"
        assert shown.splitlines()[-2:] == [told, "interrupted"]
    finished = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert f"going on after row {read_before:,}\n" in finished.stderr
    assert [row["id"] for row in read(target)] == [str(number) for number in range(count)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("form", ["csv", "jsonl.gz", "parquet"])
@pytest.mark.usefixtures("_small_windows")
def test_run_without_room_on_the_disk_goes_on_when_there_is(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Python kept what it could not write, failed again when the file was closed, and left empty files behind."""
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS * 100)), tmp_path / f"out.{form}"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most_bytes in (100, 5000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))  # of any file; no need of a disk of our own
        try:
            assert main([str(source), "-o", str(target)]) == 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        *_, stopped, told = ["", *capsys.readouterr().err.splitlines()]
        assert told == f"{target}: File too large"
        assert stopped.endswith("the same command goes on from there") == (most_bytes > 100)
        if most_bytes == 100:
            assert [path.name for path in tmp_path.iterdir()] == [source.name]
    assert main([str(source), "-o", str(target)]) == 0
    assert [row["text"] for row in read(target)] == TEXTS * 100
    assert sorted(path.name for path in tmp_path.iterdir()) == [source.name, target.name]


def test_run_that_differs_is_refused_unless_forced(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(["a"] * 9)), tmp_path / "out.csv"
    monkeypatch.setattr(FileOutput, "finish", lambda self, make: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main([str(source), "-o", str(target)]) == 130
    monkeypatch.undo()
    monkeypatch.setattr(predict, "load_predictor", lambda settings, limits: fake)
    capsys.readouterr()

    def refusal(*arguments: str) -> str:
        assert main([str(source), "-o", str(target), *arguments]) == 1
        return capsys.readouterr().err

    assert (
        refusal("--prefix", "x_")
        == f"{target}.partial was begun with other options; --force starts from the first row\n"
    )
    fake.info.digests["model.pt"] = "1" * 64
    assert "begun with other model;" in refusal()
    fake.info.digests["model.pt"] = "0" * 64
    write(source, rows_of(["b"] * 9))
    assert "begun with other input files;" in refusal()
    assert main([str(source), "-o", str(target), "--force"]) == 0
    assert {row["text"] for row in read(target)} == {"b"}


@pytest.mark.parametrize("content", ["", "garbage", "{}", '{"run": {}, "mark": {"rows": 1}}', '{"run": 1, "mark": {}}'])
def test_journal_that_is_none_is_refused_unless_forced(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "out.csv"
    (tmp_path / "out.csv.journal").write_text(content)
    assert main([str(source), "-o", str(target)]) == 1
    assert capsys.readouterr().err == f"{target}.journal: not a journal; --force starts from the first row\n"
    assert main([str(source), "-o", str(target), "--force"]) == 0
    assert len(read(target)) == len(TEXTS)


def test_run_that_was_killed_before_its_first_window_binds_nobody(tmp_path: Path, fake: FakePredictor) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "out.csv"
    output = FileOutput(target, {"options": "others"}, is_forced=False, can_go_on=True)
    output.append(b"id,text\n", b"", Mark())
    left = {path: path.read_bytes() for path in tmp_path.glob("out.csv.*")}
    output.close()
    for path, content in left.items():
        path.write_bytes(content)
    assert main([str(source), "-o", str(target)]) == 0
    assert len(read(target)) == len(TEXTS)


@pytest.mark.usefixtures("_small_windows")
def test_standard_input_does_not_replace_what_a_file_has_begun(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "out.csv"
    monkeypatch.setattr(FileOutput, "finish", lambda self, make: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main([str(source), "-o", str(target)]) == 130
    begun = (tmp_path / "out.csv.partial").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text\nx\n")))
    assert main(["-", "--format", "csv", "-o", str(target)]) == 1
    assert "begun with other input files" in capsys.readouterr().err.splitlines()[-1]
    assert (tmp_path / "out.csv.partial").read_bytes() == begun


def test_file_that_exists_is_overwritten_only_if_forced(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "out.csv"
    target.write_text("mine")
    assert main([str(source), "-o", str(target)]) == 1
    assert capsys.readouterr().err == f"{target} exists; --force overwrites it\n"
    assert target.read_text() == "mine"
    assert main([str(source), "-o", str(target), "--force"]) == 0
    assert len(read(target)) == len(TEXTS)


def test_file_that_another_process_writes_is_left_alone(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write(tmp_path / "in.csv", rows_of(TEXTS)), tmp_path / "out.csv"
    other = FileOutput(target, {}, is_forced=False, can_go_on=True)
    assert main([str(source), "-o", str(target), "--force"]) == 1
    assert capsys.readouterr().err == f"{target}.partial: another process is writing it\n"
    other.close()
