"""The route that takes corrections: the right label of a text, kept for training."""

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from service.answering import context_of, facts_of, let_texts_in, read_body, require_key
from service.classification import Timings, classify
from service.errors import (
    BodyTimeout,
    BodyTooLarge,
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
    RateLimited,
    RequestTooLarge,
    ServiceError,
    TextBlank,
    TextInvalidUnicode,
    TextNotString,
    TextTooLong,
    Unauthorized,
    UnknownField,
    UnknownLabel,
    UnsupportedMediaType,
)
from service.parsing import Query, check_media_type, parse_correction
from service.patience import Patience
from service.schemas import FeedbackQuery, FeedbackReply, problem_responses

router = APIRouter()


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
        RateLimited,
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
    require_key(request)
    context = context_of(request)
    file, settings = context.feedback, context.settings
    if file is None:
        raise FeedbackDisabled("set SENTIMENT_FEEDBACK to a file, and ask for API keys, to enable this")
    deadline = asyncio.get_running_loop().time() + settings.request_timeout_s
    with context.lifecycle.use_engine() as engine, context.admission.ticket() as ticket:
        check_media_type(request.headers, "application/json")
        correction = parse_correction(await read_body(request, ticket, deadline, settings), engine.info.labels)
        query = Query(texts=[correction.text], is_batch=False)
        ticket.take("texts", 1)
        let_texts_in(context, facts_of(request), 1)
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
            loop, count = asyncio.get_running_loop(), context.metrics.feedback.labels(correction.label, result.label)

            def count_stored(done: "Future[int]") -> None:  # also once nobody waits for it any more
                if not done.cancelled() and done.exception() is None:
                    loop.call_soon_threadsafe(count.inc)

            stored = file.append(row)
            stored.add_done_callback(count_stored)
            size = await patience.wait(asyncio.wrap_future(stored))
    reply = {"predicted": result.label, "model": engine.info.version, "bytes": size, "limit_bytes": file.max_bytes}
    return JSONResponse({"stored": True, **reply}, status_code=201)
