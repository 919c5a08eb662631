import json
from pathlib import Path

import numpy as np
import pytest

from model.artifact import METADATA
from model.network import load_artifact
from model.tokenizer import SubwordTokenizer
from tests.conftest import write_random_artifact
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from tests.training.toy import fit_config
from training.classification import encode_set
from training.data import Examples
from training.distill import main
from training.distillation import teach
from training.metrics import masked_probabilities
from training.scoring import score_texts

TEXTS = [text for text, _ in LABELLED[:6]]


@pytest.fixture
def examples() -> Examples:
    return Examples(name="a", texts=TEXTS, targets=[0, 2, 0, 2, 0, 2], carried=(True, False, True))


def test_teachers_are_averaged_and_mixed_with_the_label(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    teachers = [load_artifact(write_random_artifact(tmp_path / str(seed), tokenizer, seed=seed)) for seed in (1, 2)]
    encoded = encode_set(examples, tokenizer)
    config = fit_config(teacher_share=0.25)
    taught = teach(config, teachers, examples, encoded, is_labelled=True)
    carried = np.array(examples.carried)
    said = [
        masked_probabilities(
            score_texts(item.network, item.tokenizer, item.metadata.model.max_tokens, TEXTS),
            carried,
            item.metadata.temperature,
        )
        for item in teachers
    ]
    expected = 0.25 * (said[0] + said[1]) / 2 + 0.75 * np.eye(3)[examples.targets]
    assert taught.shares_NC == pytest.approx(expected, abs=1e-5)
    assert taught.rows == encoded.rows
    assert np.abs(said[0] - said[1]).max() > 1e-3


def test_unlabelled_text_is_learned_from_the_teachers_alone(
    tmp_path: Path, tokenizer: SubwordTokenizer, examples: Examples
) -> None:
    teacher = load_artifact(write_random_artifact(tmp_path / "teacher", tokenizer, seed=1))
    taught = teach(fit_config(), [teacher], examples, encode_set(examples, tokenizer), is_labelled=False)
    assert taught.shares_NC is not None
    assert taught.shares_NC.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert (taught.shares_NC[:, 1] == 0).all()
    assert taught.targets == taught.shares_NC.argmax(axis=1).tolist()


def test_command_fits_to_teachers_labels_and_unlabelled_text(
    tmp_path: Path, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n in range(3) for text, label in LABELLED])
    (tmp_path / "more.txt").write_text("The soup was cold\n汤是凉的\n", encoding="utf-8")
    command = ["--teacher", str(artifact_directory), "--unlabelled", str(tmp_path / "more.txt"), "--recipe", "tiny"]
    command += ["--data", data, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"), "--set", "epochs=1"]
    assert main(command) == 0
    shown = capsys.readouterr().err
    assert "more: 2 unlabelled texts" in shown
    assert "teachers agree with" in shown
    training = json.loads((tmp_path / "out" / METADATA).read_text(encoding="utf-8"))["training"]
    assert training["teachers"] == [artifact_directory.name]
    assert [source["path"] for source in training["unlabelled"]] == ["more.txt"]


@pytest.mark.parametrize(
    ("rows", "teacher", "message"),
    [
        ([("good", "yes"), ("bad", "no")] * 20, None, "those of the run are no, yes"),
        (LABELLED, "none", "none: no such artifact directory"),
    ],
)
def test_teacher_that_cannot_teach_ends_with_one_clear_line(
    tmp_path: Path,
    artifact_directory: Path,
    capsys: pytest.CaptureFixture[str],
    rows: list[tuple[str, str]],
    teacher: str | None,
    message: str,
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [(f"{text} {n}", label) for n, (text, label) in enumerate(rows)])
    command = ["--teacher", teacher or str(artifact_directory), "--recipe", "tiny", "--data", data]
    assert main([*command, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last
