"""Clients that mean harm, in a process of their own: `python -m tests.chaos.attackers KIND URL`.

It prints a line when the attack has begun, goes on until its input ends, waits for the server to close what must be
closed, and prints one JSON object: by what the server did, how often, and the longest that it took.
"""

import asyncio
import json
import os
import resource
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

IDLE = 5000
OPEN_FILES = IDLE + 500
GRACE_S = 15.0
"""More than any timeout that is set in the tests."""
AT_ONCE = 100
"""Connections of a slow kind."""
PAUSE_S = 0.02
"""Between two attacks of a quick kind: 50 a second."""
PIPELINED = 5
HEAD = b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = b'{"text": "I loved every minute of it"}'
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = json.dumps({"texts": ["One more sentence that nobody will read, for its reader has left. " * 8] * 800}).encode()
"""Some 90,000 tokens."""
PAGE = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
"""Its answer has 37 KB."""

LIES: dict[str, tuple[bytes, str]] = {
    "length too large": (HEAD + b"Content-Length: 1000\r\n\r\n" + BODY, "408"),
    "length too small": (HEAD + b"Content-Length: 5\r\n\r\n" + BODY, "400"),
    "length below 0": (HEAD + b"Content-Length: -5\r\n\r\n" + BODY, "400"),
    "two lengths": (HEAD + b"Content-Length: 38\r\nContent-Length: 5\r\n\r\n" + BODY, "400"),
    "length and chunks": (HEAD + b"Content-Length: 38\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY, "400"),
    "chunk larger than told": (CHUNKED + b"5\r\n" + BODY + b"\r\n0\r\n\r\n", "400"),
    "chunk smaller than told": (CHUNKED + b"fff\r\n" + BODY + b"\r\n0\r\n\r\n", "408"),
    "no last chunk": (CHUNKED + b"26\r\n" + BODY + b"\r\n", "408"),
    "size that is no number": (CHUNKED + b"xyz\r\n" + BODY, "400"),
    "size below 0": (CHUNKED + b"-26\r\n" + BODY, "400"),
    "size over 64 bits": (CHUNKED + b"fffffffffffffffff\r\n" + BODY, "400"),
    "no size": (CHUNKED + b"\r\n" + BODY, "400"),
    "chunked twice": (HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n" + BODY, "400"),
}
"""What is sent, and the status that must come back."""


class Attack:
    """What all kinds share: where to, until when, and what came of it."""

    def __init__(self, url: str) -> None:
        self.host, self.port = str(urlsplit(url).hostname), urlsplit(url).port or 80
        self.ended = asyncio.Event()
        self.seen: Counter[str] = Counter()
        self.longest_s = 0.0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self.host, self.port)

    def note(self, what: str, begun_at: float) -> None:
        """Count what the server did, and how long it took."""
        self.seen[what] += 1
        self.longest_s = max(self.longest_s, time.monotonic() - begun_at)

    async def pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended.wait(), seconds)

    async def until_closed(self, reader: asyncio.StreamReader) -> str:
        """Wait for the server to close: with which statuses it did, or `closed` if without a word."""
        received = b""
        try:
            async with asyncio.timeout(GRACE_S):
                received = await reader.read(-1)
        except TimeoutError:
            return "never closed"
        except ConnectionError:
            pass
        return " ".join(part[:3].decode() for part in received.split(b"HTTP/1.1 ")[1:]) or "closed"


async def leave_in_the_body(attack: Attack) -> None:
    while not attack.ended.is_set():
        _, writer = await attack.connect()
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(LONG) + LONG[: len(LONG) // 2])
        await attack.pause(PAUSE_S)
        writer.transport.abort()
        attack.seen["left"] += 1


async def leave_before_the_answer(attack: Attack) -> None:
    """Of ten texts."""
    await leave(attack, json.dumps({"texts": ["Nobody will read what you say of this."] * 10}).encode())


async def leave_much_work(attack: Attack) -> None:
    """Some seconds of it."""
    await leave(attack, LONG)


async def leave(attack: Attack, body: bytes) -> None:
    """Send whole requests, and be gone after PAUSE_S."""
    while not attack.ended.is_set():
        _, writer = await attack.connect()
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await attack.pause(PAUSE_S)
        writer.transport.abort()
        attack.seen["left"] += 1
        await attack.pause(0.1)


async def stall(attack: Attack) -> None:
    """Half of a line, of the headers, of the body; then nothing."""
    parts = (b"", b"POST /v1", HEAD, HEAD + b"Content-Length: 100\r\n\r\n", WHOLE[:-5], CHUNKED + b"26\r\n" + BODY[:9])
    await together(attack, lambda number: stall_once(attack, parts[number % len(parts)]))


async def stall_once(attack: Attack, part: bytes) -> None:
    reader, writer = await attack.connect()
    begun_at = time.monotonic()
    writer.write(part)
    attack.note(await attack.until_closed(reader), begun_at)
    writer.close()


async def drip(attack: Attack) -> None:
    await together(attack, lambda number: drip_once(attack, WHOLE if number % 2 else WHOLE[len(HEAD) :]))


async def drip_once(attack: Attack, rest: bytes) -> None:
    """Half of them begin with the headers, half with the body."""
    reader, writer = await attack.connect()
    begun_at = time.monotonic()
    if not rest.startswith(HEAD):
        writer.write(HEAD)
    closing = asyncio.ensure_future(attack.until_closed(reader))
    for number in range(len(rest)):
        if closing.done():
            break
        writer.write(rest[number : number + 1])
        await asyncio.wait([closing], timeout=1.0)
    attack.note(await closing, begun_at)
    writer.transport.abort()


async def read_nothing(attack: Attack) -> None:
    """Ask for pages, one after the other, and never read a byte."""
    loop = asyncio.get_running_loop()

    async def once(_: int) -> None:
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await loop.sock_connect(connection, (attack.host, attack.port))
        begun_at = time.monotonic()
        result = "never closed"
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                try:
                    while True:
                        await loop.sock_sendall(connection, PAGE)
                        await asyncio.sleep(0.05)
                except ConnectionError:
                    result = "closed"
        attack.note(result, begun_at)
        connection.close()

    await together(attack, once, at_once=4)


async def pipeline(attack: Attack) -> None:
    """PIPELINED requests in one write; all are answered, in order."""
    ids_sent = [b"n%d" % number for number in range(PIPELINED)]
    requests = [b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: %s\r\n\r\n" % each for each in ids_sent[:-1]]
    last = WHOLE.replace(b"\r\n", b"\r\nX-Request-Id: " + ids_sent[-1] + b"\r\nConnection: close\r\n", 1)
    while not attack.ended.is_set():
        reader, writer = await attack.connect()
        writer.write(b"".join(requests) + last)
        received = await reader.read(-1)
        ids = [part.split(b"\r\n")[0] for part in received.split(b"x-request-id: ")[1:]]
        attack.seen["in order" if ids == ids_sent else "out of order"] += 1
        writer.close()
        await attack.pause(0.1)


async def lie(attack: Attack) -> None:
    """Each lie of LIES in turn."""

    async def once(number: int) -> None:
        name = list(LIES)[number % len(LIES)]
        request, expected = LIES[name]
        reader, writer = await attack.connect()
        begun_at = time.monotonic()
        writer.write(request)
        status = await attack.until_closed(reader)
        attack.note("as expected" if status == expected else f"{name}: {status}", begun_at)
        writer.close()
        await attack.pause(0.1)

    await together(attack, once, at_once=len(LIES))


async def reuse(attack: Attack) -> None:
    """One socket for good requests and bad ones by turns: each gets the answer to itself."""
    turns = [
        (WHOLE, b"200"),
        (WHOLE.replace(b"/v1/sentiment", b"/nothing"), b"404"),
        (WHOLE.replace(b"application/json", b"text/plain"), b"415"),
        (WHOLE.replace(b'"text"', b'"test"'), b"422"),
        (HEAD + b"Content-Length: 3\r\n\r\n{x}", b"400"),
        (CHUNKED + b"26\r\n" + BODY + b"\r\n0\r\n\r\n", b"200"),
    ]
    reader, writer = await attack.connect()
    number = 0
    while not attack.ended.is_set():
        number += 1
        request, expected = turns[number % len(turns)]
        mark = b"n%d" % number
        writer.write(request.replace(b"\r\n", b"\r\nX-Request-Id: " + mark + b"\r\n", 1))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        is_right = head.startswith(b"HTTP/1.1 " + expected) and b"x-request-id: " + mark + b"\r\n" in head
        attack.seen["right" if is_right else "wrong"] += 1
        await attack.pause(PAUSE_S)
    writer.close()


async def idle(attack: Attack) -> None:
    """IDLE connections that have asked once, and are kept."""
    writers: list[asyncio.StreamWriter] = []

    async def open_some(count: int) -> None:
        for _ in range(count):
            reader, writer = await attack.connect()
            writer.write(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b'{"status":"live"}')
            writers.append(writer)

    await asyncio.gather(*(open_some(IDLE // AT_ONCE) for _ in range(AT_ONCE)))
    attack.seen["open"] = len(writers)
    begun()
    await attack.ended.wait()
    for writer in writers:
        writer.transport.abort()


KINDS: dict[str, Callable[[Attack], Awaitable[None]]] = {
    kind.__name__: kind
    for kind in (
        leave_in_the_body,
        leave_before_the_answer,
        leave_much_work,
        stall,
        drip,
        read_nothing,
        pipeline,
        lie,
        reuse,
        idle,
    )
}


async def together(attack: Attack, once: Callable[[int], Awaitable[None]], at_once: int = AT_ONCE) -> None:
    """So many at a time, each anew when it is done."""

    async def again(number: int) -> None:
        await attack.pause(number / at_once)  # not all in one moment
        while not attack.ended.is_set():
            await once(number)

    await asyncio.gather(*map(again, range(at_once)))


def begun() -> None:
    """Tell whoever started us."""
    print("begun", flush=True)


async def main(kind: str, url: str) -> None:
    """Attack until the input ends."""
    attack = Attack(url)
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: attack.ended.set())
    if kind != idle.__name__:
        begun()
    await KINDS[kind](attack)
    print(json.dumps({"seen": attack.seen, "longest_s": attack.longest_s}))


if __name__ == "__main__":
    os.nice(19)  # their own CPU time is not what is measured
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(*sys.argv[1:]))
