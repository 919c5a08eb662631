"""Protocol: uvicorn's HTTP/1.1, with limits on what comes before a body.

uvicorn takes headers of any size, for any time: one connection could fill the memory, and silent ones last for ever.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADER_BYTES = 65_536
"""Names and values of the headers and the request line, together."""
MOST_HEADERS = 100
_REFUSALS = {
    400: b"HTTP/1.1 400 Bad Request\r\n",
    408: b"HTTP/1.1 408 Request Timeout\r\n",
    431: b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
}


class BoundedProtocol(HttpToolsProtocol):
    """See asyncio.Protocol. After a refusal the connection is closed."""

    headers_timeout_s = 30.0
    """For the headers of a request to come in."""
    _is_in_headers = False
    _came_before = 0
    """Bytes of these headers that came in earlier reads, the first one left out; negative in the first."""
    _latest = 0
    _refusal = 400
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the headers are too many or too slow."""
        self._latest = len(data)
        super().data_received(data)
        if self._is_in_headers:
            self._came_before += len(data)
            if self._came_before > MOST_HEADER_BYTES and not self.transport.is_closing():
                self._refuse(431)
        # Between requests too: line ends that come one by one are no request, but they end uvicorn's own timer.
        if self._timer is None and (self._is_in_headers or self.cycle is None or self.cycle.response_complete):
            self._start_timer()

    def on_message_begin(self) -> None:
        """See HttpToolsProtocol."""
        super().on_message_begin()
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
                self._refusal = 431
                raise ValueError("the headers are too large")
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """See HttpToolsProtocol, which would say more."""
        self._refuse(self._refusal)

    def _refuse(self, status: int) -> None:
        self.transport.write(_REFUSALS[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.headers_timeout_s, self._time_out)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self) -> None:
        if self._is_in_headers:
            self._refuse(408)
        else:
            self.transport.close()
