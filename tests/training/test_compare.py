"""The command, from artifacts on disk to what a person reads; DATA is labelled by B, which is thereby always right."""

import json
from pathlib import Path

import pytest

from model.network import load_artifact
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from tests.conftest import write_random_artifact
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.compare import main
from training.comparison import answer

LABELS = ("negative", "neutral", "positive")
TEXTS = [text for text, _ in LABELLED]


@pytest.fixture
def a(tmp_path: Path, tokenizer: SubwordTokenizer) -> Path:
    return write_random_artifact(tmp_path / "a", tokenizer, seed=1, version="first")


@pytest.fixture
def b(tmp_path: Path, tokenizer: SubwordTokenizer) -> Path:
    return write_random_artifact(tmp_path / "b", tokenizer, seed=3, version="second")


@pytest.fixture
def data(tmp_path: Path, b: Path) -> str:
    answers = answer(load_artifact(b), TEXTS, LABELS).argmax(axis=1)
    rows = [(text, LABELS[index]) for text, index in zip(TEXTS, answers, strict=True)]
    return write_jsonl(tmp_path / "lines.jsonl", rows) + "?labels=negative,neutral,positive"


def test_better_one_is_told_with_figures_size_and_speed(
    tmp_path: Path, a: Path, b: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main([str(a), str(b), data, "--rounds", "1", "--json", str(out)]) == 0
    shown = capsys.readouterr().out
    content = json.loads(out.read_text())
    [result] = content["sets"]
    assert (result["name"], result["n"], result["b"]["accuracy"]) == ("lines", len(TEXTS), 1.0)
    wrong = round((1 - result["a"]["accuracy"]) * len(TEXTS))
    assert wrong > 3
    assert (result["only_a_right"], result["only_b_right"]) == (0, wrong)
    assert result["mcnemar_p"] == pytest.approx(2 / 2**wrong)
    assert sum(case["rows"] for case in result["disagreements"]) == wrong
    assert all(case["b"] == case["gold"] != case["a"] for case in result["disagreements"])
    assert f"only A right 0, only B right {wrong}: McNemar's p" in shown
    assert f"they disagree on {wrong} of {len(TEXTS)} rows:" in shown
    for side, directory in (("a", a), ("b", b)):
        described = content[side]
        assert described["bytes"] == sum(
            path.stat().st_size for path in directory.iterdir() if path.name != "SHA256SUMS"
        )
        assert f"{described['weights']:,} weights" in shown
    assert content["speed"]["forms"]["model.pt"]["ratio"]["texts_per_s"]["median"] > 0
    assert "texts/s" in shown
    assert "made alike" in shown
    assert not any(text in shown for text in TEXTS)
    assert max(map(len, shown.splitlines())) <= 200


def test_artifact_does_not_differ_from_itself(a: Path, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(a), str(a), data, "--rounds", "0"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("+0.0000 +0.0000 to +0.0000  1.000") == 3
    assert f"they disagree on 0 of {len(TEXTS)} rows\n" in shown
    assert "speed" not in shown


def test_rows_in_which_they_disagree_are_quoted_only_if_asked_for(
    tmp_path: Path, a: Path, b: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = [(f"\x1b[31m{text}\n{'x ' * 300}", label) for text, label in LABELLED]
    source = write_jsonl(tmp_path / "hostile.jsonl", hostile)
    out = tmp_path / "out.json"
    assert main([str(a), str(b), source, "--rounds", "0", "--disagreements", "--json", str(out)]) == 0
    shown = capsys.readouterr().out
    [result] = json.loads(out.read_text())["sets"]
    rows = result["disagreeing_rows"]
    assert len(rows) == sum(case["rows"] for case in result["disagreements"]) > 0
    assert rows[0]["text"] in [text for text, _ in hostile]
    assert shown.count(", gold ") == len(rows)
    assert "\x1b" not in shown


def test_store_is_read_at_its_current_version(
    tmp_path: Path, a: Path, b: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ModelStore(tmp_path / "store").publish(a)
    assert main([str(tmp_path / "store"), str(b), data, "--rounds", "0"]) == 0
    assert "version first" in capsys.readouterr().out


def test_compiled_form_that_only_one_has_is_measured_alone(
    a: Path, compiled_directory: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(a), str(compiled_directory), data, "--rounds", "1"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("  model.")]
    assert [line[0] for line in lines] == ["model.onnx"] * 2 + ["model.pt"] * 2
    assert lines[0][2] == "none"
    assert lines[0][-1] == "–"
    assert float(lines[2][-1]) >= float(lines[2][-3]) > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{a}", "{b}", "{mixed}"], "mixed.jsonl: unknown label 'mixed'; A ({a}) has negative, neutral, positive"),
        (["{a}", "nowhere", "{data}"], "nowhere: no such artifact directory"),
        (["{a}", "{b}", "none.csv"], "none.csv: no such file"),
        (["{a}", "{b}", "{data}", "--rounds", "-1"], "--rounds -1: must be at least 0"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    tmp_path: Path, a: Path, b: Path, data: str, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    mixed = write_jsonl(tmp_path / "mixed.jsonl", [("x", "mixed"), ("y", "positive")])
    given = {"a": a, "b": b, "data": data, "mixed": mixed}
    assert main([argument.format(**given) for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert message.format(**given) in captured.err
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""
