from pathlib import Path

import pytest
import torch

from model.artifact import CARD, METADATA
from model.network import load_artifact
from model.padding import pad
from model.store import ModelStore
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.calibrate import main


@pytest.fixture
def data(tmp_path: Path) -> str:
    return write_jsonl(tmp_path / "mine.jsonl", LABELLED)


def test_new_artifact_answers_alike_at_another_temperature(
    tmp_path: Path, artifact_directory: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([str(artifact_directory), data, "--out", str(out)]) == 0
    before, after = load_artifact(artifact_directory), load_artifact(out)
    assert after.metadata.temperature != before.metadata.temperature
    assert f"temperature 1.500 -> {after.metadata.temperature:.3f}; wrote {out}" in capsys.readouterr().out
    assert after.metadata.version != before.metadata.version
    assert (after.metadata.model, after.metadata.languages) == (before.metadata.model, before.metadata.languages)
    assert list(after.metadata.dev_metrics) == ["mine"]
    assert after.metadata.dev_metrics["mine"]["n"] == len(LABELLED)
    assert after.metadata.baseline
    assert after.metadata.baseline.texts == len(LABELLED)
    batch = pad(before.tokenizer.encode_batch([text for text, _ in LABELLED]), before.tokenizer.pad_id)
    with torch.inference_mode():
        assert torch.equal(before.network(*batch), after.network(*batch))


def test_card_tells_what_was_done(tmp_path: Path, artifact_directory: Path, data: str) -> None:
    assert main([str(artifact_directory), data, "--out", str(tmp_path / "out")]) == 0
    card = (tmp_path / "out" / CARD).read_text(encoding="utf-8")
    assert card.startswith((artifact_directory / CARD).read_text(encoding="utf-8"))
    assert "## Calibrated anew" in card
    assert load_artifact(tmp_path / "out").metadata.version in card
    assert "- mine, 38 rows: ECE 0." in card


def test_calibration_error_on_the_data_is_no_larger(tmp_path: Path, artifact_directory: Path, data: str) -> None:
    out = tmp_path / "out"
    assert main([str(artifact_directory), data, "--out", str(out)]) == 0
    again = tmp_path / "again"
    assert main([str(out), data, "--out", str(again)]) == 0
    first, second = load_artifact(out).metadata, load_artifact(again).metadata
    assert second.temperature == pytest.approx(first.temperature, rel=1e-3)


def test_sets_of_one_name_are_refused(
    tmp_path: Path, artifact_directory: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures of the last stood for all of them."""
    (tmp_path / "other").mkdir()
    other = write_jsonl(tmp_path / "other" / "mine.jsonl", LABELLED[::2])
    assert main([str(artifact_directory), data, other, "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "error: dev: 2 sets are called 'mine'; give one a name=\n"
    assert main([str(artifact_directory), data, f"{other}?name=other", "--out", str(tmp_path / "out")]) == 0
    assert list(load_artifact(tmp_path / "out").metadata.dev_metrics) == ["mine", "other"]


def test_model_store_is_read_at_its_current_version(tmp_path: Path, artifact_directory: Path, data: str) -> None:
    store = ModelStore(tmp_path / "store")
    store.publish(artifact_directory)
    assert main([str(tmp_path / "store"), data, "--out", str(tmp_path / "out")]) == 0
    # The two are different versions to a store.
    assert store.publish(tmp_path / "out") == store.current != "v1"


@pytest.mark.parametrize(
    ("rows", "arguments", "message"),
    [
        ([("x", "mixed"), ("y", "positive")], [], "unknown label 'mixed'"),
        ([("x", "positive")], [], "one class only"),
        ([("", "negative"), ("x", "negative"), ("y", "positive")], ["--strict"], "mine.jsonl:1: empty text"),
    ],
)
def test_unusable_data_ends_with_one_clear_line(
    tmp_path: Path,
    artifact_directory: Path,
    capsys: pytest.CaptureFixture[str],
    rows: list[tuple[object, object]],
    arguments: list[str],
    message: str,
) -> None:
    source = write_jsonl(tmp_path / "mine.jsonl", rows)
    assert main([str(artifact_directory), source, "--out", str(tmp_path / "out"), *arguments]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("error: ")
    assert message in shown
    assert not (tmp_path / "out").exists()


def test_folder_that_is_no_artifact_is_neither_read_nor_replaced(
    tmp_path: Path, artifact_directory: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    assert main([str(tmp_path / "mine"), data, "--out", str(tmp_path / "out")]) == 1
    assert main([str(artifact_directory), data, "--out", str(tmp_path / "mine")]) == 1
    shown = capsys.readouterr().err
    assert "mine/SHA256SUMS: missing" in shown
    assert "mine exists, and has no SHA256SUMS: not replaced" in shown
    assert (tmp_path / "mine" / "thesis.tex").is_file()
    assert not (tmp_path / "mine" / METADATA).exists()
