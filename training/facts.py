"""What a run's data is made of: rows, labels, lengths, and texts that stand in more than one place.

Shapes in names: N rows, U different texts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.classification import EncodedSet
from training.data import Corpus, Examples, count_labels, hash_texts, split_labels
from training.duplicates import by_range
from training.keys import is_among
from training.plots import MOST_TOKENS
from training.sequences import as_column, count_values
from training.storage import lengths_of

QUANTILES = (0.05, 0.5, 0.95)


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
    Texts are compared by a hash of 8 bytes of their `duplicate_key`.
    """
    corpora, held_out = [*train, *dev], dev_sets[len(dev) :]
    compared = [(hash_texts(corpus.texts), split_labels(corpus.labels)[1]) for corpus in corpora]
    compared += [(hash_texts(item.texts), as_column(item.targets)) for item in held_out]
    repeated, conflicting, left_out = Counter[int](), Counter[int](), Counter[int]()
    leaks: list[Counter[str]] = [Counter() for _ in corpora]
    shared: Counter[tuple[int, int]] = Counter()
    for found in by_range(compared):
        different = [np.unique(keys_N) for keys_N, _ in found]
        for position, (mine_N, label_N) in enumerate(found[: len(corpora)]):
            repeated[position] += len(mine_N) - len(different[position])
            conflicting[position] += _count_conflicting(mine_N, label_N)
            for second in range(position + 1, len(corpora)):
                shared[position, second] += int(is_among(mine_N, different[second]).sum())
            if position < len(train):
                is_left_out_N = np.zeros(len(mine_N), dtype=bool)
                is_trained_N = np.full(len(mine_N), True)
                for item, own_U in zip(held_out, different[len(corpora) :], strict=True):
                    if item.name == corpora[position].source.name:
                        is_trained_N &= ~is_among(mine_N, own_U)
                for item, others_U in zip(dev_sets, different[len(train) :], strict=True):
                    is_leak_N = is_trained_N & is_among(mine_N, others_U)
                    leaks[position][item.name] += int(is_leak_N.sum())
                    is_left_out_N |= is_leak_N
                left_out[position] += int(is_left_out_N.sum())
    sources = [
        SourceFacts(
            name=corpus.source.name,
            is_train=position < len(train),
            rows=_order(count_labels(corpus.labels), labels),
            rejected=len(corpus.problems),
            repeated=repeated[position],
            conflicting=conflicting[position],
            left_out=left_out[position],
            leaks=dict(+leaks[position]),
        )
        for position, corpus in enumerate(corpora)
    ]
    names = [source.name if source.is_train else f"{source.name} (dev)" for source in sources]
    sets = [_describe_set(item, role, labels, max_tokens) for role, items in encoded.items() for item in items]
    return DataFacts(
        sources=sources,
        sets=sets,
        shared=[(names[first], names[second], count) for (first, second), count in (+shared).most_common()],
    )


def _describe_set(item: EncodedSet, role: str, labels: Sequence[str], max_tokens: int) -> SetFacts:
    rows_L = count_values(lengths_of(item.rows))  # how many rows are of each length
    length_L = np.arange(len(rows_L))
    counts = count_values(as_column(item.targets), len(labels))
    wanted = len(item.rows) * np.array([*QUANTILES, 1.0]) - 1e-6  # rows, less what the product is rounded by
    return SetFacts(
        name=item.name,
        role=role,
        rows={labels[index]: int(counts[index]) for index, is_carried in enumerate(item.carried) if is_carried},
        repeat=item.repeat,
        tokens=int(rows_L @ length_L),
        quantiles=tuple(np.searchsorted(rows_L.cumsum(), wanted).tolist()),
        buckets=tuple(
            int(rows_L[np.searchsorted(MOST_TOKENS, length_L) == bucket].sum())
            for bucket in range(len(MOST_TOKENS) + 1)
        ),
        cut=int(rows_L[max_tokens + 1 :].sum()),
    )


def _order(counts: Mapping[str, int], labels: Sequence[str]) -> dict[str, int]:
    return {label: counts[label] for label in labels if label in counts}


def _count_conflicting(keys_N: np.ndarray, label_N: np.ndarray) -> int:
    """Rows whose text stands with several labels."""
    bits = np.uint64(int(label_N.max(initial=0)).bit_length())  # the label takes the place of the hash's lowest bits
    marked_N = np.sort((keys_N >> bits << bits) | label_N.astype(np.uint64))
    starts_U = np.flatnonzero(np.r_[True, np.diff(marked_N >> bits) > 0][: len(marked_N)])
    stops_U = np.r_[starts_U[1:], len(marked_N)][: len(starts_U)]
    is_conflict_U = marked_N[starts_U] != marked_N[stops_U - 1]
    return int((stops_U - starts_U)[is_conflict_U].sum())
