"""Routes: what each path of the service's own does."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client.exposition import choose_encoder

from service.answering import Result, answer, bearer, context_of, require_key
from service.errors import (
    AdminDisabled,
    AdminUnauthorized,
    BodyTimeout,
    BodyTooLarge,
    DeadlineExceeded,
    Draining,
    ExplainUnavailable,
    InternalError,
    InvalidJSON,
    InvalidRequest,
    InvalidUTF8,
    NotReady,
    QueueFull,
    RateLimited,
    ReloadFailed,
    RequestTooLarge,
    TextBlank,
    TextInvalidUnicode,
    TextNotString,
    TextsEmpty,
    TextTooLong,
    TooManySentences,
    TooManyTexts,
    TraceDisabled,
    TraceTooLong,
    Unauthorized,
    UnknownField,
    UnsupportedMediaType,
)
from service.openapi import FOR_ADMIN, FOR_ALL
from service.parsing import Query, parse_query
from service.prediction import Prediction
from service.predictor import ModelInfo
from service.schemas import (
    BatchQuery,
    BatchReply,
    HealthReply,
    ModelReply,
    ReloadReply,
    SingleQuery,
    SingleReply,
    problem_responses,
)
from service.settings import Settings

LIMITS = (
    "queue_limit",
    "queue_limit_tokens",
    "queue_limit_bytes",
    "max_texts_per_request",
    "max_text_chars",
    "max_sentences",
    "max_detail_tokens",
    "max_body_bytes",
    "request_timeout_s",
)
"""Settings that clients may want to know."""

router = APIRouter()


@router.post(
    "/v1/sentiment",
    summary="Sentiment of one text, or of several",
    response_model=SingleReply | BatchReply,
    responses=problem_responses(
        InvalidJSON,
        InvalidUTF8,
        Unauthorized,
        TraceDisabled,
        BodyTimeout,
        ExplainUnavailable,
        BodyTooLarge,
        TooManyTexts,
        RequestTooLarge,
        TextTooLong,
        TooManySentences,
        TraceTooLong,
        UnsupportedMediaType,
        InvalidRequest,
        UnknownField,
        TextsEmpty,
        TextBlank,
        TextNotString,
        TextInvalidUnicode,
        QueueFull,
        RateLimited,
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
    require_key(request)
    query, results, model = await answer(request, _parse)
    return Response(orjson.dumps(_reply(query, results, model.version)), media_type="application/json")


@router.get(
    "/v1/model",
    response_model=ModelReply,
    responses=problem_responses(Unauthorized, RateLimited, NotReady, Draining),
)
async def model(request: Request) -> Response:
    """What runs here: the model's version, hashes and scores, and the limits of requests."""
    require_key(request)
    context = context_of(request)
    engine = context.lifecycle.engine
    info, budget = engine.info, engine.budget
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
            "limits": {"max_batch_tokens": budget.tokens, "max_batch_rows": budget.rows}
            | {name: getattr(context.settings, name) for name in LIMITS},
        }
    )


@router.post(
    "/v1/admin/reload",
    response_model=ReloadReply,
    responses=problem_responses(AdminDisabled, AdminUnauthorized, ReloadFailed, NotReady, Draining),
    openapi_extra=FOR_ADMIN,
)
async def reload(request: Request) -> Response:
    """Read the API keys and the model again, from the store's current version; bad ones leave the old in use."""
    context = context_of(request)
    if context.settings.admin_token is None:
        raise AdminDisabled("set SENTIMENT_ADMIN_TOKEN to enable this, or send SIGHUP to the process")
    if not context.keys.is_admin(bearer(request.headers)):
        raise AdminUnauthorized("send the header Authorization: Bearer ADMIN_TOKEN", field="authorization")
    await context.keys.reload()
    return JSONResponse({"model": await context.lifecycle.reload()})


@router.get("/health/live", response_model=HealthReply, openapi_extra=FOR_ALL)
@router.get("/v2/health/live", response_model=HealthReply, openapi_extra=FOR_ALL)
async def live() -> Response:
    """Answers as long as the process works, also before a model is loaded."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    response_model=HealthReply,
    responses=problem_responses(NotReady, Draining),
    openapi_extra=FOR_ALL,
)
@router.get(
    "/v2/health/ready",
    response_model=HealthReply,
    responses=problem_responses(NotReady, Draining),
    openapi_extra=FOR_ALL,
)
async def ready(request: Request) -> Response:
    """200 if requests are welcome; 503 while loading, after a failure and when leaving."""
    lifecycle = context_of(request).lifecycle
    if lifecycle.is_ready:
        return JSONResponse({"status": "ready"})
    if lifecycle.phase in ("leaving", "draining"):
        raise Draining("the service is shutting down")
    raise NotReady(f"the service is not ready: {'batcher ended' if lifecycle.phase == 'ready' else lifecycle.phase}")


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Metrics in the format of Prometheus."""
    try:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
    except (TypeError, ValueError):  # of the library, over a version that is no number
        encode, content_type = choose_encoder("")
    return Response(encode(context_of(request).metrics.registry), headers={"content-type": content_type})


def _parse(body: bytes, settings: Settings, _: ModelInfo) -> Query:
    return parse_query(body, settings.max_texts_per_request)


def _reply(query: Query, results: list[Result], version: str) -> dict[str, Any]:
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
