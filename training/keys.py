"""What two texts of one share, so that no split parts them.

Shapes in names: N rows, U different texts.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

_ASCII_MARKS = {code: None for code in range(128) if not re.match(r"\w", chr(code))}
"""What is no letter, digit or _; `str.translate` takes it out of ASCII ten times as fast as the pattern finds words."""


def duplicate_key(text: str) -> str:
    """What two texts share if a split must not part them: their letters and digits, whatever case, width or markup."""
    normal = re.sub(r"<[^<>]{1,40}>", " ", unicodedata.normalize("NFKC", text).lower())
    words = normal.translate(_ASCII_MARKS) if normal.isascii() else "".join(re.findall(r"\w+", normal))
    return words or unicodedata.normalize("NFKC", text).lower().strip()


def hash_keys(keys: Iterable[str]) -> np.ndarray:
    """Hashes (N,) uint64 of keys by `duplicate_key`."""
    return np.frombuffer(b"".join(map(hash_key, keys)), np.uint64)


def is_among(keys_N: np.ndarray, sorted_U: np.ndarray) -> np.ndarray:
    """Whether each key (N,) is one of the sorted."""
    if not len(sorted_U):
        return np.zeros(len(keys_N), dtype=bool)
    place_N = np.searchsorted(sorted_U, keys_N).clip(max=len(sorted_U) - 1)
    return np.asarray(sorted_U[place_N] == keys_N)


def is_held_out(text: str, fraction: float, seed: int) -> bool:
    """Whether a text falls into the held-out fraction: a hash of text and seed decides, so duplicates fall together.

    The answer for one text does not depend on the others: rows added later move none of the old ones.
    """
    digest = hashlib.sha256(f"{seed}\t{duplicate_key(text)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < fraction * 2**64


def hash_key(key: str) -> bytes:
    """8 bytes of a key by `duplicate_key`."""
    return blake2b(key.encode(), digest_size=8).digest()
