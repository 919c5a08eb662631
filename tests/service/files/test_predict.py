import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from service.files import bulk
from service.files.predict import main
from tests.service.conftest import ROOT
from tests.service.fakes import FakePredictor
from tests.service.files.cases import TEXTS, command, read, rows_of, write


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["a.csv"], 2, "required: -o/--output"),
        (["a.csv", "-o", "b.csv", "--what"], 2, "unrecognized arguments: --what"),
        (["a.csv", "-o", "b.xlsx"], 2, "b.xlsx: unknown format .xlsx"),
        (["a.csv", "-o", "b.txt"], 2, "b.txt: text files have no columns"),
        (["a.csv", "-o", "b.parquet.gz"], 2, "b.parquet.gz: Parquet is compressed already"),
        (["-", "-o", "b.csv"], 2, "standard input needs --format"),
        (["-", "-o", "b.csv", "--format", "parquet"], 2, "standard input cannot be parquet"),
        (["a.csv", "-o", "-", "--to", "parquet"], 2, "standard output cannot be parquet"),
        (["-", "-", "-o", "b.csv", "--format", "csv"], 2, "- can be read only once"),
        (["a.csv", "-o", "b.csv", "--format", "csv"], 2, "--format is for - only"),
        (["a.csv", "-o", "b.csv", "--to", "csv"], 2, "--to is for -o - only"),
        (["none.csv", "-o", "b.csv"], 1, "none.csv: no such file"),
        (["a.xml", "-o", "b.csv"], 1, "a.xml: unknown format .xml"),
        (["a.csv", "-o", "b.csv", "--text", "body"], 1, "a.csv: no column 'body'; there are: 'text', 'label'"),
        (["a.csv", "-o", "b.csv"], 1, "a.csv: column 'label' is there already; --prefix"),
        (["twice.csv", "-o", "b.csv"], 1, "twice.csv: column 'x' stands twice"),
        (["broken.csv.gz", "-o", "b.csv"], 1, "broken.csv.gz: broken gzip"),
        (["a.csv", "-o", "a.csv", "--force"], 1, "a.csv is an input, and would be overwritten"),
        (["empty.csv", "-o", "b.csv"], 1, "empty.csv: empty, without a header"),
        (["folder.csv", "-o", "b.csv"], 1, "folder.csv: not a file"),
        (["a.csv", "-o", "folder.csv", "--force", "--prefix", "p_"], 1, "folder.csv: a folder"),
        (["a.csv", "-o", "no/b.csv", "--prefix", "p_"], 1, "no/b.csv.partial: No such file"),
        (["a.csv", "-o", "b.csv", "--chart", "b.pdf"], 1, "b.pdf: the chart is a .png"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path,
    fake: FakePredictor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("text,label\nfine,mine\n")
    Path("a.xml").touch()
    Path("empty.csv").touch()
    Path("folder.csv").mkdir()
    Path("twice.csv").write_text("text,x,x\n")
    Path("broken.csv.gz").write_bytes(gzip.compress(b"text\n" + b"fine\n" * 5)[:-9])
    before = sorted(tmp_path.iterdir())
    try:
        found = main(arguments)
    except SystemExit as error:
        found = int(error.code or 0)
    shown = capsys.readouterr()
    assert (found, shown.out) == (code, "")
    assert line in shown.err
    assert shown.err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_wrong_setting_and_missing_model_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.csv", rows_of(TEXTS))
    monkeypatch.setenv("SENTIMENT_MODEL", str(tmp_path / "none"))
    assert main([str(source), "-o", str(tmp_path / "out.csv")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: no such artifact directory\n"
    monkeypatch.setenv("SENTIMENT_THREADS", "x")
    assert main([str(source), "-o", str(tmp_path / "out.csv")]) == 2
    assert capsys.readouterr().err.startswith("SENTIMENT_THREADS='x': must be")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], b"text,label,score"),
        (["--to", "jsonl"], b'{"text":"good","label":'),
        (["--to", "tsv"], b"text\tlabel\tscore"),
    ],
)
def test_streams_are_read_and_written(
    fake: FakePredictor,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    arguments: list[str],
    line: bytes,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text\ngood\n \nbad\n")))
    assert main(["-", "--format", "csv", "-o", "-", *arguments]) == 0
    shown = capsysbinary.readouterr()
    assert shown.out.startswith(line)
    assert shown.out.count(b"\n") == (2 if "jsonl" in arguments else 3)
    assert b'{"file": "stdin", "row": 3, "reason": "text is empty or only white space"}\n' in shown.err
    assert b"2 rows, 1 rejected" in shown.err


def test_stdin_into_a_file_leaves_nothing_if_it_breaks(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = gzip.compress("\n".join(str(number) for number in range(20_000)).encode())
    for data, code in ((whole[:-9], 1), (whole, 0)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert main(["-", "--format", "txt.gz", "-o", str(tmp_path / "out.csv")]) == code
        assert "cannot be read twice" in capsys.readouterr().err
        assert [path.name for path in tmp_path.iterdir()] == ([] if code else ["out.csv"])
    assert len(read(tmp_path / "out.csv")) == 20_000


def test_reader_that_leaves_ends_the_process_quietly(compiled_directory: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", rows_of(["some words"] * 2 * bulk.WINDOW_ROWS))
    arguments, environment = command(compiled_directory, str(source), "-o", "-")
    with subprocess.Popen(
        arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"id,text")
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "redirection", "code", "told"),
    [
        (["-", "--format", "csv", "-o", "out.csv"], "<&-", 1, "standard input is closed\n"),
        (["in.csv", "-o", "-"], ">&-", 1, "standard output is closed\n"),
        (["in.csv", "-o", "-"], ">/dev/full", 1, "standard output: No space left on device\n"),
        (["in.csv", "-o", "out.csv"], "2>&-", 0, ""),
    ],
)
def test_stream_that_is_closed_or_full_is_told(
    compiled_directory: Path, tmp_path: Path, arguments: list[str], redirection: str, code: int, told: str
) -> None:
    write(tmp_path / "in.csv", rows_of(TEXTS))
    line, environment = command(compiled_directory, *arguments)
    environment["PYTHONPATH"] = str(ROOT)
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", *line]
    finished = subprocess.run(shell, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (finished.returncode, finished.stderr) == (code, told)


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    for words in ("predict reviews.csv -o scored.csv", "OUT.rejected.jsonl", "the same command goes on"):
        assert words in shown
