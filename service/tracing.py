"""A row traced for a reply: rounded numbers of what model.trace finds. Imported when needed: torch comes with it."""

from collections.abc import Sequence

from model.classifier import SentimentClassifier
from model.trace import trace
from service.predictor import DirectionTrace

DECIMALS = 6


def trace_row(network: SentimentClassifier, row: Sequence[int]) -> list[DirectionTrace]:
    """See Predictor.trace."""
    return [
        DirectionTrace(
            layer=found.layer,
            direction=found.direction,
            figures={
                name: tuple(round(value, DECIMALS) for value in values.tolist())
                for name, values in found.figures.items()
            },
        )
        for found in trace(network, row)
    ]
