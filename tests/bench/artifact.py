"""One artifact for all: ours, and the same weights and tokenizer in the files that other servers are given.

Shapes in names: B rows, T steps, C labels.
"""

import argparse
import json
import random
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from model import SHIPPED
from model.artifact import CARD, COMPILED, TOKENIZER, Metadata
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import load_artifact, write_artifact
from model.reader import read_contents
from model.tokenizer import SubwordTokenizer
from tests.bench.texts import choose_texts
from training.onnx_export import compile_network

MOST_TEXTS = 2048
"""Of each length; more are sampled."""
VOCABULARY = 16_000
SPREAD = 4.0
"""Factor on the weights of the head, so that an untrained network gives different texts different answers."""


def prepare(options: argparse.Namespace, folder: Path) -> tuple[Path, dict[str, list[str]]]:
    """The artifact of the option --artifact, or one that is written to a folder; short and long texts to ask it.

    Only texts that fit the network's window: other servers cut longer ones, where ours reads on.
    Raises: ArtifactError.
    """
    artifact = options.artifact or write_untrained(folder / "untrained")
    contents = read_contents(artifact)
    texts = {}
    for name, found in zip(("short", "long"), choose_texts(options), strict=True):
        sample = random.Random(0).sample(found, k=min(len(found), MOST_TEXTS))
        rows = contents.tokenizer.encode_batch(sample)
        most = contents.metadata.model.max_tokens
        texts[name] = [text for text, row in zip(sample, rows, strict=True) if len(row) <= most]
    return artifact, texts


def write_untrained(directory: Path, vocab_size: int = VOCABULARY, width: int = 256) -> Path:
    """An artifact with its compiled form: random weights, and the first part of the shipped tokenizer.

    width: of the embedding, and of each direction.
    """
    config = ModelConfig(vocab_size=vocab_size, labels=("negative", "positive"), embedding_dim=width, hidden_dim=width)
    torch.manual_seed(0)
    network = SentimentClassifier(config)
    with torch.no_grad():
        network.embedding.weight.normal_()
        network.head.weight.mul_(SPREAD)
    network = network.half().float().eval()  # as it is stored, so that the compiled form is of the same weights
    metadata = Metadata(
        version=f"untrained-{vocab_size}",
        created_at="2026-01-01T00:00:00+00:00",
        model=config,
        languages=("en", "zh"),
        temperature=1.0,
    )
    tokenizer = shorten(SubwordTokenizer.load(SHIPPED / TOKENIZER), vocab_size)
    others = {
        CARD: b"# An untrained network, to measure with\n",
        COMPILED: compile_network(network.state_dict(), config),
    }
    write_artifact(directory, torch.jit.script(network), tokenizer, metadata, others)
    return directory


def shorten(tokenizer: SubwordTokenizer, vocab_size: int) -> SubwordTokenizer:
    """The tokenizer that training would have made of the same texts with a smaller vocabulary.

    Merges are learned one by one, and each gives the next id: what is cut off is what was learned last.
    """
    content = json.loads(tokenizer.to_json())
    vocab: dict[str, int] = content["model"]["vocab"]
    kept = {piece: token for piece, token in vocab.items() if token < vocab_size}
    content["model"]["vocab"] = kept
    content["model"]["merges"] = [pair for pair in content["model"]["merges"] if "".join(pair) in kept]
    return SubwordTokenizer.from_json(json.dumps(content))


def write_for_others(directory: Path, artifact: Path) -> None:
    """An artifact in plain files: model.pt (TorchScript, float32, frozen), tokenizer.json and labels.json.

    The network takes ids (B, T) and lengths (B,), and its logits (B, C) are divided by the temperature already, so that
    a softmax gives our probabilities.   Raises: ValueError if it is no artifact, or has other special tokens.
    """
    loaded = load_artifact(artifact)
    if (loaded.tokenizer.pad_id, loaded.tokenizer.empty_id) != (0, 1):
        raise ValueError(f"{artifact}: other servers pad with 0 and take 1 for an empty text")
    network = _Tempered(cast(torch.jit.ScriptModule, loaded.network), loaded.metadata.temperature).eval()
    directory.mkdir(parents=True, exist_ok=True)
    frozen = torch.jit.freeze(torch.jit.script(network))
    frozen.save(str(directory / "model.pt"))
    (directory / "tokenizer.json").write_text(loaded.tokenizer.to_json(), encoding="utf-8")
    (directory / "labels.json").write_text(json.dumps(loaded.metadata.model.labels), encoding="utf-8")


class _Tempered(nn.Module):
    def __init__(self, network: torch.jit.ScriptModule, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, token_ids_BT: Tensor, lengths_B: Tensor) -> Tensor:
        logits_BC: Tensor = self.network(token_ids_BT, lengths_B) / self.temperature
        return logits_BC
