"""The artifact directory: the only thing that training and service share.

    model.pt        TorchScript network, half precision on disk, float32 once loaded
    model.onnx      the same network with int8 weights, for ONNX Runtime on a CPU; not in every artifact
    tokenizer.json  the tokenizer
    metadata.json   Metadata, below
    MODEL_CARD.md   what it is for people, with the report and its plots beside it
    SHA256SUMS      sha256 of every other file, in the format of `sha256sum --check`
    SHA256SUMS.sig  signature of SHA256SUMS by whoever made the artifact (signature.py); not in every artifact

The sums cover metadata.json too, and name exactly the files that are there, so that no byte of an artifact can change,
go missing or be added unnoticed. Nothing here needs torch, so that a service that runs model.onnx need not load it;
`model.reader` reads artifacts, `model.network` writes and loads whole ones.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from model.config import ModelConfig
from model.drift import Baseline
from model.nesting import check_nesting
from model.tokenizer import SubwordTokenizer

FORMAT_VERSION = 1
NETWORK, TOKENIZER, METADATA, CARD, SUMS = "model.pt", "tokenizer.json", "metadata.json", "MODEL_CARD.md", "SHA256SUMS"
COMPILED = "model.onnx"
REQUIRED = (NETWORK, TOKENIZER, METADATA, CARD)
SIGNATURE = "SHA256SUMS.sig"

_SUM_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.][A-Za-z0-9_./-]*)")
_MOST_NAME_CHARS, _MOST_NAME_PARTS = 255, 8
"""Of a file's name. A name of 20,000 parts was 407 MB of folders that it could lie in."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ArtifactError(ValueError):
    """An artifact that must not be used; the message names the file and the reason."""


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
    compiled: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By file of a compiled form of the network: by dev set, n and how far its answers are from model.pt's."""
    baseline: Baseline | None = None
    """What it answered to its dev sets, for comparison with what it answers now. Artifacts made before have none."""
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
        if not all(isinstance(name, str) for name in (self.created_at, *self.languages)):
            raise ValueError("created_at and languages: must be strings")
        if not all(isinstance(figures, dict) for figures in self.dev_metrics.values()):
            raise ValueError("dev_metrics: must be objects")
        for figures in self.dev_metrics.values():
            for name, value in figures.items():  # JSON's integers have no end, and a gauge has
                if isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
                    raise ValueError(f"dev_metrics: {name} must be a finite number")

    def to_json(self) -> str:
        """The fields as JSON text."""
        values = {item.name: getattr(self, item.name) for item in fields(self)} | {"model": self.model.to_dict()}
        if self.baseline:
            values["baseline"] = self.baseline.to_dict()
        else:
            del values["baseline"]  # so that an earlier release reads the file
        return json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Inverse of to_json.

        Raises: ValueError if a field is missing, unknown or out of range.
        """
        try:
            check_nesting(text)
            values = json.loads(text)
            model, languages = ModelConfig.from_dict(values.pop("model")), tuple(values.pop("languages"))
            baseline = Baseline.from_dict(values.pop("baseline")) if "baseline" in values else None
            read = cls(model=model, languages=languages, baseline=baseline, **values)
            read.to_json().encode()  # or a reply could not hold what Python reads: NaN, infinity, half a surrogate pair
            return read
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"fields do not fit: {error}") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What a verified artifact says beside its network."""

    tokenizer: SubwordTokenizer
    metadata: Metadata
    digests: dict[str, str]
    """sha256 by file name."""


def write_files(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write an artifact as a whole: into a temporary sibling, synced to disk, then renamed.

    files: content by relative name, all but SHA256SUMS. What is written has no signature. An artifact that stands at
    `directory` is replaced, and is missing between two renames.
    Raises: FileExistsError if something that is not an artifact stands at `directory`.
    """
    check_replaceable(directory, SUMS)
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        for name, content in files.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(content)
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        (staging / SUMS).write_text(render_sums(digests), encoding="ascii")
        staging.chmod(0o755)  # mkdtemp makes it private; a service runs as another user
        move_into_place(staging, directory)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def read_files(directory: Path) -> dict[str, bytes]:
    """Content by relative name of an artifact's files, all but SHA256SUMS and its signature: what write_files takes."""
    paths = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if name not in (SUMS, SIGNATURE)}


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


def write_whole(path: Path, content: bytes) -> None:
    """Write one small file, over what stands there, so that a kill at any moment leaves the one or the other."""
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        staging.write_bytes(content)
        sync(staging)
        staging.replace(path)
    finally:
        staging.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file or a directory entry to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def parse_sums(content: bytes) -> dict[str, str]:
    """Take SHA256SUMS apart.

    Returns: sha256 by file name; every name is relative, and leads nowhere but below the artifact.
    Raises: ArtifactError if it is not, byte by byte, what write_files writes.
    """
    digests: dict[str, str] = {}
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ArtifactError(f"cannot be read: {error}") from error
    for number, line in enumerate(lines[:-1], start=1):
        match = _SUM_LINE.fullmatch(line)
        if match is None or {"", ".", ".."} & {*match[2].split("/")}:
            raise ArtifactError(f"line {number} is not a sha256 and a file name")
        if len(match[2]) > _MOST_NAME_CHARS or match[2].count("/") >= _MOST_NAME_PARTS:
            raise ArtifactError(
                f"line {number}: a name of more than {_MOST_NAME_CHARS} characters or {_MOST_NAME_PARTS} parts"
            )
        digests[match[2]] = match[1]
    if content != render_sums(digests).encode("ascii"):
        raise ArtifactError("altered")
    return digests


def render_sums(digests: Mapping[str, str]) -> str:
    """SHA256SUMS of files by their sha256, as `sha256sum` would write it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
