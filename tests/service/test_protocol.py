"""Raw bytes against a real server: what comes before a body is bounded, and nobody else notices."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest

from service.protocol import BODY_WITHIN_S, MOST_HEADER_BYTES, MOST_HEADERS, MOST_PIPELINED
from service.schemas import Problem
from tests.service.conftest import ServerProcess, start_server

START = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
Serve = Callable[..., ServerProcess]


@pytest.fixture(scope="module")
def server(artifact_directory: Path) -> Iterator[tuple[ServerProcess, httpx.URL]]:
    """A server that waits half a second for headers."""
    process = start_server(artifact_directory, request_timeout_s="0.5")
    server = ServerProcess(process)
    try:
        yield server, httpx.URL(server.wait_until_ready())
        assert server.terminate() == 0
        assert not [line for line in server.log if line["level"] in ("error", "critical")]
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def connect(server: tuple[ServerProcess, httpx.URL]) -> Iterator[Callable[[], socket.socket]]:
    """Open connections; at the end somebody else is answered as ever."""
    url = server[1]
    opened: list[socket.socket] = []

    def open_one() -> socket.socket:
        opened.append(socket.create_connection((url.host, url.port or 0), timeout=30))
        return opened[-1]

    yield open_one
    assert httpx.post(url.join("/v1/sentiment"), json={"text": "good"}).status_code == 200
    for connection in opened:
        connection.close()


def send(connection: socket.socket, data: bytes) -> None:
    """As much as the server takes."""
    with contextlib.suppress(OSError):
        connection.sendall(data)


def read_all(connection: socket.socket) -> bytes:
    """Everything up to the end of the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def status_and_end(connection: socket.socket) -> int:
    """The status of the only reply; 0 if the connection ends without one."""
    received = read_all(connection)
    return int(received.split()[1]) if received else 0


@pytest.mark.parametrize(
    "head",
    [
        START + b"X: " + b"a" * MOST_HEADER_BYTES + b"\r\n\r\n",
        START + b"a" * MOST_HEADER_BYTES + b": x\r\n\r\n",
        b"GET /" + b"a" * MOST_HEADER_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        START + b"".join(b"X-%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
        START + b"X: a\r\n" * MOST_HEADERS + b"\r\n",
        START + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(90)) + b"\r\n",
    ],
    ids=["long value", "long name", "long path", "10,000 headers", "one header too many", "90 of 1 KB"],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_too_large_headers_are_431_and_the_end(
    connect: Callable[[], socket.socket], head: bytes, at_once: bool
) -> None:
    connection = connect()
    step = len(head) if at_once else 9000
    for begin in range(0, len(head), step):
        send(connection, head[begin : begin + step])
    assert status_and_end(connection) in (431, 0)  # 0: a reset by what was still on its way


def test_endless_header_ends(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    send(connection, START + b"X: ")
    try:
        for _ in range(10_000):
            connection.sendall(b"a" * 65_536)
    except (BrokenPipeError, ConnectionResetError):
        return
    raise AssertionError("600 MB of a header were taken")


def test_headers_within_the_limits_are_taken(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    filling = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 640) for number in range(MOST_HEADERS - 2))
    head = START + filling + b"Connection: close\r\n\r\n"
    for begin in range(0, len(head), 20_000):
        connection.sendall(head[begin : begin + 20_000])
    assert status_and_end(connection) == 200


def test_large_body_beside_the_next_request_is_not_counted(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    body = json.dumps({"text": " " * 100_000}).encode()  # blank, which takes no time
    connection.sendall(POST % len(body) + body + START + b"Connection: close\r\n\r\n")
    assert re.findall(rb"HTTP/1.1 (\d+)", read_all(connection)) == [b"422", b"200"]


@pytest.mark.parametrize("begun", [b"", b"\r\n", b"GET /health", START, START + b"X: "])
def test_slow_headers_are_ended(connect: Callable[[], socket.socket], begun: bytes) -> None:
    connection = connect()
    send(connection, begun)
    assert status_and_end(connection) == (408 if begun.strip() else 0)


def test_headers_that_come_byte_by_byte_are_ended(connect: Callable[[], socket.socket]) -> None:
    """Each byte used to begin the waiting anew."""
    connection = connect()
    connection.settimeout(0.02)
    started_at = time.monotonic()
    connection.sendall(START + b"\r\n" + START)
    received = b""
    while time.monotonic() - started_at < 30:
        try:
            connection.sendall(b"a")
            chunk = connection.recv(65_536)
        except TimeoutError:
            continue
        except OSError:
            break
        received += chunk
        if not chunk:
            break
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in received
    assert time.monotonic() - started_at < 30


def test_line_ends_between_requests_do_not_keep_a_connection(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(START + b"\r\n")
    received = b""
    while not received.endswith(b"}"):
        received += connection.recv(65_536)
    assert received.startswith(b"HTTP/1.1 200 ")
    connection.sendall(b"\r\n")
    assert status_and_end(connection) == 0


@pytest.mark.parametrize(
    "head",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        START + b"Content-Length: x\r\n\r\n",
        START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        START + b" folded: a\r\n\r\n",
        START + b"X\x00Y: a\r\n\r\n",
    ],
    ids=["TLS", "no HTTP", "odd length", "two lengths", "folded", "NUL"],
)
def test_what_is_not_http_is_told_as_a_problem(connect: Callable[[], socket.socket], head: bytes) -> None:
    """It used to be a bare 400: a client whose length was wrong could not tell it from an answer of some proxy."""
    connection = connect()
    send(connection, head)
    reply, body = read_all(connection).split(b"\r\n\r\n")
    problem = json.loads(body)
    Problem.model_validate(problem)
    assert (problem["status"], problem["code"]) == (400, "malformed_request")
    assert reply.startswith(b"HTTP/1.1 400 Bad Request\r\ndate: ")
    assert b"\r\ncontent-type: application/problem+json\r\n" in reply
    for header in (b"connection: close", b"cache-control: no-store", b"x-request-id: " + problem["instance"].encode()):
        assert header in reply.split(b"\r\n")


@pytest.mark.parametrize(
    ("rest", "statuses"),
    [
        (b"nonsense\r\n\r\n", [b"422", b"400"]),
        (START + b"X: " + b"a" * MOST_HEADER_BYTES + b"\r\n\r\n", [b"422", b"431"]),
        (START, [b"422", b"408"]),
    ],
    ids=["no HTTP", "long value", "half a request"],
)
def test_request_before_a_wrong_one_is_answered_first(
    connect: Callable[[], socket.socket], rest: bytes, statuses: list[bytes]
) -> None:
    """The refusal used to be sent at once, and stood where the answer to the request before it was awaited."""
    connection = connect()
    body = b'{"text": " "}'
    send(connection, POST % len(body) + body + rest)
    assert re.findall(rb"HTTP/1.1 (\d+)", read_all(connection)) == statuses


def test_too_short_length_is_answered_for_what_it_covers(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    body = b'{"text": "good"}'
    send(connection, POST % (len(body) - 1) + body + body)
    received = read_all(connection)
    assert received.count(b"HTTP/1.1 ") == 1
    assert b'"code":"invalid_json"' in received


CHUNKED = (
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
)
GOOD = b'{"text": "good"}'


@pytest.mark.parametrize("path", [b"/v1/sentiment", b"/health/live"], ids=["waits for its end", "is answered already"])
@pytest.mark.parametrize("trailers", [b"X-A: b\r\n" * 8192, b"a" * 65_536], ids=["lines", "a name"])
def test_endless_trailers_end(connect: Callable[[], socket.socket], path: bytes, trailers: bytes) -> None:
    """They were headers to uvicorn, and not bounded: one connection took 2 GB of memory in three seconds."""
    connection = connect()
    send(connection, CHUNKED % (path, len(GOOD), GOOD) + b"0\r\n")
    sent = 0
    with contextlib.suppress(OSError):
        while sent < 1 << 25:
            connection.sendall(trailers)
            sent += len(trailers)
    assert sent < 1 << 25
    statuses = re.findall(rb"HTTP/1.1 (\d+)", read_all(connection))
    assert statuses in ([b"431"], [b"405", b"431"], [])  # none if the kernel has thrown away what was not read


def test_trailers_are_no_headers(serve: Serve, artifact_directory: Path) -> None:
    """A key in the trailers opened the service: a proxy that takes keys out of headers would have let it through."""
    url = httpx.URL(serve(artifact_directory, api_key="k").wait_until_ready())
    for data, status in [
        (CHUNKED % (b"/v1/sentiment", len(GOOD), GOOD) + b"0\r\nx-api-key: k\r\n\r\n", 401),
        (
            CHUNKED.replace(b"Host", b"x-api-key: k\r\nHost") % (b"/v1/sentiment", len(GOOD), GOOD)
            + b"0\r\nX: y\r\n\r\n",
            200,
        ),
    ]:
        with socket.create_connection((url.host, url.port or 0), timeout=30) as connection:
            connection.sendall(data)
            assert read_reply(connection.makefile("rb"))[0] == status


UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: %s\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n"


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.3, x"])
@pytest.mark.parametrize("pause", [False, True], ids=["at once", "body later"])
def test_offer_of_another_protocol_is_ignored(
    connect: Callable[[], socket.socket], protocol: bytes, pause: bool
) -> None:
    """Java's HttpClient offers HTTP/2 so. The body was lost (400), or taken for a request if it came a moment later.

    A client behind a proxy that shares connections could so have its own answer given to somebody else.
    """
    connection = connect()
    reader = connection.makefile("rb")
    smuggled = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    for body, status in [(GOOD, 200), (smuggled, 400), (GOOD, 200)]:
        head = (POST % len(body)).replace(b"Host: x\r\n", b"Host: x\r\n" + UPGRADE % protocol)
        connection.sendall(head)
        if pause:
            time.sleep(0.05)
        connection.sendall(body)
        found, reply = read_reply(reader)
        assert found == status
        assert reply.get("code") in (None, "invalid_json")
    several = START + UPGRADE % protocol + b"\r\n"
    connection.sendall(
        3 * several + CHUNKED.replace(b"Host", UPGRADE % protocol + b"Host") % (b"/v1/sentiment", 16, GOOD)
    )
    connection.sendall(b"0\r\n\r\n" + several)
    assert [read_reply(reader)[0] for _ in range(5)] == [200] * 5


def test_connect_is_refused(connect: Callable[[], socket.socket]) -> None:
    """And the connection ended: what follows would be a tunnel to its client, and is a request here."""
    connection = connect()
    send(connection, b"CONNECT /health/live HTTP/1.1\r\nHost: x\r\n\r\n" + START + b"\r\n")
    assert status_and_end(connection) == 400


@pytest.mark.parametrize("pause_s", [0.01, 3 * BODY_WITHIN_S])
def test_body_may_follow_its_headers(connect: Callable[[], socket.socket], pause_s: float) -> None:
    connection = connect()
    body = b'{"text": "good"}'
    for part in (POST % len(body), body[:5], body[5:]):
        send(connection, part)
        time.sleep(pause_s)
    assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_body_that_does_not_come_is_told_so(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    send(connection, POST % 16 + b'{"text":')
    assert connection.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_client_who_asks_for_the_end_gets_it(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    body = b'{"text": "good"}'
    send(connection, (POST % len(body)).replace(b"Host: x", b"Host: x\r\nConnection: close") + body)
    received = read_all(connection)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.lower().count(b"\r\nconnection: close\r\n") == 1


def test_requests_in_one_read_are_answered_in_order(connect: Callable[[], socket.socket]) -> None:
    """Short texts are answered without the app, the others through it; the next must wait for either."""
    connection = connect()
    bodies = [b'{"text": "good"}', b'{"texts": ["good", "bad"]}', b'{"text": ""}', b'{"text": "bad"}', b"{"]
    send(connection, b"".join(POST % len(body) + body for body in bodies))
    received = b""
    while received.count(b"HTTP/1.1") < len(bodies) or not received.endswith(b"}"):
        received += connection.recv(65_536)
    assert re.findall(rb"HTTP/1.1 (\d+)", received) == [b"200", b"200", b"422", b"200", b"400"]


def test_only_so_many_requests_wait_on_a_connection(connect: Callable[[], socket.socket]) -> None:
    """One read used to hold 10,000 requests, each with headers and state of its own: megabytes a connection."""
    connection = connect()
    send(connection, (START + b"\r\n") * 10_000)
    received = read_all(connection)
    assert 1 <= received.count(b"HTTP/1.1 200 OK") == received.count(b"HTTP/1.1 ") <= 2 * MOST_PIPELINED


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux only")
def test_client_who_never_reads_is_ended(server: tuple[ServerProcess, httpx.URL]) -> None:
    """Its answers, and the request that waited to send one more, used to be kept for as long as it liked."""
    url = server[1]
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((url.host, url.port or 0))
        connection.settimeout(0.1)
        started_at = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started_at < 30:
                with contextlib.suppress(TimeoutError):  # the server takes no more
                    connection.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
                time.sleep(0.05)
        assert time.monotonic() - started_at < 30
    assert "sentiment_http_requests_in_progress 1.0\n" in httpx.get(url.join("/metrics")).text  # that of the metrics


def test_client_who_leaves_with_requests_waiting_stops_the_first(serve: Serve, artifact_directory: Path) -> None:
    """Only the last request of a connection was told that its client had left: the work of the first was done."""
    url = httpx.URL(serve(artifact_directory, max_batch_rows="1").wait_until_ready())
    body = json.dumps({"texts": ["a" * 2000] * 100}).encode()

    def counts(sample: str) -> bool:
        return f"{sample}\n" in httpx.get(url.join("/metrics")).text

    with socket.create_connection((url.host, url.port or 0)) as connection:
        connection.sendall(POST % len(body) + body + START + b"\r\n")
        while not counts("sentiment_queue_texts 100.0"):
            pass
    while not counts("sentiment_queue_texts 0.0"):
        pass
    assert counts('sentiment_texts_total{outcome="cancelled"} 100.0')
    assert counts('sentiment_texts_total{outcome="ok"} 0.0')


def test_silent_connections_keep_nobody_from_being_answered(
    connect: Callable[[], socket.socket], server: tuple[ServerProcess, httpx.URL]
) -> None:
    for _ in range(200):
        connect().sendall(START)
    assert httpx.get(server[1].join("/health/ready")).status_code == 200


def read_reply(reader: BinaryIO) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the next reply on a connection."""
    status = int(reader.readline().split()[1])
    size = 0
    while (line := reader.readline().lower()) not in (b"\r\n", b""):
        if line.startswith(b"content-length:"):
            size = int(line.split()[1])
    return status, json.loads(reader.read(size))


def test_connection_that_is_refused_for_want_of_room_is_kept(artifact_directory: Path, serve: Serve) -> None:
    """The refusal comes with the headers, before there is a request for uvicorn; what follows must not find none."""
    limit = 12_000
    sizes = {"max_body_bytes": str(limit), "queue_limit_bytes": str(limit), "max_text_chars": "1000"}
    url = httpx.URL(serve(artifact_directory, **sizes).wait_until_ready())
    body = json.dumps({"text": "good"}).encode()
    with (
        socket.create_connection((url.host, url.port or 0), timeout=30) as first,
        socket.create_connection((url.host, url.port or 0), timeout=30) as second,
    ):
        first.sendall(POST % limit + b" " * (limit - len(body)))
        while httpx.post(url.join("/v1/sentiment"), json={"text": "good"}).status_code != 429:
            pass
        reader = second.makefile("rb")
        second.sendall((POST % len(body) + body) * 2 + POST % len(body) + body[:5])
        assert [read_reply(reader)[0] for _ in range(3)] == [429] * 3
        first.sendall(body)
        assert read_reply(first.makefile("rb"))[0] == 200
        second.sendall(body[5:] + POST % len(body) + body)
        status, reply = read_reply(reader)
        assert (status, reply["label"] in reply["scores"]) == (200, True)
