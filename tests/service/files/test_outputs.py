from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import ADDED, FORMATS, TEXTS, read, rejected, rows_of, write


@pytest.mark.parametrize("form", [*FORMATS, "txt", "txt.gz"])
def test_every_format_is_read_and_its_columns_are_kept(tmp_path: Path, fake: FakePredictor, form: str) -> None:
    source, target = write(tmp_path / f"in.{form}", rows_of(TEXTS)), tmp_path / "out.jsonl"
    assert main([str(source), "-o", str(target)]) == 0
    kept = ["text"] if form.startswith("txt") else ["id", "text", "note"]
    found = read(target)
    assert [list(row) for row in found] == [[*kept, *ADDED]] * len(TEXTS)
    assert [{name: row[name] for name in kept} for row in found] == [
        {name: row[name] for name in kept} for row in rows_of(TEXTS)
    ]
    assert {row["model"] for row in found} == {"fake"}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, target.name])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("_small_windows")
def test_every_format_is_written(tmp_path: Path, fake: FakePredictor, form: str) -> None:
    source = write(tmp_path / "in.csv", rows_of(TEXTS))
    for target in (tmp_path / "wanted.jsonl", tmp_path / f"out.{form}"):
        assert main([str(source), "-o", str(target)]) == 0
    wanted, found = read(tmp_path / "wanted.jsonl"), read(tmp_path / f"out.{form}")
    as_text = form.removesuffix(".gz") in ("csv", "tsv")
    assert found == [{name: str(value) for name, value in row.items()} if as_text else row for row in wanted]


def test_cells_with_quotes_and_line_breaks_come_out_as_they_went_in(tmp_path: Path, fake: FakePredictor) -> None:
    notes = ['a "quoted" one', "two\nlines", "two\r\nlines", "a lone \r return", "", " spaces ", "a,b", "'", '"']
    rows = [{"text": f"{note} text", "note": note, 'a,\n"b"': "x"} for note in notes]
    source, target = write(tmp_path / "in.csv", rows), tmp_path / "out.csv"
    assert main([str(source), "-o", str(target)]) == 0
    assert [{name: row[name] for name in rows[0]} for row in read(target)] == rows


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("out.tsv", {"text": "two\nlines"}, "a cell holds a tab or a line break, which TSV cannot"),
        ("out.csv", {"text": "a", "new": 1}, "column 'new' is not among those of the first rows"),
        ("out.parquet", {"text": "a", "new": 1}, "column 'new' is not among those of the first rows"),
        ("out.parquet", {"text": "a", "n": "secret"}, "column 'n' holds a str, which does not fit int64"),
        ("out.csv", {"text": "a", "n": "\ud800"}, "a cell holds half a surrogate pair"),
    ],
)
@pytest.mark.usefixtures("_small_windows")
def test_row_that_the_format_cannot_hold_is_rejected(
    tmp_path: Path, fake: FakePredictor, name: str, row: dict[str, Any], reason: str
) -> None:
    source, target = write(tmp_path / "in.jsonl", [{"text": "ok", "n": 1}] * 4 + [row]), tmp_path / name
    assert main([str(source), "-o", str(target)]) == 0
    assert len(read(target)) == 4
    ((_, number, found),) = rejected(target)
    assert number == 5
    assert found.startswith(reason)
    assert "secret" not in found


@pytest.mark.parametrize("form", ["csv", "jsonl.gz", "parquet"])
def test_file_without_rows_gives_one(tmp_path: Path, fake: FakePredictor, form: str) -> None:
    (tmp_path / "in.csv").write_text("id,text\n")
    assert main([str(tmp_path / "in.csv"), "-o", str(tmp_path / f"out.{form}")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", f"out.{form}"]
    if form == "parquet":
        assert pyarrow.parquet.read_table(tmp_path / "out.parquet").column_names == ["id", "text", *ADDED]
