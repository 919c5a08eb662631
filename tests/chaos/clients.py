"""Clients that tell what became of every request: HTTP/1.1 by hand, 0.1 ms a request, in processes of their own."""

import asyncio
import json
import multiprocessing
import random
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from model import SHIPPED
from model.artifact import TOKENIZER
from model.tokenizer import SubwordTokenizer
from tests.bench.texts import SHORT, make_reviews

TEXTS = SHORT * 3 + make_reviews(13)
"""Three tweets to a review."""
KEY = "chaos"
"""Sent with every request; a service without keys does not look at it."""
LIMIT_S = 60.0
"""For one answer: twice the service's own deadline."""


def make_texts(lengths: Iterable[int]) -> list[str]:
    """A text of each of these lengths in tokens, of random words of tweets and reviews; the same at every call."""
    tokenizer, generator = SubwordTokenizer.load(SHIPPED / TOKENIZER), random.Random(0)
    words = " ".join([*SHORT, *make_reviews()]).split(" ")
    texts = []
    for tokens in lengths:
        text = " ".join(generator.choices(words, k=tokens))  # a word has a token or more
        texts.append(text[: tokenizer.locate([text])[0][tokens - 1][1]])
    return texts


@dataclass(slots=True)
class Exchange:
    """One request whose bytes were given to a connection, and what came of it."""

    text: str
    is_first: bool
    """Whether no other request went over its connection before."""
    due_at: float
    """When it was to be sent, which a client that is busy or waits for its connection does later."""
    latency_s: float = 0.0
    """From then until its answer was read whole."""
    status: int = 0
    """0 if the connection ended without a whole answer."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Count:
    """What clients saw."""

    exchanges: list[Exchange] = field(default_factory=list)
    unconnected: int = 0
    """Connections that were refused, so that nothing was sent."""

    def __add__(self, other: "Count") -> "Count":
        return Count(self.exchanges + other.exchanges, self.unconnected + other.unconnected)

    def of(self, *statuses: int) -> list[Exchange]:
        """Those that ended with one of these statuses."""
        return [exchange for exchange in self.exchanges if exchange.status in statuses]


class Client:
    """Reuses its connections until an answer says that it is the last one."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.count = Count()

    async def post(
        self, text: str, due_at: float | None = None, /, path: str = "/v1/sentiment", **members: str
    ) -> Exchange | None:
        """Ask about a text; None if no connection was to be had.

        due_at: when it was to be sent, by the monotonic clock, if not now. members: of the body, beside the text.
        """
        body = json.dumps({"text": text, **members}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: test\r\nX-Api-Key: {KEY}\r\nContent-Type: application/json\r\n"
        request = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
        return await self._ask(request, text, time.monotonic() if due_at is None else due_at)

    async def get(self, path: str) -> Exchange | None:
        """Ask for a path; None if no connection was to be had."""
        return await self._ask(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode(), "", time.monotonic())

    def close(self) -> Count:
        """Close what is idle; returns what was seen."""
        for _, writer in self._idle:
            writer.close()
        return self.count

    async def _ask(self, request: bytes, text: str, due_at: float) -> Exchange | None:
        is_first = not self._idle
        try:
            place = self._place.hostname, self._place.port
            reader, writer = await asyncio.open_connection(*place) if is_first else self._idle.pop()
        except OSError:
            self.count.unconnected += 1
            return None
        writer.write(request)  # so small that the kernel takes all of it at once
        exchange = Exchange(text, is_first, due_at)
        self.count.exchanges.append(exchange)
        with suppress(OSError, asyncio.IncompleteReadError):
            async with asyncio.timeout(LIMIT_S):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                body = await reader.readexactly(int(headers["content-length"]))
                exchange.status, exchange.headers, exchange.body = int(head[0].split()[1]), headers, body
        exchange.latency_s = time.monotonic() - due_at
        if exchange.status and exchange.headers.get("connection") != "close":
            self._idle.append((reader, writer))
        else:
            writer.close()
        return exchange


async def ask_by_the_clock(url: str, per_second: float, seconds: float, texts: Sequence[str] = TEXTS) -> Count:
    """An open loop: random texts at random times, whether earlier ones are answered or not.

    A client that lags behind its clock does not hide it: latencies are from when a request was due.
    """
    client, generator = Client(url), random.Random(0)
    due_at = time.monotonic()
    ends_at = due_at + seconds
    async with asyncio.TaskGroup() as group:
        while (due_at := due_at + generator.expovariate(per_second)) < ends_at:
            await asyncio.sleep(due_at - time.monotonic())
            group.create_task(client.post(generator.choice(texts), due_at))
    return client.close()


async def ask_in_turn(url: str, clients: int, seconds: float, **members: str) -> Count:
    """A closed loop: each client asks again when it was answered, or a moment after it was not.

    members: path, and what a body holds beside its text.
    """
    ends_at = time.monotonic() + seconds

    async def run(seed: int) -> Count:
        client, generator = Client(url), random.Random(seed)
        while time.monotonic() < ends_at:
            exchange = await client.post(generator.choice(TEXTS), **members)
            if exchange is None or exchange.status not in (200, 201):
                await asyncio.sleep(0.05)
        return client.close()

    return sum(await asyncio.gather(*map(run, range(clients))), Count())


async def ask_for(url: str, path: str, every_s: float, seconds: float) -> Count:
    """One path over one connection, every so often."""
    client, ends_at = Client(url), time.monotonic() + seconds
    while time.monotonic() < ends_at:
        await client.get(path)
        await asyncio.sleep(every_s)
    return client.close()


@contextmanager
def processes(count: int) -> Iterator[Callable[..., "Future[Count]"]]:
    """Run clients in a process each, as in `start(ask_for, url, "/health/live", 0.1, 60)`.

    Clients that share an event loop would measure each other.
    """
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.2] * count))  # all are there before anything is measured
        yield lambda client, *arguments, **members: pool.submit(_run, client, arguments, members)


def _run(client: Callable[..., Coroutine[None, None, Count]], arguments: Any, members: Any) -> Count:
    return asyncio.run(client(*arguments, **members))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 of none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
