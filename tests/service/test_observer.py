import logging
from typing import Any

import pytest

from service.logs import FIELDS
from service.settings import Settings
from tests.service.conftest import context, running
from tests.service.fakes import FakePredictor

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-request-id": "abc-1.2_3"}, "abc-1.2_3"),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, TRACE),
        ({"x-request-id": "mine", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, "mine"),
    ],
)
async def test_request_id_is_kept(headers: dict[str, str], expected: str) -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        for path in ("/health/live", "/nothing"):
            assert (await client.get(path, headers=headers)).headers["x-request-id"] == expected


@pytest.mark.parametrize("sent", ["", "a b", "a" * 129, 'x"}', "好".encode().hex() * 40])
async def test_odd_request_id_is_replaced(sent: str) -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.get("/health/live", headers={"x-request-id": sent, "traceparent": sent})
        assert len(reply.headers["x-request-id"]) == 32


async def test_one_log_line_a_request_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with running(Settings(), FakePredictor()) as (client, _):
        await client.post("/v1/sentiment", json={"texts": ["secret", ""]}, headers={"x-request-id": "r1"})
        await client.post("/v1/sentiment", json={"text": "secret", "secret": 1}, headers={"x-request-id": "r2"})
        await client.get("/health/ready")
    lines: list[dict[str, Any]] = [getattr(record, FIELDS) for record in caplog.records if record.msg == "request"]
    assert [line["request_id"] for line in lines] == ["r1", "r2"]
    first, second = lines
    assert (first["route"], first["status"], first["code"]) == ("/v1/sentiment", 200, None)
    assert (first["texts"], first["tokens"]) == (2, 6)
    assert (second["status"], second["code"]) == (422, "unknown_field")
    assert first["duration_ms"] > 0
    assert "secret" not in str(lines)


async def test_server_timing_names_every_stage() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        timing = (await client.post("/v1/sentiment", json={"text": "a"})).headers["server-timing"]
    stages = dict(part.split(";dur=") for part in timing.split(", "))
    assert list(stages) == ["tokenize", "queue", "inference", "total"]
    assert all(float(value) >= 0 for value in stages.values())


async def test_each_request_and_text_is_counted_once() -> None:
    """TEI counts a single text's request twice, and never its success."""
    async with running(Settings(), FakePredictor()) as (client, app):
        await client.post("/v1/sentiment", json={"text": "abc"})
        await client.post("/v1/sentiment", json={"texts": ["abc", "好", "", None, "a" * 200_001]})
        await client.post("/v1/sentiment", json={"text": ""})
        await client.post("/v1/sentiment", content=b"{")
        await client.request("BREW", "/v1/sentiment/999")
        await client.get("/openapi.json")
        registry = context(app).metrics.registry

        def value(name: str, **labels: str) -> float | None:
            return registry.get_sample_value(f"sentiment_{name}", labels)

        route = {"route": "/v1/sentiment", "method": "POST"}
        assert value("http_requests_total", code="200", **route) == 2
        assert value("http_requests_total", code="422", **route) == 1
        assert value("http_requests_total", code="415", **route) == 1
        assert value("http_requests_total", route="unmatched", method="other", code="404") == 1
        assert value("http_requests_total", route="/openapi.json", method="GET", code="200") == 1
        assert value("http_request_duration_seconds_count", route="/v1/sentiment") == 4
        assert value("http_requests_in_progress") == 0
        outcomes = {name: value("texts_total", outcome=name) for name in ("ok", "invalid", "too_long", "error")}
        assert outcomes == {"ok": 3, "invalid": 3, "too_long": 1, "error": 0}
        languages = ("en", "zh", "other")
        assert [value("predictions_total", label="negative", language=name) for name in languages] == [0, 0, 0]
        assert value("input_tokens_count") == value("confidence_count") == 3
        assert value("batch_tokens_sum") == 7
        assert value("stage_duration_seconds_count", stage="inference") == 2


@pytest.mark.parametrize("kind", [RuntimeError, BaseException])
async def test_unexpected_failure_is_500_everywhere(kind: type[BaseException]) -> None:
    """A panic of the tokenizer's Rust was a bare 500 to its client and 499 in metrics and log; its texts were lost."""
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, app):
        predictor.encode_error = kind("as told")
        reply = await client.post("/v1/sentiment", json={"texts": ["a", "b"]})
        assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
        read = context(app).metrics.registry.get_sample_value
        labels = {"route": "/v1/sentiment", "method": "POST", "code": "500"}
        assert read("sentiment_http_requests_total", labels) == 1
        assert read("sentiment_texts_total", {"outcome": "error"}) == 2


async def test_nothing_that_clients_send_makes_a_series() -> None:
    async with running(Settings(api_key="k"), FakePredictor()) as (client, _):

        async def ask(number: int) -> int:
            text, headers = f"{number}", {"x-request-id": f"id{number}", "x-api-key": f"key{number}"}
            for method, path in (
                (f"BREW{number}", "/v1/sentiment"),
                ("GET", f"/nothing/{number}"),
                ("GET", f"/playground/{number}"),
                ("GET", f"/static-offline-docs/{number}"),
                ("POST", f"/v1/sentiment?text={number}"),
                ("POST", "/"),
                ("POST", "/predict"),
                ("POST", f"/language/:analyze-text?api-version={number}"),
            ):
                await client.request(method, path, json={text: text}, headers=headers | {"x-amz-target": text})
            return len((await client.get("/metrics")).text.splitlines())

        await ask(0)
        first = await ask(1)  # the first scrape is counted itself
        assert [await ask(number) for number in range(2, 20)] == [first] * 18
