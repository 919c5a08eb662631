import asyncio
import errno
import socket
from typing import Any

import pytest
import uvloop

from service.listener import Listener
from tests.service.conftest import until

MANY = 50


class Protocol(asyncio.Protocol):
    """Keeps the connections that were made."""

    def __init__(self, made: list[asyncio.BaseTransport]) -> None:
        self.made = made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.made.append(transport)


def listening_socket(kind: type[socket.socket] = socket.socket) -> socket.socket:
    listening = kind(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    return listening


def connect(listening: socket.socket) -> socket.socket:
    return socket.create_connection(listening.getsockname())


def close(*ends: Any) -> None:
    for end in ends:
        end.close()


def run(test: Any) -> None:
    """In uvloop, as the service does."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test)


def test_all_who_wait_are_accepted_in_one_turn() -> None:
    """uvloop's own server accepts one a turn: behind turns of 0.3 s new clients waited for 8 s, others for 2."""

    async def test() -> None:
        made: list[asyncio.BaseTransport] = []
        listening = listening_socket()
        listener = Listener(listening, lambda: Protocol(made), 100)
        clients = [connect(listening) for _ in range(MANY)]
        for _ in range(5):  # to see it, to accept, and to set up; one a turn would be five
            await asyncio.sleep(0)
        assert len(made) == MANY
        listener.close()
        close(*clients, *made)

    run(test())


def test_close_takes_those_who_are_connected_already() -> None:
    """They had sent their requests, and the kernel reset them when the listening socket was closed."""

    async def test() -> None:
        made: list[asyncio.BaseTransport] = []
        listening = listening_socket()
        place = listening.getsockname()
        listener = Listener(listening, lambda: Protocol(made), 100)
        clients = [connect(listening) for _ in range(MANY)]
        listener.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place)
        await until(lambda: len(made) == MANY)
        close(*clients, *made)

    run(test())


def test_who_finds_no_descriptor_is_accepted_later(caplog: pytest.LogCaptureFixture) -> None:
    class Short(socket.socket):
        failures = 2

        def accept(self) -> Any:
            if Short.failures:
                Short.failures -= 1
                raise OSError(errno.EMFILE, "Too many open files")
            return super().accept()

    async def test() -> None:
        made: list[asyncio.BaseTransport] = []
        listening = listening_socket(Short)
        listener = Listener(listening, lambda: Protocol(made), 100)
        client = connect(listening)
        await until(lambda: bool(made))
        listener.close()
        close(client, *made)

    run(test())
    assert [record.getMessage() for record in caplog.records] == [
        "no connection can be accepted: Too many open files"
    ] * 2
