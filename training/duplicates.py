"""Texts that stand in more than one place, found by hashes of 8 bytes, some of all hashes at a time.

Shapes in names: N rows, K of these, U different texts.
"""

from collections.abc import Iterator, Sequence, Set

import numpy as np

from training.data import hash_texts
from training.keys import hash_keys, is_among
from training.sequences import Column, Flags

AT_ONCE = 1 << 20
"""Hashes, about: at most some 120 MB of memory, of 50 million as of 13 (2026-11-21)."""


def by_range(sets: Sequence[tuple[Column, Column]]) -> Iterator[list[tuple[np.ndarray, np.ndarray]]]:
    """For each range of hashes in turn, those (K,) of each set that fall into it, with what stands beside them (K,).

    sets: hashes uint64 of texts, as `hash_texts` gives them, and another column of the same rows.
    """
    bits = (max(0, sum(len(keys) for keys, _ in sets) - 1) // AT_ONCE).bit_length()
    for number in range(1 << bits):
        yield [_within(keys, beside, number, bits) for keys, beside in sets]


def find_new(sets: Sequence[Sequence[str]], left_out: Set[str]) -> list[Flags]:
    """Of each set, the texts that stand in no row before, and whose key by `duplicate_key` is not left out.

    Among 200 million texts, one is taken for another by a chance of 1 in 1,000.
    """
    known_U = np.unique(hash_keys(left_out))
    bits = [np.zeros(-(-len(texts) // 8), dtype=np.uint8) for texts in sets]
    for found in by_range([(hash_texts(texts), Column(len(texts), np.arange)) for texts in sets]):
        keys_N = np.concatenate([keys_K for keys_K, _ in found])
        first_U = np.unique(keys_N, return_index=True)[1]
        is_new_N = np.zeros(len(keys_N), dtype=bool)
        is_new_N[first_U[~is_among(keys_N[first_U], known_U)]] = True
        parts = np.split(is_new_N, np.cumsum([len(keys_K) for keys_K, _ in found])[:-1])
        for flags, (_, rows_K), is_new_K in zip(bits, found, parts, strict=True):
            rows = rows_K[is_new_K]
            np.bitwise_or.at(flags, rows >> 3, (128 >> (rows & 7)).astype(np.uint8))
    return [Flags(flags, len(texts)) for flags, texts in zip(bits, sets, strict=True)]


def _within(keys: Column, beside: Column, number: int, bits: int) -> tuple[np.ndarray, np.ndarray]:
    found = [(keys[:0], beside[:0])]
    for keys_K, beside_K in zip(keys.parts(), beside.parts(), strict=True):
        is_within_K = keys_K >> np.uint64(1) >> np.uint64(63 - bits) == number  # no number is shifted by 64
        found.append((keys_K[is_within_K], beside_K[is_within_K]))
    return np.concatenate([keys_K for keys_K, _ in found]), np.concatenate([beside_K for _, beside_K in found])
