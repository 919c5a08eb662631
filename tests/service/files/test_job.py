from pathlib import Path

import pytest

from service.files.predict import main
from tests.service.fakes import FakePredictor
from tests.service.files.cases import read, rejected


@pytest.mark.usefixtures("_small_windows")
def test_bad_rows_go_to_a_side_file_with_the_reason(
    tmp_path: Path, fake: FakePredictor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTIMENT_MAX_TEXT_CHARS", "50")
    monkeypatch.setenv("SENTIMENT_QUEUE_LIMIT_TOKENS", "40")
    lines = [
        b'{"text": "fine", "id": 1}',
        b'{"id": 2}',
        b'{"text": ""}',
        b'{"text": null}',
        b'{"text": 7}',
        b'{"text": "' + b"x" * 51 + b'"}',
        b'{"text": "' + b"x" * 41 + b'"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"text": ',
        b'{"text": "secret", "label": "mine"}',
        b'{"text": "fine again"}',
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"\n".join(lines))
    assert main([str(source), "-o", str(target)]) == 0
    assert [row["text"] for row in read(target)] == ["fine", "fine again"]
    found = rejected(target)
    assert {file for file, _, _ in found} == {str(source)}
    assert [(row, reason) for _, row, reason in found] == [
        (2, "broken row: no column 'text'"),
        (3, "text is empty or only white space"),
        (4, "text must be a string, not null"),
        (5, "text must be a string, not a number"),
        (6, "text has 51 characters; the limit is 50"),
        (7, "text has 41 tokens; the limit is 40"),
        (8, "text has half of a surrogate pair at character 0"),
        (9, "not UTF-8"),
        (10, "broken row: not JSON: Expecting value at character 10"),
        (11, "column 'label' is there already; --prefix NAME names what is added otherwise"),
    ]
    shown = capsys.readouterr().err
    assert "2 rows, 10 rejected" in shown
    assert "secret" not in shown


def test_bad_rows_stand_in_the_order_of_the_input(tmp_path: Path, fake: FakePredictor) -> None:
    """They were sorted by their number, whatever file they are of."""
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text('{"text": "a"}\n{"text": "b"}\n{"text": ""}\n{"text": "", "label": "x"}\n')
    second.write_text('{"text": ""}\n{"text": "c"}\n')
    target = tmp_path / "out.jsonl"
    assert main([str(first), str(second), "-o", str(target), "--prefix", "p_"]) == 0
    assert [(Path(file).name, row) for file, row, _ in rejected(target)] == [
        *(("a.jsonl", 3), ("a.jsonl", 4), ("b.jsonl", 1)),
    ]


def test_run_without_any_answer_fails(tmp_path: Path, fake: FakePredictor, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text("text,n\n,1\n,2\n")
    assert main([str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")]) == 1
    assert capsys.readouterr().err.endswith("\nno row has an answer\n")
    assert len(rejected(tmp_path / "out.csv")) == 2
