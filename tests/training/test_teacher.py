import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from model.artifact import METADATA
from model.rows import DataError
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.test_transformer import ENGLISH, write_transformer
from tests.training.toy import ALONE
from training.__main__ import main
from training.config import PretrainConfig, TeacherConfig
from training.keys import duplicate_key
from training.recipes import tiny
from training.storage import FOLDER
from training.teacher import fit_teacher
from training.train import train
from training.transformer import CONFIG, Transformer


@pytest.fixture
def data(tmp_path: Path) -> str:
    return write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(4) for text, label in LABELLED])


def test_transformer_learns_and_teaches(tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    base, out, work = str(write_transformer(tmp_path / "base")), tmp_path / "teacher", ["--work", str(tmp_path / "w")]
    command = ["teacher", "--model", base, "--languages", "en", "--data", data, "--out", str(out), *work]
    # At 0.01 in bfloat16, the rounding of another number of threads decided how far it came.
    settings = ["epochs=20", "learning_rate=0.004", "precision=float32", "max_tokens=32"]
    settings += ["batch_tokens=512", "batch_rows=16"]
    assert main([*command, "--set", *settings]) == 0
    [summary] = (tmp_path / "w").glob("*/checkpoint.json")
    records = json.loads(summary.read_text(encoding="utf-8"))["records"]
    assert records[-1]["dev"]["mean"] > 0.6 > records[0]["dev"]["mean"]
    said = json.loads((out / CONFIG).read_text(encoding="utf-8"))
    assert said["languages"] == ["en"]
    assert 0.05 <= said["calibration_temperature"] <= 20
    capsys.readouterr()

    (tmp_path / "more.txt").write_text("The film was good. The staff were rude!\n很好。\n", encoding="utf-8")
    command = ["distill", "--teacher", str(out), "--unlabelled", str(tmp_path / "more.txt"), "--recipe", "tiny"]
    command += ["--data", data, "--out", str(tmp_path / "out"), *work]
    assert main([*command, "--set", "epochs=1", "unlabelled_sentences=3"]) == 0
    shown = capsys.readouterr().err
    assert re.search(r"data: teachers read 6\d% of the rows", shown), f"{len(ENGLISH)} of {len(LABELLED)} are English"
    assert "more: 2 unlabelled texts, 2 sentences drawn from them" in shown
    assert "more: teachers read 1 of 2 texts" in shown
    assert "more, sentences: teachers read 3 of 3 texts" in shown  # one joined of two
    training = json.loads((tmp_path / "out" / METADATA).read_text(encoding="utf-8"))["training"]
    assert training["teachers"] == ["teacher"]


def test_specialist_teaches_its_own_sources_alone(
    tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base, out, work = str(write_transformer(tmp_path / "base")), tmp_path / "teacher", ["--work", str(tmp_path / "w")]
    command = ["teacher", "--model", base, "--data", data, "--out", str(out), *work]
    assert main([*command, "--set", "epochs=1", "specialist=true", "max_tokens=32", "batch_tokens=512"]) == 0
    assert Transformer.load(str(out)).sources == ("data",)
    other = write_jsonl(tmp_path / "other.jsonl", LABELLED)
    command = ["distill", "--teacher", str(out), "--unlabelled", data, "--recipe", "tiny", "--data", data, other]
    capsys.readouterr()
    command += ["--out", str(tmp_path / "out"), *work]
    assert main([*command, "--set", "epochs=1", "unlabelled_sentences=3"]) == 0
    shown = capsys.readouterr().err
    assert "data: teachers read 100% of the rows" in shown
    assert "other: teachers read 0% of the rows" in shown
    assert re.search(r"data, sentences: teachers read (\d) of \1 texts", shown)


def test_texts_not_to_learn_from_make_another_teacher(tmp_path: Path, data: str) -> None:
    """One that had learned the dev texts of a new student was taken for done."""
    model = str(write_transformer(tmp_path / "base"))
    config = TeacherConfig(train=tiny([data], []).train, model=model, epochs=0.1, batch_tokens=512)
    for left_out in (set[str](), {duplicate_key(f"{LABELLED[0][0]} 0")}):
        fit_teacher(config, tmp_path / "w", ALONE, left_out=left_out)
    assert len(list((tmp_path / "w").glob("*/teacher"))) == 2


def test_folder_of_something_else_is_not_replaced(
    tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").touch()
    command = ["teacher", "--model", "no/such", "--data", data, "--out", str(tmp_path / "thesis")]
    assert main(command) == 1
    assert "has no config.json: not replaced" in capsys.readouterr().err


def test_missing_teacher_is_told_of_before_the_pretraining(tmp_path: Path, data: str) -> None:
    config = tiny([data], [])
    teaching = TeacherConfig(train=config.train, model="package:no_such_model/model")
    config = replace(config, teaching=(teaching,), pretraining=PretrainConfig(train=config.train))
    with pytest.raises(DataError, match="pip install no-such-model"):
        train(config, tmp_path / "out", tmp_path / "work", ALONE)
    assert [path.name for path in (tmp_path / "work").iterdir()] == [FOLDER]


def test_fit_may_name_a_teacher_that_is_made_first(tmp_path: Path, data: str) -> None:
    """As the recipe `shipped` does: one command, and the texts of the dev sets are learned by neither."""
    config = tiny([data], [])
    teaching = TeacherConfig(
        train=config.train,
        model=str(write_transformer(tmp_path / "base")),
        epochs=1.0,
        languages=("en",),
        batch_tokens=512,
    )
    train(replace(config, teaching=(teaching,), epochs=1.0), tmp_path / "out", tmp_path / "work", ALONE)
    [folder] = (tmp_path / "work").glob("*/teacher")
    assert Transformer.load(str(folder)).labels == ("negative", "neutral", "positive")
    training = json.loads((tmp_path / "out" / METADATA).read_text(encoding="utf-8"))["training"]
    assert [item["model"] for item in training["teaching"]] == ["base"]
