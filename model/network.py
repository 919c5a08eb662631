"""The TorchScript network of an artifact: written with it, loaded and held against what the metadata describes.

Shapes in names: B rows, T steps, C labels.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

import torch
from torch import Tensor

from model.artifact import METADATA, NETWORK, TOKENIZER, ArtifactError, Contents, Metadata, write_files
from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.padding import pad
from model.reader import read_network
from model.script import check_script
from model.tokenizer import SubwordTokenizer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Network(Protocol):
    """A loaded network: token_ids (B, T) int64, lengths (B,) int64 -> logits (B, C) float32."""

    def __call__(self, token_ids_BT: Tensor, lengths_B: Tensor, /) -> Tensor:
        """Logits of a padded batch."""

    def state_dict(self) -> dict[str, Tensor]:
        """The weights by the names that SentimentClassifier gives them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact(Contents):
    """A verified artifact in memory."""

    network: Network
    reference: SentimentClassifier
    """The same network on the same weights, not scripted: its layers can be asked one by one."""


def write_artifact(
    directory: Path,
    network: torch.jit.ScriptModule,
    tokenizer: SubwordTokenizer,
    metadata: Metadata,
    others: Mapping[str, bytes],
) -> None:
    """Write an artifact as write_files does.

    network is stored in half precision, whatever it has. others: further files by relative name, the model card among
    them.   Raises: FileExistsError if something that is not an artifact stands at `directory`.
    """
    # A second instance is halved, never the caller's.
    second = _load_script(io.BytesIO(_to_bytes(network))).half()
    own = {NETWORK: _to_bytes(second), TOKENIZER: tokenizer.to_json().encode(), METADATA: metadata.to_json().encode()}
    write_files(directory, {**others, **own})


def load_artifact(directory: Path, public_key: "Ed25519PublicKey | None" = None) -> Artifact:
    """Verify an artifact, load it on the CPU, and check that network, tokenizer and metadata agree.

    public_key: whose signature is required, if any.   Raises: ArtifactError naming the file and the reason.
    """
    return assemble(directory, *read_network(directory, NETWORK, public_key))


def assemble(directory: Path, contents: Contents, content: bytes | None) -> Artifact:
    """The artifact whose contents were read from a directory, model.pt among them; checked as by load_artifact."""
    assert content is not None
    path, config = directory / NETWORK, contents.metadata.model
    try:
        check_script(content)
        script = _load_script(io.BytesIO(content))
        check_weights(script.state_dict(), config, len(content))
        network = script.float().eval()
    except (RuntimeError, ValueError) as error:
        raise ArtifactError(f"{path}: {error}") from error
    loaded = cast(Network, network)
    reference = _check_network(path, loaded, config, contents.tokenizer)
    return Artifact(
        network=loaded,
        reference=reference,
        tokenizer=contents.tokenizer,
        metadata=contents.metadata,
        digests=contents.digests,
    )


def check_weights(weights: Mapping[str, Tensor], config: ModelConfig, most_bytes: int) -> None:
    """Raise ValueError if weights would take more memory than their file, or are fewer than a config needs.

    Why: a tensor may be said to repeat what the file has once (stride 0), and a network of the config is about to be
    made, however large the config says that it is.
    """
    if sum(value.numel() * value.element_size() for value in weights.values()) > most_bytes:
        raise ValueError("has weights that are larger than the file")
    count = sum(value.numel() for value in weights.values())
    if count < config.fewest_weights:
        raise ValueError(f"has {count} weights, {METADATA} describes at least {config.fewest_weights}")


def _check_network(
    path: Path, network: Network, config: ModelConfig, tokenizer: SubwordTokenizer
) -> SentimentClassifier:
    """The network that the metadata describes, on the weights of the one that was loaded; checked to be the same."""
    # On the meta device this would not draw weights, but import half of torch's compiler: 60 MB and a second more.
    described = SentimentClassifier(config).eval()
    wanted = {name: tuple(value.shape) for name, value in described.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise ArtifactError(
                f"{path}: weight {name} has shape {found.get(name)}, {METADATA} describes {wanted.get(name)}"
            )
    # Shapes tell neither pooling nor what the script computes: two rows through both do.
    described.load_state_dict(network.state_dict(), assign=True)
    token_ids_BT, lengths_B = pad([[tokenizer.empty_id], range(min(8, tokenizer.vocab_size))], tokenizer.pad_id)
    with torch.inference_mode():
        logits_BC = network(token_ids_BT, lengths_B)
        wanted_BC = described(token_ids_BT, lengths_B)
    if not bool(torch.isfinite(logits_BC).all()) or logits_BC.shape != wanted_BC.shape:
        raise ArtifactError(f"{path}: answers with shape {tuple(logits_BC.shape)} or with values that are not finite")
    if not torch.allclose(logits_BC, wanted_BC, atol=1e-3, rtol=1e-3):
        raise ArtifactError(f"{path}: does not compute the network that {METADATA} describes")
    return described


def _to_bytes(network: torch.jit.ScriptModule) -> bytes:
    buffer = io.BytesIO()
    torch.jit.save(network, buffer)
    return buffer.getvalue()


def _load_script(file: BinaryIO) -> torch.jit.ScriptModule:
    network: torch.jit.ScriptModule = torch.jit.load(file, map_location="cpu")  # type: ignore[no-untyped-call]
    return network
