from pathlib import Path
from typing import Any

import pytest

from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import read, rejected, write


def test_several_files_become_one_in_their_order(tmp_path: Path, fake: FakePredictor) -> None:
    first = write(tmp_path / "a.csv", [{"text": "one", "left": "l"}])
    second = write(tmp_path / "b.jsonl", [{"text": "two", "right": 2}])
    third = write(tmp_path / "c.parquet", [{"text": "three", "left": "L"}])
    for target in (tmp_path / "out.csv", tmp_path / "out.parquet"):
        assert main([str(first), str(second), str(third), "-o", str(target)]) == 0
        found = [(row["text"], row["left"] or "", str(row["right"] or "")) for row in read(target)]
        assert found == [("one", "l", ""), ("two", "", "2"), ("three", "L", "")]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.usefixtures("_small_windows")
def test_columns_of_a_later_file_are_known_from_the_start(tmp_path: Path, fake: FakePredictor, form: str) -> None:
    """Only the first rows of all told the columns of JSON Lines, and every row of such a file was rejected."""
    first = write(tmp_path / "a.jsonl", [{"text": "one", "n": None}] * 5)
    second = write(tmp_path / "b.jsonl", [{"text": "two", "n": 1, "right": 2}])
    target = tmp_path / f"out.{form}"
    assert main([str(first), str(second), "-o", str(target)]) == 0
    found = [(row["text"], str(row["n"] or ""), str(row["right"] or "")) for row in read(target)]
    assert found == [("one", "", "")] * 5 + [("two", "1", "2")]


def test_column_that_a_later_file_lacks_is_told_before_any_row_is_predicted(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of JSON Lines was found to be wrong when its turn came."""
    first = write(tmp_path / "a.jsonl", [{"text": "one"}])
    second = write(tmp_path / "b.jsonl", [{"body": "two"}])
    assert main([str(first), str(second), "-o", str(tmp_path / "out.csv")]) == 1
    assert capsys.readouterr().err == f"{second}: no column 'text'; there are: 'body'\n"
    assert not fake.batches


def test_one_of_several_files_may_be_without_rows(tmp_path: Path, fake: FakePredictor) -> None:
    first = write(tmp_path / "a.jsonl", [{"text": "one"}])
    (tmp_path / "b.jsonl").touch()
    assert main([str(first), str(tmp_path / "b.jsonl"), "-o", str(tmp_path / "out.csv")]) == 0
    assert [row["text"] for row in read(tmp_path / "out.csv")] == ["one"]


def test_types_of_a_column_need_not_be_the_same_in_all_rows_of_json_lines(tmp_path: Path, fake: FakePredictor) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "a", "n": 1},
        {"text": "b", "n": [1, {"x": None}]},
        {"text": "c", "n": "one"},
    ]
    source = write(tmp_path / "in.jsonl", rows)
    assert main([str(source), "-o", str(tmp_path / "out.jsonl")]) == 0
    assert [row["n"] for row in read(tmp_path / "out.jsonl")] == [row["n"] for row in rows]
    assert main([str(source), "-o", str(tmp_path / "out.csv")]) == 0
    assert [row["n"] for row in read(tmp_path / "out.csv")] == ["1", '[1,{"x":null}]', "one"]
    assert main([str(source), "-o", str(tmp_path / "out.parquet")]) == 1
    assert not list(tmp_path.glob("*rejected*"))


def test_input_is_never_written_to(tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]) -> None:
    """Rejected rows that were predicted again lay in the file that the new ones go to, which was emptied first."""
    (tmp_path / "in.csv").write_text('text\n""\nfine\n')
    target = tmp_path / "out.csv"
    assert main([str(tmp_path / "in.csv"), "-o", str(target)]) == 0
    before = rejected(target)
    again = f"{target}.rejected.jsonl"
    assert main([again, "--text", "reason", "-o", str(target), "--force"]) == 1
    assert capsys.readouterr().err.endswith(f"{again} is an input, and would be overwritten\n")
    assert rejected(target) == before
