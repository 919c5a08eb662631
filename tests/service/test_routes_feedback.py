"""POST /v1/feedback: who may, what is kept, what is refused, and that nothing typed reaches the log."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.logs import FIELDS
from service.schemas import FeedbackReply, Problem
from service.settings import Settings
from tests.service.conftest import JSON, ROOT, context, running, until
from tests.service.fakes import LABELS, FakePredictor

URL = "/v1/feedback"
KEY = {"x-api-key": "k"}
GOOD = {"text": "Not bad at all", "label": "positive"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(api_key="k", feedback=tmp_path / "feedback.jsonl")


def rows_of(settings: Settings) -> list[dict[str, Any]]:
    assert settings.feedback
    return [json.loads(line) for line in settings.feedback.read_bytes().splitlines()]


def check_problem(reply: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = reply.json()
    Problem.model_validate(problem)
    assert (reply.status_code, problem["code"]) == (status, code)
    return problem


async def test_correction_is_kept_with_what_the_model_made_of_it(settings: Settings) -> None:
    async with running(settings, FakePredictor()) as (client, _):
        asked = await client.post("/v1/sentiment", json={"text": "不错"}, headers=KEY)
        body = {"text": "不错", "label": "neutral", "request_id": asked.headers["x-request-id"]}
        reply = await client.post(URL, json=body, headers=KEY)
        assert reply.status_code == 201
        answer = FeedbackReply.model_validate(reply.json())
        assert (await client.post(URL, json=GOOD, headers=KEY)).status_code == 201
    first, second = rows_of(settings)
    assert list(first) == ["text", "label", "predicted", "model", "request_id", "received_at"]
    assert datetime.fromisoformat(first.pop("received_at")).tzinfo is not None
    assert first == {**body, "predicted": asked.json()["label"], "model": "fake"}
    assert (answer.predicted, answer.model) == (asked.json()["label"], "fake")
    assert (answer.bytes, answer.limit_bytes) == (len(json_line(rows_of(settings)[0])), settings.feedback_max_bytes)
    assert (second["text"], second["label"], second["request_id"]) == (*GOOD.values(), None)


def json_line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


async def test_key_is_asked_for_first_and_disabled_is_said(settings: Settings) -> None:
    async with running(settings, FakePredictor()) as (client, _):
        for headers in ({}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}):
            check_problem(await client.post(URL, json=GOOD, headers=headers), 401, "unauthorized")
    assert rows_of(settings) == []
    for without in (Settings(), Settings(api_key="k")):
        async with running(without, FakePredictor()) as (client, _):
            problem = check_problem(await client.post(URL, json=GOOD, headers=KEY), 403, "feedback_disabled")
            assert "SENTIMENT_FEEDBACK" in problem["detail"]
            metrics = (await client.get("/metrics")).text
            assert "sentiment_feedback_limit_bytes 0.0" in metrics


@pytest.mark.parametrize(
    ("body", "status", "code", "about"),
    [
        (b"", 400, "invalid_json", {"field": "body"}),
        (b'{"text": "secret", "text": "secret", "label": "x"}', 400, "invalid_json", {"field": "text"}),
        (b'{"text": "secret\xff"}', 400, "invalid_utf8", {"field": "body"}),
        (b'["secret"]', 422, "invalid_request", {"field": "body"}),
        (b'{"label": "positive"}', 422, "invalid_request", {"field": "text"}),
        (b'{"text": "secret"}', 422, "invalid_request", {"field": "label"}),
        (b'{"text": "secret", "label": null}', 422, "invalid_request", {"field": "label"}),
        (b'{"text": "secret", "label": ["positive"]}', 422, "invalid_request", {"field": "label"}),
        (b'{"text": "secret", "label": "Positive"}', 422, "unknown_label", {"field": "label", "value": "Positive"}),
        (b'{"text": "a", "label": "a secret"}', 422, "unknown_label", {"field": "label", "value": "(not shown)"}),
        (b'{"text": "a", "label": ""}', 422, "unknown_label", {"field": "label"}),
        (b'{"text": "a", "label": "\\ud800"}', 422, "unknown_label", {"field": "label"}),
        (b'{"texts": ["secret"], "label": "positive"}', 422, "unknown_field", {"field": "texts"}),
        (b'{"text": "a", "label": "positive", "a secret": 1}', 422, "unknown_field", {"field": "(not shown)"}),
        (b'{"text": " \\n", "label": "positive"}', 422, "text_blank", {"field": "text"}),
        (b'{"text": 7, "label": "positive"}', 422, "text_not_string", {"field": "text", "value": "a number"}),
        (b'{"text": "secret \\ud800", "label": "positive"}', 422, "text_invalid_unicode", {"value": 7}),
        (
            b'{"text": "' + b"a" * 200_001 + b'", "label": "positive"}',
            413,
            "text_too_long",
            {"field": "text", "limit": 200_000, "value": 200_001},
        ),
        (b" " * 4_194_305, 413, "body_too_large", {"field": "body", "limit": 4_194_304}),
        (b'{"text": "a", "label": "positive", "request_id": "a secret"}', 422, "invalid_request", None),
        (b'{"text": "a", "label": "positive", "request_id": null}', 422, "invalid_request", None),
        (b'{"text": "a", "label": "positive", "request_id": 7}', 422, "invalid_request", None),
        (b'{"text": "a", "label": "positive", "request_id": ""}', 422, "invalid_request", None),
        (
            b'{"text": "a", "label": "positive", "request_id": "' + b"a" * 129 + b'"}',
            422,
            "invalid_request",
            {"field": "request_id"},
        ),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else None,
)
async def test_wrong_body_is_refused_and_neither_kept_nor_logged(
    settings: Settings,
    body: bytes,
    status: int,
    code: str,
    about: dict[str, Any] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    async with running(settings, FakePredictor()) as (client, _):
        problem = check_problem(await client.post(URL, content=body, headers=JSON | KEY), status, code)
        for name, value in (about or {"field": "request_id"}).items():
            assert problem[name] == value
        if problem.get("field") == "label" and b"label" in body:
            assert ", ".join(LABELS) in problem["detail"]
        assert "secret" not in str(problem)
    assert rows_of(settings) == []
    assert "secret" not in logged(caplog)


async def test_other_content_is_refused(settings: Settings) -> None:
    async with running(settings, FakePredictor()) as (client, _):
        reply = await client.post(URL, content=json.dumps(GOOD).encode(), headers={"content-type": "text/plain"} | KEY)
        assert check_problem(reply, 415, "unsupported_media_type")["field"] == "content-type"
        reply = await client.get(URL, headers=KEY)
        assert (check_problem(reply, 405, "method_not_allowed")["field"], reply.headers["allow"]) == ("method", "POST")


async def test_nothing_that_was_typed_is_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with running(settings, FakePredictor()) as (client, _):
        body = {"text": "secret words", "label": "positive", "request_id": "secret-id"}
        assert (await client.post(URL, json=body, headers=KEY)).status_code == 201
    assert '"route": "/v1/feedback"' in logged(caplog)
    assert "secret" not in logged(caplog)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return json.dumps([[record.getMessage(), getattr(record, FIELDS, {})] for record in caplog.records])


async def test_full_file_is_507_and_the_service_goes_on(settings: Settings) -> None:
    async with running(replace(settings, feedback_max_bytes=200), FakePredictor()) as (client, _):
        stored = await client.post(URL, json=GOOD, headers=KEY)
        assert stored.status_code == 201
        problem = check_problem(await client.post(URL, json=GOOD, headers=KEY), 507, "feedback_full")
        size = stored.json()["bytes"]
        assert (problem["field"], problem["limit"], problem["value"]) == ("feedback_max_bytes", 200, 2 * size)
        assert (await client.post("/v1/sentiment", json={"text": "good"}, headers=KEY)).status_code == 200
        metrics = (await client.get("/metrics")).text
    assert f"sentiment_feedback_bytes {size:.1f}" in metrics
    assert "sentiment_feedback_limit_bytes 200.0" in metrics
    assert len(rows_of(settings)) == 1


async def test_lost_folder_is_503_without_a_path_and_is_survived(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    folder.mkdir()
    async with running(replace(settings, feedback=folder / "feedback.jsonl"), FakePredictor()) as (client, _):
        folder.rename(tmp_path / "gone")
        reply = await client.post(URL, json=GOOD, headers=KEY)
        problem = check_problem(reply, 503, "feedback_unavailable")
        assert "No such file or directory" in problem["detail"]
        assert str(tmp_path) not in reply.text
        (tmp_path / "gone").rename(folder)
        assert (await client.post(URL, json=GOOD, headers=KEY)).status_code == 201


async def test_slow_disk_is_504_and_predictions_go_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored after all is counted: the metrics used to tell of fewer rows than the file held."""
    async with running(replace(settings, request_timeout_s=0.2), FakePredictor()) as (client, app):
        may_flush = threading.Event()
        monkeypatch.setattr("service.feedback.os.fsync", lambda _: may_flush.wait(timeout=60))
        waiting = [asyncio.create_task(client.post(URL, json=GOOD, headers=KEY)) for _ in range(3)]
        assert (await client.post("/v1/sentiment", json={"text": "good"}, headers=KEY)).status_code == 200
        for reply in await asyncio.gather(*waiting):
            check_problem(reply, 504, "deadline_exceeded")
        may_flush.set()
        await until(lambda: sum(context(app).metrics.feedback.values().values()) == 1)
    assert len(rows_of(settings)) == 1  # the one that was being written; those behind it were given up


async def test_many_clients_lose_nothing(settings: Settings) -> None:
    async with running(settings, FakePredictor()) as (client, _):

        async def post(name: int) -> None:
            for n in range(20):
                body = {"text": f"{name} {n}", "label": LABELS[n % 3]}
                assert (await client.post(URL, json=body, headers=KEY)).status_code == 201

        await asyncio.gather(*(post(name) for name in range(8)))
    assert sorted(row["text"] for row in rows_of(settings)) == sorted(f"{m} {n}" for m in range(8) for n in range(20))


async def test_corrections_are_counted_by_label_and_prediction(settings: Settings) -> None:
    async with running(settings, FakePredictor()) as (client, _):
        before = (await client.get("/metrics")).text
        predicted = (await client.post(URL, json=GOOD, headers=KEY)).json()["predicted"]
        after = (await client.get("/metrics")).text
    series = [line for line in before.splitlines() if line.startswith("sentiment_feedback_total")]
    assert len(series) == 9
    assert all(line.endswith(" 0.0") for line in series)
    assert f'sentiment_feedback_total{{label="positive",predicted="{predicted}"}} 1.0' in after
    assert 'sentiment_texts_total{outcome="ok"} 0.0' in after  # nobody asked for a prediction


def test_file_that_cannot_be_written_stops_the_start_with_one_line(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}
    environment |= {"SENTIMENT_API_KEY": "k", "SENTIMENT_FEEDBACK": str(tmp_path / "none" / "f.jsonl")}
    done = subprocess.run([sys.executable, "-m", "service"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"SENTIMENT_FEEDBACK='{tmp_path}/none/f.jsonl': No such file or directory\n"
