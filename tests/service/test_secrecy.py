"""What nobody is told: of texts nothing in logs and metrics, of the machine nothing in replies."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from model.artifact import ArtifactError
from service import app as app_module
from service.predictor import Predictor
from service.settings import Settings
from tests.service.conftest import JSON, context, running
from tests.service.fakes import FakePredictor

MACHINE = re.compile(
    r"Traceback|File \\?\"|\.py\b|/(home|opt|root|srv|tmp|usr|var|models)/|line \d+|0x[0-9a-f]{6}|Error\b"
)
"""Places in files and in memory, and names of exceptions."""
PATH = "/srv/models/versions/v2/model.pt"
WORDS = "unmistakable words of a user"


def breaks_when_encoding(predictor: FakePredictor) -> None:
    predictor.encode_error = FileNotFoundError(2, "No such file or directory", PATH)


def breaks_when_predicting(predictor: FakePredictor) -> None:
    predictor.fail = lambda rows: True


@pytest.mark.parametrize("harm", [breaks_when_encoding, breaks_when_predicting])
async def test_failing_model_tells_nothing_of_the_machine(harm: Callable[[FakePredictor], None]) -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, _):
        harm(predictor)
        for body in ({"text": "a"}, {"texts": ["a", "b"]}, {"text": "a", "sentences": True}):
            reply = await client.post("/v1/sentiment", json=body)
            assert "internal_error" in reply.text
            assert not MACHINE.search(reply.text + str(reply.headers))


async def test_failing_handler_tells_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", PATH)

    async with running(Settings(api_key="k"), FakePredictor()) as (client, app):
        monkeypatch.setattr(context(app).keys, "find", fail)
        for method, path in (("POST", "/v1/sentiment"), ("GET", "/v1/model"), ("POST", "/v1/feedback")):
            reply = await client.request(method, path)
            assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
            assert not MACHINE.search(reply.text + str(reply.headers))


@pytest.mark.parametrize("error", [ArtifactError(f"{PATH}: sha256 is off"), OSError(2, "No such file", PATH)], ids=str)
async def test_failing_loader_tells_its_cause_to_the_log_alone(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loads: list[Predictor] = [FakePredictor("old")]

    def load(*_: object) -> Predictor:
        if loads:
            return loads.pop()
        raise error

    monkeypatch.setattr(app_module, "load_predictor", load)
    headers = {"authorization": "Bearer t"}
    async with running(Settings(admin_token="t"), None) as (client, _):
        reply = await client.post("/v1/admin/reload", headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (409, "reload_failed")
        assert not MACHINE.search(reply.text + str(reply.headers))
        assert (await client.post("/v1/sentiment", json={"text": "a"})).json()["model"] == "old"
    async with running(Settings(admin_token="t"), None) as (client, _):
        for method, path in (("POST", "/v1/sentiment"), ("GET", "/health/ready"), ("POST", "/v1/admin/reload")):
            reply = await client.request(method, path, headers=headers)
            assert reply.status_code == 503
            assert not MACHINE.search(reply.text + str(reply.headers))
    assert caplog.text.count(PATH) == 2


async def test_text_is_in_no_log_and_no_metric(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the client's own, which logs the addresses it asks
    predictor = FakePredictor()
    settings = Settings(api_key="k", feedback=tmp_path / "feedback.jsonl")
    told: list[httpx.Response] = []
    async with running(settings, predictor) as (client, _):
        headers = JSON | {"x-api-key": "k"}

        async def post(path: str, body: str, **more: str) -> None:
            told.append(await client.post(path, content=body, headers=headers | more))

        for body in (
            f'{{"text": "{WORDS}"}}',
            f'{{"texts": ["{WORDS}", "", 7], "sentences": true}}',
            f'{{"text": "{WORDS} \\ud800"}}',
            f'{{"text": "{WORDS}", "{WORDS}": 1}}',
            f'{{"text": "{WORDS}"',
            f'"{WORDS}"',
            WORDS,
        ):
            await post("/v1/sentiment", body)
        await post("/v1/feedback", f'{{"text": "{WORDS}", "label": "positive"}}')
        await post("/v1/feedback", f'{{"text": "{WORDS}", "label": "{WORDS}"}}')
        for body in (f'{{"inputs": "{WORDS}"}}', f'{{"inputs": "{WORDS}", "raw_scores": "{WORDS}"}}'):
            await post("/predict", body)
        amazon = {"content-type": "application/x-amz-json-1.1", "authorization": "Credential=k/a/b/c/aws4_request"}
        for language in ("en", WORDS):
            body = f'{{"LanguageCode": "{language}", "Text": "{WORDS}"}}'
            await post("/", body, **{"x-amz-target": "Comprehend_20171127.DetectSentiment"} | amazon)
        for kind in ("SentimentAnalysis", WORDS):
            documents = f'{{"documents": [{{"id": "1", "text": "{WORDS}"}}, {{"id": "2", "text": 7}}]}}'
            body = f'{{"kind": "{kind}", "analysisInput": {documents}}}'
            await post("/language/:analyze-text", body, **{"ocp-apim-subscription-key": "k"})
        await post(f"/v1/{WORDS}?text={WORDS}", "")
        await post("/v1/sentiment", "{}", **{"x-request-id": WORDS, "traceparent": WORDS, "x-api-key": WORDS})
        breaks_when_predicting(predictor)
        await post("/v1/sentiment", f'{{"text": "{WORDS}"}}')
        predictor.encode_error = LookupError(WORDS)
        await post("/v1/sentiment", f'{{"text": "{WORDS}"}}')
        metrics = (await client.get("/metrics")).text
    assert {reply.status_code for reply in told} >= {200, 201, 400, 401, 404, 422, 500}
    assert len(caplog.records) > len(told)
    for record in caplog.records:
        if record.name.startswith("service"):  # as JSONFormatter writes it: without the exception's message
            assert "unmistakable" not in record.getMessage() + str(vars(record).get("fields"))
    assert "unmistakable" not in metrics
    # Azure's protocol returns sentences; what was sent for a name is no text that anybody would look for elsewhere.
    assert not [reply for reply in told if "unmistakable" in reply.text.replace(f'"text":"{WORDS}"', "")]
