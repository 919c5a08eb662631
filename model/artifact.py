"""The artifact directory: the only thing that training and service share.

    model.pt        TorchScript network, half precision on disk, float32 once loaded
    tokenizer.json  the tokenizer
    metadata.json   Metadata, below
    MODEL_CARD.md   what it is for people, with the report's plots beside it
    SHA256SUMS      sha256 of every other file, in the format of `sha256sum --check`

The sums cover metadata.json too, and name exactly the files that are there, so that no byte of an artifact can change,
go missing or be added unnoticed. Shapes in names: C labels.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, Self, cast

import torch
from torch import Tensor

from model.classifier import SentimentClassifier
from model.config import ModelConfig
from model.padding import pad
from model.tokenizer import SubwordTokenizer

FORMAT_VERSION = 1
NETWORK, TOKENIZER, METADATA, CARD, SUMS = "model.pt", "tokenizer.json", "metadata.json", "MODEL_CARD.md", "SHA256SUMS"

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SUM_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.][A-Za-z0-9_./-]*)")


class ArtifactError(ValueError):
    """An artifact that must not be used; the message names the file and the reason."""


class Network(Protocol):
    """A loaded network: token_ids (B, T) int64, lengths (B,) int64 -> logits (B, C) float32."""

    def __call__(self, token_ids_BT: Tensor, lengths_B: Tensor, /) -> Tensor:
        """Logits of a padded batch."""

    def state_dict(self) -> dict[str, Tensor]:
        """The weights by the names that SentimentClassifier gives them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What metadata.json says."""

    version: str
    """Name of this artifact: creation date and the head of the network's hash. A store names a folder by it."""
    created_at: str
    """ISO 8601, UTC."""
    model: ModelConfig
    languages: tuple[str, ...]
    """ISO 639-1 codes of the texts it was trained on."""
    temperature: float
    """Divides the logits before the softmax, so that probabilities are calibrated; above 0."""
    training: dict[str, Any] = field(default_factory=dict)
    """The TrainConfig of the run, its seed included."""
    data: list[dict[str, Any]] = field(default_factory=list)
    """Each source: name, rows by label, rejected rows, digest."""
    dev_metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By dev set: n and the figures that `training.evaluate` prints."""
    libraries: dict[str, str] = field(default_factory=dict)
    git_commit: str | None = None
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        if self.format_version != FORMAT_VERSION:
            raise ValueError(f"format_version={self.format_version!r}: this package reads {FORMAT_VERSION}")
        if not isinstance(self.version, str) or not _VERSION.fullmatch(self.version):
            raise ValueError(f"version={self.version!r}: must be letters, digits, '.', '_' and '-'")
        if not isinstance(self.temperature, float) or not 0.0 < self.temperature < float("inf"):
            raise ValueError(f"temperature={self.temperature!r}: must be a number above 0")

    def to_json(self) -> str:
        """The fields as JSON text."""
        values = {item.name: getattr(self, item.name) for item in fields(self)} | {"model": self.model.to_dict()}
        return json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Inverse of to_json.

        Raises: ValueError if a field is missing, unknown or out of range.
        """
        try:
            values = json.loads(text)
            model, languages = ModelConfig.from_dict(values.pop("model")), tuple(values.pop("languages"))
            return cls(model=model, languages=languages, **values)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"fields do not fit: {error}") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """A verified artifact in memory."""

    network: Network
    tokenizer: SubwordTokenizer
    metadata: Metadata
    digests: dict[str, str]
    """sha256 by file name."""


def write_artifact(
    directory: Path,
    network: torch.jit.ScriptModule,
    tokenizer: SubwordTokenizer,
    metadata: Metadata,
    texts_and_plots: Mapping[str, bytes],
) -> None:
    """Write an artifact as a whole: into a temporary sibling, synced to disk, then renamed.

    network is stored in half precision, whatever it has. texts_and_plots: further files by relative name, the model
    card among them. An artifact that stands at `directory` is replaced, and is missing between two renames.
    Raises: FileExistsError if something that is not an artifact stands at `directory`.
    """
    check_replaceable(directory, SUMS)
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        # A second instance is halved, never the caller's.
        network_file = staging / NETWORK
        torch.jit.save(network, network_file)
        torch.jit.save(_load_script(network_file, "cpu").half(), network_file)
        (staging / TOKENIZER).write_text(tokenizer.to_json(), encoding="utf-8")
        (staging / METADATA).write_text(metadata.to_json(), encoding="utf-8")
        for name, content in texts_and_plots.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(content)
        (staging / SUMS).write_text(_render_sums(_hash_files(staging)), encoding="ascii")
        staging.chmod(0o755)  # mkdtemp makes it private; a service runs as another user
        move_into_place(staging, directory)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_replaceable(directory: Path, mark: str) -> None:
    """Raise FileExistsError if something stands at a path that is neither empty nor has the file `mark` in it."""
    is_empty = directory.is_dir() and not any(directory.iterdir())
    if directory.exists() and not (directory / mark).is_file() and not is_empty:
        raise FileExistsError(f"{directory} exists, and has no {mark}: not replaced")


def move_into_place(staging: Path, directory: Path) -> None:
    """Sync a finished directory to disk and rename it to its place, taking away what stood there."""
    for path in [*staging.rglob("*"), staging]:
        sync(path)
    if directory.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{directory.name}.old.", dir=directory.parent))
        directory.rename(old / directory.name)
        staging.rename(directory)
        shutil.rmtree(old)
    else:
        staging.rename(directory)
    sync(directory.parent)


def sync(path: Path) -> None:
    """Flush a file or a directory entry to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify(directory: Path) -> dict[str, str]:
    """Check that an artifact has exactly the files that its SHA256SUMS names, each with its hash.

    Returns: sha256 by file name.   Raises: ArtifactError.
    """
    if not directory.is_dir():
        raise ArtifactError(f"{directory}: no such artifact directory")
    try:
        sums = (directory / SUMS).read_bytes().decode("ascii")  # read_text would take a changed line end for the same
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{directory / SUMS}: cannot be read: {error}") from error
    expected: dict[str, str] = {}
    for number, line in enumerate(sums.split("\n")[:-1], start=1):
        match = _SUM_LINE.fullmatch(line)
        if match is None:
            raise ArtifactError(f"{directory / SUMS}: line {number} is not a sha256 and a file name")
        expected[match[2]] = match[1]
    found = _hash_files(directory)
    for name in sorted(expected.keys() | found.keys() | {NETWORK, TOKENIZER, METADATA, CARD}):
        if name not in found:
            raise ArtifactError(f"{directory / name}: missing")
        if name not in expected:
            raise ArtifactError(f"{directory / name}: not named in {SUMS}")
        if expected[name] != found[name]:
            raise ArtifactError(f"{directory / name}: sha256 is {found[name]}, {SUMS} says {expected[name]}")
    if sums != _render_sums(found):
        raise ArtifactError(f"{directory / SUMS}: altered")
    return found


def load_artifact(directory: Path, device: str = "cpu") -> Artifact:
    """Verify an artifact, load it, and check that network, tokenizer and metadata agree.

    Raises: ArtifactError naming the file and the reason.
    """
    digests = verify(directory)
    try:
        metadata = Metadata.from_json((directory / METADATA).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ArtifactError(f"{directory / METADATA}: {error}") from error
    try:
        tokenizer = SubwordTokenizer.load(directory / TOKENIZER)
    except ValueError as error:
        raise ArtifactError(f"{directory / TOKENIZER}: {error}") from error
    if tokenizer.vocab_size > metadata.model.vocab_size:
        raise ArtifactError(
            f"{directory / TOKENIZER}: {tokenizer.vocab_size} ids, the network has {metadata.model.vocab_size}"
        )
    try:
        network = _load_script(directory / NETWORK, device).float().eval()
    except RuntimeError as error:
        raise ArtifactError(f"{directory / NETWORK}: not a TorchScript network: {error}") from error
    loaded = cast(Network, network)
    _check_network(directory / NETWORK, loaded, metadata.model, tokenizer, device)
    return Artifact(network=loaded, tokenizer=tokenizer, metadata=metadata, digests=digests)


def _check_network(path: Path, network: Network, config: ModelConfig, tokenizer: SubwordTokenizer, device: str) -> None:
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
        logits_BC = network(token_ids_BT.to(device), lengths_B.to(device))
        wanted_BC = described(token_ids_BT.to(device), lengths_B.to(device))
    if not bool(torch.isfinite(logits_BC).all()) or logits_BC.shape != wanted_BC.shape:
        raise ArtifactError(f"{path}: answers with shape {tuple(logits_BC.shape)} or with values that are not finite")
    if not torch.allclose(logits_BC, wanted_BC, atol=1e-3, rtol=1e-3):
        raise ArtifactError(f"{path}: does not compute the network that {METADATA} describes")


def _load_script(path: Path, device: str) -> torch.jit.ScriptModule:
    network: torch.jit.ScriptModule = torch.jit.load(path, map_location=device)  # type: ignore[no-untyped-call]
    return network


def _hash_files(directory: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name != SUMS:
            with path.open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def _render_sums(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
