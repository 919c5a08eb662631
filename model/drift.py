"""Drift: what of texts and answers is counted to notice that they change, and the shares that training saw.

    label       answers by label
    language    texts by language
    confidence  answers by the probability of their label, in bins
    subword     tokens by whether they are fragments, in which words are spelled that the tokenizer has not learned

Training counts its dev sets in this way and stores the shares as a Baseline; the service counts what it answers.
"""

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from model.language import LANGUAGES

CONFIDENCE = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0)
"""Upper ends of the bins: a third, the least that the best of three labels can have, to 1."""
SUBWORDS = ("fragment", "whole")
READ_TOKENS = 512
"""As much of a text as is looked at: 10 µs of the event loop's time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """Shares of the bins of each signal, over the texts that a model was last measured on."""

    texts: int
    """How many."""
    shares: dict[str, dict[str, float]]
    """By signal and bin; the shares of a signal sum to 1."""

    def __post_init__(self) -> None:
        if type(self.texts) is not int or self.texts < 1:
            raise ValueError(f"baseline: texts={self.texts!r}: must be a whole number above 0")
        for signal, shares in self.shares.items():
            values = list(shares.values())
            if not all(isinstance(value, float) and 0.0 <= value <= 1.0 for value in values):
                raise ValueError(f"baseline: {signal}: shares must be numbers from 0 to 1")
            if abs(sum(values) - 1.0) > 1e-3:
                raise ValueError(f"baseline: {signal}: shares sum to {sum(values)}, not to 1")

    @classmethod
    def from_counts(cls, texts: int, counts: Mapping[str, Mapping[str, int]]) -> Self:
        """Shares of counts by signal and bin."""
        totals = {signal: sum(by_bin.values()) for signal, by_bin in counts.items()}
        return cls(
            texts=texts,
            shares={
                signal: {name: round(count / totals[signal], 6) for name, count in by_bin.items()}
                for signal, by_bin in counts.items()
            },
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"texts": self.texts, "shares": self.shares}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Inverse of to_dict.

        Raises: ValueError, TypeError or AttributeError if the values are no baseline.
        """
        return cls(**values)


def bins(labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The bins of every signal, for a model of these labels."""
    confidence = tuple(map(str, CONFIDENCE))
    return {"label": tuple(labels), "language": LANGUAGES, "confidence": confidence, "subword": SUBWORDS}


def confidence_bin(score: float) -> str:
    """Name of the bin of a probability, rounded to 6 digits as in a reply."""
    return str(CONFIDENCE[bisect_left(CONFIDENCE, round(score, 6))])


def count_subwords(row: Sequence[int], fragments: Container[int]) -> tuple[int, int]:
    """Fragments of a text, and its other tokens, as far as it is looked at.

    fragments: of `SubwordTokenizer.fragments`.
    """
    seen = row[:READ_TOKENS]
    found = sum(map(fragments.__contains__, seen))
    return found, len(seen) - found
