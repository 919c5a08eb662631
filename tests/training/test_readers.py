import gzip
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from training.readers import DataError, Problem, Row, read_rows

COLUMNS = ("text", "label")


def read(path: Path | str) -> list[Row | Problem]:
    return list(read_rows(str(path), COLUMNS))


def values(rows: list[Row | Problem]) -> list[tuple[str, str]]:
    return [(row.fields["text"], row.fields["label"]) for row in rows if isinstance(row, Row)]


WANTED = [("good, really", "positive"), ("很差", "negative")]


def write_all_formats(folder: Path) -> list[Path]:
    csv = 'id,text,label\n1,"good, really",positive\n2,很差,negative\n'
    tsv = "text\tlabel\ngood, really\tpositive\n很差\tnegative\n"
    jsonl = "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in WANTED)
    paths = []
    for name, content in (("a.csv", csv), ("a.tsv", tsv), ("a.jsonl", jsonl)):
        (folder / name).write_text(content, encoding="utf-8")
        (folder / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
        paths += [folder / name, folder / f"{name}.gz"]
    table = pyarrow.table({"text": [text for text, _ in WANTED], "label": [label for _, label in WANTED]})
    pyarrow.parquet.write_table(table, folder / "a.parquet")
    (folder / "a.parquet.gz").write_bytes(gzip.compress((folder / "a.parquet").read_bytes()))
    return [*paths, folder / "a.parquet", folder / "a.parquet.gz"]


def test_every_format_reads_the_same_rows(tmp_path: Path) -> None:
    for path in write_all_formats(tmp_path):
        assert values(read(path)) == WANTED, path.name


def test_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbftext,label\nfine,positive\n")
    assert values(read(tmp_path / "a.csv")) == [("fine", "positive")]


def test_quoted_field_may_span_lines_and_later_rows_keep_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,label\n"one\ntwo",positive\nthree,negative\n')
    rows = read(tmp_path / "a.csv")
    assert values(rows) == [("one\ntwo", "positive"), ("three", "negative")]
    assert [row.number for row in rows if isinstance(row, Row)] == [2, 4]


def test_quotation_mark_in_a_tsv_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('text\tlabel\n"quoted start\tpositive\nnext\tnegative\n')
    assert values(read(tmp_path / "a.tsv")) == [('"quoted start', "positive"), ("next", "negative")]


@pytest.mark.parametrize(
    ("name", "content", "row", "reason"),
    [
        ("a.csv", b"text,label\nfine,positive\nlonely\n", 3, "1 fields, the header has 2"),
        ("a.csv", b'text,label\n"open,positive\nx,y\nz,w\n', 2, "swallows the next 2 lines"),
        ("a.csv", b"text,label\n\xff\xfe,positive\n", 2, "not UTF-8"),
        ("a.jsonl", b'{"text": "fine", "label": "positive"}\n{"text": \n', 2, "not JSON"),
        ("a.jsonl", b'{"text": "a", "label": "b"}\n[1]\n', 2, "a JSON list, not an object"),
        ("a.jsonl", b'{"text": "a", "label": "b"}\n{"text": "\xff"}\n', 2, "not UTF-8"),
        ("a.jsonl", b"[" * 100_000 + b'\n{"text": "a", "label": "b"}\n', 1, "not JSON"),
    ],
)
def test_broken_row_is_reported_with_its_line(tmp_path: Path, name: str, content: bytes, row: int, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    problems = [item for item in read(tmp_path / name) if isinstance(item, Problem)]
    assert [problem.row for problem in problems] == [row]
    assert reason in problems[0].reason
    assert str(problems[0]).startswith(f"{tmp_path / name}:{row}: ")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_missing_column_names_those_that_are_there(tmp_path: Path, name: str) -> None:
    content = {"a.csv": "body,label\nx,y\n", "a.tsv": "body\tlabel\nx\ty\n", "a.jsonl": '{"body": "x", "label": "y"}\n'}
    (tmp_path / name).write_text(content[name])
    with pytest.raises(DataError, match=r"no column 'text'; there are: 'body', 'label'"):
        read(tmp_path / name)


def test_a_single_json_row_without_the_column_is_a_problem_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x", "label": "y"}\n{"text": "x"}\n')
    rows = read(tmp_path / "a.jsonl")
    assert isinstance(rows[1], Problem)
    assert "no column 'label'" in rows[1].reason


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", "unknown format .xlsx"),
        ("a.csv.gz", b"not gzip", "broken gzip"),
        ("a.csv.gz", gzip.compress(b"text,label\nx,y\n" * 100)[:-20], "broken gzip"),
        ("a.parquet", b"PAR1 no", "not Parquet"),
        ("a.csv", b"", "no column 'text'"),
        ("a.csv", b"\xff\xfe\x00t\n", "not UTF-8"),
    ],
)
def test_unusable_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.txt.gz"])
def test_text_file_has_a_text_a_line(tmp_path: Path, name: str) -> None:
    content = '\ufeffgood, "really"\r\n\n \n很差\n{"text": "x"}'.encode() + b"\n\xff\xfe\nlast"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    rows = list(read_rows(str(tmp_path / name), ("body",)))
    assert rows == [
        Row(1, {"body": 'good, "really"'}),
        Row(4, {"body": "很差"}),
        Row(5, {"body": '{"text": "x"}'}),
        Problem(str(tmp_path / name), 6, "not UTF-8"),
        Row(7, {"body": "last"}),
    ]


def test_text_file_has_no_labels(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("fine\n")
    with pytest.raises(DataError, match=r"a\.txt: no column 'label'; there are: 'text'"):
        read(tmp_path / "a.txt")


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read(tmp_path / "none.csv")


def test_hugging_face_dataset_reads_by_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "reviews"
    folder.mkdir()
    for split in ("train", "test"):
        lines = [json.dumps({"text": f"{split} {text}", "label": label}) + "\n" for text, label in WANTED]
        (folder / f"{split}.jsonl").write_text("".join(lines))
    rows = list(read_rows(f"hf:{folder}", COLUMNS, split="test"))
    assert values(rows) == [(f"test {text}", label) for text, label in WANTED]
    with pytest.raises(DataError, match="split 'dev' cannot be loaded"):
        list(read_rows(f"hf:{folder}", COLUMNS, split="dev"))


def test_hugging_face_class_labels_are_read_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])})
    dataset = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    monkeypatch.setattr(datasets, "load_dataset", lambda name, split: dataset)
    assert values(list(read_rows("hf:any/id", COLUMNS))) == [("a", "pos"), ("b", "neg")]
