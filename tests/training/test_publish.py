"""Dev sets here are labelled by one of the artifacts, which is thereby always right."""

from pathlib import Path

import pytest
import torch

from model.artifact import COMPILED, ArtifactError, read_files, write_files
from model.network import load_artifact
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from tests.conftest import write_random_artifact
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.data import Examples
from training.onnx_export import compile_network
from training.publish import GateError, main, publish
from training.scoring import score_texts

LABELS = ("negative", "neutral", "positive")
TEXTS = [text for text, _ in LABELLED]


def answers(artifact: Path) -> list[int]:
    loaded = load_artifact(artifact)
    logits_NC = score_texts(loaded.network, loaded.tokenizer, loaded.metadata.model.max_tokens, TEXTS)
    return [int(index) for index in logits_NC.argmax(axis=1)]


@pytest.fixture
def right(tmp_path: Path, tokenizer: SubwordTokenizer) -> Path:
    return write_random_artifact(tmp_path / "right", tokenizer, seed=3, version="right")


@pytest.fixture
def wrong(tmp_path: Path, tokenizer: SubwordTokenizer) -> Path:
    return write_random_artifact(tmp_path / "wrong", tokenizer, seed=1, version="wrong")


@pytest.fixture
def dev(right: Path, wrong: Path) -> list[Examples]:
    targets = answers(right)
    assert targets != answers(wrong)
    return [Examples(name="lines", texts=TEXTS, targets=targets, carried=(True, True, True))]


def test_first_version_passes_whatever_it_is(tmp_path: Path, wrong: Path, dev: list[Examples]) -> None:
    store = ModelStore(tmp_path / "store")
    assert publish(wrong, store, dev) == store.current == "wrong"


def test_better_version_passes_and_both_figures_are_shown(
    tmp_path: Path, right: Path, wrong: Path, dev: list[Examples], capsys: pytest.CaptureFixture[str]
) -> None:
    store = ModelStore(tmp_path / "store")
    publish(wrong, store, dev)
    assert publish(right, store, dev) == store.current == "right"
    assert "lines: n 38  macro recall 1.0000, current 0." in capsys.readouterr().err


def test_worse_version_is_refused_unless_forced(tmp_path: Path, right: Path, wrong: Path, dev: list[Examples]) -> None:
    store = ModelStore(tmp_path / "store")
    publish(right, store, dev)
    with pytest.raises(
        GateError, match=r"wrong: not published over right: mean macro recall is 0\.\d+, of the current"
    ):
        publish(wrong, store, dev)
    assert (store.current, store.versions()) == ("right", ["right"])
    assert publish(wrong, store, dev, force=True) == store.current == "wrong"


def test_equal_version_passes(tmp_path: Path, tokenizer: SubwordTokenizer, right: Path, dev: list[Examples]) -> None:
    store = ModelStore(tmp_path / "store")
    publish(right, store, dev)
    assert publish(right, store, dev) == "right"
    twin = write_random_artifact(tmp_path / "twin", tokenizer, seed=3, version="twin")
    assert publish(twin, store, dev) == store.current == "twin"


def test_broken_artifact_never_passes(tmp_path: Path, right: Path, dev: list[Examples]) -> None:
    (right / "tokenizer.json").write_text("{}")
    with pytest.raises(ArtifactError, match=r"tokenizer\.json: sha256 is"):
        publish(right, ModelStore(tmp_path / "store"), dev, force=True)


def with_compiled(directory: Path, content: bytes) -> Path:
    write_files(directory, read_files(directory) | {COMPILED: content})
    return directory


def test_version_whose_compiled_form_answers_worse_is_refused(
    tmp_path: Path, tokenizer: SubwordTokenizer, right: Path, dev: list[Examples], capsys: pytest.CaptureFixture[str]
) -> None:
    """The gate asked model.pt alone, and services on CPUs then ran a model.onnx that answered anything."""
    store = ModelStore(tmp_path / "store")
    publish(right, store, dev)
    twin = write_random_artifact(tmp_path / "twin", tokenizer, seed=3, version="twin")
    artifact = load_artifact(twin)
    weights = artifact.network.state_dict()
    evil = {**weights, "head.bias": weights["head.bias"] + torch.tensor([-50.0, -50.0, 50.0])}
    with_compiled(twin, compile_network(evil, artifact.metadata.model))
    with pytest.raises(GateError, match=r"mean macro recall is 0\.\d+, of the current version 1\.0000"):
        publish(twin, store, dev)
    assert "twin/model.onnx has 0." in capsys.readouterr().err
    publish(with_compiled(twin, compile_network(weights, artifact.metadata.model)), ModelStore(tmp_path / "other"), dev)
    with pytest.raises(ArtifactError, match=r"model\.onnx: cannot be run"):
        publish(with_compiled(twin, b"no network"), store, dev, force=True)
    assert store.current == "right"


def test_command_publishes_or_says_why_not(
    tmp_path: Path, right: Path, wrong: Path, dev: list[Examples], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(text, LABELS[target]) for text, target in zip(TEXTS, dev[0].targets, strict=True)]
    source = write_jsonl(tmp_path / "dev.jsonl", rows) + "?labels=negative,neutral,positive"
    store = str(tmp_path / "store")
    assert main([str(right), store, "--dev", source]) == 0
    assert capsys.readouterr().out == "right\n"
    assert main([str(wrong), store, "--dev", source]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"error: {wrong}: not published over right: ")
    assert main([str(wrong), store, "--dev", source, "--force"]) == 0
    assert ModelStore(tmp_path / "store").current == "wrong"


def test_label_that_the_artifact_lacks_is_named(
    tmp_path: Path, right: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_jsonl(tmp_path / "dev.jsonl", [("x", "mixed"), ("y", "positive")])
    assert main([str(right), str(tmp_path / "store"), "--dev", source]) == 1
    assert "unknown label 'mixed'" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
