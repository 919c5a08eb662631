"""Protocol: uvicorn's HTTP/1.1, with limits on what comes before a body, and our errors for what is not HTTP.

uvicorn takes headers of any size, for any time: one connection could fill the memory, and silent ones last for ever.
It adds what follows a body, the trailers, to the headers, as many as come. It takes as many requests as one read holds
before it has answered the first, and tells only the last of them that the client has left. And it takes the body of a
request that would rather speak another protocol for the next request.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.entrance import BUSIEST, Entrance, describe
from service.errors import HeadersTimeout, HeadersTooLarge, MalformedRequest, QueueFull, ServiceError
from service.express import Exchange, Express
from service.keyring import Caller
from service.logs import FIELDS

MOST_HEADER_BYTES = 65_536
"""Names and values of the headers and the request line, together; also of the trailers."""
MOST_HEADERS = 100
MOST_PIPELINED = 64
"""Requests that wait on a connection for the answer to one before; the rest of the connection is not read."""

BODY_WITHIN_S = 0.05
"""Many clients send headers and body one by one: so long a request is kept back that the express may take."""

_BUSIEST_URL = BUSIEST.encode()
_STATUS_LINES = {status.value: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}

logger = logging.getLogger(__name__)


class _Nowhere(list[tuple[bytes, bytes]]):
    """Where trailers go: as headers they could say what a proxy takes out of those."""

    def append(self, header: tuple[bytes, bytes], /) -> None:
        """Keep nothing."""


_NOWHERE = _Nowhere()


class BoundedProtocol(HttpToolsProtocol):
    """See asyncio.Protocol. After a refusal the connection is closed; what came whole before it is answered first."""

    headers_timeout_s = 30.0
    """For the headers of a request to come in."""
    entrance: Entrance
    express: Express
    _is_in_headers = False
    _is_in_trailers = False
    """Also between the length of a chunk and its first byte."""
    _came_before = 0
    """Bytes of these headers or trailers that came in earlier reads, the first one left out; negative in the first."""
    _latest = 0
    _refusal: ServiceError | None = None
    """Why we stopped the parser, if it was not the parser that stopped."""
    _timer: asyncio.TimerHandle | None = None
    _answering: RequestResponseCycle | None = None
    """The latest request that was begun to be answered; `cycle` is the latest that came."""
    _kept: Callable[[], None] | None = None
    """Begins the request that waits for its body."""
    _exchange: Exchange | None = None
    """The latest that the express took."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer, and tell the request being answered, which may not be the last one."""
        self._stop_timer()
        self._begin_kept()
        super().connection_lost(exc)
        self.pipeline.clear()
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
        if self._exchange is not None:
            self._exchange.leave()
            self._exchange = None

    def data_received(self, data: bytes) -> None:
        """Read on, unless the headers are too many or too slow."""
        self._latest = len(data)
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self.send_400_response("")
        if self._is_in_headers or self._is_in_trailers:
            self._came_before += len(data)
            if self._came_before > MOST_HEADER_BYTES and not self.transport.is_closing():
                self._refuse(_too_large())
        # Between requests too: line ends that come one by one are no request, but they end uvicorn's own timer.
        if self._timer is None and (self._is_in_headers or (self._is_idle() and self.timeout_keep_alive_task is None)):
            self._start_timer()
        self._await_body()

    def on_response_complete(self) -> None:
        """See HttpToolsProtocol. Goes on with the oldest request that waits.

        An idle connection keeps its last request, which is not to keep its text, or the model that a reload replaced.
        """
        self._exchange = None
        if self._answering is not None:
            self._answering.body = bytearray()
        super().on_response_complete()
        self._await_body()

    def shutdown(self) -> None:
        """See HttpToolsProtocol, which would end a connection whose request has not begun."""
        self._begin_kept()
        super().shutdown()

    def on_message_begin(self) -> None:
        """See HttpToolsProtocol."""
        super().on_message_begin()
        self._unset_keepalive_if_required()  # of an answer that was given within this read
        self._is_in_headers = True
        # The rest of an earlier body may have come in the same read, which is why it is left out.
        self._came_before = -self._latest

    def on_headers_complete(self) -> None:
        """See HttpToolsProtocol. Called by the parser, which turns an exception into a call of send_400_response."""
        self._is_in_headers = False
        self._stop_timer()
        # Added up only if it may be too much: of most requests all headers come in one small read.
        if len(self.headers) > MOST_HEADERS or self._came_before >= 0 or self._latest > MOST_HEADER_BYTES:
            size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if len(self.headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
                self._stop(_too_large())
        if self.parser.should_upgrade():  # comes once more, without: see _parse
            if self.parser.get_method() == b"CONNECT":
                self._stop(MalformedRequest("CONNECT is for proxies"))
            return
        if len(self.pipeline) >= MOST_PIPELINED:
            self._stop(MalformedRequest(f"more than {MOST_PIPELINED} requests wait on one connection for an answer"))
        headers, self.headers = self.headers, _NOWHERE
        if self.url == _BUSIEST_URL and self._is_plain() and not self.pipeline:
            refusal = self.entrance.refuse(headers)
            if refusal is not None:
                self._write(QueueFull.status, *refusal)
                return
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """The last chunk has no byte, and trailers follow."""
        self._is_in_trailers = True
        self._came_before = -self._latest

    def on_body(self, body: bytes) -> None:
        """See HttpToolsProtocol, which knows of no request that was answered before there was a cycle."""
        self._is_in_trailers = False
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """As on_body."""
        self._is_in_trailers = False
        if self.cycle is not None:
            super().on_message_complete()
        if self._is_idle():  # answered before its end: from here on as after any other answer
            self._stop_timer()
            self._unset_keepalive_if_required()
            wait_s, end = self.timeout_keep_alive, self.timeout_keep_alive_handler
            self.timeout_keep_alive_task = self.loop.call_later(wait_s, end)
        self._begin_kept()

    def send_400_response(self, msg: str) -> None:
        """See HttpToolsProtocol, whose own reply is plain text."""
        self._refuse(self._refusal or MalformedRequest("what came on this connection is not a request of HTTP/1.1"))

    def _parse(self, data: bytes) -> None:
        """Feed the parser; a request that asks for another protocol is read as if it had not, which HTTP allows.

        To the parser such a request ends with its headers. Its body, which any client may write, would be the next.
        """
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                [read] = upgrade.args
                data = self._head_without_upgrade() + data[read:]
            else:
                return

    def _head_without_upgrade(self) -> bytes:
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """See HttpToolsProtocol; called when nothing stands before a request any more."""
        self._answering = cycle
        if cycle.scope["method"] != "POST":
            super()._start_asgi_task(cycle, app)
        elif (caller := self._caller_of(cycle)) is not None:
            self._kept = partial(self.entrance.let_in, partial(self._take_express, cycle, app, caller))
            if not cycle.more_body:  # it came while another was answered
                self._begin_kept()
        else:
            self.entrance.let_in(partial(super()._start_asgi_task, cycle, app))

    def _caller_of(self, cycle: RequestResponseCycle) -> Caller | None:
        """Who asks, if the express may take it."""
        if cycle.scope["path"] == BUSIEST and cycle.scope["http_version"] == "1.1" and not self.flow.write_paused:
            return self.express.caller_of(list(cycle.scope["headers"]))
        return None

    def _take_express(self, cycle: RequestResponseCycle, app: ASGI3Application, caller: Caller) -> None:
        if not (cycle.more_body or cycle.disconnected):
            headers, body = list(cycle.scope["headers"]), bytes(cycle.body)
            exchange = self.express.take(caller, headers, body, partial(self._reply, cycle))
            if exchange is not None:
                if not cycle.response_complete:  # else the next may have begun already
                    self._exchange = exchange
                return
        super()._start_asgi_task(cycle, app)

    def _await_body(self) -> None:
        if self._kept is not None:
            self.loop.call_later(BODY_WITHIN_S, self._begin_kept)

    def _begin_kept(self) -> None:
        if self._kept is not None:
            begin, self._kept = self._kept, None
            begin()

    def _reply(self, cycle: RequestResponseCycle, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """As the cycle's own `send` would do, in one go."""
        if cycle.disconnected:
            return
        if not cycle.keep_alive and (b"connection", b"close") not in headers:
            headers.append((b"connection", b"close"))
        cycle.response_started = cycle.response_complete = True
        self._write(status, headers, body)
        if (b"connection", b"close") in headers:
            self.transport.close()
        cycle.on_response()
        cycle.on_response = _nothing  # as uvicorn does, or connection and cycle would keep each other

    def _is_idle(self) -> bool:
        """Whether all that came is answered."""
        return self.cycle is None or self.cycle.response_complete

    def _is_plain(self) -> bool:
        """Whether the latest request is a POST that nothing stands before, and that leaves its connection open."""
        return (
            self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.expect_100_continue
            and self._is_idle()
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _stop(self, refusal: ServiceError) -> None:
        """Let the parser stop: to be called by what it calls."""
        self._refusal = refusal
        raise ValueError(refusal.detail)

    def _refuse(self, refusal: ServiceError) -> None:
        latest = self.cycle
        if latest is None or latest.response_complete:
            self._send(refusal)
        elif not latest.more_body:  # whole, and answered first: the refusal would be taken for its answer
            latest.keep_alive = False
            self.flow.pause_reading()
        elif latest is self._answering and not latest.response_started:
            self._send(refusal)
        else:
            self.transport.close()

    def _send(self, refusal: ServiceError) -> None:
        """As service.observer does with errors of requests, but here there is none."""
        request_id = secrets.token_hex(16)
        headers, body = describe(refusal, request_id)
        self._write(refusal.status, [*headers, (b"connection", b"close")], body)
        self.transport.close()
        fields: dict[str, Any] = {"request_id": request_id, "status": refusal.status, "code": refusal.code}
        logger.info("connection refused", extra={FIELDS: fields})

    def _write(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        lines = [b"%s: %s\r\n" % header for header in (*self.server_state.default_headers, *headers)]
        self.transport.write(b"".join((_STATUS_LINES[status], *lines, b"\r\n", body)))

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.headers_timeout_s, self._time_out)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self) -> None:
        if self._is_in_headers:
            limit_s = self.headers_timeout_s
            detail = f"the headers did not end within {limit_s} s"
            self._refuse(HeadersTimeout(detail, field="request_timeout_s", limit=limit_s))
        else:
            self.transport.close()


def _nothing() -> None:
    pass


def _too_large() -> HeadersTooLarge:
    return HeadersTooLarge(
        f"request line and headers may have {MOST_HEADER_BYTES} bytes and {MOST_HEADERS} lines",
        field="headers",
        limit=MOST_HEADER_BYTES,
    )
