import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from model.rows import DataError
from service.files.places import Folder, expand, find_file, open_file
from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import TEXTS, read, rows_of, write


@pytest.fixture(params=["local", "s3"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "local":
        return str(tmp_path)
    request.getfixturevalue("s3")
    return "s3://data"


def test_folder_gives_back_what_was_written(base: str) -> None:
    folder: Folder = pickle.loads(pickle.dumps(Folder(f"{base}/out")))
    assert folder.names() == set()
    assert folder.read("a") is None
    folder.write("a", b"first")
    folder.write("a", b"second")
    folder.write("_below/b", b"")
    assert folder.read("a") == b"second"
    assert folder.names() - {"_staging"} == {"a", "_below"}
    assert folder.names("_below") == {"b"}
    folder.remove_staging()
    assert folder.names() == {"a", "_below"}
    folder.clear()
    assert folder.names() == set()


def test_folder_holds_what_is_below_it(base: str) -> None:
    folder = Folder(f"{base}/out/")
    assert folder.holds(f"{base}/out/a.csv")
    assert folder.holds(f"{base}/out")
    assert not folder.holds(f"{base}/output/a.csv")


def test_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(str(tmp_path / "out"))
    folder.write("a", b"good")

    def fail(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        folder.write("a", b"half")
    assert folder.read("a") == b"good"


def test_folder_expands_to_its_files_in_order(base: str) -> None:
    folder = Folder(f"{base}/in")
    for name in ("b.csv", "a.csv", "2026/c.csv", "_done/d.csv", ".e.csv", "_SUCCESS"):
        folder.write(name, b"text\n")
    folder.remove_staging()
    wanted = [f"{base}/in/{name}" for name in ("2026/c.csv", "a.csv", "b.csv")]
    assert expand(f"{base}/in") == expand(f"{base}/in/") == wanted
    assert expand(f"{base}/in/a.csv") == [f"{base}/in/a.csv"]
    assert expand(f"{base}/none") == [f"{base}/none"]


def test_file_is_found_and_read(base: str) -> None:
    Folder(base).write("a.txt", b"one\ntwo\n")
    found = find_file(f"{base}/a.txt")
    assert found
    assert found.size == 8
    with open_file(f"{base}/a.txt") as file:
        assert (file.readline(), file.tell(), file.read()) == (b"one\n", 4, b"two\n")
    assert find_file(f"{base}/none.txt") is None
    assert find_file(base) is None


def test_unknown_kind_of_place_is_told() -> None:
    with pytest.raises(DataError, match=r"^nowhere://x/a\.csv: .*nowhere"):
        find_file("nowhere://x/a.csv")


@pytest.mark.parametrize("form", ["csv", "jsonl.gz", "parquet"])
def test_plain_command_reads_from_s3(
    s3: Any, tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    source = write(tmp_path / f"in.{form}", rows_of(TEXTS))
    s3.upload_file(str(source), "data", f"in/a.{form}")
    assert main([f"s3://data/in/a.{form}", "-o", str(tmp_path / "out.csv")]) == 0
    assert [row["text"] for row in read(tmp_path / "out.csv")] == TEXTS
    assert main([f"s3://data/in/none.{form}", "-o", str(tmp_path / "none.csv")]) == 1
    assert main([f"s3://data/in/a.{form}", "-o", "s3://data/out.csv"]) == 1
    told = capsys.readouterr().err.splitlines()[-2:]
    assert told == [f"s3://data/in/none.{form}: no such file", "s3://data/out.csv: only --engine ray writes there"]
