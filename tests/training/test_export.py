from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import torch

from model.artifact import CARD, Metadata
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import write_artifact
from model.padding import pad
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from training.export import (
    ExportError,
    check_reloaded,
    describe_command,
    git_commit,
    library_versions,
    round_to_half,
    scale_labels,
    script,
    version_name,
)


@pytest.fixture
def network(tokenizer: SubwordTokenizer) -> SentimentClassifier:
    torch.manual_seed(0)
    config = ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=8)
    return round_to_half(SentimentClassifier(config).eval())


def write(directory: Path, network: SentimentClassifier, tokenizer: SubwordTokenizer) -> list[list[int]]:
    rows = tokenizer.encode_batch([text for text, _ in LABELLED])
    metadata = Metadata(
        version="v", created_at="2026-01-01T00:00:00+00:00", model=network.config, languages=("en",), temperature=1.0
    )
    write_artifact(directory, script(network, rows, tokenizer.pad_id), tokenizer, metadata, {CARD: b"card"})
    return rows


def test_scaled_labels_are_those_of_the_logits(network: SentimentClassifier) -> None:
    batch = pad([[2, 3, 4], [5]], 0)
    weight_C, bias_C = np.array([1.5, 0.5, 1.0]), np.array([0.0, -1.0, 1.0])
    with torch.inference_mode():
        before_BC = network(*batch).numpy()
        after_BC = scale_labels(network, weight_C, bias_C)(*batch).numpy()
    assert after_BC == pytest.approx(before_BC * weight_C + bias_C, abs=1e-6)


def test_reloaded_artifact_answers_as_the_network(
    tmp_path: Path, network: SentimentClassifier, tokenizer: SubwordTokenizer
) -> None:
    rows = write(tmp_path / "a", network, tokenizer)
    artifact = check_reloaded(tmp_path / "a", network, rows, tokenizer.pad_id)
    assert artifact.metadata.version == "v"


def test_artifact_of_other_weights_is_noticed(
    tmp_path: Path, network: SentimentClassifier, tokenizer: SubwordTokenizer
) -> None:
    rows = write(tmp_path / "a", network, tokenizer)
    with torch.no_grad():
        network.head.bias[0] += 1e-3
    with pytest.raises(ExportError, match=r"reloaded network differs from the trained one by 1\.0"):
        check_reloaded(tmp_path / "a", network, rows, tokenizer.pad_id)


def test_script_that_answers_otherwise_is_noticed(
    network: SentimentClassifier, tokenizer: SubwordTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SentimentClassifier(network.config).eval()
    monkeypatch.setattr("torch.jit.script", lambda _: other)
    with pytest.raises(ExportError, match="scripted network differs"):
        script(network, [[2, 3]], tokenizer.pad_id)


def test_version_follows_weights_temperature_and_moment(
    network: SentimentClassifier, tokenizer: SubwordTokenizer
) -> None:
    day = datetime(2026, 11, 21, tzinfo=UTC)

    def name(temperature: float = 1.5) -> str:
        return version_name(network.state_dict(), tokenizer, temperature, day)

    first = name()
    assert first.startswith("20261121-")
    # Else a run that was done again the same day was refused by the store, as another artifact of its version.
    later = version_name(network.state_dict(), tokenizer, 1.5, day.replace(hour=9))
    assert later.startswith("20261121-")
    assert later != first
    assert first == name()
    assert first != name(temperature=1.6)
    with torch.no_grad():
        network.head.bias[0] += 1.0
    assert first != name()


def test_record_of_the_run_names_versions_and_commit() -> None:
    assert library_versions()["torch"].startswith("2.13.0")
    commit = git_commit()
    assert commit is None or len(commit.removesuffix("+")) == 40


def test_command_is_told_without_the_folders_of_this_machine() -> None:
    given = ["fit", "--data", "/home/me/my data", "--dev", "../dev.csv", "--out", "artifacts/mine", "--set", "epochs=2"]
    told = "python -m training fit --data 'my data' --dev dev.csv --out artifacts/mine --set epochs=2"
    assert describe_command(given) == told
