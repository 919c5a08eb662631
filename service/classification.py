"""Classification: the texts of one query to their results, each with its own answer or its own error."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from model.language import detect
from model.windows import merge_windows, split_windows
from service.admission import Ticket
from service.batcher import Answer
from service.engine import Engine
from service.errors import InternalError, ServiceError, TextTooLong
from service.parsing import Query, check_text
from service.patience import Patience
from service.settings import Settings


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

    def to_json(self) -> dict[str, Any]:
        """The members of the reply."""
        members = {name: getattr(self, name) for name in self.__slots__ if name != "logits"}
        return members if self.logits is None else members | {"logits": self.logits}


@dataclass(kw_only=True, slots=True)
class Timings:
    """Seconds that a request spent; of its rows, the longest wait and the longest model call."""

    tokenize_s: float = 0.0
    queue_s: float = 0.0
    inference_s: float = 0.0
    tokens: int = 0
    """Of all its texts."""


async def classify(
    query: Query, engine: Engine, settings: Settings, ticket: Ticket, patience: Patience, timings: Timings
) -> list[Prediction | ServiceError]:
    """Answer the texts of a query, in order.

    timings is filled in as the work goes on.
    Raises: ServiceError if the query as a whole cannot be answered: no room, too late, client gone.
    """
    results: dict[int, Prediction | ServiceError] = {}
    texts: dict[int, str] = {}
    for index, text in enumerate(query.texts):
        error = check_text(text, settings.max_text_chars, _field(query, index))
        if error is not None:
            results[index] = error
        else:
            assert isinstance(text, str)
            texts[index] = text
    rows = await _tokenize(texts, engine, patience, timings)
    for index, row in list(rows.items()):
        # Far fewer characters than max_text_chars can do it: NFKC turns some into 18.
        if len(row) > settings.queue_limit_tokens:
            field, limit = _field(query, index), settings.queue_limit_tokens
            results[index] = TextTooLong(
                f"{field} has {len(row)} tokens; the limit is {limit}", field=field, limit=limit, value=len(row)
            )
            del rows[index]
    timings.tokens = sum(map(len, rows.values()))
    ticket.take("tokens", timings.tokens)
    windows = {index: split_windows(row, engine.info.max_tokens) for index, row in rows.items()}
    cuts = [window for cut in windows.values() for window in cut]
    answers = iter(await _predict(cuts, engine, patience, settings.max_batch_rows))
    for index, cut in windows.items():
        own = list(islice(answers, len(cut)))
        failed = [answer for answer in own if isinstance(answer, ServiceError)]
        good = [answer for answer in own if isinstance(answer, Answer)]
        timings.queue_s = max([timings.queue_s, *(answer.queue_s for answer in good)])
        timings.inference_s = max([timings.inference_s, *(answer.inference_s for answer in good)])
        if failed:
            results[index] = failed[0]
        else:
            logits = merge_windows([answer.logits for answer in good], [len(window) for window in cut])
            results[index] = _describe(logits, texts[index], rows[index], len(cut), engine, query.return_logits)
    return [results[index] for index in range(len(query.texts))]


async def _tokenize(
    texts: dict[int, str], engine: Engine, patience: Patience, timings: Timings
) -> dict[int, list[int]]:
    if not texts:
        return {}
    started_at = time.monotonic()
    rows = await patience.wait(engine.encode(list(texts.values())))
    timings.tokenize_s = time.monotonic() - started_at
    return dict(zip(texts, rows, strict=True))


async def _predict(
    windows: list[Sequence[int]], engine: Engine, patience: Patience, at_once: int
) -> list[Answer | BaseException]:
    """Answers in the order of the windows.

    No more than a batch of a request waits at once, so that a huge one does not hold up small ones; windows of like
    length go together.
    """
    if len(windows) == 1:  # most requests; gathering one future takes longer than awaiting it
        try:
            answer = await patience.wait(engine.batcher.submit(windows[0]))
            return [answer]
        except InternalError as error:
            return [error]
    order = sorted(range(len(windows)), key=lambda position: len(windows[position]))
    answers: dict[int, Answer | BaseException] = {}
    for start in range(0, len(order), at_once):
        part = order[start : start + at_once]
        futures = [engine.batcher.submit(windows[position]) for position in part]
        found = await patience.wait(asyncio.gather(*futures, return_exceptions=True))
        answers.update(zip(part, found, strict=True))
    return [answers[position] for position in range(len(windows))]


def _describe(
    logits: list[float], text: str, row: list[int], windows: int, engine: Engine, return_logits: bool
) -> Prediction:
    labels = engine.info.labels
    probabilities = _softmax([value / engine.info.temperature for value in logits])
    best = max(range(len(labels)), key=probabilities.__getitem__)
    return Prediction(
        label=labels[best],
        score=round(probabilities[best], 6),
        scores={label: round(value, 6) for label, value in zip(labels, probabilities, strict=True)},
        language=detect(text),
        tokens=len(row),
        windows=windows,
        truncated=False,
        logits={label: round(value, 6) for label, value in zip(labels, logits, strict=True)} if return_logits else None,
    )


def _softmax(values: list[float]) -> list[float]:
    highest = max(values)
    weights = [math.exp(value - highest) for value in values]
    total = sum(weights)
    return [weight / total for weight in weights]


def _field(query: Query, index: int) -> str:
    return f"texts[{index}]" if query.is_batch else "text"
