"""Shapes in names: N rows, C labels."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics

from model.network import load_artifact
from model.rows import DataError
from model.store import ModelStore
from tests.texts import LABELLED
from training.data import read_source
from training.evaluate import evaluate_corpus, main, predict, read_for
from training.metrics import masked_probabilities
from training.scoring import score_texts
from training.sources import parse_source

LABELS = ("negative", "neutral", "positive")
TWO = [(text, label) for text, label in LABELLED if label != "neutral"]


class Writer:
    """Writes rows of text and label as a JSON Lines file and returns its path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, rows: list[tuple[str, str]], name: str = "shop.jsonl") -> str:
        path = self.folder / name
        lines = [json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n" for text, label in rows]
        path.write_text("".join(lines), encoding="utf-8")
        return str(path)


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def random_answers(rows: int, carried: tuple[bool, ...]) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    gold_N = generator.choice(np.flatnonzero(carried), size=rows)
    logits_NC = generator.normal(size=(rows, 3)) + 1.5 * np.eye(3)[gold_N]
    return masked_probabilities(logits_NC, np.array(carried)), gold_N


@pytest.mark.parametrize("carried", [(True, True, True), (True, False, True)], ids=["three", "two"])
def test_figures_equal_those_of_scikit_learn(carried: tuple[bool, ...]) -> None:
    probabilities_NC, gold_N = random_answers(300, carried)
    found = evaluate_corpus(probabilities_NC, gold_N, carried, LABELS)
    answers_N, chosen = probabilities_NC.argmax(axis=1), np.flatnonzero(carried)
    assert found["n"] == 300
    assert found["labels"] == [LABELS[index] for index in chosen]
    assert found["accuracy"] == pytest.approx((answers_N == gold_N).mean())
    assert found["macro_f1"] == pytest.approx(sklearn.metrics.f1_score(gold_N, answers_N, average="macro"))
    assert found["macro_recall"] == pytest.approx(sklearn.metrics.balanced_accuracy_score(gold_N, answers_N))
    assert found["nll"] == pytest.approx(sklearn.metrics.log_loss(gold_N, probabilities_NC[:, chosen], labels=chosen))
    assert found["confusion"] == sklearn.metrics.confusion_matrix(gold_N, answers_N, labels=chosen).tolist()
    assert found["per_label"]["positive"]["rows"] == (gold_N == 2).sum()
    assert found["per_label"]["positive"]["recall"] == pytest.approx((answers_N[gold_N == 2] == 2).mean())


def test_every_figure_lies_in_its_interval_and_is_json() -> None:
    found = evaluate_corpus(*random_answers(300, (True, True, True)), (True, True, True), LABELS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for name in ("accuracy", "macro_f1", "macro_recall", "nll"):
        low, high = found[f"{name}_interval"]
        assert low < found[name] < high, name
    low, high = found["ece_interval"]
    assert 0 < low < high < 1


def test_interval_narrows_with_more_rows() -> None:
    def width(rows: int) -> float:
        low, high = evaluate_corpus(*random_answers(rows, (True, True, True)), (True, True, True), LABELS)[
            "accuracy_interval"
        ]
        return float(high - low)

    assert width(3200) == pytest.approx(width(200) / 4, rel=0.3)


def test_answers_are_among_the_labels_of_the_data(write: Writer, artifact_directory: Path) -> None:
    corpus = read_source(parse_source(write(TWO)))
    probabilities_NC = predict(load_artifact(artifact_directory), corpus)
    assert not probabilities_NC[:, 1].any()
    assert probabilities_NC.sum(axis=1) == pytest.approx(np.ones(len(TWO)))


def test_probabilities_are_calibrated(write: Writer, artifact_directory: Path) -> None:
    """By the artifact's temperature, 1.5: logarithms of two probabilities differ by the logits' difference over it."""
    artifact = load_artifact(artifact_directory)
    corpus = read_source(parse_source(write(LABELLED)))
    probabilities_NC = predict(artifact, corpus)
    logits_NC = score_texts(artifact.network, artifact.tokenizer, 64, corpus.texts)
    wanted_N = (logits_NC[:, 0] - logits_NC[:, 2]) / 1.5
    assert np.log(probabilities_NC[:, 0] / probabilities_NC[:, 2]) == pytest.approx(wanted_N, abs=1e-4)


def test_table_shows_every_figure_and_the_confusion(
    write: Writer, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(artifact_directory), write(LABELLED), write(TWO, "two.jsonl")]) == 0
    output = capsys.readouterr().out
    for wanted in ("shop: 38 rows of negative, neutral, positive", "two: 30 rows of negative, positive"):
        assert wanted in output
    for title in ("accuracy", "macro F1", "macro recall", "ECE", "precision", "predicted as"):
        assert output.count(title) == 2
    assert max(map(len, output.splitlines())) < 160


def test_json_holds_what_the_table_shows(
    write: Writer, artifact_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(artifact_directory), write(LABELLED), "--json", str(tmp_path / "out.json")]) == 0
    content = json.loads((tmp_path / "out.json").read_text())
    assert content["model"] == "v1"
    (report,) = content["sets"]
    assert (report["name"], report["rows"]["positive"]) == ("shop", 15)
    assert f"{report['systems']['model']['accuracy']:.4f}" in capsys.readouterr().out


def test_model_store_is_read_at_its_current_version(write: Writer, artifact_directory: Path, tmp_path: Path) -> None:
    ModelStore(tmp_path / "store").publish(artifact_directory)
    assert main([str(tmp_path / "store"), write(LABELLED)]) == 0


def test_problems_are_reported_and_strict_stops_at_the_first(
    write: Writer, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write([*LABELLED, *[("", "positive")] * 7])
    assert main([str(artifact_directory), path]) == 0
    output = capsys.readouterr().out
    assert "7 rows could not be used" in output
    assert f"{path}:39: " in output
    assert f"{path}:43: " in output
    assert f"{path}:44: " not in output
    assert main([str(artifact_directory), path, "--strict"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{path}:39: " in captured.err


def test_unknown_label_is_named_with_file_row_and_what_the_artifact_has(
    write: Writer, artifact_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write([*LABELLED, ("", "positive"), ("So so", "mixed"), ("Meh", "meh")])
    assert main([str(artifact_directory), path]) == 1
    error = capsys.readouterr().err
    assert f"{path}:40: unknown label 'mixed'" in error
    assert "negative, neutral, positive" in error


def test_map_makes_labels_known(write: Writer, artifact_directory: Path) -> None:
    path = write([("good", "5"), ("bad", "1"), ("so so", "3")])
    corpus = read_for(LABELS, parse_source(f"{path}?map=1:negative,5:positive,3:"))
    assert list(corpus.labels) == ["positive", "negative"]
    with pytest.raises(DataError, match="unknown label '5'"):
        read_for(LABELS, parse_source(path))


def test_help_tells_what_a_source_is(capsys: pytest.CaptureFixture[str]) -> None:
    """It sent to another help, which does not say either."""
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "map=1:negative,5:positive" in capsys.readouterr().out


def test_baselines_stand_beside_the_model(
    write: Writer, artifact_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, train = write(LABELLED), write([(f"{text} really", label) for text, label in LABELLED], "big.jsonl")
    for arguments, suffix in ((["--baselines"], "5-fold on this data"), (["--baselines", train], "trained on big")):
        assert main([str(artifact_directory), data, "--json", str(tmp_path / "out.json"), *arguments]) == 0
        output = capsys.readouterr().out
        (report,) = json.loads((tmp_path / "out.json").read_text())["sets"]
        names = ["model", f"tf-idf + logistic regression, {suffix}", f"majority, {suffix}"]
        assert list(report["systems"]) == names
        assert all(name in output for name in names)
        assert report["systems"][names[2]]["macro_recall"] == pytest.approx(1 / 3, abs=0.05)


def test_wrong_artifact_or_data_is_one_line_and_status_1(
    write: Writer, artifact_directory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled = Path(shutil.copytree(artifact_directory, tmp_path / "spoiled"))
    (spoiled / "metadata.json").write_text("{}")
    for arguments, reason in (
        ([str(spoiled), write(LABELLED)], "metadata.json: sha256"),
        ([str(tmp_path / "nowhere"), write(LABELLED)], "no such artifact"),
        ([str(artifact_directory), str(tmp_path / "none.csv")], "no such file"),
        ([str(artifact_directory), write(LABELLED) + "?label=stars"], "no column 'stars'"),
    ):
        assert main(arguments) == 1
        captured = capsys.readouterr()
        assert reason in captured.err
        assert captured.err.count("\n") == 1
        assert captured.out == ""
