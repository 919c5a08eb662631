"""Reading an artifact's directory: each file is opened once, and what is used are the very bytes that were hashed.

Who can write the directory can change it at any moment, and put anything there: links, pipes, a file without end. So
only plain files are opened, none by a path that leads elsewhere, none is read beyond a limit, and none twice.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from model.artifact import (
    METADATA,
    REQUIRED,
    SIGNATURE,
    SUMS,
    TOKENIZER,
    ArtifactError,
    Contents,
    Metadata,
    parse_sums,
)
from model.signature import is_signed
from model.tokenizer import SubwordTokenizer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_BYTES = 1 << 30
"""Of an artifact's files together. The shipped one has 23 MB."""
MOST_SUMS_BYTES = 1 << 20
MOST_JSON_BYTES = 1 << 25
"""Of tokenizer.json, and of metadata.json. Parsed, they take many times as much; the shipped ones have 0.8 MB."""
_CHUNK = 1 << 20


def verify(directory: Path) -> dict[str, str]:
    """Check that an artifact has exactly the files that its SHA256SUMS names, each with its hash.

    Returns: sha256 by file name.   Raises: ArtifactError naming the file and the reason.
    """
    return _read_sealed(directory, (), None)[0]


def read_contents(directory: Path) -> Contents:
    """Verify an artifact, read all but its network, and check that tokenizer and metadata agree.

    Raises: ArtifactError naming the file and the reason.
    """
    return read_network(directory, "")[0]


def read_network(
    directory: Path, file: str, public_key: "Ed25519PublicKey | None" = None
) -> tuple[Contents, bytes | None]:
    """As read_contents, with the content of one more file, None if the artifact has no such file.

    public_key: whose signature of SHA256SUMS is required, if any.
    """
    digests, kept = _read_sealed(directory, (METADATA, TOKENIZER, file), public_key)
    try:
        metadata = Metadata.from_json(kept[METADATA].decode())
    except ValueError as error:
        raise ArtifactError(f"{directory / METADATA}: {error}") from error
    try:
        tokenizer = SubwordTokenizer.from_json(kept[TOKENIZER].decode())
    except ValueError as error:
        raise ArtifactError(f"{directory / TOKENIZER}: {error}") from error
    if tokenizer.vocab_size > metadata.model.vocab_size:
        raise ArtifactError(
            f"{directory / TOKENIZER}: {tokenizer.vocab_size} ids, the network has {metadata.model.vocab_size}"
        )
    return Contents(tokenizer=tokenizer, metadata=metadata, digests=digests), kept.get(file)


def _read_sealed(
    directory: Path, wanted: tuple[str, ...], public_key: "Ed25519PublicKey | None"
) -> tuple[dict[str, str], dict[str, bytes]]:
    """The sha256 of every file, and the content of those wanted."""
    try:
        root = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise ArtifactError(f"{directory}: no such artifact directory") from error
    try:
        sums = _read_small(root, directory, SUMS)
        if public_key is not None and not is_signed(sums, _read_small(root, directory, SIGNATURE), public_key):
            raise ArtifactError(f"{directory / SIGNATURE}: is not the required signature of {SUMS}")
        expected = _parse_sums(directory, sums)
        folders = {str(folder) for name in expected for folder in PurePosixPath(name).parents}
        reading = _Reading(directory, expected, folders, wanted)
        reading.read(root, "")
    finally:
        os.close(root)
    for name in sorted(expected.keys() - reading.found):
        raise ArtifactError(f"{directory / name}: missing")
    return expected, reading.kept


def _parse_sums(directory: Path, sums: bytes) -> dict[str, str]:
    try:
        expected = parse_sums(sums)
    except ArtifactError as error:
        raise ArtifactError(f"{directory / SUMS}: {error}") from error
    for name in REQUIRED:
        if name not in expected:
            reason = f"not named in {SUMS}" if os.path.lexists(directory / name) else "missing"
            raise ArtifactError(f"{directory / name}: {reason}")
    return expected


@dataclass(slots=True)
class _Reading:
    """One walk through a directory."""

    directory: Path
    expected: Mapping[str, str]
    folders: set[str]
    wanted: tuple[str, ...]
    found: set[str] = field(default_factory=set)
    kept: dict[str, bytes] = field(default_factory=dict)
    left: int = MOST_BYTES

    def read(self, folder: int, prefix: str) -> None:
        """Read what stands in an open folder; no further than SHA256SUMS says, so that no tree is too deep or wide."""
        for entry in os.listdir(folder):
            name = prefix + entry
            if name in (SUMS, SIGNATURE):
                _read_small(folder, self.directory, name)  # a store copies it, and no more than that
                continue
            is_folder = name in self.folders
            if name not in self.expected and not is_folder:
                raise ArtifactError(f"{self.directory / name}: not named in {SUMS}")
            with _opened(folder, entry, self.directory / name, is_folder=is_folder) as descriptor:
                if is_folder:
                    self.read(descriptor, f"{name}/")
                else:
                    self._take(descriptor, name)

    def _take(self, descriptor: int, name: str) -> None:
        size = os.fstat(descriptor).st_size
        self.left -= size
        if self.left < 0:
            raise ArtifactError(f"{self.directory / name}: with it the artifact is larger than {MOST_BYTES} bytes")
        if size > MOST_JSON_BYTES and name in (METADATA, TOKENIZER):
            raise ArtifactError(f"{self.directory / name}: larger than {MOST_JSON_BYTES} bytes")
        if name in self.wanted:
            self.kept[name] = _read_up_to(descriptor, size)
            digest = hashlib.sha256(self.kept[name]).hexdigest()
        else:
            digest = _hash_up_to(descriptor, size)
        if digest != self.expected[name]:
            raise ArtifactError(f"{self.directory / name}: sha256 is {digest}, {SUMS} says {self.expected[name]}")
        self.found.add(name)


def _read_small(root: int, directory: Path, name: str) -> bytes:
    with _opened(root, name, directory / name, is_folder=False) as descriptor:
        content = _read_up_to(descriptor, MOST_SUMS_BYTES + 1)
    if len(content) > MOST_SUMS_BYTES:
        raise ArtifactError(f"{directory / name}: larger than {MOST_SUMS_BYTES} bytes")
    return content


@contextmanager
def _opened(folder: int, name: str, path: Path, *, is_folder: bool) -> Iterator[int]:
    """A plain file or a folder that stands in a folder itself: never what a link leads to, never a pipe or a device."""
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not (stat.S_ISDIR(mode) if is_folder else stat.S_ISREG(mode)):
            raise ArtifactError(f"{path}: is not a plain {'folder' if is_folder else 'file'}")
        # It may have become a pipe since, which would be waited for.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_DIRECTORY if is_folder else 0)
        descriptor = os.open(name, flags, dir_fd=folder)
    except FileNotFoundError as error:
        raise ArtifactError(f"{path}: missing") from error
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read_up_to(descriptor: int, size: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(size)


def _hash_up_to(descriptor: int, size: int) -> str:
    digest = hashlib.sha256()
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        while size > 0 and (chunk := file.read(min(size, _CHUNK))):
            digest.update(chunk)
            size -= len(chunk)
    return digest.hexdigest()
