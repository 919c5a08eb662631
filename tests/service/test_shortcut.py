"""The shortcut against the way through FastAPI: whoever asks cannot tell them apart."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.app import create_app
from service.settings import Settings
from tests.service.conftest import JSON, answering
from tests.service.fakes import FakePredictor

GOOD = b'{"text": "good"}'
REQUESTS: list[tuple[str, bytes, dict[str, str]]] = [
    ("POST", GOOD, JSON),
    ("POST", b'{"texts": ["good", "", null, "\\ud800", "abcdefghijk"], "return_logits": true}', JSON),
    ("POST", b'{"text": ""}', JSON),
    ("POST", b'{"text": 7}', JSON),
    ("POST", b'{"texts": []}', JSON),
    ("POST", b'{"text": "a", "more": 1}', JSON),
    ("POST", b"{", JSON),
    ("POST", b"\xff", JSON),
    ("POST", GOOD, {"content-type": "text/plain"}),
    ("POST", b" " * 5000, JSON),
    ("POST", GOOD, JSON | {"x-api-key": "wrong"}),
    ("GET", b"", {}),
    ("OPTIONS", b"", {}),
    ("HEAD", b"", {}),
]


async def ask_all(has_shortcut: bool, **settings: Any) -> list[tuple[int, dict[str, str], bytes]]:
    app = create_app(Settings(max_text_chars=100, max_body_bytes=4096, **settings), FakePredictor())
    if not has_shortcut:
        remove_shortcut(app)
    async with answering(app) as client:
        return [about(await ask(client, *request)) for request in REQUESTS]


def remove_shortcut(app: FastAPI) -> None:
    assert "Shortcut" in repr(app.user_middleware.pop())


async def ask(client: httpx.AsyncClient, method: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    named = {"x-request-id": "r", "x-api-key": "k"} | headers
    return await client.request(method, "/v1/sentiment", content=body, headers=named)


def about(reply: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = dict(reply.headers)
    headers.pop("server-timing", None)
    return reply.status_code, headers, reply.content


@pytest.mark.parametrize("settings", [{}, {"api_key": "k"}, {"queue_limit": 4, "max_texts_per_request": 4}], ids=str)
async def test_answers_are_those_of_the_app(settings: dict[str, Any]) -> None:
    answers = await ask_all(True, **settings)
    assert answers == await ask_all(False, **settings)
    assert {status for status, _, _ in answers} >= {200, 400, 405, 413, 415, 422}
    assert (401 in {status for status, _, _ in answers}) == ("api_key" in settings)


async def test_model_that_is_not_ready_is_told_alike() -> None:
    for has_shortcut in (True, False):
        app = create_app(Settings(), FakePredictor())
        if not has_shortcut:
            remove_shortcut(app)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            reply = await client.post("/v1/sentiment", json={"text": "a"})
        assert (reply.status_code, reply.json()["code"], reply.headers["retry-after"]) == (503, "not_ready", "1")
