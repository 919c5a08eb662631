"""The application: settings and, for tests, a predictor in; an ASGI app out."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

import orjson
from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match, Route

from service import corrections
from service.admission import Admission
from service.answering import Context
from service.backend import load_predictor
from service.cpu import CpuLimits, read_limits, set_tokenizer_threads
from service.dialects import azure, comprehend, huggingface
from service.engine import TOKENIZER_THREADS
from service.errors import InternalError, MethodNotAllowed, NotFound, ServiceError
from service.feedback import FeedbackFile
from service.keyring import Keyring
from service.lifecycle import Lifecycle
from service.logs import FIELDS
from service.memory import read_limit_bytes
from service.metrics import Metrics
from service.observer import Facts, Observer, problem
from service.openapi import describe_security
from service.playground import router as playground
from service.predictor import Predictor, budget_of, rows_of_a_call
from service.routes import router
from service.settings import Settings, SettingsError

ROUTERS = (router, corrections.router, playground, huggingface.router, comprehend.router, azure.router)
CORS_METHODS = ("GET", "POST")
CORS_HEADERS = ("authorization", "content-type", "x-api-key", "x-request-id", "traceparent")
"""What pages of other origins may send. Never cookies: the service has none."""
CORS_EXPOSED = ("x-request-id", "server-timing", "retry-after")

logger = logging.getLogger(__name__)


def create_app(settings: Settings, predictor: Predictor | None = None) -> FastAPI:
    """The service. Its state holds the Context of the handlers.

    predictor: served instead of the settings' model.
    Raises: SettingsError if the feedback file cannot be written, or the file of keys not used.
    """
    metrics = Metrics(CollectorRegistry())
    keys = Keyring(settings, metrics)
    limits = read_limits()
    set_tokenizer_threads(1)  # to hand a turn's texts to another thread takes 10 % of all answers
    metrics.describe_cpu(limits, TOKENIZER_THREADS)
    metrics.describe_memory(read_limit_bytes())
    admission = Admission(
        {
            "texts": settings.queue_limit,
            "tokens": settings.queue_limit_tokens,
            "bytes": settings.queue_limit_bytes,
        },
        on_refusal=lambda unit: metrics.rejected.labels(unit).inc(),
    )
    metrics.watch_queue(admission)
    feedback = FeedbackFile(settings.feedback, settings.feedback_max_bytes) if settings.feedback else None
    if feedback:
        metrics.watch_feedback(feedback)
    lifecycle = Lifecycle(partial(_load, settings, limits, metrics, predictor), settings, metrics)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logger.info(
            "starting",
            extra={
                FIELDS: {
                    "cpu_quota_cores": limits.quota_cores,
                    "cpu_affinity_cores": limits.affinity_cores,
                    "model": str(settings.model),
                }
            },
        )
        if settings.threads > limits.cores:
            logger.warning("%d threads for %d cores: expect it to be slower", settings.threads, limits.cores)
        lifecycle.start()  # not awaited: live at once, ready later
        watching = asyncio.create_task(keys.watch())
        yield
        watching.cancel()
        await lifecycle.stop()
        if feedback:
            feedback.close()

    # FastAPI's own /docs loads Swagger UI from a CDN, which a closed network does not reach.
    app = FastAPIOffline(
        title="Sentiment service",
        description="POST text, get a calibrated sentiment.",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
        # Asking OpenTelemetry for a provider took 4 % of the event loop's time; the Observer tells what happened.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.context = Context(
        settings=settings, lifecycle=lifecycle, admission=admission, metrics=metrics, keys=keys, feedback=feedback
    )
    for each in ROUTERS:
        app.include_router(each)
    app.router.routes.insert(0, _document(app, is_open=keys.anonymous is not None))
    app.add_exception_handler(ServiceError, _answer_service_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=CORS_METHODS,
            allow_headers=CORS_HEADERS,
            expose_headers=CORS_EXPOSED,
        )
    app.add_middleware(Observer, metrics=metrics, lifecycle=lifecycle)
    return app


def _load(settings: Settings, limits: CpuLimits, metrics: Metrics, predictor: Predictor | None) -> Predictor:
    """Read, check and warm up a model. Runs in a thread."""
    if predictor is None:
        predictor = load_predictor(settings, limits, metrics.no_memory.inc)
    budget, longest = budget_of(predictor, settings), predictor.info.max_tokens
    if longest > budget.tokens:
        raise SettingsError(
            f"SENTIMENT_MAX_BATCH_TOKENS={budget.tokens}: must be at least {longest}, the model's window"
        )
    predictor.warm_up(max_batch_tokens=budget.tokens, max_batch_rows=rows_of_a_call(predictor, budget.rows))
    # Or every full collection walks through the libraries' objects: 50 ms in which nobody is answered. What was frozen
    # with the model before is looked at again first, so that nothing of it stays for good.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return predictor


def _document(app: FastAPI, *, is_open: bool) -> Route:
    """The OpenAPI document, rendered once, in the place of FastAPI's route, which renders it for each request.

    Whoever may connect may ask, and all others wait meanwhile.
    """

    @cache
    def render() -> bytes:
        return orjson.dumps(describe_security(app.openapi(), is_open=is_open))

    async def openapi(_: Request) -> Response:
        return Response(render(), media_type="application/json")

    return Route("/openapi.json", openapi, include_in_schema=False)


async def _answer_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return problem(error, _facts(request))


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)
    facts = _facts(request)
    if error.status_code == 404:
        return problem(NotFound("there is no such route; see /docs"), facts)
    if error.status_code == 405:
        allowed = ", ".join(_methods_of(request)) or "GET, HEAD"  # files of the documentation are no route's
        reply = problem(MethodNotAllowed(f"use {allowed} here", field="method", limit=None), facts)
        reply.headers["Allow"] = allowed
        return reply
    return problem(InternalError("the framework refused this request"), facts)


def _methods_of(request: Request) -> list[str]:
    """Those of all routes of the path: the framework names the methods of the first one alone."""
    routes = [route for each in (request.app.router, *ROUTERS) for route in each.routes if isinstance(route, Route)]
    found = [route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted(set().union(*found))


def _facts(request: Request) -> Facts:
    facts: Facts = request.state.facts
    return facts
