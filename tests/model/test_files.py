import gzip
import json
import pickle
from io import BytesIO
from itertools import islice, pairwise
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, strategies

from model import lines
from model.files import open_rows, read_rows
from model.rows import DataError, Problem, Row, Rows

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


def test_text_behind_a_closing_quotation_mark_is_read_if_the_row_is_one_line(tmp_path: Path) -> None:
    """As pandas does: where no line is swallowed, only a mark is lost."""
    (tmp_path / "a.csv").write_text('text,label\n"a "fine" one",positive\n"good" ,negative\n')
    assert values(read(tmp_path / "a.csv")) == [('a fine" one"', "positive"), ("good ", "negative")]


def test_quotation_mark_in_a_tsv_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('text\tlabel\n"quoted start\tpositive\nnext\tnegative\n')
    assert values(read(tmp_path / "a.tsv")) == [('"quoted start', "positive"), ("next", "negative")]


@pytest.mark.parametrize(
    ("name", "content", "row", "reason"),
    [
        ("a.csv", b"text,label\nfine,positive\nlonely\n", 3, "1 fields, the header has 2"),
        ("a.csv", b'text,label\n"open,positive\nx,y\nz,w\n', 2, "swallows the next 2 lines"),
        # Unclosed in the last column, it once made one text of all rows that follow, without a word.
        (
            "a.csv",
            b'text,label\nfine,good\nx,"open\ny,good\nz,bad\n',
            3,
            "unexpected end of data; it swallows the next 2",
        ),
        ("a.csv", b'text,label\nx,"open\ny,good\nbad,he said "wow"\nz,bad\n', 2, "it swallows the next 2 lines"),
        ("a.csv", b'text,label\n"open,good\n"x",bad\nz,bad\n', 2, "it swallows the next 1 lines"),
        ("a.csv", b"text,label\n\xff\xfe,positive\n", 2, "not UTF-8"),
        ("a.jsonl", b'{"text": "fine", "label": "positive"}\n{"text": \n', 2, "not JSON"),
        ("a.jsonl", b'{"text": "a", "label": "b"}\n[1]\n', 2, "a JSON list, not an object"),
        ("a.jsonl", b'{"text": "a", "label": "b"}\n{"text": "\xff"}\n', 2, "not UTF-8"),
        ("a.jsonl", b"[" * 100_000 + b'\n{"text": "a", "label": "b"}\n', 1, "nested 100000 levels deep"),
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


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.parquet"])
def test_column_that_stands_twice_is_refused(tmp_path: Path, name: str) -> None:
    """The last was taken, without a word."""
    path, header = tmp_path / name, ["text", "text", "label"]
    if name == "a.parquet":
        pyarrow.parquet.write_table(pyarrow.table([["x"], ["y"], ["z"]], header), path)
    else:
        path.write_text("\n".join(("," if name == "a.csv" else "\t").join(row) for row in (header, "xyz")) + "\n")
    with pytest.raises(DataError, match="column 'text' stands twice"):
        read(path)


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
        ("a.csv.gz", gzip.compress(b"text,label\nx,y\n" * 100, mtime=0)[:-20], "broken gzip"),
        ("a.parquet", b"PAR1 no", "not Parquet"),
        ("a.csv", b"", "empty, without a header"),
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


def test_number_of_too_many_digits_breaks_its_row_only(tmp_path: Path) -> None:
    """It raises a plain ValueError, which ended the whole run."""
    (tmp_path / "a.jsonl").write_text(f'{{"text": "a", "label": {"9" * 5000}}}\n{{"text": "a", "label": "b"}}\n')
    first, second = read(tmp_path / "a.jsonl")
    assert isinstance(first, Problem)
    assert first.reason.startswith("broken row: not JSON: Exceeds the limit")
    assert isinstance(second, Row)


def test_parquet_text_that_is_not_utf8_breaks_its_row_only(tmp_path: Path) -> None:
    """Arrow checks no UTF-8, and Python's error ended the whole run."""
    text = pyarrow.array([b"good", b"\xff\xfe", b"fine"]).view(pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table({"text": text, "label": ["a", "b", "c"]}), tmp_path / "a.parquet")
    first, second, third = read(tmp_path / "a.parquet")
    assert values([first, third]) == [("good", "a"), ("fine", "c")]
    assert second == Problem(str(tmp_path / "a.parquet"), 2, "column 'text' is not UTF-8")


def test_parquet_date_that_python_has_not_breaks_its_row_only(tmp_path: Path) -> None:
    """It raises an OverflowError, which ended the whole run, and again each time it went on."""
    when = pyarrow.array([0, 2**62, 0], pyarrow.timestamp("us"))
    table = pyarrow.table({"text": ["good", "bad", "fine"], "label": when})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    first, second, third = read(tmp_path / "a.parquet")
    assert [row.fields["text"] for row in (first, third) if isinstance(row, Row)] == ["good", "fine"]
    reason = "column 'label' holds a value that Python cannot, of the type timestamp[us]"
    assert second == Problem(str(tmp_path / "a.parquet"), 2, reason)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet"])
def test_open_file_tells_its_columns_and_reads_all_if_asked(tmp_path: Path, name: str) -> None:
    write_all_formats(tmp_path)
    table = pyarrow.table(
        {"id": ["1", "2"], "text": [text for text, _ in WANTED], "label": [label for _, label in WANTED]}
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    with (tmp_path / name).open("rb") as file:
        rows = open_rows(file, name, name.removeprefix("a."), ("text",), every_column=True)
        assert rows.columns == ("id", "text", "label")
        assert rows.count == (2 if "parquet" in name else None)
        fields = [item.fields for item in rows.items if isinstance(item, Row)]
    assert [list(row.values()) for row in fields] == [["1", *WANTED[0]], ["2", *WANTED[1]]]


def test_parquet_that_is_damaged_is_refused_by_name(tmp_path: Path) -> None:
    """pyarrow raises an OSError for it, which names no file."""
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": list(map(str, range(10_000))), "label": ["x"] * 10_000}), path)
    whole = path.read_bytes()
    for start, message in ((2000, "broken Parquet after row 0: "), (len(whole) - 60, "not Parquet: ")):
        path.write_bytes(whole[:start] + b"\xff" * 40 + whole[start + 40 :])
        with pytest.raises(DataError, match=message) as caught:
            read(path)
        assert str(caught.value).startswith(f"{path}: ")


def test_json_that_no_row_has_the_column_of_is_refused_early(tmp_path: Path) -> None:
    """It was after the last row, hours later."""
    (tmp_path / "a.jsonl").write_text('{"body": "x"}\n' * 5000)
    items = read_rows(str(tmp_path / "a.jsonl"), ("text",))
    assert len(list(islice(items, 1000))) == 1000
    with pytest.raises(DataError, match=r"no column 'text'; there are: 'body'"):
        next(items)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]\n" * 3, "no line is a JSON object"),
        ('{"text": "a"}\n{"label": "b"}\n', "no row has all of the columns 'text', 'label'"),
    ],
)
def test_json_without_any_row_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(DataError, match=message):
        read(tmp_path / "a.jsonl")


def test_json_without_a_line_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    assert read(tmp_path / "a.jsonl") == []


def test_what_is_no_number_in_json_is_null(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a", "label": NaN}\n{"text": "a", "label": -Infinity}\n')
    assert [row.fields["label"] for row in read(tmp_path / "a.jsonl") if isinstance(row, Row)] == [None, None]


def test_line_that_has_no_end_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LINE_BYTES", 1 << 20)
    (tmp_path / "a.jsonl").write_text('{"text": "a", "label": "b"}\n[' + "1," * (1 << 20))
    with pytest.raises(DataError, match=r"a\.jsonl:2: a line of 1 MiB or more"):
        read(tmp_path / "a.jsonl")


def test_field_without_end_tells_how_many_lines_it_swallows(tmp_path: Path) -> None:
    content = 'text,label\n"open,b\n' + "a line,b\n" * 1_200_000
    (tmp_path / "a.csv").write_text(content)
    first, second = list(islice(read_rows(str(tmp_path / "a.csv"), COLUMNS), 2))
    assert isinstance(first, Problem)
    assert first.reason.startswith("broken row: field larger than field limit (10000000); it swallows the next ")
    swallowed = int(first.reason.split()[-2])
    assert second == Row(2 + swallowed + 1, {"text": "a line", "label": "b"})


PIECES = [
    b'"',
    b",",
    b"\t",
    b"\n",
    b"\r\n",
    b"\r",
    b"\xff",
    b"\xef\xbb\xbf",
    b"fine",
    "很差".encode(),
    b" ",
    b'{"text": ""}',
]


@pytest.mark.parametrize("file_format", ["csv", "tsv", "jsonl", "txt"])
@given(pieces=strategies.lists(strategies.sampled_from(PIECES), max_size=40), most=strategies.integers(1, 5))
def test_blocks_that_travelled_hold_the_rows_of_their_file(file_format: str, pieces: list[bytes], most: int) -> None:
    head = {"csv": b"text,label\n", "tsv": b"text\tlabel\n", "jsonl": b'{"text": "a"}\n'}.get(file_format, b"")
    data = head + b"".join(pieces)

    def rows() -> Rows:
        return open_rows(BytesIO(data), "file", file_format, ("text",))

    for blocks in (list(rows().blocks(most, 1 << 20)), list(rows().blocks(1 << 20, 8 * most))):
        assert [row for block in pickle.loads(pickle.dumps(blocks)) for row in block.items()] == list(rows().items)
        numbers = [[row.number for row in block.items()] for block in blocks]
        lasts = [0, *(block.last for block in blocks)]
        assert all(before < last for before, last in pairwise(lasts))
        assert all(
            before < number <= last
            for found, (before, last) in zip(numbers, pairwise(lasts), strict=True)
            for number in found
        )
