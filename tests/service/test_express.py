"""The express against the way through the app: whoever asks, or reads the metrics, cannot tell them apart."""

import asyncio
import gc
import random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service import observer
from service.engine import Engine
from service.errors import QueueFull
from service.express import PATH, Exchange, Express
from service.settings import Settings
from tests.service.conftest import JSON, context, running, until
from tests.service.fakes import FakePredictor

GOOD = b'{"text": "good"}'
TAKEN: dict[str, tuple[bytes, dict[str, str]]] = {
    "good": (GOOD, {}),
    "chinese": ('{"text": "很好"}'.encode(), {"content-type": "application/json; charset=utf-8"}),
    "several windows": (b'{"text": "abcdefghijklmnopqrstuvwxyz"}', {}),
    "options that are off": (b'{"text": "good", "explain": false, "sentences": false}', {}),
    "traced": (GOOD, {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}),
    "odd id": (GOOD, {"x-request-id": "no id"}),
    "blank": (b'{"text": " "}', {}),
    "too long": (b'{"text": "%s"}' % (b"a" * 101), {}),
    "half a pair": (b'{"text": "a\\ud800"}', {}),
    "model fails": (b'{"text": "fail"}', {}),
    "no room": (b'{"text": "%s"}' % (b"a" * 70), {}),
    "bearer": (GOOD, {"authorization": "Bearer k", "x-api-key": ""}),
}
LEFT: dict[str, tuple[bytes, dict[str, str]]] = {
    "batch": (b'{"texts": ["good"]}', {}),
    "option": (b'{"text": "good", "return_logits": true}', {}),
    "unknown field": (b'{"text": "a", "more": 1}', {}),
    "number": (b'{"text": 7}', {}),
    "no JSON": (b"{", {}),
    "no UTF-8": (b"\xff", {}),
    "long text": (b'{"text": "%s"}' % (b"a" * 1001), {}),
    "large body": (b" " * 5000, {}),
    "other type": (GOOD, {"content-type": "text/plain"}),
    "compressed": (GOOD, {"content-encoding": "gzip"}),
    "of a page": (GOOD, {"origin": "https://shop.example"}),
}
SETTINGS: list[dict[str, Any]] = [{}, {"api_key": "k"}, {"texts_per_second": 1e-6, "texts_burst": 2.0}]


class Asker:
    """Asks an app: by its express, or through it."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.express = Express(context(app))
        self.client = client

    def take(self, body: bytes, headers: dict[str, str]) -> "tuple[Exchange, asyncio.Future[Any]] | None":
        """The exchange, and its reply to come."""
        named = {**JSON, "x-request-id": "r", "x-api-key": "k", "content-length": str(len(body))} | headers
        raw = [(name.encode(), value.encode()) for name, value in named.items()]
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        caller = self.express.caller_of(raw)
        if caller is None:
            return None
        exchange = self.express.take(caller, raw, body, lambda *answer: reply.set_result(answer))
        return (exchange, reply) if exchange else None

    async def by_express(self, body: bytes, headers: dict[str, str]) -> Any:
        taken = self.take(body, headers)
        if taken is None:
            answer = await self.through_app(body, headers)
            assert answer[0] == 429
            return answer
        status, raw, content = await taken[1]
        return status, sorted((name.decode(), value.decode()) for name, value in raw), content

    async def through_app(self, body: bytes, headers: dict[str, str]) -> Any:
        named = JSON | {"x-request-id": "r", "x-api-key": "k"} | headers
        reply = await self.client.post(PATH, content=body, headers=named)
        return reply.status_code, sorted(reply.headers.items()), reply.content


async def ask_all(way: str, **settings: Any) -> tuple[list[Any], dict[str, float]]:
    """Replies, without what tells the time, and what was counted."""
    predictor = FakePredictor()
    predictor.fail = lambda rows: [ord(character) for character in "fail"] in [list(row) for row in rows]
    chosen = Settings(max_text_chars=100, max_body_bytes=4096, queue_limit_tokens=64, **settings)
    async with running(chosen, predictor) as (client, app):
        asker = Asker(app, client)
        ask = asker.by_express if way == "express" else asker.through_app
        replies = [await ask(*request) for request in TAKEN.values()]
        samples = [sample for family in context(app).metrics.registry.collect() for sample in family.samples]
    counted = {f"{sample.name}{sample.labels}": sample.value for sample in samples if _is_steady(sample.name)}
    return [
        (status, [header for header in headers if header[0] != "server-timing"], content)
        for status, headers, content in replies
    ], counted


def _is_steady(name: str) -> bool:
    """Whether a sample is a count of ours, and not a time."""
    return name.startswith("sentiment_") and "seconds_bucket" not in name and not name.endswith("seconds_sum")


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
async def test_answers_and_counts_are_those_of_the_app(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer, "_IDS", random.Random(7))
    replies, counts = await ask_all("express", **settings)
    monkeypatch.setattr(observer, "_IDS", random.Random(7))
    expected, expected_counts = await ask_all("app", **settings)
    for name, ours, theirs in zip(TAKEN, replies, expected, strict=True):
        assert ours == theirs, name
    loaded = [name for name in counts if "loaded_timestamp" in name]
    assert {**counts, **dict.fromkeys(loaded, 0)} == {**expected_counts, **dict.fromkeys(loaded, 0)}
    statuses = {reply[0] for reply in replies}
    assert statuses >= ({429} if "texts_burst" in settings else {200, 413, 422, 500})


@pytest.mark.parametrize("name", LEFT)
async def test_whatever_else_is_left_to_the_app(name: str) -> None:
    async with running(Settings(max_text_chars=100, max_body_bytes=4096), FakePredictor()) as (client, app):
        asker = Asker(app, client)
        assert asker.take(*LEFT[name]) is None
        assert set(context(app).admission.admitted.values()) == {0}


async def test_body_that_comes_in_parts_of_unknown_length_is_left() -> None:
    async with running(Settings(), FakePredictor()) as (_, app):
        express = Express(context(app))
        assert express.caller_of([(b"content-type", b"application/json"), (b"content-length", b"16")])
        assert not express.caller_of([(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")])
        assert not express.caller_of([(b"content-type", b"application/json"), (b"content-length", b"16000000000")])
        assert not express.caller_of([(b"content-type", b"application/json")] * 2 + [(b"content-length", b"16")])


async def test_body_of_who_may_not_ask_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The body was awaited and parsed before the key was looked at. The limit is asked anew once the body has come."""
    settings = Settings(api_key="k", texts_per_second=0.001, texts_burst=1)
    async with running(settings, FakePredictor()) as (client, app):
        asker = Asker(app, client)
        assert asker.take(GOOD, {"x-api-key": "wrong"}) is None
        assert asker.take(GOOD, {"x-api-key": ""}) is None
        caller = context(app).keys.find("k")
        first = asker.take(GOOD, {})
        monkeypatch.setattr("service.express.parse_query", lambda *_, **__: pytest.fail("the body was parsed"))
        assert asker.express.take(caller, [], GOOD, lambda *_: None) is None
        assert asker.take(GOOD, {}) is None
        assert first is not None
        assert (await first[1])[0] == 200
        assert (await asker.through_app(GOOD, {}))[0] == 429


@pytest.mark.parametrize("way", ["express", "app"])
async def test_stages_count_only_what_was_read(way: str) -> None:
    """Late and refused requests counted as a queue of 0 s, and the more there were, the shorter it looked."""
    predictor = FakePredictor()
    settings = Settings(request_timeout_s=0.2, queue_limit_tokens=24)
    async with running(settings, predictor) as (client, app):
        asker = Asker(app, client)
        ask = asker.by_express if way == "express" else asker.through_app
        predictor.is_free.clear()
        late = asyncio.create_task(ask(b'{"text": "%s"}' % (b"a" * 16), {}))
        await asyncio.to_thread(predictor.is_called.wait)
        refused = await ask(b'{"text": "%s"}' % (b"a" * 16), {})
        assert refused[0] == QueueFull.status
        status, headers, _ = await late
        assert (status, [part.split(";")[0] for part in dict(headers)["server-timing"].split(", ")]) == (
            504,
            ["tokenize", "total"],
        )
        predictor.is_free.set()
        assert (await ask(GOOD, {}))[0] == 200
        read = context(app).metrics.registry.get_sample_value
        counted = {
            stage: read("sentiment_stage_duration_seconds_count", {"stage": stage})
            for stage in ("tokenize", "queue", "inference", "total")
        }
        assert counted == {"tokenize": 2, "queue": 1, "inference": 1, "total": 2}


@pytest.mark.parametrize("phase", ["loading", "leaving", "draining"])
async def test_other_phases_are_the_apps(phase: str) -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        context(app).lifecycle.phase = phase  # type: ignore[assignment]
        assert Asker(app, client).take(*TAKEN["good"]) is None
        context(app).lifecycle.phase = "ready"


async def test_client_who_leaves_is_not_read_for() -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, app):
        asker = Asker(app, client)
        predictor.is_free.clear()
        first = asker.take(*TAKEN["good"])
        await asyncio.to_thread(predictor.is_called.wait)
        second = asker.take(b'{"text": "away"}', {})
        assert first is not None
        assert second is not None
        second[0].leave()
        assert (await second[1])[0] == 499  # which the protocol writes to nobody
        predictor.is_free.set()
        assert (await first[1])[0] == 200
        second[0].leave()  # once more, as at the end of a connection that was answered
        assert [ord(character) for character in "away"] not in [row for batch in predictor.batches for row in batch]
        assert set(context(app).admission.admitted.values()) == {0}


async def test_those_who_ask_in_one_turn_are_tokenized_in_one_call() -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, app):
        asker = Asker(app, client)
        taken = [asker.take(b'{"text": "%s"}' % name, {}) for name in (b"good", b"bad", b"so so")]
        assert taken[1] is not None
        taken[1][0].leave()
        statuses = [(await reply[1])[0] for reply in taken if reply]
        assert statuses == [200, 499, 200]
        assert predictor.encoded[-1] == ["good", "bad", "so so"]
        rows = [row for batch in predictor.batches for row in batch]
        assert [ord(character) for character in "bad"] not in rows


async def test_text_that_cannot_be_tokenized_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one turn are tokenized in one call, and all would have failed, or waited for ever after a panic."""

    class Panic(BaseException):
        """As PyO3 raises it."""

    predictor = FakePredictor()
    encode = predictor.encode

    def panic(texts: list[str]) -> list[list[int]]:
        if "bad" in texts:
            raise Panic
        return encode(texts)

    monkeypatch.setattr(predictor, "encode", panic)
    async with running(Settings(), predictor) as (client, app):
        asker = Asker(app, client)
        taken = [asker.take(b'{"text": "%s"}' % name, {}) for name in (b"good", b"bad", b"so so")]
        assert [(await asyncio.wait_for(reply[1], 10))[0] for reply in taken if reply] == [200, 500, 200]
        assert set(context(app).admission.admitted.values()) == {0}


async def test_model_that_is_replaced_within_a_turn_tokenizes_what_it_took() -> None:
    old, new = FakePredictor(), FakePredictor()
    async with running(Settings(), old) as (client, app):
        asker, lifecycle = Asker(app, client), context(app).lifecycle
        first = asker.take(b'{"text": "old"}', {})
        replaced = lifecycle.engine
        lifecycle._engine = Engine(new, Settings(), context(app).metrics)
        second = asker.take(b'{"text": "new"}', {})
        assert first is not None
        assert second is not None
        assert [(await reply)[0] for reply in (first[1], second[1])] == [200, 200]
        assert (old.encoded[-1], new.encoded) == (["old"], [["new"]])
        await replaced.retire()


async def test_late_answer_is_504() -> None:
    predictor = FakePredictor()
    async with running(Settings(request_timeout_s=0.2), predictor) as (client, app):
        asker = Asker(app, client)
        assert (await asker.by_express(*TAKEN["good"]))[0] == 200
        predictor.is_free.clear()
        waiting = [asker.take(*TAKEN["good"]) for _ in range(3)]
        statuses = [(await taken[1])[0] for taken in waiting if taken]
        predictor.is_free.set()
        assert statuses == [504] * 3
        assert (await asker.by_express(*TAKEN["good"]))[0] == 200


async def test_end_of_the_service_cuts_off_with_503() -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, app):
        asker = Asker(app, client)
        predictor.is_free.clear()
        taken = [asker.take(*TAKEN["good"]) for _ in range(3)]
        context(app).lifecycle.drain()
        asker.express.cut_off()
        for exchange in taken:
            assert exchange is not None
            status, headers, body = await exchange[1]
            assert status == 503
            assert headers.count((b"connection", b"close")) == 1
            assert b'"code":"draining"' in body
        predictor.is_free.set()
        context(app).lifecycle.phase = "ready"


async def test_failure_of_our_own_is_500_and_gives_its_room_back() -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, app):
        asker = Asker(app, client)
        predictor.encode_error = RuntimeError("as told")
        assert (await asker.by_express(*TAKEN["good"]))[0] == 500
        predictor.encode_error = None
        assert (await asker.by_express(*TAKEN["good"]))[0] == 200
        assert set(context(app).admission.admitted.values()) == {0}
        await until(lambda: context(app).metrics.http_in_progress.value == 0)


async def test_requests_free_themselves() -> None:
    """What only the garbage collector frees it frees by the thousand, and nobody is answered meanwhile."""
    async with running(Settings(max_text_chars=100), FakePredictor()) as (client, app):
        asker = Asker(app, client)
        requests = [TAKEN[name] for name in ("good", "several windows", "blank", "too long", "no room")]
        for request in requests:
            await asker.by_express(*request)
        gc.collect()
        gc.disable()
        try:
            for _ in range(50):
                for request in requests:
                    await asker.by_express(*request)
            assert gc.collect() < 50
        finally:
            gc.enable()
