"""Keys: how they are made, hashed, and written down; `python -m service key NAME` makes one.

Keys are long and random, so one SHA-256 hides them as well as a slow hash would: slow ones are for what people can
remember, and can be guessed. It costs a request under a microsecond.
"""

import argparse
import hashlib
import math
import re
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass

HASHED = "sha256:"
"""In front of the hash of a secret, where the secret itself could stand as well."""
MOST_KEYS = 1000
RESERVED = ("anonymous", "environment", "unknown")
"""Names in metrics of callers without a key, with SENTIMENT_API_KEY, and with a wrong key."""
KEY_BYTES = 32
NOTHING = hashlib.sha256().hexdigest()
"""What `printf %s "$KEY" | sha256sum` says where KEY is not set: whoever sends no key would have this one."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_OPTIONS = {"texts_per_second": 0.0, "burst": 1.0}
"""Options of a line, and the smallest value of each."""


class KeyFileError(ValueError):
    """A file of keys that cannot be used; the message names the line, and never what stands there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A line of the file. Two of one name are two keys of one client, who is changing from one to the other."""

    name: str
    digest: bytes
    texts_per_second: float | None = None
    """None takes the setting; 0 sets no limit."""
    burst: float | None = None
    """None takes the setting."""


def digest_of(secret: str) -> bytes:
    """SHA-256 of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def stored_digest(stored: str) -> bytes:
    """SHA-256 of a secret that is written down as it is, or as sha256:HEX."""
    return bytes.fromhex(stored.removeprefix(HASHED)) if stored.startswith(HASHED) else digest_of(stored)


def read_keys(content: bytes) -> list[Key]:
    """Read a file of lines `NAME SHA256 [texts_per_second=N] [burst=N]`; # begins a comment.

    Raises: KeyFileError.
    """
    keys: dict[bytes, Key] = {}
    by_name: dict[str, Key] = {}
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            key = _read_key(words)
            if key.digest in keys:
                raise KeyFileError("the key of another line")
            first = by_name.setdefault(key.name, key)
            if (first.texts_per_second, first.burst) != (key.texts_per_second, key.burst):
                raise KeyFileError("other limits than another line of this name")
        except KeyFileError as error:
            raise KeyFileError(f"line {number}: {error}") from None
        keys[key.digest] = key
    if not 1 <= len(keys) <= MOST_KEYS:
        raise KeyFileError(f"{len(keys)} keys; there must be 1 to {MOST_KEYS}")
    return list(keys.values())


def main(arguments: Sequence[str]) -> int:
    """Make a key. It is shown on stderr, once, and the line for the file on stdout, to be appended with `>>`."""
    parser = argparse.ArgumentParser(prog="python -m service key", description=main.__doc__)
    parser.add_argument("name", help="who the key is for, as metrics will show it: letters, digits, '.', '_' and '-'")
    name = parser.parse_args(arguments).name
    if not _is_name(name):
        print(f"{name!r} is no name for a key, or is {', '.join(RESERVED)}", file=sys.stderr)
        return 2
    secret = secrets.token_urlsafe(KEY_BYTES)
    print(f"key, shown this once: {secret}", file=sys.stderr)
    print(name, digest_of(secret).hex())
    return 0


def _read_key(words: list[str]) -> Key:
    if len(words) < 2 or not _is_name(words[0]):
        raise KeyFileError("must be NAME SHA256 [texts_per_second=N] [burst=N]")
    if not _DIGEST.fullmatch(words[1]):
        raise KeyFileError("the second word must be a SHA-256 of 64 hexadecimal digits")
    if words[1].lower() == NOTHING:
        raise KeyFileError("the second word is the SHA-256 of nothing")
    options: dict[str, float] = {}
    for word in words[2:]:
        option, _, value = word.partition("=")
        if option not in _OPTIONS or option in options:
            raise KeyFileError(f"options are {' and '.join(_OPTIONS)}, each once")
        try:
            options[option] = float(value)
        except ValueError:
            options[option] = math.nan
        if not _OPTIONS[option] <= options[option] < math.inf:  # NaN compares false
            raise KeyFileError(f"{option} must be a number of at least {_OPTIONS[option]:g}")
    return Key(
        name=words[0],
        digest=bytes.fromhex(words[1]),
        texts_per_second=options.get("texts_per_second"),
        burst=options.get("burst"),
    )


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and text not in RESERVED
