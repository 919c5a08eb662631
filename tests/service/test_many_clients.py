"""Up to ten thousand requests at once through the real server: each is answered once, with its own answer."""

import asyncio
import json
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from model.windows import merge_windows, split_windows
from service.torch_predictor import TorchScriptPredictor
from tests.service.conftest import ServerProcess

OPEN_FILES = 11_000
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CONNECTING = 500
"""Connections made at a time, so that the kernel's queue of new ones does not overflow."""


def text_of(number: int) -> str:
    return f"{number} " + "very " * (number % 7) + ("好" if number % 2 else "good") * (number % 13 + 1)


def request_of(number: int) -> bytes:
    body = json.dumps({"text": text_of(number), "return_logits": True}).encode()
    head = (
        f"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"X-Request-Id: n{number}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def leaves(number: int) -> bool:
    return number % 10 == 3


async def connect(url: httpx.URL, connecting: asyncio.Semaphore) -> Connection:
    async with connecting:
        return await asyncio.open_connection(url.host, url.port)


async def ask(number: int, connection: Connection) -> bytes:
    """Everything that the server sends for one request; nothing if this client is one that leaves half-way."""
    reader, writer = connection
    request = request_of(number)
    writer.write(request[: -20 if leaves(number) and number % 20 == 3 else None])
    await writer.drain()
    reply = b"" if leaves(number) else await reader.read(-1)
    writer.close()
    return reply


@pytest.fixture
def open_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        pytest.skip(f"needs {OPEN_FILES} open files, the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, OPEN_FILES), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("open_files")
@pytest.mark.parametrize("requests", [300, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_requests_at_once_are_answered_once_and_right(
    serve: Callable[..., ServerProcess], artifact_directory: Path, requests: int
) -> None:
    server = serve(artifact_directory, request_timeout_s="300", queue_limit="16384", queue_limit_tokens="1048576")
    predictor = TorchScriptPredictor.load(artifact_directory, 1)
    url = httpx.URL(await asyncio.to_thread(server.wait_until_ready))
    connecting = asyncio.Semaphore(CONNECTING)
    connections = await asyncio.gather(*(connect(url, connecting) for _ in range(requests)))
    replies = await asyncio.gather(*(ask(number, connection) for number, connection in enumerate(connections)))
    rows = predictor.encode([text_of(number) for number in range(requests)])
    seen: set[tuple[float, ...]] = set()
    for number, (reply, row) in enumerate(zip(replies, rows, strict=True)):
        if leaves(number):
            continue
        head, _, body = reply.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert f"x-request-id: n{number}\r\n".encode() in head + b"\r\n"
        answer = json.loads(body)  # two answers on one connection would not be one JSON document
        windows = split_windows(row, predictor.info.max_tokens)
        expected = merge_windows([predictor.predict([window])[0] for window in windows], list(map(len, windows)))
        assert list(answer["logits"].values()) == pytest.approx(expected, abs=1e-5)
        assert answer["tokens"] == len(row)
        seen.add(tuple(answer["logits"].values()))
    assert len(seen) > requests / 2  # or equal answers would prove nothing
    metrics = (await asyncio.to_thread(httpx.get, url.join("/metrics"))).text
    answered = 'sentiment_http_requests_total{code="200",method="POST",route="/v1/sentiment"}'
    assert float(metrics.split(answered)[1].split()[0]) >= requests * 0.9  # some left after their answer
    assert "sentiment_queue_texts 0.0" in metrics
    assert await asyncio.to_thread(server.terminate) == 0
