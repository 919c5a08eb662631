"""Answering: the one way from a request with texts to its results, whatever protocol its client speaks."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from fastapi import Request

from model.drift import SUBWORDS
from service.admission import Admission, Ticket
from service.classification import classify
from service.errors import (
    BodyTimeout,
    BodyTooLarge,
    ClientGone,
    Draining,
    InternalError,
    Outcome,
    ServiceError,
    Unauthorized,
)
from service.feedback import FeedbackFile
from service.keyring import UNKNOWN, Keyring
from service.lifecycle import Lifecycle
from service.metrics import Metrics
from service.observer import Facts
from service.parsing import Query, check_media_type
from service.patience import Patience
from service.prediction import Prediction
from service.predictor import ModelInfo
from service.settings import Settings

HOW_TO_SEND_THE_KEY = "send the header Authorization: Bearer KEY, or x-api-key: KEY"

Q = TypeVar("Q", bound=Query)
Result = Prediction | ServiceError


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What handlers work with; app.state.context."""

    settings: Settings
    lifecycle: Lifecycle
    admission: Admission
    metrics: Metrics
    keys: Keyring
    feedback: FeedbackFile | None
    """None where it is disabled."""


async def answer(
    request: Request, parse: Callable[[bytes, Settings, ModelInfo], Q], media_type: str = "application/json"
) -> tuple[Q, list[Result], ModelInfo]:
    """Admit a request, read its body, classify its texts in order, and count what became of them.

    parse: the body to a query. media_type: what the body must be sent as.
    Returns: the query, a result for each of its texts, and the model that gave them.
    Raises: ServiceError if the request as a whole cannot be answered, or its only text if it is not a batch.
    """
    context, facts = context_of(request), facts_of(request)
    deadline = asyncio.get_running_loop().time() + context.settings.request_timeout_s
    try:
        with context.lifecycle.use_engine() as engine, context.admission.ticket() as ticket:
            check_media_type(request.headers, media_type)
            body = await read_body(request, ticket, deadline, context.settings)
            query = parse(body, context.settings, engine.info)
            facts.texts = len(query.texts)
            ticket.take("texts", facts.texts)
            let_texts_in(context, facts, facts.texts)
            async with Patience(deadline, context.settings.request_timeout_s, request.receive) as patience:
                results = await classify(query, engine, context.settings, ticket, patience, facts.timings)
        if not query.is_batch and isinstance(results[0], ServiceError):
            raise results[0]
    except BaseException as error:
        context.metrics.texts.labels(_outcome(error)).inc(facts.texts)
        raise
    count_results(context.metrics, results)
    return query, results, engine.info


async def read_body(request: Request, ticket: Ticket, deadline: float, settings: Settings) -> bytes:
    """The body, of bounded size, in bounded time.

    Raises: BodyTooLarge, BodyTimeout, ClientGone, QueueFull.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > settings.max_body_bytes:
        raise _too_large(settings.max_body_bytes, int(declared), "")
    body = bytearray()
    try:
        async with asyncio.timeout_at(deadline):
            is_complete = False
            while not is_complete:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone("the client closed the connection before the end of its body")
                chunk, is_complete = message.get("body", b""), not message.get("more_body", False)
                if len(body) + len(chunk) > settings.max_body_bytes:
                    raise _too_large(settings.max_body_bytes, len(body) + len(chunk), " or more")
                ticket.take("bytes", len(chunk))
                body += chunk
    except TimeoutError:
        timeout_s = settings.request_timeout_s
        raise BodyTimeout(
            f"{len(body)} bytes came within {timeout_s} s, and no end", field="request_timeout_s", limit=timeout_s
        ) from None
    return bytes(body)


def require_key(request: Request, sent: str | None = None, how: str = HOW_TO_SEND_THE_KEY) -> None:
    """Check the API key, if there is one, and count a text against its limit. Health and metrics go without.

    sent: the key, where a client of another protocol puts it elsewhere; how: the place, for the error.
    Raises: Unauthorized, RateLimited.
    """
    keys = context_of(request).keys
    if sent is None:
        sent = "" if keys.anonymous else key_in(request.headers)
    facts = facts_of(request)
    facts.caller = keys.anonymous or keys.find(sent)
    if facts.caller is UNKNOWN:
        raise Unauthorized(how, field="authorization")
    facts.caller.ask()


def let_texts_in(context: Context, facts: Facts, texts: int) -> None:
    """Count the texts of a request for its key; `require_key` has counted one against the limit.

    Raises: RateLimited.
    """
    assert facts.caller is not None, "a route that takes texts must ask for the key first"
    facts.caller.ask_for(texts)
    context.metrics.key_texts.labels(facts.caller.name).inc(texts)


def key_in(headers: Mapping[str, str]) -> str:
    """The API key of a request, if it has one."""
    return headers.get("x-api-key") or bearer(headers)


def bearer(headers: Mapping[str, str]) -> str:
    """What follows `Authorization: Bearer`, if anything does."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def context_of(request: Request) -> Context:
    """What the app carries for its handlers."""
    return cast(Context, request.app.state.context)


def facts_of(request: Request) -> Facts:
    """What the observer will report of this request."""
    return cast(Facts, request.state.facts)


def _too_large(limit: int, size: int, more: str) -> BodyTooLarge:
    return BodyTooLarge(f"the body has {size}{more} bytes; the limit is {limit}", field="body", limit=limit, value=size)


def _outcome(error: BaseException) -> Outcome:
    """What becomes of the texts of a request that ends so: as service.observer answers it."""
    if isinstance(error, asyncio.CancelledError):
        return Draining.outcome
    return error.outcome if isinstance(error, ServiceError) else InternalError.outcome


def count_results(metrics: Metrics, results: Sequence[Result]) -> None:
    """Count what became of texts."""
    for result in results:
        if isinstance(result, Prediction):
            metrics.texts.labels("ok").inc()
            if result.sentences is not None:
                metrics.sentences.inc(len(result.sentences))
            if result.explanation is not None:
                metrics.explained.inc()
            if result.trace is not None:
                metrics.traced.inc()
            metrics.predictions.labels(result.label, result.language).inc()
            metrics.confidence.observe(result.score)
            metrics.input_tokens.observe(result.tokens)
            for kind, count in zip(SUBWORDS, result.subwords, strict=True):
                metrics.subwords[kind].inc(count)
            if result.truncated:
                metrics.truncated.inc()
        else:
            metrics.texts.labels(result.outcome).inc()
