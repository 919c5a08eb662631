import json
from pathlib import Path

import pytest
import torch

from model.artifact import ArtifactError
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import load_artifact
from model.padding import pad
from model.rows import DataError
from model.store import ModelStore
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED
from training.encoder import (
    RECORD,
    TOKENIZER,
    WEIGHTS,
    Encoder,
    load_encoder,
    load_language_model,
    start_from,
    write_encoder,
)
from training.language_model import LanguageModel

LABELS = ("negative", "neutral", "positive")


@pytest.fixture
def network(tokenizer: SubwordTokenizer) -> LanguageModel:
    torch.manual_seed(0)
    return LanguageModel(ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=12)).eval()


@pytest.fixture
def folder(tmp_path: Path, network: LanguageModel, tokenizer: SubwordTokenizer) -> Path:
    """An encoder on disk."""
    write_encoder(tmp_path / "encoder", network, tokenizer, {"training": {"seed": 0}})
    return tmp_path / "encoder"


def test_written_encoder_loads_as_the_network_in_half_precision(
    folder: Path, network: LanguageModel, tokenizer: SubwordTokenizer
) -> None:
    loaded, loaded_tokenizer = load_language_model(folder)
    assert not loaded.training
    assert loaded.config == network.config
    assert loaded_tokenizer.to_json() == tokenizer.to_json()
    for name, value in loaded.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, network.state_dict()[name].half().float()), name
    batch = pad(tokenizer.encode_batch([text for text, _ in LABELLED]), tokenizer.pad_id)
    with torch.inference_mode():
        for found, wanted in zip(loaded.log_likelihood(*batch), network.log_likelihood(*batch), strict=True):
            assert torch.allclose(found, wanted, atol=1e-2)
    assert network.embedding.weight.dtype == torch.float32  # the caller's is not halved


def test_record_holds_widths_and_what_the_run_says_of_itself(folder: Path, network: LanguageModel) -> None:
    content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    assert content == {"model": network.config.to_dict(), "training": {"seed": 0}}
    assert folder.stat().st_mode & 0o777 == 0o755


def test_encoder_is_replaced_as_a_whole(folder: Path, network: LanguageModel, tokenizer: SubwordTokenizer) -> None:
    digest = load_encoder(folder).digest
    assert load_encoder(folder).digest == digest
    with torch.no_grad():
        network.bias.add_(1.0)
    write_encoder(folder, network, tokenizer, {})
    assert load_encoder(folder).digest != digest
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_folder_that_is_no_encoder_is_not_replaced(
    tmp_path: Path, network: LanguageModel, tokenizer: SubwordTokenizer
) -> None:
    """`pretrain --out .` would have taken the whole folder away."""
    (tmp_path / "mine").mkdir()
    write_encoder(tmp_path / "mine", network, tokenizer, {})  # nothing is lost in an empty one
    (tmp_path / "mine" / RECORD).rename(tmp_path / "mine" / "thesis.tex")
    with pytest.raises(FileExistsError, match=r"mine exists, and has no encoder.json: not replaced"):
        write_encoder(tmp_path / "mine", network, tokenizer, {})
    assert (tmp_path / "mine" / "thesis.tex").is_file()


def test_write_that_fails_leaves_what_stood_there(
    folder: Path, network: LanguageModel, tokenizer: SubwordTokenizer
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(TypeError, match="not JSON serializable"):
        write_encoder(folder, network, tokenizer, {"training": object()})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_missing_file_is_refused_by_the_folder(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(DataError, match=r"not an encoder: .*No such file") as caught:
        load_encoder(folder)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, RECORD])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_truncated_file_is_refused_by_the_folder(folder: Path, name: str, kept: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DataError, match="not an encoder: ") as caught:
        load_encoder(folder)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("record", ["[]", "3", "{}", '{"model": 3}', '{"model": {"vocab_size": 600}}', "\xff"])
def test_record_of_another_kind_is_refused_by_the_folder(folder: Path, record: str) -> None:
    (folder / RECORD).write_bytes(record.encode("latin-1"))
    with pytest.raises(DataError, match="not an encoder: ") as caught:
        load_encoder(folder)
    assert str(folder) in str(caught.value)


def test_weights_of_another_width_are_refused_by_the_folder(folder: Path) -> None:
    content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    content["model"]["hidden_dim"] = 13
    (folder / RECORD).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match=r"has shape \(48,\), encoder.json describes \(52,\)") as caught:
        load_language_model(folder)
    assert str(folder) in str(caught.value)


def test_no_encoder_at_all_is_refused_by_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"none: no such artifact directory"):
        load_encoder(tmp_path / "none")
    with pytest.raises(DataError, match=r"none: no encoder\.json: not an encoder that `pretrain` wrote"):
        load_language_model(tmp_path / "none")


def test_artifact_or_a_store_of_some_is_an_encoder_too(tmp_path: Path, artifact_directory: Path) -> None:
    artifact = load_artifact(artifact_directory)
    ModelStore(tmp_path / "store").publish(artifact_directory)
    for path in (artifact_directory, tmp_path / "store"):
        encoder = load_encoder(path)
        assert (encoder.name, encoder.config) == ("v1", artifact.metadata.model)
        assert encoder.tokenizer.to_json() == artifact.tokenizer.to_json()
        for name, value in artifact.network.state_dict().items():
            assert torch.equal(encoder.weights[name], value.float()), name


def test_artifact_is_no_language_model(artifact_directory: Path) -> None:
    with pytest.raises(DataError, match="not an encoder that `pretrain` wrote") as caught:
        load_language_model(artifact_directory)
    assert str(artifact_directory) in str(caught.value)


def like(encoder: Encoder, **fields: object) -> SentimentClassifier:
    """A network of the widths of an encoder, with weights of its own."""
    torch.manual_seed(7)
    widths = {"vocab_size": encoder.config.vocab_size, "embedding_dim": 16, "hidden_dim": 12}
    return SentimentClassifier(ModelConfig(**{**widths, **fields}))  # type: ignore[arg-type]


def test_classifier_takes_embedding_and_layer_of_a_language_model(folder: Path) -> None:
    encoder = load_encoder(folder)
    network = like(encoder)
    fresh = {name: value.clone() for name, value in network.state_dict().items()}
    taken = start_from(encoder, network)
    for name, value in network.state_dict().items():
        wanted = fresh if name.startswith("head.") else encoder.weights
        assert torch.equal(value, wanted[name]), name
    assert taken == sorted(name for name in fresh if not name.startswith("head."))
    assert "embedding.weight" in taken


@pytest.mark.parametrize(
    "labels", [("positive", "negative"), ("neutral", "mixed", "positive", "negative"), ("ham", "spam")]
)
def test_head_goes_by_label(artifact_directory: Path, labels: tuple[str, ...]) -> None:
    encoder = load_encoder(artifact_directory)
    network = like(encoder, labels=labels)
    own_weight, own_bias = network.head.weight.clone(), network.head.bias.clone()
    taken = start_from(encoder, network)
    assert ("head" in taken) is any(label in LABELS for label in labels)
    for index, label in enumerate(labels):
        known = label in LABELS
        weight = encoder.weights["head.weight"][LABELS.index(label)] if known else own_weight[index]
        bias = encoder.weights["head.bias"][LABELS.index(label)] if known else own_bias[index]
        assert torch.equal(network.head.weight[index], weight), label
        assert torch.equal(network.head.bias[index], bias), label


def test_same_labels_give_the_same_answers(artifact_directory: Path) -> None:
    encoder = load_encoder(artifact_directory)
    network = like(encoder).eval()
    start_from(encoder, network)
    artifact = load_artifact(artifact_directory)
    batch = pad(artifact.tokenizer.encode_batch([text for text, _ in LABELLED]), artifact.tokenizer.pad_id)
    with torch.inference_mode():
        assert torch.allclose(network(*batch), artifact.network(*batch), atol=1e-5)


@pytest.mark.parametrize("pooling", ["max", "mean", "attention"])
def test_head_of_another_pooling_is_not_taken(artifact_directory: Path, pooling: str) -> None:
    encoder = load_encoder(artifact_directory)
    network = like(encoder, pooling=pooling)
    own = network.head.weight.clone()
    taken = start_from(encoder, network)
    assert "head" not in taken
    assert "embedding.weight" in taken
    assert torch.equal(network.head.weight, own)


def test_further_layer_starts_fresh(folder: Path) -> None:
    encoder = load_encoder(folder)
    network = like(encoder, num_layers=2)
    second = {name: value.clone() for name, value in network.layers[1].state_dict().items()}
    assert not any(name.startswith("layers.1") for name in start_from(encoder, network))
    for name, value in network.layers[1].state_dict().items():
        assert torch.equal(value, second[name]), name
