"""The relay as a process, between a client and a server of this test."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.deploy.files import DEPLOY


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def target() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


@pytest.fixture
def relay(target: socket.socket) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process, and the port that it passes on."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-I", str(DEPLOY / "relay.py"), str(port), f"127.0.0.1:{target.getsockname()[1]}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline().startswith("passing")
        yield process, port
    process.kill()
    process.wait()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_both_ways_and_their_ends_are_passed_on(
    relay: tuple[subprocess.Popen[str], int], target: socket.socket
) -> None:
    with connect(relay[1]) as client, target.accept()[0] as server:
        client.sendall(b"a" * 100_000)
        client.shutdown(socket.SHUT_WR)
        assert read_all(server) == b"a" * 100_000
        server.sendall(b"b" * 100_000)
        server.shutdown(socket.SHUT_WR)
        assert read_all(client) == b"b" * 100_000


def test_end_of_the_service_is_the_end(relay: tuple[subprocess.Popen[str], int], target: socket.socket) -> None:
    with connect(relay[1]) as client:
        target.accept()[0].close()
        assert read_all(client) == b""
        with contextlib.suppress(OSError):
            for _ in range(100):
                client.sendall(b"a" * 65_536)
            raise AssertionError("the relay still reads")


def test_service_that_is_away_is_told_by_a_closed_connection(
    relay: tuple[subprocess.Popen[str], int], target: socket.socket
) -> None:
    target.close()
    with connect(relay[1]) as client, contextlib.suppress(ConnectionResetError):
        assert client.recv(1) == b""


def test_leaves_when_the_last_connection_has_ended(
    relay: tuple[subprocess.Popen[str], int], target: socket.socket
) -> None:
    process, port = relay
    with connect(port) as client:
        with target.accept()[0] as server:
            process.send_signal(signal.SIGTERM)
            while True:
                try:
                    connect(port).close()
                except ConnectionError:  # refused, or reset while the port closes
                    break
            target.setblocking(False)
            with contextlib.suppress(BlockingIOError):  # those that came before the signal
                while True:
                    target.accept()[0].close()
            server.sendall(b"last words")
        assert read_all(client) == b"last words"
    assert process.wait(timeout=30) == 0
