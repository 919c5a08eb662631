"""Apps in this process, and servers in processes of their own."""

import asyncio
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.answering import Context
from service.app import create_app
from service.files import bulk, inputs, predict
from service.predictor import Predictor
from service.settings import Settings
from tests.service.fakes import FakePredictor

ROOT = Path(__file__).parents[2]
JSON = {"content-type": "application/json"}


@asynccontextmanager
async def running(settings: Settings, predictor: Predictor | None) -> AsyncIterator[tuple[httpx.AsyncClient, FastAPI]]:
    """The app with its lifespan on, its model loaded, and a client that talks to it."""
    app = create_app(settings, predictor)
    async with answering(app) as client:
        yield client, app


@asynccontextmanager
async def answering(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to an app with its lifespan on and its model loaded."""
    async with app.router.lifespan_context(app):
        await context(app).lifecycle.settled()
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


def context(app: FastAPI) -> Context:
    found: Context = app.state.context
    return found


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop run until a condition holds that only the loop itself can bring about."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  # gives way, does not wait
            await asyncio.sleep(0)


class ServerProcess:
    """`python -m service` in a process, read by its log."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[dict[str, Any]] = []
        """Every line read so far."""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # Read all the time: a process whose pipe is full stands still.
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for_log(self, message: str) -> dict[str, Any]:
        """Read the log up to a line with this message, and return its members."""
        while (line := self._lines.get(timeout=60)) is not None:
            self.log.append(json.loads(line))
            if self.log[-1]["message"].startswith(message):
                return self.log[-1]
        raise AssertionError(f"the log ended without {message!r}: {self.log}")

    def wait_until_ready(self) -> str:
        """Wait for the model; returns the URL."""
        port = self.wait_for_log("listening")["port"]
        self.wait_for_log("model loaded")
        return f"http://127.0.0.1:{port}"

    def terminate(self) -> int:
        """Send SIGTERM, read the rest of the log, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_for_exit()

    def wait_for_exit(self) -> int:
        """Read the rest of the log and return the exit code."""
        while (line := self._lines.get(timeout=60)) is not None:
            self.log.append(json.loads(line))
        return self.process.wait(timeout=60)

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)


@contextmanager
def servers() -> Iterator[Callable[..., ServerProcess]]:
    """Start servers, as in `start(model, queue_limit="7")`; any that still run at the end are killed."""
    started: list[subprocess.Popen[str]] = []

    def start(model: Path, under: Sequence[str] = (), **settings: str) -> ServerProcess:
        started.append(start_server(model, under, **settings))
        return ServerProcess(started[-1])

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakePredictor:
    """The model of the `predict` commands that run in this process."""
    predictor = FakePredictor()
    monkeypatch.setattr(predict, "load_predictor", lambda settings, limits: predictor)
    return predictor


@pytest.fixture
def _small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rows that are predicted together, and of those that tell the columns."""
    monkeypatch.setattr(bulk, "WINDOW_ROWS", 3)
    monkeypatch.setattr(inputs, "_SAMPLE_ROWS", 3)


@pytest.fixture
def serve() -> Iterator[Callable[..., ServerProcess]]:
    """Start servers that end with the test."""
    with servers() as start:
        yield start


def start_server(model: Path, under: Sequence[str] = (), **settings: str) -> subprocess.Popen[str]:
    """Start a server, to be read by a ServerProcess; whoever starts it ends it.

    under: a command that becomes what its arguments say, such as `nice`.
    """
    chosen = {
        "model": str(model),
        "host": "127.0.0.1",
        "port": "0",
        "threads": "1",
        "drain_delay_s": "0",
    } | settings
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}
    environment |= {f"SENTIMENT_{name.upper()}": value for name, value in chosen.items()}
    return subprocess.Popen(
        [*under, sys.executable, "-W", "ignore::DeprecationWarning", "-m", "service"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
