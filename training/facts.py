"""What a run's data is made of: rows, labels, lengths, and texts that stand in more than one place.

Shapes in names: N rows, U different texts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.classification import EncodedSet
from training.data import Corpus, Examples, hash_texts
from training.plots import MOST_TOKENS
from training.storage import lengths_of

QUANTILES = (0.05, 0.5, 0.95)
_COMPARED = 1 << 20
"""Keys at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFacts:
    """A source as it was read."""

    name: str
    is_train: bool
    rows: dict[str, int]
    """By label; rows that could be used."""
    rejected: int
    repeated: int
    """Rows whose text stands in an earlier row of the source."""
    conflicting: int
    """Rows whose text also stands with another label in the source."""
    left_out: int
    """Rows not trained on, as their text stands in a dev set."""
    leaks: dict[str, int]
    """These by dev set; a row can stand in several."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFacts:
    """A set as the run read it."""

    name: str
    role: str
    """train, dev, or taught for texts that teachers alone labelled."""
    rows: dict[str, int]
    """By label."""
    repeat: int
    tokens: int
    quantiles: tuple[int, ...]
    """Tokens of a text at QUANTILES, and of the longest."""
    buckets: tuple[int, ...]
    """Rows by length: up to each of MOST_TOKENS, and longer."""
    cut: int
    """Rows longer than the network reads at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataFacts:
    """All of it."""

    sources: list[SourceFacts]
    sets: list[SetFacts]
    shared: list[tuple[str, str, int]]
    """Pairs of sources with a text in common, and how many rows of the first that is; most rows first."""

    @property
    def train_rows(self) -> int:
        """Rows to learn from, each counted once."""
        return sum(sum(item.rows.values()) for item in self.sets if item.role != "dev")


def describe_data(
    labels: Sequence[str],
    train: Sequence[Corpus],
    dev: Sequence[Corpus],
    dev_sets: Sequence[Examples],
    encoded: Mapping[str, Sequence[EncodedSet]],
    max_tokens: int,
) -> DataFacts:
    """The facts of a run's data.

    dev_sets: those of `dev` first, then what train sources hold out, by their names. encoded: sets by their role.
    Texts are compared by a hash of 8 bytes of their `duplicate_key`; of a million rows, these and what is sorted of
    them take some 25 MB.
    """
    keys = [hash_texts(corpus.texts) for corpus in (*train, *dev)]
    held_out = dev_sets[len(dev) :]
    keys_of_dev = [*keys[len(train) :], *(hash_texts(item.texts) for item in held_out)]
    sources = []
    for position, corpus in enumerate((*train, *dev)):
        mine_N = keys[position]
        leaks: dict[str, int] = {}
        is_left_out = np.zeros(len(mine_N), dtype=bool)
        if position < len(train):
            own = [
                key_U
                for key_U, item in zip(keys_of_dev[len(dev) :], held_out, strict=True)
                if item.name == corpus.source.name
            ]
            is_trained = ~is_among(mine_N, np.unique(np.concatenate(own))) if own else np.full(len(mine_N), True)
            for item, others_N in zip(dev_sets, keys_of_dev, strict=True):
                is_leak = is_trained & is_among(mine_N, np.unique(others_N))
                if is_leak.any():
                    leaks[item.name] = leaks.get(item.name, 0) + int(is_leak.sum())
                    is_left_out |= is_leak
        sources.append(
            SourceFacts(
                name=corpus.source.name,
                is_train=position < len(train),
                rows=_count(corpus.labels, labels),
                rejected=len(corpus.problems),
                repeated=len(mine_N) - len(np.unique(mine_N)),
                conflicting=_count_conflicting(mine_N, corpus.labels, labels),
                left_out=int(is_left_out.sum()),
                leaks=leaks,
            )
        )
    names = [source.name if source.is_train else f"{source.name} (dev)" for source in sources]
    different = [np.unique(item_N) for item_N in keys]
    shared = [
        (names[first], names[second], int(is_among(keys[first], different[second]).sum()))
        for first in range(len(keys))
        for second in range(first + 1, len(keys))
    ]
    sets = [_describe_set(item, role, labels, max_tokens) for role, items in encoded.items() for item in items]
    return DataFacts(
        sources=sources,
        sets=sets,
        shared=sorted((pair for pair in shared if pair[2]), key=lambda pair: -pair[2]),
    )


def is_among(keys_N: np.ndarray, sorted_U: np.ndarray) -> np.ndarray:
    """Whether each key (N,) is one of the sorted, in a byte a key where np.isin takes 50."""
    is_found_N = np.zeros(len(keys_N), dtype=bool)
    for start in range(0, len(keys_N) if len(sorted_U) else 0, _COMPARED):
        some = keys_N[start : start + _COMPARED]
        place = np.searchsorted(sorted_U, some).clip(max=len(sorted_U) - 1)
        is_found_N[start : start + _COMPARED] = sorted_U[place] == some
    return is_found_N


def _describe_set(item: EncodedSet, role: str, labels: Sequence[str], max_tokens: int) -> SetFacts:
    tokens_N = lengths_of(item.rows)
    counts = np.bincount(np.asarray(item.targets, dtype=np.int64), minlength=len(labels))
    return SetFacts(
        name=item.name,
        role=role,
        rows={labels[index]: int(counts[index]) for index, is_carried in enumerate(item.carried) if is_carried},
        repeat=item.repeat,
        tokens=int(tokens_N.sum()),
        quantiles=tuple(int(value) for value in np.quantile(tokens_N, [*QUANTILES, 1.0], method="inverted_cdf"))
        if len(tokens_N)
        else (0,) * 4,
        buckets=tuple(np.bincount(np.searchsorted(MOST_TOKENS, tokens_N), minlength=len(MOST_TOKENS) + 1).tolist()),
        cut=int((tokens_N > max_tokens).sum()),
    )


def _count(found: Sequence[str], labels: Sequence[str]) -> dict[str, int]:
    counts = Counter(found)
    return {label: counts[label] for label in labels if label in counts}


def _count_conflicting(keys_N: np.ndarray, found: Sequence[str], labels: Sequence[str]) -> int:
    """Rows whose text stands with several labels."""
    index = {label: position for position, label in enumerate(labels)}
    label_N = np.fromiter((index[label] for label in found), dtype=np.uint64, count=len(found))
    bits = np.uint64(len(labels).bit_length())  # the label takes the place of the lowest bits of the hash
    marked_N = np.sort((keys_N >> bits << bits) | label_N)
    starts_U = np.flatnonzero(np.r_[True, np.diff(marked_N >> bits) > 0])
    stops_U = np.r_[starts_U[1:], len(marked_N)]
    is_conflict_U = marked_N[starts_U] != marked_N[stops_U - 1]
    return int((stops_U - starts_U)[is_conflict_U].sum())
