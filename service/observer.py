"""Observer: the ASGI middleware around everything: request id, metrics, one log line a request, and no bare 500.

Pure ASGI, since BaseHTTPMiddleware hides disconnects from handlers (vllm#10087).
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.classification import Timings
from service.errors import ClientGone, Draining, InternalError, RateLimited, ServiceError
from service.headers import complete_headers
from service.keyring import Caller
from service.lifecycle import Lifecycle
from service.logs import FIELDS
from service.metrics import METHODS, Metrics
from service.parsing import REQUEST_ID

UNMATCHED = "unmatched"
CUT_OFF = "the service shut down before this request was answered"
"""What those are told whom the limit on draining ends."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")
_FRAMEWORK_ROUTES = ("/docs", "/openapi.json")
"""Routes that FastAPI adds itself, and does not name in the scope."""
_QUIET = ("/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/metrics")
"""Routes that machines ask every few seconds: logged at debug level."""
_IDS = random.Random()
"""Seeded by the system, which is not asked for each id: a model thread would take the interpreter meanwhile."""

logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Facts:
    """What a request turns out to be; handlers fill it in, the observer reports it."""

    request_id: str
    texts: int = 0
    timings: Timings = field(default_factory=Timings)
    code: str | None = None
    """Code of the error, if it was one."""
    status: int | None = None
    """Its status in our own protocol, by which it is counted: a client's protocol may have another for it."""
    shape: Callable[[ServiceError, str], Response] | None = None
    """What makes the reply of an error and the request's id, if the client speaks another protocol than ours."""
    caller: Caller | None = None
    """Whose key it came with; None where none is asked for: health, metrics, documentation."""


class Observer:
    """Wraps an ASGI app."""

    def __init__(self, app: ASGIApp, metrics: Metrics, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started_at = time.monotonic()
        facts = Facts(request_id=request_id(scope["headers"]))
        scope.setdefault("state", {})["facts"] = facts
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                finish_headers(headers.raw, facts, self.lifecycle, time.monotonic() - started_at)
            await send(message)

        with self.metrics.http_in_progress:
            try:
                await self.app(scope, receive, send_with_id)
            except asyncio.CancelledError:  # by the limit on draining; uvicorn would tell of a bug
                if status is None:
                    error: ServiceError = Draining(CUT_OFF)
                    await problem(error, facts)(scope, receive, send_with_id)
                raise
            except (GeneratorExit, KeyboardInterrupt, SystemExit):
                raise
            except BaseException as cause:  # a panic of the tokenizer's Rust is no Exception
                error = unexpected(cause, facts)
                facts.code = error.code
                if status is not None:  # too late to answer otherwise
                    status = 500
                    raise
                await problem(error, facts)(scope, receive, send_with_id)
            finally:
                status = facts.status or status or ClientGone.status
                self._report(scope, facts, status, time.monotonic() - started_at)

    def _report(self, scope: Scope, facts: Facts, status: int, duration_s: float) -> None:
        own_path = scope["path"] if scope["path"] in _FRAMEWORK_ROUTES else UNMATCHED
        route = str(getattr(scope.get("route"), "path", own_path))
        method = scope["method"] if scope["method"] in METHODS else "other"
        report(self.metrics, facts, route, method, status, duration_s)


def report(metrics: Metrics, facts: Facts, route: str, method: str, status: int, duration_s: float) -> None:
    """Count a request that is over, and log it. status: in our own protocol."""
    metrics.http_requests.labels(route, method, str(status)).inc()
    metrics.http_duration.labels(route).observe(duration_s)
    if facts.caller is not None:
        metrics.key_requests.labels(facts.caller.name, _key_outcome(status, facts.code)).inc()
    timings = facts.timings
    if timings.tokens:
        metrics.stages["tokenize"].observe(timings.tokenize_s)
        if timings.inference_s:  # else nothing was read, and zeros would make an overload look like idleness
            metrics.stages["queue"].observe(timings.queue_s)
            metrics.stages["inference"].observe(timings.inference_s)
        metrics.stages["total"].observe(duration_s)
    fields = {
        "request_id": facts.request_id,
        "method": method,
        "route": route,
        "status": status,
        "code": facts.code,
        "duration_ms": _ms(duration_s),
        "texts": facts.texts,
        "tokens": timings.tokens,
        "tokenize_ms": _ms(timings.tokenize_s),
        "queue_ms": _ms(timings.queue_s),
        "inference_ms": _ms(timings.inference_s),
    }
    logger.log(logging.DEBUG if route in _QUIET else logging.INFO, "request", extra={FIELDS: fields})


def unexpected(cause: BaseException, facts: Facts) -> InternalError:
    """The error that stands for any other, which the log tells of."""
    fields = {FIELDS: {"request_id": facts.request_id}}
    logger.error("a request failed unexpectedly", exc_info=cause, extra=fields)
    return InternalError("the service failed on this request; the cause is in the log")


def finish_headers(headers: list[tuple[bytes, bytes]], facts: Facts, lifecycle: Lifecycle, duration_s: float) -> None:
    """Add what every reply tells of its request."""
    headers.append((b"x-request-id", facts.request_id.encode()))
    if lifecycle.phase in ("leaving", "draining") and (b"connection", b"close") not in headers:
        headers.append((b"connection", b"close"))  # the client's next request belongs elsewhere
    complete_headers(headers)
    if facts.timings.tokens:
        headers.append((b"server-timing", _server_timing(facts.timings, duration_s)))


def problem(error: ServiceError, facts: Facts) -> Response:
    """The reply for an error: in the shape of the client's protocol, else in our own."""
    facts.code, facts.status = error.code, error.status
    error.__traceback__ = None  # with it, the error and the frames that name it would keep each other
    if facts.shape is not None:
        return facts.shape(error, facts.request_id)
    return JSONResponse(
        error.to_problem(facts.request_id),
        status_code=error.status,
        headers={**error.headers, "Cache-Control": "no-store"},
        media_type="application/problem+json",
    )


def _key_outcome(status: int, code: str | None) -> str:
    if code == RateLimited.code:
        return "rate_limited"
    return "ok" if status < 400 else "refused" if status < 500 else "failed"


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The client's own id, else its trace's, else a new one."""
    for name, value in headers:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(own := value.decode("latin-1")):
            return own
    for name, value in headers:
        if name == b"traceparent" and (trace := _TRACEPARENT.fullmatch(value.decode("latin-1"))):
            return trace[1]
    return f"{_IDS.getrandbits(128):032x}"


def _server_timing(timings: Timings, total_s: float) -> bytes:
    """The header of the W3C's Server Timing, in milliseconds."""
    if not timings.inference_s:
        return b"tokenize;dur=%.3f, total;dur=%.3f" % (timings.tokenize_s * 1000, total_s * 1000)
    return b"tokenize;dur=%.3f, queue;dur=%.3f, inference;dur=%.3f, total;dur=%.3f" % (
        timings.tokenize_s * 1000,
        timings.queue_s * 1000,
        timings.inference_s * 1000,
        total_s * 1000,
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
