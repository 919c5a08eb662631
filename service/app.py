"""The application: settings and, for tests, a predictor in; an ASGI app out."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from model.store import resolve
from service.admission import Admission
from service.cpu import read_limits, use_threads
from service.errors import InternalError, MethodNotAllowed, NotFound, ServiceError
from service.lifecycle import Lifecycle
from service.logs import FIELDS
from service.metrics import Metrics
from service.observer import Facts, Observer, problem
from service.predictor import Predictor, TorchScriptPredictor, choose_device
from service.routes import Context, router
from service.settings import Settings, SettingsError

logger = logging.getLogger(__name__)


def create_app(settings: Settings, predictor: Predictor | None = None) -> FastAPI:
    """The service. Its state holds the Context of the handlers.

    predictor: served instead of the settings' model.
    """
    metrics = Metrics(CollectorRegistry())
    limits = read_limits()
    threads = settings.threads or limits.threads
    metrics.describe_cpu(limits, threads)
    admission = Admission(
        {
            "texts": settings.queue_limit,
            "tokens": settings.queue_limit_tokens,
            "bytes": settings.queue_limit_bytes,
        },
        on_refusal=lambda unit: metrics.rejected.labels(unit).inc(),
    )
    metrics.watch_queue(admission)
    lifecycle = Lifecycle(partial(_load, settings, threads, predictor), settings, metrics)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logger.info(
            "starting",
            extra={
                FIELDS: {
                    "threads": threads,
                    "cpu_quota_cores": limits.quota_cores,
                    "cpu_affinity_cores": limits.affinity_cores,
                    "model": str(settings.model),
                }
            },
        )
        if threads > limits.threads:
            logger.warning(
                "%d threads, where %d would leave a core for the rest: expect it to be slower", threads, limits.threads
            )
        lifecycle.start()  # not awaited: live at once, ready later
        yield
        await lifecycle.stop()

    # FastAPI's own /docs loads Swagger UI from a CDN, which a closed network does not reach.
    app = FastAPIOffline(
        title="Sentiment service",
        description="POST text, get a calibrated sentiment.",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = Context(
        settings=settings, lifecycle=lifecycle, admission=admission, metrics=metrics, threads=threads
    )
    app.include_router(router)
    app.add_exception_handler(ServiceError, _answer_service_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    app.add_middleware(Observer, metrics=metrics, lifecycle=lifecycle)
    return app


def _load(settings: Settings, threads: int, predictor: Predictor | None) -> Predictor:
    """Read, check and warm up a model. Runs in a thread."""
    if predictor is None:
        use_threads(threads)
        predictor = TorchScriptPredictor.load(resolve(settings.model), choose_device(settings.device))
    longest = predictor.info.max_tokens
    if longest > settings.max_batch_tokens:
        raise SettingsError(
            f"SENTIMENT_MAX_BATCH_TOKENS={settings.max_batch_tokens}: must be at least {longest}, the model's window"
        )
    predictor.warm_up(max_batch_tokens=settings.max_batch_tokens, max_batch_rows=settings.max_batch_rows)
    return predictor


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
        allowed = (error.headers or {}).get("Allow", "")
        reply = problem(MethodNotAllowed(f"use {allowed} here", field="method", limit=None), facts)
        reply.headers["Allow"] = allowed
        return reply
    return problem(InternalError("the framework refused this request"), facts)


def _facts(request: Request) -> Facts:
    facts: Facts = request.state.facts
    return facts
