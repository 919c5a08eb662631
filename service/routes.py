"""Routes: what each path does, on top of the lifecycle, the admission and the metrics that the app carries."""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from prometheus_client.exposition import choose_encoder

from service.admission import Admission, Ticket
from service.classification import Timings, classify
from service.errors import (
    AdminDisabled,
    AdminUnauthorized,
    BodyTimeout,
    BodyTooLarge,
    ClientGone,
    DeadlineExceeded,
    Draining,
    FeedbackDisabled,
    FeedbackFull,
    FeedbackUnavailable,
    InternalError,
    InvalidJSON,
    InvalidRequest,
    InvalidUTF8,
    NotReady,
    QueueFull,
    ReloadFailed,
    RequestTooLarge,
    ServiceError,
    TextBlank,
    TextInvalidUnicode,
    TextNotString,
    TextsEmpty,
    TextTooLong,
    TooManySentences,
    TooManyTexts,
    Unauthorized,
    UnknownField,
    UnknownLabel,
    UnsupportedMediaType,
)
from service.feedback import FeedbackFile
from service.lifecycle import Lifecycle
from service.metrics import Metrics
from service.observer import Facts
from service.parsing import Query, check_media_type, parse_correction, parse_query
from service.patience import Patience
from service.prediction import Prediction
from service.schemas import (
    BatchQuery,
    BatchReply,
    FeedbackQuery,
    FeedbackReply,
    HealthReply,
    ModelReply,
    ReloadReply,
    SingleQuery,
    SingleReply,
    problem_responses,
)
from service.settings import Settings

LIMITS = (
    "max_batch_tokens",
    "max_batch_rows",
    "queue_limit",
    "queue_limit_tokens",
    "queue_limit_bytes",
    "max_texts_per_request",
    "max_text_chars",
    "max_sentences",
    "max_body_bytes",
    "request_timeout_s",
)
"""Settings that clients may want to know."""

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What handlers work with; app.state.context."""

    settings: Settings
    lifecycle: Lifecycle
    admission: Admission
    metrics: Metrics
    feedback: FeedbackFile | None
    """None where it is disabled."""


@router.post(
    "/v1/sentiment",
    summary="Sentiment of one text, or of several",
    response_model=SingleReply | BatchReply,
    responses=problem_responses(
        InvalidJSON,
        InvalidUTF8,
        Unauthorized,
        BodyTimeout,
        BodyTooLarge,
        TooManyTexts,
        RequestTooLarge,
        TextTooLong,
        TooManySentences,
        UnsupportedMediaType,
        InvalidRequest,
        UnknownField,
        TextsEmpty,
        TextBlank,
        TextNotString,
        TextInvalidUnicode,
        QueueFull,
        InternalError,
        NotReady,
        Draining,
        DeadlineExceeded,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"oneOf": [SingleQuery.model_json_schema(), BatchQuery.model_json_schema()]},
                    "examples": {
                        "one": {"value": {"text": "I loved every minute of it."}},
                        "several": {"value": {"texts": ["I loved every minute of it.", "房间又脏又吵", ""]}},
                    },
                }
            },
        }
    },
)
async def sentiment(request: Request) -> Response:
    """`text` gives one result; `texts` gives one entry for each, in order: its result, or its own error."""
    _require_key(request)
    context, facts = _context(request), _facts(request)
    deadline = asyncio.get_running_loop().time() + context.settings.request_timeout_s
    try:
        with context.lifecycle.use_engine() as engine, context.admission.ticket() as ticket:
            check_media_type(request.headers)
            body = await _read_body(request, ticket, deadline, context.settings)
            query = parse_query(body, context.settings.max_texts_per_request)
            facts.texts = len(query.texts)
            ticket.take("texts", facts.texts)
            async with Patience(deadline, context.settings.request_timeout_s, request.receive) as patience:
                results = await classify(query, engine, context.settings, ticket, patience, facts.timings)
        if not query.is_batch and isinstance(results[0], ServiceError):
            raise results[0]
    except ServiceError as error:
        context.metrics.texts.labels(error.outcome).inc(facts.texts)
        raise
    _count_results(context.metrics, results)
    return Response(orjson.dumps(_reply(query, results, engine.info.version)), media_type="application/json")


@router.post(
    "/v1/feedback",
    status_code=201,
    summary="Correct a prediction; the text is kept",
    response_model=FeedbackReply,
    responses=problem_responses(
        InvalidJSON,
        InvalidUTF8,
        Unauthorized,
        FeedbackDisabled,
        BodyTimeout,
        BodyTooLarge,
        RequestTooLarge,
        TextTooLong,
        UnsupportedMediaType,
        InvalidRequest,
        UnknownField,
        UnknownLabel,
        TextBlank,
        TextNotString,
        TextInvalidUnicode,
        QueueFull,
        InternalError,
        NotReady,
        Draining,
        FeedbackUnavailable,
        DeadlineExceeded,
        FeedbackFull,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": FeedbackQuery.model_json_schema()}},
        }
    },
)
async def feedback(request: Request) -> Response:
    """Keep a text with the label that it should have had, for training. No other route keeps a text.

    201 means that it is on disk, together with `request_id`, the time, and what the model makes of the text now. After
    a 504 it may be there as well. The operator has to enable this, and deletes what is kept.
    """
    _require_key(request)
    context = _context(request)
    file, settings = context.feedback, context.settings
    if file is None:
        raise FeedbackDisabled("set SENTIMENT_FEEDBACK to a file, and SENTIMENT_API_KEY, to enable this")
    deadline = asyncio.get_running_loop().time() + settings.request_timeout_s
    with context.lifecycle.use_engine() as engine, context.admission.ticket() as ticket:
        check_media_type(request.headers)
        correction = parse_correction(await _read_body(request, ticket, deadline, settings), engine.info.labels)
        query = Query(texts=[correction.text], is_batch=False)
        ticket.take("texts", 1)
        async with Patience(deadline, settings.request_timeout_s, request.receive) as patience:
            # Timings of its own: those of the stages tell of predictions that were asked for.
            [result] = await classify(query, engine, settings, ticket, patience, Timings())
            if isinstance(result, ServiceError):
                raise result
            row = {
                "text": correction.text,
                "label": correction.label,
                "predicted": result.label,
                "model": engine.info.version,
                "request_id": correction.request_id,
                "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            size = await patience.wait(asyncio.wrap_future(file.append(row)))
    context.metrics.feedback.labels(correction.label, result.label).inc()
    reply = {"predicted": result.label, "model": engine.info.version, "bytes": size, "limit_bytes": file.max_bytes}
    return JSONResponse({"stored": True, **reply}, status_code=201)


@router.get(
    "/v1/model",
    response_model=ModelReply,
    responses=problem_responses(Unauthorized, NotReady, Draining),
)
async def model(request: Request) -> Response:
    """What runs here: the model's version, hashes and scores, and the limits of requests."""
    _require_key(request)
    context = _context(request)
    info = context.lifecycle.engine.info
    return JSONResponse(
        {
            "version": info.version,
            "created_at": info.created_at,
            "digests": info.digests,
            "labels": list(info.labels),
            "languages": list(info.languages),
            "temperature": info.temperature,
            "max_tokens": info.max_tokens,
            "dev_metrics": info.dev_metrics,
            "backend": info.backend,
            "device": info.device,
            "threads": info.threads,
            "limits": {name: getattr(context.settings, name) for name in LIMITS},
        }
    )


@router.post(
    "/v1/admin/reload",
    response_model=ReloadReply,
    responses=problem_responses(AdminDisabled, AdminUnauthorized, ReloadFailed, NotReady, Draining),
)
async def reload(request: Request) -> Response:
    """Load the model again, from the store's current version; a bad one leaves the old serving."""
    context = _context(request)
    token = context.settings.admin_token
    if token is None:
        raise AdminDisabled("set SENTIMENT_ADMIN_TOKEN to enable this, or send SIGHUP to the process")
    if not _same(_bearer(request), token):
        raise AdminUnauthorized("send the header Authorization: Bearer ADMIN_TOKEN", field="authorization")
    return JSONResponse({"model": await context.lifecycle.reload()})


@router.get("/health/live", response_model=HealthReply)
async def live() -> Response:
    """Answers as long as the process works, also before a model is loaded."""
    return JSONResponse({"status": "live"})


@router.get("/health/ready", response_model=HealthReply, responses=problem_responses(NotReady, Draining))
async def ready(request: Request) -> Response:
    """200 if requests are welcome; 503 while loading, after a failure and when leaving."""
    lifecycle = _context(request).lifecycle
    if lifecycle.is_ready:
        return JSONResponse({"status": "ready"})
    if lifecycle.phase in ("leaving", "draining"):
        raise Draining("the service is shutting down")
    raise NotReady(f"the service is not ready: {'batcher ended' if lifecycle.phase == 'ready' else lifecycle.phase}")


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Metrics in the format of Prometheus."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(_context(request).metrics.registry), headers={"content-type": content_type})


@router.get("/", include_in_schema=False)
async def root() -> Response:
    """The documentation."""
    return RedirectResponse("docs")


async def _read_body(request: Request, ticket: Ticket, deadline: float, settings: Settings) -> bytes:
    """The body, of bounded size, in bounded time."""
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


def _too_large(limit: int, size: int, more: str) -> BodyTooLarge:
    return BodyTooLarge(f"the body has {size}{more} bytes; the limit is {limit}", field="body", limit=limit, value=size)


def _reply(query: Query, results: list[Prediction | ServiceError], version: str) -> dict[str, Any]:
    if not query.is_batch:
        result = results[0]
        assert isinstance(result, Prediction)
        return {**result.to_json(), "model": version}
    items: list[dict[str, Any]] = []
    for index, result in enumerate(results):
        if isinstance(result, Prediction):
            items.append({"index": index, **result.to_json()})
        else:
            items.append({"index": index, "error": {"code": result.code, "message": result.detail}})
    return {"results": items, "model": version}


def _count_results(metrics: Metrics, results: list[Prediction | ServiceError]) -> None:
    for result in results:
        if isinstance(result, Prediction):
            metrics.texts.labels("ok").inc()
            metrics.sentences.inc(len(result.sentences or ()))
            metrics.predictions.labels(result.label, result.language).inc()
            metrics.confidence.observe(result.score)
            metrics.input_tokens.observe(result.tokens)
            if result.truncated:
                metrics.truncated.inc()
        else:
            metrics.texts.labels(result.outcome).inc()


def _require_key(request: Request) -> None:
    """Check the API key, if there is one. Health and metrics go without."""
    key = _context(request).settings.api_key
    if key is None:
        return
    if not _same(request.headers.get("x-api-key") or _bearer(request), key):
        raise Unauthorized("send the header Authorization: Bearer KEY, or x-api-key: KEY", field="authorization")


def _bearer(request: Request) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def _same(sent: str, secret: str) -> bool:
    """Compare in constant time, so that the time taken tells nothing of the secret."""
    return hmac.compare_digest(sent.encode(), secret.encode())


def _context(request: Request) -> Context:
    return cast(Context, request.app.state.context)


def _facts(request: Request) -> Facts:
    return cast(Facts, request.state.facts)
