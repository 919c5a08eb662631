"""Servers on real sockets, for clients that are the real libraries."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from service.admission import Unit
from service.app import create_app
from service.predictor import Predictor
from service.settings import Settings
from tests.service.conftest import context
from tests.service.fakes import FakePredictor

KEY = "our-key"


@contextmanager
def listening(settings: Settings, predictor: Predictor | None = None) -> Iterator[tuple[str, FastAPI]]:
    """The URL of an app that answers in a thread of its own, and the app."""
    app = create_app(settings, predictor)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            while httpx.get(f"{url}/health/ready").status_code != 200:
                pass
            yield url, app
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def full_until_refused() -> Iterator[tuple[str, FastAPI]]:
    """A server whose only place is taken until a request was refused for it."""
    predictor = FakePredictor()
    with listening(Settings(queue_limit=1, max_texts_per_request=1), predictor) as (url, app):
        admission = context(app).admission
        count = admission._on_refusal

        def count_and_make_room(unit: Unit) -> None:
            count(unit)
            predictor.is_free.set()

        admission._on_refusal = count_and_make_room
        predictor.is_free.clear()
        first = threading.Thread(target=httpx.post, args=[f"{url}/v1/sentiment"], kwargs={"json": {"text": "a"}})
        first.start()
        assert predictor.is_called.wait(60)
        yield url, app
        first.join()


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Where the shipped model is served, to those who send KEY."""
    with listening(Settings(threads=1, api_key=KEY)) as (url, _):
        yield url
