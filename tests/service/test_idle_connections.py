"""A connection between requests: how long it is kept, and what it keeps of the last one."""

import asyncio
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.protocol import BoundedProtocol
from service.server import KEEP_ALIVE_S, Server
from service.settings import Settings
from tests.service.conftest import answering, context, until
from tests.service.fakes import FakePredictor

GOOD, BLANK, OPTION = b'{"text": "good"}', b'{"text": " "}', b'{"text": "good", "return_logits": true}'
TIMEOUT_S = 30.0


class Connection:
    """The client's end and the server's."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, protocol: BoundedProtocol) -> None:
        self._reader = reader
        self._writer = writer
        self.protocol = protocol

    async def ask(self, body: bytes, key: bytes = b"k", sent: int | None = None) -> int:
        """Post a body, or its first bytes; returns the status of the reply."""
        head = b"POST /v1/sentiment HTTP/1.1\r\nContent-Type: application/json\r\nX-Api-Key: %s\r\n" % key
        self._writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:sent])
        reply = await self._reader.readuntil(b"\r\n\r\n")
        (length,) = (line.split()[1] for line in reply.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await self._reader.readexactly(int(length))
        return int(reply.split()[1])

    async def send(self, data: bytes) -> None:
        """Send bytes that have no reply, and wait until they are read."""
        read_before = self.protocol.reads  # type: ignore[attr-defined]
        self._writer.write(data)
        await until(lambda: self.protocol.reads > read_before)  # type: ignore[attr-defined]

    def closes_in(self) -> float:
        """Seconds after which the server ends the connection if nothing comes."""
        timers = [timer for timer in (self.protocol._timer, self.protocol.timeout_keep_alive_task) if timer]
        return min(timer.when() for timer in timers) - asyncio.get_running_loop().time()


class CountingProtocol(BoundedProtocol):
    reads = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.reads += 1


@asynccontextmanager
async def connected(app: FastAPI) -> AsyncIterator[Connection]:
    """A connection to an app whose protocol runs in this process."""
    loop = asyncio.get_running_loop()
    server = Server(app)
    server.config.load()
    kind = type("Protocol", (CountingProtocol, server.config.http_protocol_class), {})
    made = kind(config=server.config, server_state=server.server_state, app_state={}, _loop=loop)
    listening = await loop.create_server(lambda: made, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    try:
        yield Connection(reader, writer, made)
    finally:
        writer.close()
        await until(lambda: not server.server_state.connections)
        listening.close()


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    app = create_app(Settings(api_key="k", request_timeout_s=TIMEOUT_S), FakePredictor())
    async with answering(app):
        yield app


async def test_connection_is_kept_as_long_after_a_refusal_as_after_an_answer(app: FastAPI) -> None:
    """Refusals that were written within a read had the limit on headers behind them: 30 s, and balancers keep 60."""
    async with connected(app) as connection:
        for body, key, status in [(GOOD, b"k", 200), (BLANK, b"k", 422), (OPTION, b"", 401), (GOOD, b"", 401)]:
            assert await connection.ask(body, key) == status
            assert TIMEOUT_S < connection.closes_in() <= KEEP_ALIVE_S
        await connection.send(b"\r\n")  # no request, and no reason to stay longer
        assert connection.closes_in() <= TIMEOUT_S


async def test_connection_is_kept_after_a_refusal_for_want_of_room(app: FastAPI) -> None:
    """As above; but until the body that nobody waits for has come, the limit is that of headers."""
    with context(app).admission.ticket() as ticket:
        ticket.take("texts", Settings().queue_limit)
        async with connected(app) as connection:
            for _ in range(2):
                assert await connection.ask(GOOD) == 429
                assert TIMEOUT_S < connection.closes_in() <= KEEP_ALIVE_S
            assert await connection.ask(GOOD, sent=3) == 429
            assert connection.closes_in() <= TIMEOUT_S
            await connection.send(GOOD[3:])
            assert TIMEOUT_S < connection.closes_in() <= KEEP_ALIVE_S


@pytest.mark.parametrize(
    ("body", "key", "status"), [(GOOD, b"k", 200), (BLANK, b"k", 422), (OPTION, b"k", 200), (OPTION, b"", 401)]
)
async def test_idle_connection_keeps_neither_text_nor_model(app: FastAPI, body: bytes, key: bytes, status: int) -> None:
    """The last short text of each connection stayed until the next, and with it the model that had read it."""
    async with connected(app) as connection:
        assert await connection.ask(body, key) == status
        assert connection.protocol.cycle.body == b""
        lifecycle = context(app).lifecycle
        engine = weakref.ref(lifecycle.engine)
        await lifecycle.reload()
        await until(lambda: engine() is None)
