"""A pretrained encoder on disk, and what a classifier takes over from one.

    language_model.safetensors   weights, half precision
    tokenizer.json               the tokenizer
    encoder.json                 widths, the run's configuration, its records

An artifact serves as an encoder too: its network has the same embedding and layers.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.artifact import check_replaceable, move_into_place
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.network import load_artifact
from model.rows import DataError
from model.store import resolve
from model.tokenizer import SubwordTokenizer
from training.language_model import LanguageModel

SHAPE = ("embedding_dim", "hidden_dim", "cell", "bidirectional")
"""Fields of the network that an encoder decides."""
WEIGHTS, TOKENIZER, RECORD = "language_model.safetensors", "tokenizer.json", "encoder.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoder:
    """What a run can start from."""

    tokenizer: SubwordTokenizer
    config: ModelConfig
    weights: dict[str, Tensor]
    """Float32 by the names that SentimentClassifier gives them, and those of heads of other kinds."""
    name: str
    """Version of an artifact; name of an encoder's folder."""
    learned: frozenset[str] = frozenset()
    """Digests of the sources of an artifact's run."""
    seed: int | None = None
    """Of that run: it decides which rows a source held out."""

    @property
    def digest(self) -> str:
        """sha256 of tokenizer and weights."""
        digest = hashlib.sha256(self.tokenizer.to_json().encode())
        for name, value in sorted(self.weights.items()):
            digest.update(name.encode())
            digest.update(value.numpy().tobytes())
        return digest.hexdigest()


def write_encoder(directory: Path, network: LanguageModel, tokenizer: SubwordTokenizer, record: dict[str, Any]) -> None:
    """Write a folder that `load_encoder` reads, whole or not at all, over an encoder that stood there.

    record: JSON types, kept beside the widths.
    Raises: FileExistsError if something that is not an encoder stands at `directory`.
    """
    check_replaceable(directory, RECORD)
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        save_file({name: value.half().contiguous() for name, value in network.state_dict().items()}, staging / WEIGHTS)
        (staging / TOKENIZER).write_text(tokenizer.to_json(), encoding="utf-8")
        content = {"model": network.config.to_dict(), **record}
        (staging / RECORD).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        staging.chmod(0o755)
        move_into_place(staging, directory)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def load_encoder(directory: Path) -> Encoder:
    """Read an encoder, an artifact, or the current version of a model store.

    Raises: ArtifactError or DataError naming the file and the reason.
    """
    if not (directory / RECORD).is_file():
        artifact = load_artifact(resolve(directory))
        return Encoder(
            tokenizer=artifact.tokenizer,
            config=artifact.metadata.model,
            weights={name: value.float() for name, value in artifact.network.state_dict().items()},
            name=artifact.metadata.version,
            learned=frozenset(str(source.get("sha256")) for source in artifact.metadata.data),
            seed=artifact.metadata.training.get("seed"),
        )
    try:
        config = ModelConfig.from_dict(json.loads((directory / RECORD).read_text(encoding="utf-8"))["model"])
        tokenizer = SubwordTokenizer.load(directory / TOKENIZER)
        weights = {name: value.float() for name, value in load_file(directory / WEIGHTS).items()}
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise DataError(f"{directory}: not an encoder: {error}") from error
    if tokenizer.vocab_size > config.vocab_size:
        raise DataError(
            f"{directory / TOKENIZER}: {tokenizer.vocab_size} ids, {RECORD} says {config.vocab_size} at most"
        )
    wanted = {name: tuple(value.shape) for name, value in LanguageModel(config).state_dict().items()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    for name in sorted(wanted.keys() | found.keys()):
        has, described = found.get(name), wanted.get(name)
        if has != described:
            raise DataError(f"{directory / WEIGHTS}: weight {name} has shape {has}, {RECORD} describes {described}")
    return Encoder(tokenizer=tokenizer, config=config, weights=weights, name=directory.name)


def load_language_model(directory: Path) -> tuple[LanguageModel, SubwordTokenizer]:
    """The language model of an encoder, ready to predict.

    Raises: DataError if the folder holds none: an artifact's network has no next token to tell.
    """
    if not (directory / RECORD).is_file():
        raise DataError(f"{directory}: no {RECORD}: not an encoder that `pretrain` wrote")
    encoder = load_encoder(directory)
    network = LanguageModel(encoder.config).eval()
    network.load_state_dict(encoder.weights)
    return network, encoder.tokenizer


def start_from(encoder: Encoder, network: SentimentClassifier) -> list[str]:
    """Copy into a network what the encoder has of it, by name and shape, in place.

    Rows of the last linear map go by label, so that a run on fewer or other labels keeps what it can.
    Returns: names of those copied.
    """
    own = network.state_dict()
    taken = {
        name: value
        for name, value in encoder.weights.items()
        if name in own and own[name].shape == value.shape and not name.startswith("head.")
    }
    network.load_state_dict(taken, strict=False)
    weight = encoder.weights.get("head.weight")
    if weight is not None and encoder.config.pooling == network.config.pooling:
        known = {label: index for index, label in enumerate(encoder.config.labels)}
        with torch.no_grad():
            for index, label in enumerate(network.config.labels):
                if label in known:
                    network.head.weight[index] = weight[known[label]]
                    network.head.bias[index] = encoder.weights["head.bias"][known[label]]
                    taken.setdefault("head", weight)
    return sorted(taken)
