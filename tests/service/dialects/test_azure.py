"""The sentiment analysis of Azure AI Language, asked by the unmodified `azure-ai-textanalytics`."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from azure.ai.textanalytics import AnalyzeSentimentResult, DocumentError, TextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from service.dialects.azure import CODES, INNER_CODES
from service.errors import all_errors
from service.settings import Settings
from tests.service.conftest import JSON, context, running
from tests.service.dialects.conftest import KEY, full_until_refused
from tests.service.fakes import FakePredictor

HEADERS = JSON | {"ocp-apim-subscription-key": KEY}
PATH = "/language/:analyze-text?api-version=2023-04-01"
BOTH = "😀 The room was lovely. 但是服务员态度很差！"


@pytest.fixture
def client(url: str) -> Iterator[TextAnalyticsClient]:
    with TextAnalyticsClient(url, AzureKeyCredential(KEY)) as client:
        yield client


def analyze(client: TextAnalyticsClient, documents: Any, **options: Any) -> list[Any]:
    return client.analyze_sentiment(documents, **options)


def body_of(*documents: object, **parameters: object) -> dict[str, object]:
    return {"kind": "SentimentAnalysis", "analysisInput": {"documents": list(documents)}, "parameters": parameters}


def document(text: object, **members: object) -> dict[str, object]:
    return {"id": "1", "text": text, **members}


def test_documents_have_sentiment_scores_and_sentences(client: TextAnalyticsClient) -> None:
    texts = ["I loved every minute of it. I would go again!", "这家酒店又脏又吵，再也不会来了。"]
    results = analyze(client, texts)
    assert [type(result) for result in results] == [AnalyzeSentimentResult] * 2
    assert [(result.id, result.sentiment) for result in results] == [("0", "positive"), ("1", "negative")]
    for text, result in zip(texts, results, strict=True):
        scores = result.confidence_scores
        assert scores.positive + scores.neutral + scores.negative == pytest.approx(1, abs=1e-5)
        assert not result.warnings
        for sentence in result.sentences:
            assert text[sentence.offset : sentence.offset + sentence.length] == sentence.text
            assert sentence.sentiment in ("positive", "neutral", "negative")
            assert sentence.confidence_scores[sentence.sentiment] == max(
                sentence.confidence_scores[name] for name in ("positive", "neutral", "negative")
            )
    assert [sentence.text for sentence in results[0].sentences] == ["I loved every minute of it.", "I would go again!"]


def test_results_are_those_of_our_own_route(client: TextAnalyticsClient, url: str) -> None:
    [result] = analyze(client, [BOTH])
    bearer = {"authorization": f"Bearer {KEY}"}
    native = httpx.post(f"{url}/v1/sentiment", json={"text": BOTH, "sentences": True}, headers=bearer).json()
    assert result.confidence_scores.negative == native["scores"]["negative"]
    assert [(found.offset, found.length, found.sentiment) for found in result.sentences] == [
        (found["offset"], found["length"], found["label"]) for found in native["sentences"]
    ]


def test_sentences_that_disagree_make_a_document_mixed(client: TextAnalyticsClient) -> None:
    [result] = analyze(client, [BOTH])
    assert result.sentiment == "mixed"
    assert {"positive", "negative"} <= {sentence.sentiment for sentence in result.sentences}


def test_places_are_counted_in_the_unit_asked_for(client: TextAnalyticsClient) -> None:
    [points] = analyze(client, [BOTH])
    [units] = analyze(client, [BOTH], string_index_type="Utf16CodeUnit")
    assert [sentence.text for sentence in points.sentences] == [sentence.text for sentence in units.sentences]
    encoded = BOTH.encode("utf-16-le")
    for sentence in units.sentences:
        own = encoded[2 * sentence.offset : 2 * (sentence.offset + sentence.length)]
        assert own.decode("utf-16-le") == sentence.text
    assert points.sentences[-1].offset + 1 == units.sentences[-1].offset
    with pytest.raises(HttpResponseError, match="stringIndexType must be UnicodeCodePoint or Utf16CodeUnit"):
        analyze(client, [BOTH], string_index_type="TextElement_v8")


def test_each_document_has_its_own_error(client: TextAnalyticsClient) -> None:
    documents = [
        {"id": "good", "text": "房间很干净", "language": "zh-Hans"},
        {"id": "empty", "text": ""},
        {"id": "long", "text": "a" * 200_001},
        {"id": "many", "text": "Good. " * 1001},
        {"id": "french", "text": "bon", "language": "fr"},
        {"id": "Good", "text": "房间很干净", "language": "zh"},
    ]
    results = analyze(client, documents)
    assert [result.id for result in results] == ["good", "empty", "long", "many", "french", "Good"]
    assert results[0].sentiment == results[5].sentiment == "positive"
    errors = [result for result in results if isinstance(result, DocumentError)]
    assert [(error.error.code, error.error.message) for error in errors] == [
        ("InvalidDocument", "documents[1].text is empty or only white space"),
        ("InvalidDocument", "documents[2].text has 200001 characters; the limit is 200000"),
        ("InvalidDocument", "documents[3].text has 1001 sentences; the limit is 1000"),
        ("UnsupportedLanguageCode", "language must be one of en, zh"),
    ]


def test_options_that_mean_nothing_here_are_refused_or_left_empty(client: TextAnalyticsClient) -> None:
    with pytest.raises(HttpResponseError, match="opinionMining must be false: this model finds no opinions") as raised:
        analyze(client, ["good"], show_opinion_mining=True)
    assert raised.value.error
    assert raised.value.error.code == "InvalidParameterValue"
    with pytest.raises(HttpResponseError, match="modelVersion must be latest or ") as raised:
        analyze(client, ["good"], model_version="2022-11-01")
    assert raised.value.error
    assert raised.value.error.code == "ModelVersionIncorrect"
    hook: list[Any] = []
    [result] = analyze(
        client,
        ["good"],
        show_stats=True,
        show_opinion_mining=False,
        disable_service_logs=True,
        model_version="latest",
        raw_response_hook=hook.append,
    )
    assert result.statistics is None
    assert not result.sentences[0].mined_opinions
    assert hook[0].model_version


def test_duplicate_ids_are_refused(client: TextAnalyticsClient) -> None:
    with pytest.raises(HttpResponseError, match="each document must have an id of its own") as raised:
        analyze(client, [{"id": "1", "text": "good"}, {"id": "1", "text": "bad"}])
    assert raised.value.status_code == 400
    assert raised.value.error
    assert raised.value.error.code == "InvalidDocument"


def test_subscription_key_is_the_api_key(url: str) -> None:
    with (
        TextAnalyticsClient(url, AzureKeyCredential("another")) as client,
        pytest.raises(ClientAuthenticationError, match="send Ocp-Apim-Subscription-Key: KEY"),
    ):
        analyze(client, ["good"])


def test_client_that_meets_a_full_queue_asks_again_and_is_answered() -> None:
    with full_until_refused() as (url, app), TextAnalyticsClient(url, AzureKeyCredential("any")) as client:
        [result] = analyze(client, ["a"])
        assert not result.is_error
        value = context(app).metrics.registry.get_sample_value
        assert value("sentiment_rejected_total", {"reason": "texts"}) == 1
        assert value("sentiment_texts_total", {"outcome": "ok"}) == 2


@pytest.mark.parametrize(
    ("body", "status", "inner"),
    [
        (b"", 400, "InvalidRequestBodyFormat"),
        (b"[" * 100_000, 400, "InvalidRequestBodyFormat"),
        (b"null", 400, "InvalidParameterValue"),
        (b"{}", 400, "InvalidParameterValue"),
        (b'{"kind": ["SentimentAnalysis"]}', 400, "InvalidParameterValue"),
        (b'{"kind": "EntityRecognition"}', 400, "InvalidParameterValue"),
        (b'{"kind": "SentimentAnalysis"}', 400, "InvalidParameterValue"),
        (b'{"kind": "SentimentAnalysis", "analysisInput": []}', 400, "InvalidParameterValue"),
        (b'{"kind": "SentimentAnalysis", "analysisInput": {"documents": {}}}', 400, "InvalidParameterValue"),
        (b'{"kind": "SentimentAnalysis", "parameters": "secret"}', 400, "InvalidParameterValue"),
        (body_of(), 400, "MissingInputDocuments"),
        (body_of("secret"), 400, "InvalidDocument"),
        (body_of(None), 400, "InvalidDocument"),
        (body_of({"text": "secret"}), 400, "InvalidDocument"),
        (body_of(document("secret", id=7)), 400, "InvalidDocument"),
        (body_of(document("secret", id=["a"])), 400, "InvalidDocument"),
        (body_of(document("secret", id="")), 400, "InvalidDocument"),
        (body_of(document("secret", id="\ud800")), 400, "InvalidDocument"),
        (body_of(document("secret", id="a" * 513)), 400, "InvalidDocument"),
        (body_of(*[document("secret")] * 1001), 400, "InvalidDocumentBatch"),
        (body_of(document("secret"), stringIndexType=["secret"]), 400, "InvalidParameterValue"),
        (body_of(document("secret"), stringIndexType=0), 400, "InvalidParameterValue"),  # used to be left out for it
        (body_of(document("secret"), opinionMining="secret"), 400, "InvalidParameterValue"),
        (body_of(document("secret"), opinionMining=0), 400, "InvalidParameterValue"),
        (body_of(document("secret"), modelVersion={"secret": 1}), 400, "ModelVersionIncorrect"),
        # About the body as a whole, these used to be InvalidDocument:
        (b"\xff", 400, "InvalidRequestBodyFormat"),
        (b" " * 5_000_000, 413, "InvalidRequest"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_wrong_body_is_refused_in_the_shape_of_azure(url: str, body: Any, status: int, inner: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = httpx.post(f"{url}{PATH}", content=content, headers=HEADERS)
    assert reply.status_code == status
    assert list(reply.json()) == ["error"]
    error = reply.json()["error"]
    assert (error["code"], error["innererror"]["code"]) == ("InvalidRequest", inner)
    assert error["message"] == error["innererror"]["message"]
    assert "secret" not in reply.text


def test_body_of_another_kind_has_the_wrong_format(url: str) -> None:
    """It used to be an InvalidDocument."""
    reply = httpx.post(f"{url}{PATH}", content=b"a=1", headers=HEADERS | {"content-type": "text/plain"})
    assert (reply.status_code, reply.json()["error"]["innererror"]["code"]) == (415, "InvalidRequestBodyFormat")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"text": None}, "InvalidDocument"),
        ({"text": 7}, "InvalidDocument"),
        ({"text": ["secret"]}, "InvalidDocument"),
        ({"text": "secret \ud800"}, "InvalidDocument"),
        ({"text": " \n"}, "InvalidDocument"),
        ({"text": "secret", "language": ["secret"]}, "UnsupportedLanguageCode"),
        ({"text": "secret", "language": []}, "UnsupportedLanguageCode"),
        ({"text": "secret", "language": "zh-hant"}, "UnsupportedLanguageCode"),
        ({"text": "secret", "language": "secret"}, "UnsupportedLanguageCode"),
    ],
    ids=repr,
)
def test_wrong_document_has_an_error_and_others_their_results(url: str, members: dict[str, Any], code: str) -> None:
    body = body_of({"id": "bad", **members}, {"id": "fine", "text": "good", "language": ""})
    reply = httpx.post(f"{url}{PATH}", content=json.dumps(body).encode(), headers=HEADERS)
    assert reply.status_code == 200
    results = reply.json()["results"]
    [error] = results["errors"]
    assert (error["id"], error["error"]["code"], error["error"]["innererror"]["code"]) == (
        "bad",
        "InvalidArgument",
        code,
    )
    assert [found["id"] for found in results["documents"]] == ["fine"]
    assert "secret" not in reply.text


def test_codes_that_errors_are_told_by_exist() -> None:
    assert INNER_CODES.keys() <= {error.code for error in all_errors()} | {"id", "modelVersion"}
    assert CODES.keys() <= {error.status for error in all_errors()}


async def test_failures_of_the_service_have_the_codes_of_azure() -> None:
    predictor = FakePredictor()
    async with running(Settings(request_timeout_s=0.05), predictor) as (client, app):

        async def refused() -> tuple[int, str]:
            reply = await client.post(PATH, json=body_of(document("private")))
            assert "private" not in reply.text
            return reply.status_code, reply.json()["error"]["code"]

        predictor.fail = lambda rows: True
        reply = await client.post(PATH, json=body_of(document("private")))
        [failed] = reply.json()["results"]["errors"]
        assert (reply.status_code, failed["error"]["code"]) == (200, "InternalServerError")
        predictor.encode_error = LookupError("private")
        assert await refused() == (500, "InternalServerError")  # a bug, answered by the observer
        predictor.encode_error, predictor.fail = None, lambda rows: False
        predictor.is_free.clear()
        assert await refused() == (504, "Timeout")
        predictor.is_free.set()
        context(app).lifecycle.drain()
        assert await refused() == (503, "ServiceUnavailable")
