"""Entrance: what becomes of a request before it is work.

While there is no room it is refused as soon as its headers have come, for next to nothing; else it begins in a turn of
the event loop in which few others do.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import orjson

from service.admission import Admission
from service.errors import QueueFull, ServiceError
from service.headers import complete_headers
from service.lifecycle import Lifecycle
from service.metrics import Metrics
from service.observer import request_id

BUSIEST = "/v1/sentiment"
"""The path whose requests are refused here; those of other protocols are where their own words are known."""
MOST_A_TURN = 8
"""Of 0.2 to 0.5 ms each. All that had come in a turn was begun in it, and health checks waited up to a second; of 16,
99 of 100 refusals came within 44 ms, of 8 within 25 ms, and as much was answered."""


class Entrance:
    """What the protocol asks before it hands a request over. Of one event loop."""

    def __init__(self, admission: Admission, lifecycle: Lifecycle, metrics: Metrics) -> None:
        self._admission = admission
        self._lifecycle = lifecycle
        self._refused = metrics.http_requests.labels(BUSIEST, "POST", str(QueueFull.status))
        self._let_in = 0
        """In this turn."""
        self._waiting: deque[Callable[[], None]] = deque()

    def refuse(self, headers: list[tuple[bytes, bytes]]) -> tuple[list[tuple[bytes, bytes]], bytes] | None:
        """Headers and body of the reply to a POST to BUSIEST, if there is no room for it; else it must be let in.

        The way through uvicorn's and the app's layers, keys, parsing and log takes 150 µs to say no, and this one 20:
        twice what can be answered kept the event loop so busy with refusing that nothing came in time any more. The
        reply is the same, and counted, but neither in the log nor by key.
        """
        # Another phase has its own reply, and a page may read only what CORS lets it.
        if self._lifecycle.phase == "ready" and not any(name == b"origin" for name, _ in headers):
            error = self._admission.shortage(len(self._waiting))
            if error is not None:
                self._refused.inc()
                return describe(error, request_id(headers))
        return None

    def let_in(self, begin: Callable[[], None]) -> None:
        """Begin a request, at once or in one of the next turns of the event loop, after those that came before."""
        if self._let_in == 0:
            asyncio.get_running_loop().call_soon(self._next_turn)
        if self._let_in < MOST_A_TURN:
            self._let_in += 1
            begin()
        else:
            self._waiting.append(begin)

    def _next_turn(self) -> None:
        self._let_in = min(len(self._waiting), MOST_A_TURN)
        if self._let_in:
            asyncio.get_running_loop().call_soon(self._next_turn)
        for _ in range(self._let_in):
            self._waiting.popleft()()


def describe(error: ServiceError, instance: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of the reply for an error before there is a request. instance: its id."""
    body = orjson.dumps(error.to_problem(instance))
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"application/problem+json"),
        *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
        (b"x-request-id", instance.encode()),
    ]
    complete_headers(headers)
    return headers, body
