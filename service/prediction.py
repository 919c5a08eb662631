"""Prediction: from the network's outputs to what a reply says of a text and of its sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.explanation import Explained, margin_weights
from service.predictor import DirectionTrace, ModelInfo
from service.sentences import Span

DOCUMENT_RULE = "whole_text"
"""How the label of a text follows: the network reads it whole. Its sentences are read each alone, and do not vote."""
MIXED_FROM = 0.7
"""Probability from which a sentence is plainly positive or negative; measured by `python -m tests.bench.sentences`."""


class Opinion(NamedTuple):
    """What the network makes of a piece of text."""

    label: str
    score: float
    """Probability of the label."""
    scores: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence of a text, read alone; its fields are those of the reply."""

    offset: int
    """In Unicode code points: the sentence is text[offset : offset + length]."""
    length: int
    label: str
    score: float
    scores: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a token comes from, in Unicode code points; the bytes of one character share its place."""

    offset: int
    length: int
    text: str
    """text[offset : offset + length] of what was sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution(Place):
    """What a token gave to the margin."""

    contribution: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why a text has its label: margin = bias + the sum of the tokens' contributions."""

    label: str
    margin: float
    """The label's logit less the mean of the others', each weighted by its probability."""
    bias: float
    """What is there whatever the tokens are."""
    tokens: tuple[Contribution, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """What happened in the network's memory, token by token."""

    tokens: tuple[Place, ...]
    directions: tuple[dict[str, Any], ...]
    """For each layer and direction, numbers by token: see DirectionTrace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """The answer for one text; its fields are those of the reply."""

    label: str
    score: float
    """Probability of the label."""
    scores: dict[str, float]
    language: str
    tokens: int
    windows: int
    truncated: bool
    logits: dict[str, float] | None = None
    """This and the following: None unless asked for, and then no member of the reply."""
    document_rule: str | None = None
    mixed: bool | None = None
    """Whether a sentence is plainly positive and another plainly negative."""
    sentences: tuple[Sentence, ...] | None = None
    explanation: Explanation | None = None
    trace: Trace | None = None
    subwords: tuple[int, int] = (0, 0)
    """Fragments and other tokens, which are counted, not replied."""

    def to_json(self) -> dict[str, Any]:
        """The members of the reply."""
        members = {
            "label": self.label,
            "score": self.score,
            "scores": self.scores,
            "language": self.language,
            "tokens": self.tokens,
            "windows": self.windows,
            "truncated": self.truncated,
        }
        return members | {name: value for name in _EXTRAS if (value := getattr(self, name)) is not None}


_EXTRAS = ("logits", "document_rule", "mixed", "sentences", "explanation", "trace")


def judge(logits: Sequence[float], info: ModelInfo) -> Opinion:
    """The calibrated opinion that logits stand for, rounded for a reply."""
    probabilities = softmax([value / info.temperature for value in logits])
    best = probabilities.index(max(probabilities))
    scores = {label: round(value, 6) for label, value in zip(info.labels, probabilities, strict=True)}
    return Opinion(info.labels[best], scores[info.labels[best]], scores)


def judge_sentences(spans: Sequence[Span], opinions: Sequence[Opinion]) -> dict[str, Any]:
    """The fields of a Prediction that tell of its sentences."""
    plain = {opinion.label for opinion in opinions if opinion.score >= MIXED_FROM}
    sentences = tuple(
        Sentence(offset=span.offset, length=span.length, **opinion._asdict())
        for span, opinion in zip(spans, opinions, strict=True)
    )
    return {"document_rule": DOCUMENT_RULE, "mixed": plain >= {"positive", "negative"}, "sentences": sentences}


def explain(text: str, places: Sequence[Span], explained: Explained, info: ModelInfo) -> Explanation:
    """Which tokens of a text spoke for its label and which against it."""
    probabilities = softmax([value / info.temperature for value in explained.logits])
    weights_C = margin_weights(probabilities)
    contributions = (explained.contributions_TC @ weights_C).tolist()
    return Explanation(
        label=info.labels[int(weights_C.argmax())],
        margin=round(float(weights_C @ explained.logits), 6),
        bias=round(float(weights_C @ explained.bias_C), 6),
        tokens=tuple(
            Contribution(offset=span.offset, length=span.length, text=text[span.slice], contribution=round(value, 6))
            for span, value in zip(places, contributions, strict=True)
        ),
    )


def describe_trace(text: str, places: Sequence[Span], found: Sequence[DirectionTrace]) -> Trace:
    """The members of a reply that a trace is told in."""
    return Trace(
        tokens=tuple(Place(offset=span.offset, length=span.length, text=text[span.slice]) for span in places),
        directions=tuple({"layer": item.layer, "direction": item.direction, **item.figures} for item in found),
    )


def softmax(values: Sequence[float]) -> list[float]:
    """Probabilities of logits."""
    highest = max(values)
    weights = [math.exp(value - highest) for value in values]
    total = sum(weights)
    return [weight / total for weight in weights]
