"""The entrance against the app that it stands before: who is refused there cannot tell, and health need not wait."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from service.admission import Admission
from service.entrance import MOST_A_TURN, Entrance
from service.lifecycle import Lifecycle
from service.metrics import Metrics
from service.settings import Settings
from tests.service.conftest import context, running
from tests.service.fakes import FakePredictor

PATH = "/v1/sentiment"


@asynccontextmanager
async def full(settings: Settings) -> AsyncIterator[tuple[Entrance, httpx.AsyncClient, FastAPI]]:
    """The entrance of an app that has no room, a client of the app behind it, and the app."""
    async with running(settings, FakePredictor()) as (inside, app):
        held = context(app)
        with held.admission.ticket() as ticket:
            ticket.take("texts", settings.queue_limit)
            yield Entrance(held.admission, held.lifecycle, held.metrics), inside, app


async def test_refusal_is_that_of_the_app() -> None:
    """Saying no took the service a third of the time of an answer, and in an overload nearly all of its time."""
    async with full(Settings()) as (entrance, inside, app):
        early = entrance.refuse([(b"x-request-id", b"r")])
        late = await inside.post(PATH, json={"text": "good"}, headers={"x-request-id": "r"})
        assert early is not None
        headers = {name.decode(): value.decode() for name, value in early[0]}
        assert {**headers, "content-length": ""} == {**late.headers, "content-length": ""}
        ours, theirs = json.loads(early[1]), late.json()
        assert theirs.pop("value") == 1  # which nobody has counted yet
        assert {**ours, "detail": ""} == {**theirs, "detail": ""}
        registry = context(app).metrics.registry
        labels = {"route": PATH, "method": "POST", "code": "429"}
        assert registry.get_sample_value("sentiment_http_requests_total", labels) == 2
        assert registry.get_sample_value("sentiment_rejected_total", {"reason": "texts"}) == 2


async def test_only_who_would_be_refused_is() -> None:
    async with full(Settings()) as (entrance, _, app):
        assert entrance.refuse([]) is not None
        assert entrance.refuse([(b"origin", b"https://shop.example")]) is None  # may read what CORS lets it
        context(app).lifecycle.drain()
        assert entrance.refuse([]) is None


async def test_health_does_not_wait_for_all_who_came_before() -> None:
    """All that came in a turn of the event loop was begun in it: a health check behind 2,000 requests took a second."""
    metrics = Metrics(CollectorRegistry())
    lifecycle = Lifecycle(FakePredictor, Settings(), metrics)
    lifecycle.phase = "ready"
    room = 3 * MOST_A_TURN
    entrance = Entrance(Admission({"texts": room, "tokens": 1000, "bytes": 1000}), lifecycle, metrics)
    begun: list[int] = []
    come = 0
    while entrance.refuse([]) is None:
        entrance.let_in(partial(begun.append, come))
        come += 1
    assert come == room + MOST_A_TURN  # who waits to begin takes room, and the first had not to wait
    turns = []
    while len(begun) < come:
        turns.append(len(begun))
        await asyncio.sleep(0)  # a turn, in which health is asked for
    assert turns == [MOST_A_TURN, 2 * MOST_A_TURN, 3 * MOST_A_TURN]
    assert begun == list(range(come))
    assert entrance.refuse([]) is None  # they have begun, and hold nothing


async def test_request_that_cannot_begin_holds_up_nobody() -> None:
    metrics = Metrics(CollectorRegistry())
    lifecycle = Lifecycle(FakePredictor, Settings(), metrics)
    entrance = Entrance(Admission({"texts": 100, "tokens": 1000, "bytes": 1000}), lifecycle, metrics)
    begun: list[int] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, about: None)
    for number in range(MOST_A_TURN):
        entrance.let_in(partial(begun.append, number))
    entrance.let_in(partial(begun.remove, -1))  # raises
    entrance.let_in(partial(begun.append, MOST_A_TURN))
    for _ in range(3):
        await asyncio.sleep(0)
    assert begun == list(range(MOST_A_TURN + 1))
