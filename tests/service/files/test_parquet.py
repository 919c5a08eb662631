import decimal
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import ADDED, read


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
