"""What the command makes of its options; the runs themselves are tested end to end."""

from pathlib import Path
from typing import Any

import pytest

from model import SHIPPED
from model.store import ModelStore
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training import distill
from training.config import TrainConfig
from training.fit import main
from training.recipes import bilstm_base, finetune
from training.report import ReportOptions


class Trains:
    """Stands in for a run, and keeps what it was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.configs: list[TrainConfig] = []
        self.others: list[tuple[Any, ...]] = []
        monkeypatch.setattr("training.train.train", self)

    def __call__(self, config: TrainConfig, *others: Any) -> list[Any]:
        self.configs.append(config)
        self.others.append(others)
        return []


@pytest.fixture
def trains(monkeypatch: pytest.MonkeyPatch) -> Trains:
    return Trains(monkeypatch)


def test_recipe_is_the_base_and_its_fields_are_overridden(trains: Trains) -> None:
    command = ["--data", "a.csv", "b.csv", "--dev", "c.csv", "--out", "o", "--work", "w", "--device", "cpu", "--strict"]
    assert main([*command, "--set", "epochs=2", "cell=gru"]) == 0
    [config] = trains.configs
    base = bilstm_base(["a.csv", "b.csv"], ["c.csv"])
    changed = {name for name in TrainConfig.__dataclass_fields__ if getattr(config, name) != getattr(base, name)}
    assert changed == {"epochs", "cell", "strict"}
    assert (config.epochs, config.cell, config.strict) == (2.0, "gru", True)
    [(out, work, processes, report)] = trains.others
    assert (out, work, processes.device, report) == (Path("o"), Path("w"), "cpu", ReportOptions())


def test_report_quotes_nothing_and_compares_with_the_store_unless_told_otherwise(
    trains: Trains, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, artifact_directory: Path
) -> None:
    command = ["--data", "a.csv", "--out", "o"]
    store, empty = tmp_path / "store", tmp_path / "empty"
    ModelStore(store).publish(artifact_directory)
    monkeypatch.setattr("training.publish.publish", lambda *arguments, **options: "v1")
    for others, wanted in (
        ([], ReportOptions()),
        (["--quote"], ReportOptions(quote=True)),
        (["--publish", str(store)], ReportOptions(against=store)),
        (["--publish", str(empty)], ReportOptions()),
        (["--publish", str(store), "--against", "x"], ReportOptions(against=Path("x"))),
        (["--against", "shipped"], ReportOptions(against=SHIPPED)),
    ):
        assert main([*command, *others]) == 0
        assert trains.others[-1][-1] == wanted


def test_run_from_an_encoder_is_a_finetuning(trains: Trains) -> None:
    assert main(["--from", "encoders/mine", "--data", "a.csv", "--out", "o"]) == 0
    [config] = trains.configs
    assert config.encoder == "encoders/mine"
    assert config.learning_rate == finetune(["a.csv"], []).learning_rate < bilstm_base(["a.csv"], []).learning_rate


def test_shipped_model_goes_by_that_name(trains: Trains) -> None:
    assert main(["--from", "shipped", "--data", "a.csv", "--out", "o"]) == 0
    assert trains.configs[0].encoder == str(SHIPPED)


def test_encoder_takes_the_place_of_a_recipes_founding(trains: Trains) -> None:
    assert main(["--from", "e", "--recipe", "shipped", "--data", "corpora", "--out", "o"]) == 0
    [config] = trains.configs
    assert (config.encoder, config.founding, config.pretraining, config.word_vectors) == ("e", None, None, ())
    assert main(["--recipe", "shipped", "--data", "corpora", "--out", "o"]) == 0
    assert trains.configs[1].founding is not None
    assert trains.configs[1].encoder == ""


def test_linear_model_may_teach_the_unlabelled_source_of_a_distillation(trains: Trains) -> None:
    """--set was read before --unlabelled, and knew of no such source."""
    command = ["--teacher", "t", "--unlabelled", "u.txt", "--data", "train.csv", "--out", "o", "--strict"]
    assert distill.main([*command, "--set", "cross_taught=train:u"]) == 0
    [config] = trains.configs
    assert (config.cross_taught, config.teachers, config.strict) == (("train:u",), ("t",), True)
    assert [source.name for source in config.unlabelled] == ["u"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--from", "shipped", "--set", "word_vectors=v.txt"],
            "--set word_vectors: comes from the encoder, and cannot be set",
        ),
        (
            ["--from", "shipped", "--set", "hidden_dim=64"],
            "--set hidden_dim: comes from the encoder",
        ),
        (["--set", "pretraining=x"], "--set pretraining=x: must be FIELD=VALUE"),
        (["--set", "epochs=0"], "epochs=0.0: must be from"),
        (["--recipe", "shipped", "--quote"], "--quote: not with the recipe shipped"),
        (["--recipe", "shipped", "--dev", "b.csv"], "recipe shipped: --data must be the one folder"),
        (["--data", "a.csv?repeat=0"], "repeat=0: must be at least 1"),
        (["--device", "cuda"], "no CUDA device is usable here"),
    ],
)
def test_contradiction_ends_with_one_clear_line(
    trains: Trains,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert main(["--data", "a.csv", "--out", "o", *arguments]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("error: ")
    assert len(shown.splitlines()) == 1
    assert message in shown
    assert trains.configs == []


@pytest.mark.parametrize("encoder", ["none", "empty"])
def test_missing_encoder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoder: str) -> None:
    (tmp_path / "empty").mkdir()
    data = write_jsonl(tmp_path / "data.jsonl", LABELLED)
    command = ["--data", data, "--from", str(tmp_path / encoder), "--out", str(tmp_path / "out")]
    assert main([*command, "--work", str(tmp_path / "work")]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith(f"error: {tmp_path / encoder}")
    assert not (tmp_path / "out").exists()


def test_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.train.train", interrupted)
    assert main(["--data", "a.csv", "--out", "o"]) == 130
    assert "the same command goes on from the last checkpoint" in capsys.readouterr().err
