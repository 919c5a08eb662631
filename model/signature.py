"""Signatures of artifacts: ed25519, of the bytes of SHA256SUMS, as 64 raw bytes in SHA256SUMS.sig.

As OpenSSL reads and writes it too:

    openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig

Who has the private key says by it what is in an artifact; who can write the folder can not. `cryptography` takes 0.1 s
and 12 MB to import, so that only who asks for a signature imports it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class KeyFileError(ValueError):
    """A file that is not the key it should be; the message names it and never quotes it."""


def read_public_key(path: Path) -> "Ed25519PublicKey":
    """The key of a PEM file, as `openssl pkey -pubout` writes it.

    Raises: KeyFileError.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    content = _read(path)
    try:
        key = load_pem_public_key(content)
    except Exception as error:  # ValueError, TypeError, UnsupportedAlgorithm
        raise KeyFileError(f"{path}: not a public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{path}: not an ed25519 key")
    return key


def read_private_key(path: Path) -> "Ed25519PrivateKey":
    """The key of a PEM file without a password, as `openssl genpkey -algorithm ed25519` writes it.

    Raises: KeyFileError.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = _read(path)
    try:
        key = load_pem_private_key(content, password=None)
    except Exception as error:  # as above
        raise KeyFileError(f"{path}: not a private key in PEM without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: not an ed25519 key")
    return key


def is_signed(message: bytes, signature: bytes, key: "Ed25519PublicKey") -> bool:
    """Whether the signature is of this message, by the owner of the key."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}") from error
