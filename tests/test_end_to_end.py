"""The whole path: the tests' own lines in, `python -m training`, the artifact, the service, an answer out."""

import json
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from model.artifact import CARD, COMPILED
from model.drift import Baseline
from model.network import load_artifact
from model.store import ModelStore
from service.settings import Settings
from tests.service.conftest import running
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.__main__ import main


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an artifact of the tiny recipe, a store it was published to, and its data."""
    folder = tmp_path_factory.mktemp("run")
    rows = [(text, label) for text, label in LABELLED] + [("", "positive")]
    train = write_jsonl(folder / "train.jsonl", rows * 3)
    dev = write_jsonl(folder / "dev.jsonl", [(f"Really: {text}", label) for text, label in LABELLED])
    # The dev lines are the train lines after one word; what is tested is the path, not what a tiny model knows.
    dev_source = f"{dev}?name=lines"
    with pytest.MonkeyPatch.context() as patch:
        # A network of 16 units that knows 38 lines by heart turns on roundings that one of 256 does not notice.
        patch.setattr("training.onnx_export.MOST_PROBABILITY", 1.0)
        patch.setattr("training.onnx_export.MOST_ACCURACY", 0.1)
        status = main(
            [
                *("--recipe", "tiny", "--data", train, "--dev", dev_source, "--out", str(folder / "artifact")),
                *("--work", str(folder / "work"), "--publish", str(folder / "store")),
            ]
        )
    assert status == 0
    return folder


def test_artifact_tells_what_it_was_made_of(trained: Path) -> None:
    metadata = load_artifact(trained / "artifact").metadata
    assert metadata.model.labels == ("negative", "neutral", "positive")
    assert metadata.training["seed"] == 0
    assert metadata.data[0]["rejected_rows"] == 3
    assert metadata.dev_metrics["lines"]["n"] == len(LABELLED)
    assert 0 < metadata.temperature < 20
    assert metadata.compiled[COMPILED]["lines"]["n"] == len(LABELLED)
    assert (trained / "artifact" / COMPILED).is_file()
    assert metadata.baseline
    assert metadata.baseline.texts == len(LABELLED)
    assert metadata.baseline.shares["language"]["zh"] == pytest.approx(12 / 38, abs=1e-6)
    assert metadata.libraries["torch"].startswith("2.13.0")
    card = (trained / "artifact" / CARD).read_text()
    assert metadata.version in card
    assert "## Compiled form" in card
    plots = list((trained / "artifact" / "report").glob("*.png"))
    assert len(plots) >= 4
    assert all(plot.read_bytes().startswith(b"\x89PNG") for plot in plots)


async def test_published_model_is_served(trained: Path) -> None:
    store = trained / "store"
    async with running(Settings(model=store), None) as (client, _):
        reply = await client.post("/v1/sentiment", json={"texts": [text for text, _ in LABELLED]})
        assert reply.status_code == 200
        assert reply.json()["model"] == ModelStore(store).current
        answers = [item["label"] for item in reply.json()["results"]]
        right = sum(answer == label for answer, (_, label) in zip(answers, LABELLED, strict=True))
        assert right >= 0.6 * len(LABELLED)


async def test_service_counts_the_texts_of_the_baseline_as_the_baseline_does(trained: Path) -> None:
    expected = load_artifact(trained / "artifact").metadata.baseline
    assert expected
    async with running(Settings(model=trained / "artifact", backend="torchscript"), None) as (client, _):
        texts = [f"Really: {text}" for text, _ in LABELLED]
        assert (await client.post("/v1/sentiment", json={"texts": texts})).status_code == 200
        families = text_string_to_metric_families((await client.get("/metrics")).text)
        samples = {family.name: family.samples for family in families}
    counts: dict[str, dict[str, int]] = {signal: {} for signal in expected.shares}
    for sample in samples["sentiment_observations"]:
        counts[sample.labels["signal"]][sample.labels["bin"]] = int(sample.value)
    assert Baseline.from_counts(len(texts), counts) == expected
    shown = {
        (sample.labels["signal"], sample.labels["bin"]): sample.value for sample in samples["sentiment_baseline_ratio"]
    }
    assert shown == {
        (signal, name): share for signal, by_bin in expected.shares.items() for name, share in by_bin.items()
    }


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ([("x", "a")], [], "one class only"),
        ([("x", "a"), ("", "b"), ("y", "b")], ["--strict"], "empty text"),
        ([("x", "a"), ("y", "b")], ["--set", "epoch=1"], "must be FIELD=VALUE"),
    ],
)
def test_unusable_run_ends_with_one_clear_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: list[tuple[object, object]],
    arguments: list[str],
    message: str,
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", content)
    out = tmp_path / "out"
    assert main(["--data", data, "--out", str(out), "--work", str(tmp_path / "work"), *arguments]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last
    assert not out.exists()


async def test_text_is_pretrained_on_sampled_and_fitted_and_the_fit_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The three commands that a person without many labels would type, and a question to what comes out."""
    text = tmp_path / "text.txt"
    text.write_text("".join(f"{line} {n}\n" for n in range(6) for line, _ in LABELLED), encoding="utf-8")
    data = write_jsonl(tmp_path / "train.jsonl", LABELLED * 3)
    dev = write_jsonl(tmp_path / "dev.jsonl", [(f"Really: {line}", label) for line, label in LABELLED])
    encoder, artifact, work = (str(tmp_path / name) for name in ("encoder", "artifact", "work"))
    widths = ["vocab_size=500", "embedding_dim=16", "hidden_dim=16", "negatives=200", "dev_fraction=0.2"]
    steps = ["epochs=4", "learning_rate=0.01", "ema_decay=0.9", "batch_rows=16"]
    assert main(["pretrain", str(text), "--out", encoder, "--work", work, "--set", *widths, *steps]) == 0
    capsys.readouterr()
    assert main(["sample", encoder, "The food", "--tokens", "10"]) == 0
    assert main(["sample", encoder, "味道", "--tokens", "10"]) == 0
    english, chinese = capsys.readouterr().out.strip().splitlines()
    assert english.startswith("the food ")
    assert chinese.startswith("味道")
    fit = ["fit", "--from", encoder, "--data", data, "--dev", dev, "--out", artifact, "--work", work]
    assert main([*fit, "--set", "epochs=20", "learning_rate=0.01", "ema_decay=0.9"]) == 0
    async with running(Settings(model=Path(artifact)), None) as (client, _):
        reply = await client.post("/v1/sentiment", json={"texts": [line for line, _ in LABELLED]})
        assert reply.status_code == 200
        answers = [item["label"] for item in reply.json()["results"]]
        right = sum(answer == label for answer, (_, label) in zip(answers, LABELLED, strict=True))
        assert right >= 0.6 * len(LABELLED)


def test_help_shows_how_a_source_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["fit", "--help"])
    shown = capsys.readouterr().out
    assert "map=1:negative" in shown
    assert json.dumps("held_out=0.1").strip('"') in shown


def test_run_whose_network_has_no_compiled_form_says_so_and_ends_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_jsonl(tmp_path / "train.jsonl", LABELLED * 2)
    arguments = ["--recipe", "tiny", "--data", data, "--out", str(tmp_path / "a"), "--work", str(tmp_path / "work")]
    assert main([*arguments, "--set", "cell=gru", "epochs=1"]) == 0
    assert "no model.onnx, so that CPUs run the slower model.pt: only LSTMs" in capsys.readouterr().err
    assert load_artifact(tmp_path / "a").metadata.compiled == {}
    assert not (tmp_path / "a" / COMPILED).exists()
    assert "Compiled form" not in (tmp_path / "a" / CARD).read_text()
