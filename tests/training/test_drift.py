from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.artifact import CARD, METADATA, SUMS, read_files
from model.drift import bins
from model.reader import read_contents
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.drift import main, measure

LABELS = ("negative", "neutral", "positive")


@pytest.fixture
def texts(tmp_path: Path) -> str:
    path = tmp_path / "texts.txt"
    path.write_text("".join(f"{text}\n" for text, _ in LABELLED), encoding="utf-8")
    return str(path)


def test_answers_are_those_among_all_labels_at_the_temperature(tokenizer: SubwordTokenizer) -> None:
    texts = ["房间很干净", "I loved it", "1 2 3", "Ж"]
    rows = tokenizer.encode_batch(texts)
    logits_NC = np.array([[0.0, 0.0, 8.0], [0.0, 8.0, 0.0], [8.0, 0.0, 0.0], [0.0, 0.0, 0.1]], dtype=np.float32)
    baseline = measure(
        [(texts[:1], rows[:1], logits_NC[:1]), (texts[1:], rows[1:], logits_NC[1:])], LABELS, 4.0, tokenizer
    )
    assert baseline.texts == 4
    assert baseline.shares["label"] == {"negative": 0.25, "neutral": 0.25, "positive": 0.5}
    assert baseline.shares["language"] == {"en": 0.25, "zh": 0.25, "other": 0.5}
    # exp(8 / 4) / (exp(8 / 4) + 2) = 0.787, and a third
    assert {name: share for name, share in baseline.shares["confidence"].items() if share} == {
        "0.8": 0.75,
        "0.35": 0.25,
    }
    assert 0 < baseline.shares["subword"]["fragment"] < 1
    assert {signal: tuple(shares) for signal, shares in baseline.shares.items()} == bins(LABELS)


def test_all_else_is_carried_over_and_the_version_is_another(
    tmp_path: Path, artifact_directory: Path, texts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([str(artifact_directory), texts, "--out", str(out)]) == 0
    assert capsys.readouterr().out.endswith(f"\n38 texts; wrote {out}\n")
    before, after = read_files(artifact_directory), read_files(out)
    assert {name for name in after if after[name] != before[name]} == {CARD, METADATA}
    assert SUMS not in after
    old, new = read_contents(artifact_directory).metadata, read_contents(out).metadata
    assert new.baseline
    assert new.baseline.texts == len(LABELLED)
    assert replace(new, version=old.version, created_at=old.created_at, baseline=None) == old
    card = (out / CARD).read_text(encoding="utf-8")
    assert f"Version {new.version} answers as v1 does, and compares what it answers with 38 texts of texts." in card


def test_baselines_of_other_texts_fit_into_one_store(tmp_path: Path, artifact_directory: Path, texts: str) -> None:
    few = write_jsonl(tmp_path / "few.jsonl", LABELLED[:9])
    store = ModelStore(tmp_path / "store")
    for source in (texts, few):
        out = tmp_path / Path(source).stem
        assert main([str(artifact_directory), source, "--out", str(out)]) == 0
        store.publish(out)
    assert len(store.versions()) == 2


def test_unusable_texts_end_with_one_clear_line(
    tmp_path: Path, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    assert main([str(artifact_directory), str(tmp_path / "empty.txt"), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "out").exists()
