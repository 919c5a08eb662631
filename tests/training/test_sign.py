import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from model.artifact import CARD, SIGNATURE, SUMS, read_files, write_files
from model.reader import read_network, verify
from model.signature import read_public_key
from model.store import ModelStore, resolve
from tests.keys import write_keys
from training.sign import main, sign


@pytest.fixture
def artifact(artifact_directory: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(artifact_directory, tmp_path / "artifact"))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return write_keys(tmp_path)


def test_signature_is_64_bytes_and_changes_nothing_else(artifact: Path, keys: tuple[Path, Path]) -> None:
    before = verify(artifact)
    assert sign(artifact, keys[0]) == artifact / SIGNATURE
    assert len((artifact / SIGNATURE).read_bytes()) == 64
    assert verify(artifact) == before
    read_network(artifact, "", read_public_key(keys[1]))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_makes_the_keys_and_checks_the_signature(artifact: Path, tmp_path: Path) -> None:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    for command in (
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(private)],
        ["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    sign(artifact, private)
    read_network(artifact, "", read_public_key(public))
    check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin", "-in", SUMS]
    checked = subprocess.run([*check, "-sigfile", SIGNATURE], cwd=artifact, capture_output=True, text=True)
    assert "Signature Verified Successfully" in checked.stdout


def test_publishing_keeps_the_signature(artifact: Path, keys: tuple[Path, Path], tmp_path: Path) -> None:
    sign(artifact, keys[0])
    store = ModelStore(tmp_path / "store")
    store.publish(artifact)
    read_network(resolve(store.root), "", read_public_key(keys[1]))


def test_publishing_again_brings_a_signature_that_was_made_since(
    artifact: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    store = ModelStore(tmp_path / "store")
    store.publish(artifact)
    sign(artifact, keys[0])
    store.publish(artifact)
    read_network(resolve(store.root), "", read_public_key(keys[1]))


def test_artifact_that_is_written_anew_has_no_signature(artifact: Path, keys: tuple[Path, Path]) -> None:
    sign(artifact, keys[0])
    files = read_files(artifact)
    assert SIGNATURE not in files
    write_files(artifact, files | {CARD: b"# another\n"})
    assert not (artifact / SIGNATURE).exists()


def test_command_signs_an_artifact_or_the_current_version(
    artifact: Path, keys: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ModelStore(tmp_path / "store").publish(artifact)
    for path in (artifact, tmp_path / "store"):
        assert main([str(path), "--key", str(keys[0])]) == 0
        read_network(resolve(path), "", read_public_key(keys[1]))
    assert capsys.readouterr().out.splitlines()[0] == f"wrote {artifact / SIGNATURE}"


def test_damaged_artifact_is_not_signed(
    artifact: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (artifact / CARD).write_bytes(b"changed")
    assert main([str(artifact), "--key", str(keys[0])]) == 1
    assert f"{artifact / CARD}: sha256 is" in capsys.readouterr().err
    assert not (artifact / SIGNATURE).exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"secret", "not a private key in PEM"),
        (
            X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "not an ed25519 key",
        ),
    ],
    ids=["missing", "garbage", "another kind"],
)
def test_file_that_is_no_key_is_told_without_its_content(
    content: bytes | None, reason: str, artifact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "wrong.pem").write_bytes(content)
    assert main([str(artifact), "--key", str(tmp_path / "wrong.pem")]) == 1
    told = capsys.readouterr().err
    assert f"{tmp_path / 'wrong.pem'}: {reason}" in told
    assert "secret" not in told
