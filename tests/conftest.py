"""Fixtures that more than one folder of tests uses."""

import gc
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import torch

from model.artifact import CARD, COMPILED, Metadata, read_files, write_files
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import load_artifact, write_artifact
from model.tokenizer import SubwordTokenizer
from tests.texts import LABELLED

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("untimed")
torch.set_num_threads(1)  # small tensors only: threads would spend the time waiting for each other


@pytest.fixture(scope="session", autouse=True)
def _settled_heap() -> Iterator[None]:
    """A model that is loaded has every object looked at: half a second, with those of all tests and libraries here."""
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "freeze", lambda: None)
        patch.setattr(gc, "unfreeze", lambda: None)
        yield


@pytest.fixture(scope="session")
def tokenizer() -> SubwordTokenizer:
    """A small tokenizer trained on the tests' own lines."""
    return SubwordTokenizer.train([text for text, _ in LABELLED] * 4, vocab_size=600)


def write_random_artifact(directory: Path, tokenizer: SubwordTokenizer, *, seed: int = 0, version: str = "v1") -> Path:
    """An artifact whose network has random weights: it answers, well-formed and deterministic, but knows nothing."""
    config = ModelConfig(vocab_size=tokenizer.vocab_size, embedding_dim=16, hidden_dim=12, max_tokens=64)
    torch.manual_seed(seed)
    network = SentimentClassifier(config).half().float().eval()
    metadata = Metadata(
        version=version,
        created_at="2026-01-02T03:04:05+00:00",
        model=config,
        languages=("en", "zh"),
        temperature=1.5,
    )
    write_artifact(directory, torch.jit.script(network), tokenizer, metadata, {CARD: b"# A random network\n"})
    return directory


@pytest.fixture(scope="session")
def artifact_directory(tokenizer: SubwordTokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random artifact, shared: do not write into it."""
    return write_random_artifact(tmp_path_factory.mktemp("artifact") / "random", tokenizer)


@pytest.fixture(scope="session")
def compiled_directory(artifact_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The random artifact with its compiled form, shared: do not write into it."""
    from training.onnx_export import compile_network  # ONNX takes its time, and most tests do without

    artifact = load_artifact(artifact_directory)
    compiled = compile_network(artifact.network.state_dict(), artifact.metadata.model)
    directory = tmp_path_factory.mktemp("artifact") / "compiled"
    write_files(directory, read_files(artifact_directory) | {COMPILED: compiled})
    return directory
