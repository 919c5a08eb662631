"""Observer: the ASGI middleware around everything: request id, metrics, one log line a request, and no bare 500.

Pure ASGI, since BaseHTTPMiddleware hides disconnects from handlers (vllm#10087).
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
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
        facts = Facts(request_id=request_id(Headers(scope=scope)))
        scope.setdefault("state", {})["facts"] = facts
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.append("x-request-id", facts.request_id)
                if self.lifecycle.phase in ("leaving", "draining"):
                    headers["connection"] = "close"  # the client's next request belongs elsewhere
                complete_headers(headers.raw)
                if facts.timings.tokens:
                    headers.append("server-timing", _server_timing(facts.timings, time.monotonic() - started_at))
            await send(message)

        with self.metrics.http_in_progress:
            try:
                await self.app(scope, receive, send_with_id)
            except Exception:
                logger.exception("a request failed unexpectedly", extra={FIELDS: {"request_id": facts.request_id}})
                facts.code = InternalError.code
                if status is not None:  # too late to answer otherwise
                    status = 500
                    raise
                error: ServiceError = InternalError("the service failed on this request; the cause is in the log")
                await problem(error, facts)(scope, receive, send_with_id)
            except asyncio.CancelledError:  # by the limit on draining; uvicorn would tell of a bug
                if status is None:
                    error = Draining("the service shut down before this request was answered")
                    await problem(error, facts)(scope, receive, send_with_id)
                raise
            finally:
                status = facts.status or status or ClientGone.status
                self._report(scope, facts, status, time.monotonic() - started_at)

    def _report(self, scope: Scope, facts: Facts, status: int, duration_s: float) -> None:
        own_path = scope["path"] if scope["path"] in _FRAMEWORK_ROUTES else UNMATCHED
        route = str(getattr(scope.get("route"), "path", own_path))
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.http_requests.labels(route, method, str(status)).inc()
        self.metrics.http_duration.labels(route).observe(duration_s)
        if facts.caller is not None:
            self.metrics.key_requests.labels(facts.caller.name, _key_outcome(status, facts.code)).inc()
        timings = facts.timings
        if timings.tokens:
            stages = self.metrics.stages
            stages["tokenize"].observe(timings.tokenize_s)
            stages["queue"].observe(timings.queue_s)
            stages["inference"].observe(timings.inference_s)
            stages["total"].observe(duration_s)
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


def problem(error: ServiceError, facts: Facts) -> Response:
    """The reply for an error: in the shape of the client's protocol, else in our own."""
    facts.code, facts.status = error.code, error.status
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


def request_id(headers: Headers) -> str:
    """The client's own id, else its trace's, else a new one."""
    own = headers.get("x-request-id", "")
    if REQUEST_ID.fullmatch(own):
        return own
    trace = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return trace[1] if trace else f"{_IDS.getrandbits(128):032x}"


def _server_timing(timings: Timings, total_s: float) -> str:
    """The header of the W3C's Server Timing, in milliseconds."""
    stages = {
        "tokenize": timings.tokenize_s,
        "queue": timings.queue_s,
        "inference": timings.inference_s,
        "total": total_s,
    }
    return ", ".join(f"{stage};dur={_ms(seconds)}" for stage, seconds in stages.items())


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
