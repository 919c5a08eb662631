"""The operations of AWS Comprehend, asked by the unmodified `boto3`."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from service.dialects.comprehend import BATCH, ERRORS, MEDIA_TYPE, SINGLE
from service.errors import all_errors
from service.settings import Settings
from tests.service.conftest import context, running
from tests.service.dialects.conftest import KEY, full_until_refused
from tests.service.fakes import FakePredictor

NAMES = {"Positive", "Negative", "Neutral", "Mixed"}


@contextmanager
def client(url: str, key: str = KEY, **config: Any) -> Iterator[Any]:
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key="any", region_name="us-east-1")
    comprehend = session.client("comprehend", endpoint_url=url, config=Config(**config))
    yield comprehend
    comprehend.close()


@pytest.fixture
def comprehend(url: str) -> Iterator[Any]:
    with client(url, retries={"total_max_attempts": 1}) as comprehend:
        yield comprehend


def headers(operation: str = SINGLE, media_type: str = MEDIA_TYPE, key: str = KEY) -> dict[str, str]:
    signature = f"AWS4-HMAC-SHA256 Credential={key}/20261121/us-east-1/comprehend/aws4_request, SignedHeaders=host"
    return {"content-type": media_type, "x-amz-target": operation, "authorization": signature}


@pytest.mark.parametrize(
    ("language", "text", "sentiment"),
    [
        ("en", "I loved every minute of it", "POSITIVE"),
        ("en", "The meeting begins at noon.", "NEUTRAL"),
        ("zh", "这家酒店又脏又吵，再也不会来了", "NEGATIVE"),
    ],
)
def test_detect_sentiment(comprehend: Any, language: str, text: str, sentiment: str) -> None:
    reply = comprehend.detect_sentiment(Text=text, LanguageCode=language)
    scores = reply["SentimentScore"]
    assert reply["Sentiment"] == sentiment
    assert scores.keys() == NAMES
    assert scores["Mixed"] == 0
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert max(scores, key=scores.__getitem__).upper() == sentiment
    told = reply["ResponseMetadata"]
    assert told["RequestId"] == told["HTTPHeaders"]["x-request-id"]


def test_batch_has_results_and_errors_by_index(comprehend: Any) -> None:
    texts = ["房间很干净", " ", "What a dull story", "a" * 200_001]
    reply = comprehend.batch_detect_sentiment(TextList=texts, LanguageCode="zh")
    results, errors = reply["ResultList"], reply["ErrorList"]
    assert [(item["Index"], item["Sentiment"]) for item in results] == [(0, "POSITIVE"), (2, "NEGATIVE")]
    assert all(item["SentimentScore"].keys() == NAMES for item in results)
    assert [(item["Index"], item["ErrorCode"]) for item in errors] == [
        (1, "InvalidRequestException"),
        (3, "TextSizeLimitExceededException"),
    ]
    assert errors[0]["ErrorMessage"] == "TextList[1] is empty or only white space"
    alone = comprehend.detect_sentiment(Text=texts[0], LanguageCode="zh")
    assert alone["SentimentScore"] == results[0]["SentimentScore"]


async def test_lone_text_has_no_index() -> None:
    """It used to have one, as in a batch; boto3 drops what it does not know, other clients may not."""
    async with running(Settings(api_key=KEY), FakePredictor()) as (ours, _):
        reply = await ours.post("/", content=b'{"Text": "a", "LanguageCode": "en"}', headers=headers())
    assert reply.json().keys() == {"Sentiment", "SentimentScore"}


def test_errors_are_the_clients_typed_exceptions(comprehend: Any) -> None:
    typed = comprehend.exceptions
    with pytest.raises(typed.InvalidRequestException, match="Text is empty or only white space"):
        comprehend.detect_sentiment(Text=" ", LanguageCode="en")
    with pytest.raises(typed.TextSizeLimitExceededException, match="has 200001 characters; the limit is 200000"):
        comprehend.detect_sentiment(Text="a" * 200_001, LanguageCode="en")
    for language in ("fr", "zh-TW"):
        with pytest.raises(typed.UnsupportedLanguageException, match="LanguageCode must be one of en, zh"):
            comprehend.detect_sentiment(Text="bon", LanguageCode=language)
    with pytest.raises(typed.BatchSizeLimitExceededException, match="TextList holds 1001 texts; the limit is 1000"):
        comprehend.batch_detect_sentiment(TextList=["a"] * 1001, LanguageCode="en")


def test_other_operations_of_the_client_are_unknown(comprehend: Any) -> None:
    with pytest.raises(ClientError, match=r"UnknownOperationException.*Comprehend_20171127.DetectSentiment or"):
        comprehend.detect_dominant_language(Text="good")


def test_access_key_id_is_the_api_key(url: str) -> None:
    with (
        client(url, key="another", retries={"total_max_attempts": 1}) as comprehend,
        pytest.raises(ClientError, match=r"UnrecognizedClientException.*sign with the API key as access key id"),
    ):
        comprehend.detect_sentiment(Text="good", LanguageCode="en")
    unsigned = {name: value for name, value in headers().items() if name != "authorization"}
    assert httpx.post(url, content=b"{}", headers=unsigned).json()["__type"] == "UnrecognizedClientException"


async def test_api_key_may_hold_whatever_a_header_can() -> None:
    async with running(Settings(api_key="a/b+c=/d,e"), FakePredictor()) as (ours, _):
        body = b'{"Text": "a", "LanguageCode": "en"}'
        assert (await ours.post("/", content=body, headers=headers(key="a/b+c=/d,e"))).status_code == 200
        assert (await ours.post("/", content=body, headers=headers(key="a/b+c="))).status_code == 400
        assert (await ours.post("/", content=body, headers=headers(key="ключ".encode().hex()))).status_code == 400


@pytest.mark.parametrize("mode", ["standard", "legacy"])
def test_client_that_meets_a_full_queue_asks_again_and_is_answered(mode: str) -> None:
    retries = {"total_max_attempts": 9, "mode": mode}
    with full_until_refused() as (url, app), client(url, retries=retries) as comprehend:
        reply = comprehend.detect_sentiment(Text="a", LanguageCode="en")
        refused = reply["ResponseMetadata"]["RetryAttempts"]
        assert refused >= 1
        value = context(app).metrics.registry.get_sample_value
        assert value("sentiment_rejected_total", {"reason": "texts"}) == refused
        own_status = {"route": "/", "method": "POST", "code": "429"}  # not 400, as AWS has it
        assert value("sentiment_http_requests_total", own_status) == refused
        assert value("sentiment_texts_total", {"outcome": "ok"}) == 2


def test_full_queue_is_throttling_once_attempts_are_spent() -> None:
    with (
        full_until_refused() as (url, _),
        client(url, retries={"total_max_attempts": 1}) as comprehend,
        pytest.raises(ClientError, match="ThrottlingException") as raised,
    ):
        comprehend.detect_sentiment(Text="a", LanguageCode="en")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("operation", "body", "name"),
    [
        (SINGLE, b"", "SerializationException"),
        (SINGLE, b"\xff", "SerializationException"),
        (SINGLE, b"[" * 100_000, "SerializationException"),
        (SINGLE, b"null", "InvalidRequestException"),
        (SINGLE, b"{}", "UnsupportedLanguageException"),
        (SINGLE, b'{"Text": "secret", "LanguageCode": ["en"]}', "UnsupportedLanguageException"),
        (SINGLE, b'{"Text": "secret", "LanguageCode": "secret"}', "UnsupportedLanguageException"),
        (SINGLE, b'{"LanguageCode": "en"}', "InvalidRequestException"),
        (SINGLE, b'{"Text": null, "LanguageCode": "en"}', "InvalidRequestException"),
        (SINGLE, b'{"Text": ["secret"], "LanguageCode": "en"}', "InvalidRequestException"),
        (SINGLE, b'{"Text": "secret \\ud800", "LanguageCode": "en"}', "InvalidRequestException"),
        (SINGLE, b" " * 5_000_000, "TextSizeLimitExceededException"),
        (BATCH, b'{"LanguageCode": "en"}', "InvalidRequestException"),
        (BATCH, b'{"TextList": [], "LanguageCode": "en"}', "InvalidRequestException"),
        (BATCH, b'{"TextList": "secret", "LanguageCode": "en"}', "InvalidRequestException"),
        (BATCH, b'{"TextList": {"0": "secret"}, "LanguageCode": "en"}', "InvalidRequestException"),
        ("Comprehend_20171127.DetectEntities", b"{}", "UnknownOperationException"),
        ("", b"{}", "UnknownOperationException"),
        ("\u20ac secret", b"{}", "UnknownOperationException"),
    ],
    ids=lambda value: repr(value[:50]) if isinstance(value, bytes) else None,
)
def test_wrong_body_is_refused_in_the_shape_of_aws(url: str, operation: str, body: bytes, name: str) -> None:
    sent = {key.encode(): value.encode() for key, value in headers(operation).items()}
    reply = httpx.post(url, content=body, headers=sent)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == MEDIA_TYPE
    assert reply.headers["x-amzn-errortype"] == reply.json()["__type"] == name
    assert reply.headers["x-amzn-requestid"] == reply.headers["x-request-id"]
    assert list(reply.json()) == ["__type", "Message"]
    assert "secret" not in reply.text


def test_texts_that_are_none_have_errors_of_their_own(url: str) -> None:
    body = b'{"TextList": ["good", null, 7, ["a"], "\\ud800", ""], "LanguageCode": "en"}'
    reply = httpx.post(url, content=body, headers=headers(BATCH))
    assert reply.status_code == 200
    assert [item["Index"] for item in reply.json()["ErrorList"]] == [1, 2, 3, 4, 5]
    assert {item["ErrorCode"] for item in reply.json()["ErrorList"]} == {"InvalidRequestException"}
    assert [item["Index"] for item in reply.json()["ResultList"]] == [0]


def test_json_of_another_kind_is_no_operation(url: str) -> None:
    body = json.dumps({"Text": "good", "LanguageCode": "en"}).encode()
    reply = httpx.post(url, content=body, headers=headers(media_type="application/json"))
    assert (reply.status_code, reply.json()["__type"]) == (400, "UnknownOperationException")
    assert MEDIA_TYPE in reply.json()["Message"]


def test_codes_that_errors_are_told_by_exist() -> None:
    assert ERRORS.keys() <= {error.code for error in all_errors()}


async def test_failures_of_the_service_are_those_that_clients_ask_again_after() -> None:
    predictor = FakePredictor()
    async with running(Settings(request_timeout_s=0.05), predictor) as (ours, app):

        async def refused() -> tuple[int, str]:
            reply = await ours.post("/", content=b'{"Text": "private", "LanguageCode": "en"}', headers=headers())
            assert "private" not in reply.text
            return reply.status_code, reply.json()["__type"]

        predictor.fail = lambda rows: True
        assert await refused() == (500, "InternalServerException")
        predictor.encode_error = LookupError("private")
        assert await refused() == (500, "InternalServerException")  # a bug, answered by the observer
        predictor.encode_error, predictor.fail = None, lambda rows: False
        predictor.is_free.clear()
        assert await refused() == (504, "InternalServerException")
        predictor.is_free.set()
        value = context(app).metrics.registry.get_sample_value
        route = {"route": "/", "method": "POST"}
        assert value("sentiment_http_requests_total", route | {"code": "500"}) == 2
        assert value("sentiment_http_requests_total", route | {"code": "504"}) == 1
        context(app).lifecycle.drain()
        assert await refused() == (503, "ServiceUnavailableException")
        assert (await ours.get("/")).headers["content-type"].startswith("text/html")  # what it is without a target


async def test_slow_body_has_an_error_that_clients_ask_again_after() -> None:
    """It was an InvalidRequestException, which none does."""

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with running(Settings(request_timeout_s=0.05), FakePredictor()) as (ours, _):
        reply = await ours.post("/", content=slow(), headers=headers())
    assert (reply.status_code, reply.json()["__type"]) == (400, "RequestTimeoutException")


async def test_model_with_other_labels_is_not_translated() -> None:
    predictor = FakePredictor()
    predictor.info = replace(predictor.info, labels=("1 star", "2 stars", "3 stars"))
    async with running(Settings(), predictor) as (ours, _):
        reply = await ours.post("/", content=b'{"Text": "a", "LanguageCode": "en"}', headers=headers())
        assert (reply.status_code, reply.json()["__type"]) == (400, "InvalidRequestException")
        assert "ask POST /v1/sentiment" in reply.json()["Message"]
