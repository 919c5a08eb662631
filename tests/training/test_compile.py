from dataclasses import replace
from pathlib import Path

import pytest

from model.artifact import CARD, COMPILED, METADATA, NETWORK, SUMS, TOKENIZER, read_files, write_files
from model.network import load_artifact
from model.reader import read_contents
from model.store import ModelStore
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training import calibrate, drift
from training.compile import main


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_jsonl(tmp_path_factory.mktemp("data") / "mine.jsonl", LABELLED)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, artifact_directory: Path, data: str) -> Path:
    out = tmp_path_factory.mktemp("compiled") / "out"
    assert main([str(artifact_directory), data, "--out", str(out)]) == 0
    return out


def test_all_else_is_carried_over(compiled: Path, artifact_directory: Path) -> None:
    before, after = read_files(artifact_directory), read_files(compiled)
    assert after.keys() == before.keys() | {COMPILED}
    assert all(after[name] == before[name] for name in (NETWORK, TOKENIZER))
    old, new = read_contents(artifact_directory).metadata, read_contents(compiled).metadata
    assert new.version != old.version
    assert replace(new, version=old.version, created_at=old.created_at, compiled={}, baseline=None) == old
    assert SUMS not in after


def test_baseline_is_measured_where_there_is_none_and_else_carried_over(
    compiled: Path, artifact_directory: Path, data: str, tmp_path: Path
) -> None:
    found = read_contents(compiled).metadata.baseline
    assert found
    assert found.texts == len(LABELLED)
    few = write_jsonl(tmp_path / "few.jsonl", LABELLED[:9])
    assert drift.main([str(artifact_directory), few, "--out", str(tmp_path / "few")]) == 0
    assert main([str(tmp_path / "few"), data, "--out", str(tmp_path / "out")]) == 0
    kept = read_contents(tmp_path / "out").metadata.baseline
    assert kept
    assert kept.texts == 9


def test_metadata_and_card_tell_the_distance(compiled: Path, artifact_directory: Path) -> None:
    metadata = load_artifact(compiled).metadata
    figures = metadata.compiled[COMPILED]["mine"]
    assert figures["n"] == len(LABELLED)
    card = (compiled / CARD).read_text(encoding="utf-8")
    assert card.startswith((artifact_directory / CARD).read_text(encoding="utf-8"))
    assert f"`model.onnx` of version {metadata.version}" in card
    assert f"| mine | {len(LABELLED)} | {figures['max_probability_difference']:.4f} |" in card


def test_sets_of_one_name_are_refused(
    tmp_path: Path, artifact_directory: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures of the last stood for all of them."""
    (tmp_path / "other").mkdir()
    other = write_jsonl(tmp_path / "other" / "mine.jsonl", LABELLED[::2])
    assert main([str(artifact_directory), data, other, "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "error: dev: 2 sets are called 'mine'; give one a name=\n"
    assert main([str(artifact_directory), data, f"{other}?name=other", "--out", str(tmp_path / "out")]) == 0
    assert list(load_artifact(tmp_path / "out").metadata.compiled[COMPILED]) == ["mine", "other"]


def test_both_fit_into_one_store(compiled: Path, artifact_directory: Path, tmp_path: Path) -> None:
    """Their networks, tokenizers and temperatures are the same; their versions must not be."""
    store = ModelStore(tmp_path / "store")
    assert store.publish(artifact_directory) != store.publish(compiled)


def test_calibration_carries_it_over_and_measures_it_anew(compiled: Path, data: str, tmp_path: Path) -> None:
    assert calibrate.main([str(compiled), data, "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / COMPILED).read_bytes() == (compiled / COMPILED).read_bytes()
    before, after = read_contents(compiled).metadata, read_contents(tmp_path / "out").metadata
    assert after.temperature < before.temperature
    old, new = before.compiled[COMPILED]["mine"], after.compiled[COMPILED]["mine"]
    assert new["max_probability_difference"] > 2 * old["max_probability_difference"]
    card = (tmp_path / "out" / CARD).read_text(encoding="utf-8")
    assert card.count("## Compiled form") == 1
    assert f"`model.onnx` of version {after.version}" in card


def test_calibration_drops_a_form_that_the_new_temperature_takes_out_of_its_bounds(
    compiled: Path, data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was carried over with the figures of the old temperature, whatever it answered at the new one."""
    figures = read_contents(compiled).metadata.compiled[COMPILED]["mine"]
    bound = 1.5 * figures["max_probability_difference"]
    monkeypatch.setattr("training.onnx_export.MOST_PROBABILITY", bound)
    assert calibrate.main([str(compiled), data, "--out", str(tmp_path / "out")]) == 0
    told = f"no {COMPILED} any more, so that CPUs run the slower model.pt: mine: a probability differs by 0.00"
    card = (tmp_path / "out" / CARD).read_text(encoding="utf-8")
    assert told in card
    assert told in capsys.readouterr().out
    assert "## Compiled form" not in card
    assert COMPILED not in read_files(tmp_path / "out")
    assert read_contents(tmp_path / "out").metadata.compiled == {}


def test_form_that_an_artifact_has_is_made_anew(compiled: Path, data: str, tmp_path: Path) -> None:
    """The form that an earlier release made cannot explain."""
    assert main([str(compiled), data, "--out", str(tmp_path / "out")]) == 0
    card, old = ((folder / CARD).read_text(encoding="utf-8") for folder in (tmp_path / "out", compiled))
    assert card.count("## Compiled form") == old.count("## Compiled form") == 1
    version = load_artifact(tmp_path / "out").metadata.version
    assert f"of version {version} is" in card
    assert (tmp_path / "out" / COMPILED).read_bytes() == (compiled / COMPILED).read_bytes()


def test_form_that_answers_otherwise_is_not_written(
    artifact_directory: Path,
    data: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.onnx_export.MOST_PROBABILITY", 1e-9)
    assert main([str(artifact_directory), data, "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("error: mine: a probability differs by 0.0")
    assert not (tmp_path / "out").exists()


def test_changed_file_is_noticed(compiled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = read_files(compiled)
    write_files(tmp_path / "copy", files)
    (tmp_path / "copy" / COMPILED).write_bytes(files[COMPILED][:-1])
    assert main([str(tmp_path / "copy"), "x.csv", "--out", str(tmp_path / "out")]) == 1
    assert f"{COMPILED}: sha256 is" in capsys.readouterr().err
    assert (tmp_path / "copy" / METADATA).read_bytes() == files[METADATA]
