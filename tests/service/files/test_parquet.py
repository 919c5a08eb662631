import decimal
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from service.files import inputs
from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import ADDED, read, rejected, write


def test_types_of_parquet_are_kept(tmp_path: Path, fake: FakePredictor) -> None:
    table = pyarrow.table(
        {
            "text": pyarrow.array(["a", "b"], pyarrow.large_string()),
            "small": pyarrow.array([1, None], pyarrow.int8()),
            "half": pyarrow.array([0.1, 2.5], pyarrow.float32()),
            "flag": pyarrow.array([True, None]),
            "when": pyarrow.array([datetime(2026, 1, 2, tzinfo=UTC)] * 2, pyarrow.timestamp("ms", "UTC")),
            "price": pyarrow.array([decimal.Decimal("1.20")] * 2, pyarrow.decimal128(9, 2)),
            "raw": pyarrow.array([b"\xff", b""]),
            "kind": pyarrow.array(["x", "x"]).dictionary_encode(),
            "many": pyarrow.array([[1, 2], None], pyarrow.list_(pyarrow.int16())),
            "nested": pyarrow.array([{"a": 1}, {"a": None}]),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "in.parquet")
    assert main([str(tmp_path / "in.parquet"), "-o", str(tmp_path / "out.parquet")]) == 0
    found = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert found.select(table.column_names).equals(table)
    assert found.column_names == [*table.column_names, *ADDED]
    for name in ("csv", "jsonl"):  # and what text cannot hold is written in one way
        assert main([str(tmp_path / "in.parquet"), "-o", str(tmp_path / f"out.{name}")]) == 0
    cells = read(tmp_path / "out.csv")[0]
    assert (cells["flag"], cells["price"], cells["raw"], cells["many"], cells["nested"]) == (
        *("true", "1.20", "/w==", "[1,2]", '{"a":1}'),
    )
    assert (cells["when"], read(tmp_path / "out.csv")[1]["small"]) == ("2026-01-02T00:00:00+00:00", "")
    assert read(tmp_path / "out.jsonl")[0]["nested"] == {"a": 1}


def test_files_of_other_types_become_one_if_a_type_holds_both(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that must have a value in one file, and is missing in the other, failed when all was predicted."""
    must = pyarrow.schema(
        [("text", pyarrow.string()), pyarrow.field("n", pyarrow.int32(), nullable=False), ("only", pyarrow.int8())]
    )
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a"], "n": [1], "only": [1]}, must), tmp_path / "a.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"text": ["b"], "n": [1 << 40]}), tmp_path / "b.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"text": ["c"]}), tmp_path / "c.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"text": ["d"], "n": ["x"]}), tmp_path / "d.parquet")
    paths = [str(tmp_path / f"{name}.parquet") for name in "abcd"]
    assert main([*paths[:3], "-o", str(tmp_path / "out.parquet")]) == 0
    found = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert found.column("n").to_pylist() == [1, 1 << 40, None]
    assert main([*paths, "-o", str(tmp_path / "all.parquet")]) == 1
    assert "Field n has incompatible types" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("first", "held", "refused"),
    [
        (1, [2, 2.0, None], [2.7, -0.5, 1e300, True, 2**63, "1"]),
        (1.5, [2, 1e300, None], [True, 2**53 + 1, "x"]),
        (True, [False, None], [1, 0.0]),
        ([1], [[], [2, None], None], [[1.9], [True], [[1]], "ab"]),
        ([1.5], [[2]], [[True]]),
        ({"a": 1}, [{}, {"a": None}, {"b": None}], [{"b": 2}, {"b": "x"}, {"a": 1.9}, {"a": 1, "b": [1]}, [["a", 1]]]),
        ([{"a": 1}], [[{"a": 2}]], [[{"a": 1, "b": 2}]]),
    ],
)
@pytest.mark.usefixtures("_small_windows")
def test_row_that_its_column_would_change_is_rejected(
    tmp_path: Path,
    fake: FakePredictor,
    monkeypatch: pytest.MonkeyPatch,
    first: Any,
    held: list[Any],
    refused: list[Any],
) -> None:
    """Arrow makes 2 of 2.7 where the first rows had whole numbers, and drops keys they had not, and nobody was told."""
    monkeypatch.setattr(inputs, "_SAMPLE_ROWS", 1)
    rows = [{"text": "a", "n": value} for value in (first, *held, *refused, first)]
    source, target = write(tmp_path / "in.jsonl", rows), tmp_path / "out.parquet"
    assert main([str(source), "-o", str(target)]) == 0
    found = [row["n"] for row in read(target)]
    assert len(found) == len(held) + 2
    if not isinstance(first, dict | list):
        assert found == [first, *held, first]
    assert [row for _, row, _ in rejected(target)] == list(range(2 + len(held), 2 + len(held) + len(refused)))
    assert all(reason.startswith("column 'n' holds a ") for *_, reason in rejected(target))


def test_row_of_json_is_held_to_the_types_of_a_parquet_file(tmp_path: Path, fake: FakePredictor) -> None:
    """As above; but a number that is only rounded to the shorter floats of the file is not lost."""
    table = pyarrow.table({"text": ["a"], "n": [1], "half": pyarrow.array([0.1], pyarrow.float32())})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    rows = [
        {"text": "b", "n": 2, "half": 0.3},
        {"text": "c", "n": 2.7, "half": 1},
        {"text": "d", "n": 2, "half": 1e300},
    ]
    source, target = write(tmp_path / "b.jsonl", rows), tmp_path / "out.parquet"
    assert main([str(tmp_path / "a.parquet"), str(source), "-o", str(target)]) == 0
    assert [row["text"] for row in read(target)] == ["a", "b"]
    assert [row for _, row, _ in rejected(target)] == [2, 3]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"text": "good", "meta": {}}, "Parquet cannot hold these columns: Cannot write struct type 'meta'"),
        ({"text": "good", "\ud800": 1}, "column '\\ud800' holds half a surrogate pair in its name"),
    ],
)
def test_columns_that_parquet_cannot_hold_are_refused_at_the_start(
    tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str], row: dict[str, Any], told: str
) -> None:
    """They ended with a traceback, the one when all was predicted, and so did going on."""
    (tmp_path / "in.jsonl").write_text(json.dumps(row) + "\n")
    assert main([str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.parquet")]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith(told)
    assert shown.count("\n") == 1
    assert not fake.batches
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
