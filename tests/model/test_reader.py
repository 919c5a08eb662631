"""Whatever stands in an artifact's directory, nothing but its plain files is read, and none beyond a limit."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model.artifact import CARD, METADATA, NETWORK, SIGNATURE, SUMS, TOKENIZER, ArtifactError
from model.network import load_artifact
from model.reader import MOST_BYTES, MOST_JSON_BYTES, MOST_SUMS_BYTES, verify
from tests.model.test_artifact import sum_again


@pytest.fixture
def artifact(artifact_directory: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(artifact_directory, tmp_path / "artifact"))


def refusal(artifact: Path, file: str) -> str:
    with pytest.raises(ArtifactError) as caught:
        load_artifact(artifact)
    assert str(artifact / file) in str(caught.value)
    return str(caught.value)


def outside(path: Path) -> None:
    """The same content, outside of the artifact."""
    path.rename(path.parent.parent / "outside")
    path.symlink_to(path.parent.parent / "outside")


def inside(path: Path) -> None:
    path.rename(path.with_name("inside"))
    path.symlink_to("inside")


def itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("file", [NETWORK, TOKENIZER, METADATA, CARD, SUMS])
@pytest.mark.parametrize("place", [outside, inside, itself, pipe, endless, folder])
def test_what_is_no_plain_file_is_refused_unread(place: Callable[[Path], None], file: str, artifact: Path) -> None:
    """A link was once followed out of the store, /dev/zero read until the memory was full, and a pipe waited for."""
    place(artifact / file)
    message = refusal(artifact, "")
    assert f"{artifact / file}: is not a plain file" in message or f"{artifact / 'inside'}: not named" in message


@pytest.mark.parametrize("place", [outside, inside, itself, pipe, endless, folder])
def test_signature_that_is_no_plain_file_is_refused_though_none_is_required(
    place: Callable[[Path], None], artifact: Path
) -> None:
    """A store copied what it led to: any file of whoever published."""
    (artifact / SIGNATURE).write_bytes(b"x")
    verify(artifact)
    place(artifact / SIGNATURE)
    message = refusal(artifact, "")
    assert f"{artifact / SIGNATURE}: is not a plain file" in message or f"{artifact / 'inside'}: not named" in message


def test_linked_folder_is_refused_unread(artifact: Path) -> None:
    (artifact / "report").mkdir()
    (artifact / "report" / "loss.png").write_bytes(b"")
    sum_again(artifact)
    verify(artifact)
    (artifact / "report").rename(artifact.parent / "elsewhere")
    (artifact / "report").symlink_to(artifact.parent / "elsewhere")
    assert "is not a plain folder" in refusal(artifact, "report")


@pytest.mark.parametrize("name", ["../outside", "report/../../outside", "..", "/etc/passwd"])
def test_sums_that_lead_elsewhere_are_refused(name: str, artifact: Path) -> None:
    (artifact.parent / "outside").write_bytes(b"")
    lines = (artifact / SUMS).read_text().splitlines()
    (artifact / SUMS).write_text("".join(f"{line}\n" for line in sorted([*lines, f"{'0' * 64}  {name}"])))
    assert "is not a sha256 and a file name" in refusal(artifact, SUMS)


@pytest.mark.parametrize("name", ["a/" * 20_000 + "a", "a/" * 8 + "a", "a" * 256])
def test_name_of_too_many_parts_or_characters_is_refused(name: str, artifact: Path) -> None:
    """One of 20,000 parts took 407 MB before any file was looked at."""
    lines = (artifact / SUMS).read_text().splitlines()
    (artifact / SUMS).write_text("".join(f"{line}\n" for line in sorted([*lines, f"{'0' * 64}  {name}"])))
    assert "a name of more than 255 characters or 8 parts" in refusal(artifact, SUMS)


def test_deep_or_wide_folder_is_not_walked(artifact: Path) -> None:
    deep = artifact / "deep"
    for _ in range(200):
        deep = deep / "deep"
    deep.mkdir(parents=True)
    assert "not named" in refusal(artifact, "deep")


@pytest.mark.parametrize(
    ("file", "size"),
    [(NETWORK, 100 << 30), (CARD, MOST_BYTES), (METADATA, MOST_JSON_BYTES + 1), (SUMS, 1 << 40), (SIGNATURE, 1 << 40)],
)
def test_file_that_is_too_large_is_refused_unread(file: str, size: int, artifact: Path) -> None:
    """A sparse file of 100 GB takes no disk, and was once hashed for minutes."""
    (artifact / file).touch()
    os.truncate(artifact / file, size)
    assert "larger than" in refusal(artifact, file)


def test_limit_of_the_sums_has_room_for_thousands_of_files() -> None:
    assert MOST_SUMS_BYTES > 5000 * (64 + 2 + 100 + 1)


@pytest.mark.parametrize("content", [b"[" * 10**6, b'{"version":' * 10**5])
@pytest.mark.parametrize("file", [METADATA, TOKENIZER])
def test_absurd_nesting_is_refused(file: str, content: bytes, artifact: Path) -> None:
    """metadata.json once ended in a RecursionError that named no file."""
    (artifact / file).write_bytes(content)
    sum_again(artifact)
    refusal(artifact, file)
