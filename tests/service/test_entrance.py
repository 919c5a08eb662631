"""The entrance against the app that it stands before: who is refused there cannot tell, and health need not wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import Message, Receive, Scope, Send

from service.admission import Admission
from service.entrance import MOST_A_TURN, Entrance
from service.lifecycle import Lifecycle
from service.metrics import Metrics
from service.settings import Settings
from tests.service.conftest import context, running
from tests.service.fakes import FakePredictor

PATH = "/v1/sentiment"


@asynccontextmanager
async def full(settings: Settings) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient, FastAPI]]:
    """A client of the entrance, one of the app, and the app, which has no room."""
    async with running(settings, FakePredictor()) as (inside, app):
        held = context(app)
        entrance = Entrance(app, held.admission, held.lifecycle, held.metrics)
        transport = httpx.ASGITransport(app=entrance)
        with held.admission.ticket() as ticket:
            ticket.take("texts", settings.queue_limit)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as outside:
                yield outside, inside, app


async def test_refusal_is_that_of_the_app() -> None:
    """Saying no took the service a third of the time of an answer, and in an overload nearly all of its time."""
    async with full(Settings()) as (outside, inside, app):
        replies = [
            await client.post(PATH, json={"text": "good"}, headers={"x-request-id": "r"})
            for client in (outside, inside)
        ]
        early, late = replies
        assert early.status_code == late.status_code == 429
        assert {**early.headers, "content-length": ""} == {**late.headers, "content-length": ""}
        ours, theirs = early.json(), late.json()
        assert theirs.pop("value") == 1  # which nobody has counted yet
        assert {**ours, "detail": ""} == {**theirs, "detail": ""}
        registry = context(app).metrics.registry
        labels = {"route": PATH, "method": "POST", "code": "429"}
        assert registry.get_sample_value("sentiment_http_requests_total", labels) == 2
        assert registry.get_sample_value("sentiment_rejected_total", {"reason": "texts"}) == 2


async def test_only_who_would_be_refused_is() -> None:
    async with full(Settings()) as (outside, _, app):
        assert (await outside.get("/health/ready")).status_code == 200
        assert (await outside.get(PATH)).status_code == 405
        context(app).lifecycle.drain()
        assert (await outside.post(PATH, json={"text": "good"})).json()["code"] == "draining"


async def test_page_is_told_in_a_way_that_it_may_read() -> None:
    async with full(Settings(cors_origins=("https://shop.example",))) as (outside, _, _):
        reply = await outside.post(PATH, json={"text": "good"}, headers={"origin": "https://shop.example"})
        assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (429, "https://shop.example")


async def test_health_does_not_wait_for_all_who_came_before() -> None:
    """All that came in a turn of the event loop was begun in it: a health check behind 2,000 requests took a second."""
    seen: list[str] = []
    statuses: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])

    async def receive() -> Message:
        raise AssertionError("nobody reads")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    metrics = Metrics(CollectorRegistry())
    lifecycle = Lifecycle(FakePredictor, Settings(), metrics)
    lifecycle.phase = "ready"
    room = 3 * MOST_A_TURN
    entrance = Entrance(app, Admission({"texts": room, "tokens": 1000, "bytes": 1000}), lifecycle, metrics)
    paths = [PATH] * (MOST_A_TURN + room + 5) + ["/health/live"]
    scopes: list[Scope] = [
        {"type": "http", "method": "POST" if path == PATH else "GET", "path": path, "headers": []} for path in paths
    ]
    await asyncio.gather(*(entrance(scope, receive, send) for scope in scopes))
    assert seen.index("/health/live") == MOST_A_TURN
    assert len(seen) == MOST_A_TURN + room + 1
    assert statuses == [429] * 5  # who waits for a turn takes room too
