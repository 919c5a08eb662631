"""Classification: the texts of one query to their results, each with its own answer or its own error."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from model.drift import count_subwords
from model.language import detect
from model.windows import merge_windows, split_windows
from service.admission import Ticket
from service.batcher import Answer
from service.engine import Engine
from service.errors import (
    ExplainUnavailable,
    InternalError,
    RequestTooLarge,
    ServiceError,
    TextTooLong,
    TooManySentences,
    TraceDisabled,
    TraceTooLong,
)
from service.explanation import Explained, merge_explained
from service.parsing import Query, check_text
from service.patience import Patience
from service.portions import MOST_CHARS, MOST_EXPANSION, check_read_length, portions
from service.prediction import Opinion, Prediction, describe_trace, explain, judge, judge_sentences
from service.predictor import DirectionTrace, ModelInfo
from service.sentences import Span
from service.settings import Settings

MOST_TRACED_TOKENS = 256
"""Of one text: a trace takes 0.2 ms a token, and is there to be looked at."""

logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Timings:
    """Seconds that a request spent; of its rows, the longest wait and the longest model call."""

    tokenize_s: float = 0.0
    queue_s: float = 0.0
    inference_s: float = 0.0
    tokens: int = 0
    """Of all its texts, and of their sentences where these are read too."""


@dataclass(slots=True)
class _Item:
    """A text on its way to its answer."""

    name: str
    """Where it stands in the request."""
    text: str
    error: ServiceError | None = None
    """Why it has no answer; what has one is left alone by every further step."""
    spans: Sequence[Span] = ()
    """Its sentences, if they are asked for."""
    rows: Sequence[list[int]] = ()
    """Token ids of the whole text; then of each sentence, if there are several."""
    logits: list[list[float]] = field(default_factory=list)
    """Of each row."""
    windows: int = 0
    """Of the whole text."""
    places: Sequence[Span] = ()
    """Of its tokens, for explanation and trace."""
    explained: Explained | None = None
    directions: Sequence[DirectionTrace] = ()


async def classify(
    query: Query, engine: Engine, settings: Settings, ticket: Ticket, patience: Patience, timings: Timings
) -> list[Prediction | ServiceError]:
    """Answer the texts of a query, in order.

    timings is filled in as the work goes on.
    Raises: ServiceError if the query as a whole cannot be answered: no room, too late, client gone.
    """
    if query.explain and not engine.can_explain:
        raise ExplainUnavailable(
            "the model served was compiled without what explanations need; `python -m training compile` adds it",
            field="explain",
        )
    if query.trace and settings.trace == "off":
        raise TraceDisabled("SENTIMENT_TRACE is off", field="trace")
    items = [_check(text, query.place.format(index), settings) for index, text in enumerate(query.texts)]
    if query.sentences:
        await _split(_open(items), engine, settings, patience)
    await _tokenize(_open(items), engine, settings, ticket, patience, timings)
    if query.explain or query.trace:
        _check_detail(_open(items), query, settings, engine.info)
    timings.tokens = _count_tokens(items)
    await _read(_open(items), query, engine, settings, patience, timings)
    if query.trace:
        await _trace(_open(items), engine, patience)
    if query.explain or query.trace:
        await _locate(_open(items), engine, patience)
    return [item.error or _describe(item, engine.info, query) for item in items]


def _open(items: list[_Item]) -> list[_Item]:
    return [item for item in items if item.error is None]


def _check(text: object, name: str, settings: Settings) -> _Item:
    error = check_text(text, settings.max_text_chars, name)
    return _Item(name, text if isinstance(text, str) else "", error)


async def _split(items: list[_Item], engine: Engine, settings: Settings, patience: Patience) -> None:
    found = await patience.wait(engine.split([item.text for item in items]))
    for item, spans in zip(items, found, strict=True):
        item.spans = spans
        if len(item.spans) > settings.max_sentences:
            item.error = TooManySentences(
                f"{item.name} has {len(item.spans)} sentences; the limit is {settings.max_sentences}",
                field=item.name,
                limit=settings.max_sentences,
                value=len(item.spans),
            )


async def _tokenize(
    items: list[_Item], engine: Engine, settings: Settings, ticket: Ticket, patience: Patience, timings: Timings
) -> None:
    """In portions, the room for each taken before the next, so that what nobody could hold is never made."""
    started_at = time.monotonic()
    for portion in await _cut(items, engine, settings, patience):
        # A text of one sentence is that sentence.
        parts = [
            [item.text, *(item.text[span.slice] for span in item.spans if len(item.spans) > 1)] for item in portion
        ]
        encoded = await patience.wait(engine.encode([text for texts in parts for text in texts]))
        rows = iter(encoded)
        for item, texts in zip(portion, parts, strict=True):
            item.rows = list(islice(rows, len(texts)))
            item.error = check_tokens(item.rows[0], settings, item.name)
            if item.error is not None:
                item.rows = ()
        timings.tokenize_s = time.monotonic() - started_at
        ticket.take("tokens", _count_tokens(portion))


async def _cut(items: list[_Item], engine: Engine, settings: Settings, patience: Patience) -> list[list[_Item]]:
    """Portions of the items that are not too long, as they will be read."""
    if sum(len(item.text) for item in items) * MOST_EXPANSION <= MOST_CHARS:
        return [items] if items else []
    most = max(settings.max_text_chars, MOST_CHARS)
    lengths = await patience.wait(engine.measure([item.text for item in items], most))
    for item, length in zip(items, lengths, strict=True):
        item.error = check_read_length(length, most, item.name)
    good = [(item, length) for item, length in zip(items, lengths, strict=True) if item.error is None]
    return [[item for item, _ in good[part]] for part in portions([length for _, length in good])]


def _count_tokens(items: list[_Item]) -> int:
    return sum(len(row) for item in _open(items) for row in item.rows)


def _check_detail(items: list[_Item], query: Query, settings: Settings, info: ModelInfo) -> None:
    """Bound what a reply tells token by token: it is built and written on the event loop."""
    most = min(MOST_TRACED_TOKENS, info.max_tokens)  # a text of several windows is not read in one go
    for item in items:
        tokens = len(item.rows[0])
        if query.trace and tokens > most:
            item.error = TraceTooLong(
                f"{item.name} has {tokens} tokens; a trace takes at most {most}",
                field=item.name,
                limit=most,
                value=tokens,
            )
    total = sum(len(item.rows[0]) for item in _open(items))
    if total > settings.max_detail_tokens:
        option = "explain" if query.explain else "trace"
        raise RequestTooLarge(
            f"the request has {total} tokens; {option} takes at most {settings.max_detail_tokens}: send it in parts",
            field=option,
            limit=settings.max_detail_tokens,
            value=total,
        )


async def _read(
    items: list[_Item], query: Query, engine: Engine, settings: Settings, patience: Patience, timings: Timings
) -> None:
    cuts = [[split_windows(row, engine.info.max_tokens) for row in item.rows] for item in items]
    windows = [window for of_item in cuts for of_row in of_item for window in of_row]
    explained = {id(window) for of_item in cuts for window in of_item[0]} if query.explain else set()
    answers = iter(await _predict(windows, explained, engine, patience, engine.budget.rows))
    for item, of_item in zip(items, cuts, strict=True):
        item.windows = len(of_item[0])
        for of_row in of_item:
            own = list(islice(answers, len(of_row)))
            failed = [answer for answer in own if isinstance(answer, ServiceError)]
            good = [answer for answer in own if isinstance(answer, Answer)]
            timings.queue_s = max([timings.queue_s, *(answer.queue_s for answer in good)])
            timings.inference_s = max([timings.inference_s, *(answer.inference_s for answer in good)])
            if failed:
                item.error = failed[0]
            elif query.explain and of_row is of_item[0]:
                parts = [answer.result for answer in good]
                item.explained = merge_explained(parts, len(item.rows[0]), engine.info.max_tokens)
                item.logits.append(item.explained.logits)
            else:
                item.logits.append(merge_windows([answer.result for answer in good], list(map(len, of_row))))


async def _trace(items: list[_Item], engine: Engine, patience: Patience) -> None:
    for item in items:
        try:
            directions = await patience.wait(engine.trace(item.rows[0]))
            item.directions = directions
        except ServiceError:
            raise
        except Exception as error:
            logger.error("the trace of a row of %d tokens failed: %r", len(item.rows[0]), error)
            item.error = InternalError("the model failed on this text; the cause is in the log")


async def _locate(items: list[_Item], engine: Engine, patience: Patience) -> None:
    found = await patience.wait(engine.locate([item.text for item in items]))
    for item, places in zip(items, found, strict=True):
        item.places = places


async def _predict(
    windows: list[Sequence[int]], explained: set[int], engine: Engine, patience: Patience, at_once: int
) -> list[Answer | BaseException]:
    """Answers in the order of the windows.

    No more than a batch of a request waits at once, so that a huge one does not hold up small ones; windows of like
    length go together.
    """
    if len(windows) == 1:  # most requests; gathering one future takes longer than awaiting it
        try:
            answer = await patience.wait(engine.read(windows[0], id(windows[0]) in explained))
            return [answer]
        except InternalError as error:
            return [error]
    order = sorted(range(len(windows)), key=lambda position: len(windows[position]))
    answers: dict[int, Answer | BaseException] = {}
    for start in range(0, len(order), at_once):
        part = order[start : start + at_once]
        futures = [engine.read(windows[position], id(windows[position]) in explained) for position in part]
        found = await patience.wait(asyncio.gather(*futures, return_exceptions=True))
        answers.update(zip(part, found, strict=True))
    return [answers[position] for position in range(len(windows))]


def _describe(item: _Item, info: ModelInfo, query: Query) -> Prediction:
    extras: dict[str, Any] = {}
    if query.return_logits:
        named = zip(info.labels, item.logits[0], strict=True)
        extras["logits"] = {label: round(value, 6) for label, value in named}
    opinion, *others = [judge(logits, info) for logits in item.logits]
    if query.sentences:
        extras |= judge_sentences(item.spans, others or [opinion])
    if item.explained is not None:
        extras["explanation"] = explain(item.text, item.places, item.explained, info)
    if query.trace:
        extras["trace"] = describe_trace(item.text, item.places, item.directions)
    return describe(item.text, item.rows[0], item.windows, opinion, info, **extras)


def describe(
    text: str, row: Sequence[int], windows: int, opinion: Opinion, info: ModelInfo, **extras: Any
) -> Prediction:
    """The answer to a text. extras: what else was asked for."""
    return Prediction(
        label=opinion.label,
        score=opinion.score,
        scores=opinion.scores,
        language=detect(text),
        tokens=len(row),
        windows=windows,
        truncated=False,
        subwords=count_subwords(row, info.fragments),
        **extras,
    )


def check_tokens(row: Sequence[int], settings: Settings, field: str) -> TextTooLong | None:
    """What is wrong with the tokens of a text, if anything. field: where it stands, such as texts[3]."""
    tokens, limit = len(row), settings.queue_limit_tokens
    if tokens <= limit:
        return None
    # Far fewer characters than max_text_chars can do it: NFKC turns some into 18.
    return TextTooLong(f"{field} has {tokens} tokens; the limit is {limit}", field=field, limit=limit, value=tokens)
