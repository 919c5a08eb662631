"""Inputs that nobody should send: each gets a 4xx problem that says what is wrong, or a right answer; never a 500."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.schemas import Problem, SingleReply
from service.settings import Settings
from tests.service.conftest import JSON, running

MAX_BODY = Settings().max_body_bytes
LONE = b"\\ud800"


@pytest.fixture
async def client(artifact_directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with running(Settings(model=artifact_directory, threads=1), None) as (client, _):
        yield client


def check_problem(reply: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert reply.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = reply.json()
    Problem.model_validate(problem)
    assert (reply.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["instance"] == reply.headers["x-request-id"]
    return problem


@pytest.mark.parametrize(
    ("body", "status", "code", "about"),
    [
        (b"", 400, "invalid_json", {"field": "body", "value": 0}),
        (b"{", 400, "invalid_json", {"field": "body", "value": 1}),
        (b"text=good", 400, "invalid_json", {"field": "body", "value": 0}),
        (b'{"text": NaN}', 400, "invalid_json", {"field": "body"}),
        (b'{"text": -Infinity}', 400, "invalid_json", {"field": "body"}),
        (b'{"text": ' + b"9" * 5000 + b"}", 400, "invalid_json", {"field": "body"}),
        (b'{"text": 1e999}', 422, "text_not_string", {"field": "text", "value": "a number"}),
        (b'{"text": "a", "text": "b"}', 400, "invalid_json", {"field": "text"}),
        (b"[" * 100_000, 400, "invalid_json", {"field": "body", "limit": 100, "value": 100_000}),
        (
            b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}",
            400,
            "invalid_json",
            {"field": "body", "limit": 100, "value": 101},
        ),
        (b'{"a":' * 100_000, 400, "invalid_json", {"field": "body", "limit": 100, "value": 100_000}),
        (b'{"text": "\xff"}', 400, "invalid_utf8", {"field": "body", "value": 10}),
        ('{"text": "好"}'.encode("gb18030"), 400, "invalid_utf8", {"field": "body", "value": 10}),
        ('{"text": "good"}'.encode("utf-16"), 400, "invalid_utf8", {"field": "body", "value": 0}),
        (b"null", 422, "invalid_request", {"field": "body"}),
        (b"[]", 422, "invalid_request", {"field": "body"}),
        (b'"good"', 422, "invalid_request", {"field": "body"}),
        (b"7", 422, "invalid_request", {"field": "body"}),
        (b"{}", 422, "invalid_request", {"field": "text"}),
        (b'{"text": "a", "texts": ["b"]}', 422, "invalid_request", {"field": "text"}),
        (b'{"text": "a", "return_logits": 1}', 422, "invalid_request", {"field": "return_logits"}),
        (b'{"text": "a", "return_logits": "yes"}', 422, "invalid_request", {"field": "return_logits"}),
        (b'{"text": "a", "unheard_of": true}', 422, "unknown_field", {"field": "unheard_of"}),
        (b'{"text": "a", "sentences": 1}', 422, "invalid_request", {"field": "sentences"}),
        (b'{"text": "a", "explain": "yes"}', 422, "invalid_request", {"field": "explain"}),
        (b'{"text": "a", "trace": null}', 422, "invalid_request", {"field": "trace"}),
        (
            b'{"text": "' + b"q" * 8193 + b'", "explain": true}',
            413,
            "request_too_large",
            {"field": "explain", "limit": 8192, "value": 8193},
        ),
        (
            b'{"text": "' + b"q" * 65 + b'", "trace": true}',
            413,
            "trace_too_long",
            {"field": "text", "limit": 64, "value": 65},
        ),
        (
            b'{"text": "' + b"No! " * 1001 + b'", "sentences": true}',
            413,
            "too_many_sentences",
            {"field": "text", "limit": 1000, "value": 1001},
        ),
        (b'{"my secret words": "a"}', 422, "unknown_field", {"field": "(not shown)"}),
        (b'{"text": "a", "' + LONE + b'": 1}', 422, "unknown_field", {"field": "(not shown)"}),
        (b'{"text": ""}', 422, "text_blank", {"field": "text", "limit": 1, "value": 0}),
        (b'{"text": " \\t\\n\\u3000\\u00a0"}', 422, "text_blank", {"field": "text", "limit": 1, "value": 0}),
        (b'{"text": null}', 422, "text_not_string", {"field": "text", "value": "null"}),
        (b'{"text": 7}', 422, "text_not_string", {"field": "text", "value": "a number"}),
        (b'{"text": true}', 422, "text_not_string", {"field": "text", "value": "a boolean"}),
        (b'{"text": ["good"]}', 422, "text_not_string", {"field": "text", "value": "an array"}),
        (b'{"text": {"text": "good"}}', 422, "text_not_string", {"field": "text", "value": "an object"}),
        (b'{"text": "good ' + LONE + b'"}', 422, "text_invalid_unicode", {"field": "text", "value": 5}),
        (b'{"text": "\\ude00\\ud83d"}', 422, "text_invalid_unicode", {"field": "text", "value": 0}),
        (b'{"texts": "good"}', 422, "invalid_request", {"field": "texts"}),
        (b'{"texts": null}', 422, "invalid_request", {"field": "texts"}),
        (b'{"texts": {"0": "good"}}', 422, "invalid_request", {"field": "texts"}),
        (b'{"texts": []}', 422, "texts_empty", {"field": "texts", "limit": 1, "value": 0}),
        (
            b'{"texts": [' + b'"a",' * 99_999 + b'"a"]}',
            413,
            "too_many_texts",
            {"field": "texts", "limit": 1000, "value": 100_000},
        ),
        (
            b'{"text": "' + b"a" * 200_001 + b'"}',
            413,
            "text_too_long",
            {"field": "text", "limit": 200_000, "value": 200_001},
        ),
        (b" " * 10_000_000, 413, "body_too_large", {"field": "body", "limit": MAX_BODY, "value": 10_000_000}),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
async def test_wrong_body_is_refused(
    client: httpx.AsyncClient, body: bytes, status: int, code: str, about: dict[str, Any]
) -> None:
    problem = check_problem(await client.post("/v1/sentiment", content=body, headers=JSON), status, code)
    for name, value in about.items():
        assert problem[name] == value
        if name != "field" and code not in ("invalid_json", "invalid_utf8", "text_blank", "texts_empty"):
            assert str(value) in problem["detail"]
    assert "secret" not in json.dumps(problem)
    assert (await client.post("/v1/sentiment", json={"text": "still alive"})).status_code == 200


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a\x00b", "en"),
        ("\x00", "other"),
        ("\x01\x02\x7f\x9f", "other"),
        ("\u200b", "other"),
        ("\ufeff", "other"),
        ("\u202egood", "en"),
        ("😀😀😀", "other"),
        ("👩‍👩‍👧‍👦", "other"),
        ("a" * 200_000, "en"),
        ("好" * 200_000, "zh"),
        ("\ufdfa" * 10_000, "other"),  # NFKC makes 18 characters of one
        ("e" + "\u0301" * 10_000, "en"),
        ("<pad> <empty>", "en"),
        ("'; DROP TABLE texts; --", "en"),
        ("\uffff\U0010ffff", "other"),
    ],
    ids=lambda text: ascii(text[:10]),
)
async def test_odd_text_is_answered(client: httpx.AsyncClient, text: str, language: str) -> None:
    reply = await client.post("/v1/sentiment", json={"text": text})
    assert reply.status_code == 200
    answer = SingleReply.model_validate(reply.json())
    assert answer.language == language
    assert sum(answer.scores.values()) == pytest.approx(1, abs=1e-5)
    assert answer.score == max(answer.scores.values())
    assert (answer.truncated, answer.windows > 1) == (False, answer.tokens > 64)


async def test_largest_body_with_a_name_given_twice_is_refused_at_once(client: httpx.AsyncClient) -> None:
    """Each name used to be counted among all of them: one body of 4 MB held up the service for half an hour."""
    names = ",".join(f'"{number:x}":1' for number in range(400_000))
    started_at = time.monotonic()
    reply = await client.post("/v1/sentiment", content=f'{{{names},"0":1}}'.encode(), headers=JSON)
    check_problem(reply, 400, "invalid_json")
    assert reply.json()["field"] == "0"
    assert time.monotonic() - started_at < 30


async def test_control_character_is_told_where_it_is(client: httpx.AsyncClient) -> None:
    """Python's own words, of which some end in `at`, used to make it `at at`."""
    reply = await client.post("/v1/sentiment", content=b'{"text": "a\nb"}', headers=JSON)
    assert (
        check_problem(reply, 400, "invalid_json")["detail"] == "Invalid control character at character 11 of the body"
    )


async def test_each_item_of_a_batch_has_its_result_or_its_own_error(client: httpx.AsyncClient) -> None:
    texts: list[object] = ["good", "", 7, None, ["a"], "a" * 200_001, "房间很干净", " "]
    body = json.dumps({"texts": texts})[:-2].encode() + b', "' + LONE + b'"]}'
    reply = await client.post("/v1/sentiment", content=body, headers=JSON)
    assert reply.status_code == 200
    results = reply.json()["results"]
    assert [result["index"] for result in results] == list(range(9))
    assert [result.get("error", {}).get("code") for result in results] == [
        None,
        "text_blank",
        *["text_not_string"] * 3,
        "text_too_long",
        None,
        "text_blank",
        "text_invalid_unicode",
    ]
    assert "texts[5] has 200001 characters; the limit is 200000" in results[5]["error"]["message"]


async def test_batch_of_errors_alone_is_still_answered(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/sentiment", json={"texts": ["", None]})
    assert reply.status_code == 200
    assert [result["error"]["code"] for result in reply.json()["results"]] == ["text_blank", "text_not_string"]


@pytest.mark.parametrize(
    ("headers", "field", "value"),
    [
        ({}, "content-type", "(not shown)"),
        ({"content-type": "text/plain"}, "content-type", "text/plain"),
        ({"content-type": "application/x-www-form-urlencoded"}, "content-type", "application/x-www-form-urlencoded"),
        ({"content-type": "application/json; charset=latin-1"}, "content-type", "latin-1"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "content-encoding", "gzip"),
    ],
)
async def test_other_content_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], field: str, value: str
) -> None:
    reply = await client.post("/v1/sentiment", content=b'{"text": "good"}', headers=headers)
    problem = check_problem(reply, 415, "unsupported_media_type")
    assert (problem["field"], problem["value"]) == (field, value)


@pytest.mark.parametrize(
    "text", ["\x00", "\u200b", "<br>", "👩‍👩‍👧‍👦", "e" + "\u0301" * 10, "\ufdfa", "\uffff\U0010ffff", "http"]
)
async def test_odd_text_is_split_explained_and_traced(client: httpx.AsyncClient, text: str) -> None:
    options = {"sentences": True, "explain": True, "trace": True}
    reply = await client.post("/v1/sentiment", json={"text": text, **options})
    answer = SingleReply.model_validate_json(reply.content)
    assert answer.sentences is not None
    assert answer.explanation is not None
    assert answer.trace is not None
    assert [text[item.offset : item.offset + item.length] for item in answer.sentences] == [text]
    assert len(answer.explanation.tokens) == len(answer.trace.tokens) == answer.tokens
    assert all(item.offset + item.length <= len(text) for item in answer.explanation.tokens)


@pytest.mark.parametrize("sent", ["application/json; charset=UTF-8", "application/vnd.api+json", "Application/JSON"])
async def test_json_by_any_name_is_read(client: httpx.AsyncClient, sent: str) -> None:
    reply = await client.post("/v1/sentiment", content=b'\xef\xbb\xbf{"text": "good"}', headers={"content-type": sent})
    assert reply.status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
async def test_other_method_is_refused(client: httpx.AsyncClient, method: str) -> None:
    reply = await client.request(method, "/v1/sentiment")
    check_problem(reply, 405, "method_not_allowed")
    assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize(("path", "allowed"), [("/", "GET, POST"), ("/static-offline-docs/x", "GET, HEAD")])
async def test_every_method_of_a_path_is_allowed(client: httpx.AsyncClient, path: str, allowed: str) -> None:
    """At /, which two routes share, only GET used to be named; for the documentation's files no method at all."""
    reply = await client.put(path)
    assert check_problem(reply, 405, "method_not_allowed")["detail"] == f"use {allowed} here"
    assert reply.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/nothing", "/v1/sentiment/", "/v1", "/%00", "/v1/sentiment%2f..", "/docs/x"])
async def test_unknown_path_is_refused(client: httpx.AsyncClient, path: str) -> None:
    check_problem(await client.post(path), 404, "not_found")


async def test_body_without_length_is_bounded_as_it_comes(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 65_536 + 2):
            yield b" " * 65_536

    reply = await client.post("/v1/sentiment", content=chunks(), headers=JSON)
    problem = check_problem(reply, 413, "body_too_large")
    assert (problem["limit"], problem["value"]) == (MAX_BODY, MAX_BODY + 65_536)


async def test_tokens_beyond_the_queue_are_refused_by_limit(artifact_directory: Path) -> None:
    """One text gets text_too_long; a batch that can never fit gets 413 and not 429 for ever."""
    async with running(Settings(model=artifact_directory, threads=1, queue_limit_tokens=100), None) as (client, _):
        alone = await client.post("/v1/sentiment", json={"text": "x" * 101})
        problem = check_problem(alone, 413, "text_too_long")
        assert (problem["limit"], problem["value"]) == (100, 101)
        batch = await client.post("/v1/sentiment", json={"texts": ["x" * 60, "x" * 60]})
        problem = check_problem(batch, 413, "request_too_large")
        assert (problem["field"], problem["limit"], problem["value"]) == ("tokens", 100, 120)
        part = await client.post("/v1/sentiment", json={"texts": ["x" * 60, "x" * 101]})
        assert [result.get("error", {}).get("code") for result in part.json()["results"]] == [None, "text_too_long"]
