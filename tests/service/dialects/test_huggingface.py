"""The routes of Hugging Face, asked by the unmodified `huggingface_hub`, and as clients of TEI ask them."""

import math

import httpx
import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from service.dialects.huggingface import KINDS, STATUSES
from service.errors import all_errors
from service.settings import Settings
from tests.service.conftest import JSON, context, running
from tests.service.dialects.conftest import KEY
from tests.service.fakes import LABELS, FakePredictor, logits

BEARER = {"authorization": f"Bearer {KEY}"}
TIMES = ("x-compute-time", "x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time")


def client(url: str, token: str = KEY) -> InferenceClient:
    return InferenceClient(model=f"{url}/predict", token=token)


def ask(url: str, **body: object) -> httpx.Response:
    return httpx.post(f"{url}/predict", json=body, headers=BEARER)


@pytest.mark.parametrize(
    ("text", "label"), [("I loved every minute of it", "positive"), ("这家酒店又脏又吵，再也不会来了", "negative")]
)
def test_inference_client_gets_every_label_best_first(url: str, text: str, label: str) -> None:
    elements = client(url).text_classification(text)
    assert elements[0].label == label
    assert {element.label for element in elements} == set(LABELS)
    assert sum(element.score for element in elements) == pytest.approx(1, abs=1e-5)
    assert [element.score for element in elements] == sorted((element.score for element in elements), reverse=True)
    native = httpx.post(f"{url}/v1/sentiment", json={"text": text}, headers=BEARER).json()
    assert {element.label: element.score for element in elements} == native["scores"]


def test_inference_client_by_base_url_gets_the_same(url: str) -> None:
    by_url = InferenceClient(base_url=f"{url}/predict", api_key=KEY)
    assert by_url.text_classification("good") == client(url).text_classification("good")


def test_inference_client_chooses_how_many_and_of_what_function(url: str) -> None:
    text = "It was okay, nothing special"
    assert len(client(url).text_classification(text, top_k=2)) == 2
    raw = {element.label: element.score for element in client(url).text_classification(text, function_to_apply="none")}
    sigmoid = client(url).text_classification(text, function_to_apply="sigmoid")
    for element in sigmoid:
        assert element.score == pytest.approx(1 / (1 + math.exp(-raw[element.label])), abs=1e-6)
    softmax = client(url).text_classification(text, function_to_apply="softmax")
    assert softmax == client(url).text_classification(text)


@pytest.mark.parametrize(
    ("text", "token", "status", "words"),
    [
        ("", KEY, 422, "inputs is empty or only white space"),
        ("a" * 200_001, KEY, 413, "inputs has 200001 characters; the limit is 200000"),
        ("good", "another", 401, "send the header Authorization: Bearer KEY"),
    ],
    ids=["blank", "long", "key"],
)
def test_inference_client_raises_its_own_error_and_tells_ours(
    url: str, text: str, token: str, status: int, words: str
) -> None:
    with pytest.raises(HfHubHTTPError) as raised:
        client(url, token).text_classification(text)
    assert raised.value.response.status_code == status
    assert words in str(raised.value)


def test_one_text_in_the_manner_of_tei_gets_a_flat_list(url: str) -> None:
    flat = ask(url, inputs="good", truncate=True, truncation_direction="Right", raw_scores=False)
    assert [list(item) for item in flat.json()] == [["label", "score"]] * 3
    assert [flat.json()] == ask(url, inputs="good", parameters={}).json()


def test_batches_get_a_list_for_each_text(url: str) -> None:
    texts = ["I loved it", "房间又脏又吵"]
    nested = ask(url, inputs=[[text] for text in texts]).json()
    assert [ranked[0]["label"] for ranked in nested] == ["positive", "negative"]
    assert nested == ask(url, inputs=texts).json()
    assert nested == ask(url, inputs=texts, parameters={"top_k": 3}).json()
    assert nested == ask(url, inputs=texts, parameters={"top_k": 3.0}).json()  # a whole number to JSON Schema


def test_raw_scores_are_the_logits(url: str) -> None:
    native = httpx.post(f"{url}/v1/sentiment", json={"text": "good", "return_logits": True}, headers=BEARER).json()
    raw = {item["label"]: item["score"] for item in ask(url, inputs="good", raw_scores=True).json()}
    assert raw == native["logits"]


def test_headers_tell_characters_tokens_and_milliseconds(url: str) -> None:
    headers = ask(url, inputs=["I loved it", "好"]).headers
    assert (headers["x-compute-type"], headers["x-compute-characters"]) == ("cpu", "11")
    assert int(headers["x-compute-tokens"]) > 0
    assert all(headers[name].isdigit() for name in TIMES)
    assert int(headers["x-total-time"]) >= int(headers["x-inference-time"])


def test_info_has_the_members_of_tei(url: str) -> None:
    found = httpx.get(f"{url}/info", headers=BEARER).json()
    assert set(found) == {
        "model_id",
        "model_sha",
        "model_dtype",
        "served_model_name",
        "model_type",
        "max_concurrent_requests",
        "max_input_length",
        "max_batch_tokens",
        "max_batch_requests",
        "max_client_batch_size",
        "auto_truncate",
        "tokenization_workers",
        "version",
        "sha",
        "docker_label",
    }
    classifier = found["model_type"]["classifier"]
    assert classifier["id2label"] == {str(index): label for index, label in enumerate(LABELS)}
    assert classifier["label2id"] == {label: index for index, label in enumerate(LABELS)}
    native = httpx.get(f"{url}/v1/model", headers=BEARER).json()
    assert found["model_id"] == native["version"]
    assert found["model_sha"] in native["digests"].values()
    assert found["max_client_batch_size"] == native["limits"]["max_texts_per_request"]
    assert httpx.get(f"{url}/info").json()["error_type"] == "Validation"


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        (b"", 400, "Validation", "at character 0 of the body"),
        (b"\xff", 400, "Validation", "is not UTF-8"),
        (b"[" * 100_000, 400, "Validation", "nested 100000 levels deep"),
        (b"null", 422, "Validation", "must be a JSON object, not null"),
        (b"{}", 422, "Validation", "inputs must be a string, not null"),
        (b'{"inputs": null}', 422, "Validation", "inputs must be a string, not null"),
        (b'{"inputs": 7}', 422, "Validation", "inputs must be a string, not a number"),
        (b'{"inputs": {"text": "secret"}}', 422, "Validation", "inputs must be a string, not an object"),
        (b'{"inputs": "secret \\ud800"}', 422, "Validation", "half of a surrogate pair at character 7"),
        (b'{"inputs": []}', 400, "Empty", "inputs must hold at least one text"),
        (b'{"inputs": [[]]}', 422, "Validation", "inputs[0] must be a string, not an array"),
        (b'{"inputs": ["fine", ["secret", "pair"]]}', 422, "Validation", "inputs[1] must be a string, not an array"),
        (b'{"inputs": ["secret", ""]}', 422, "Validation", "inputs[1] is empty"),
        (b'{"inputs": [' + b'"a",' * 1000 + b'"a"]}', 413, "Validation", "inputs holds 1001 texts; the limit is 1000"),
        (b'{"inputs": "' + b"a" * 200_001 + b'"}', 413, "Validation", "has 200001 characters"),
        (b" " * 5_000_000, 413, "Validation", "the body has 5000000 bytes"),
        (b'{"inputs": "secret", "raw_scores": "yes"}', 422, "Validation", "raw_scores must be true or false"),
        (b'{"inputs": "secret", "raw_scores": 0}', 422, "Validation", "raw_scores must be true or false"),  # 0 == False
        (b'{"inputs": "secret", "parameters": {"function_to_apply": {}}}', 422, "Validation", "softmax, sigmoid"),
        (b'{"inputs": "secret", "parameters": []}', 422, "Validation", "parameters must be an object, not an array"),
        (b'{"inputs": "secret", "parameters": {"top_k": 0}}', 422, "Validation", "top_k a whole number"),
        (b'{"inputs": "secret", "parameters": {"top_k": true}}', 422, "Validation", "top_k a whole number"),
        (b'{"inputs": "secret", "parameters": {"function_to_apply": {"a": 1}}}', 422, "Validation", "softmax, sigmoid"),
        (b'{"inputs": "secret", "parameters": {"function_to_apply": "relu"}}', 422, "Validation", "softmax, sigmoid"),
    ],
    ids=lambda value: repr(value[:50]) if isinstance(value, bytes) else None,
)
def test_wrong_body_is_refused_in_the_shape_of_tei(url: str, body: bytes, status: int, kind: str, words: str) -> None:
    reply = httpx.post(f"{url}/predict", content=body, headers=BEARER | JSON)
    assert reply.status_code == status
    assert list(reply.json()) == ["error", "error_type"]
    assert reply.json()["error_type"] == kind
    assert words in reply.json()["error"]
    assert "secret" not in reply.text


def test_codes_that_errors_are_told_by_exist() -> None:
    assert (KINDS.keys() | STATUSES.keys()) <= {error.code for error in all_errors()}


async def test_failures_of_the_service_have_the_types_of_tei() -> None:
    predictor = FakePredictor()
    async with running(Settings(request_timeout_s=0.05), predictor) as (client, app):

        async def refused() -> tuple[int, str]:
            reply = await client.post("/predict", json={"inputs": "private"})
            assert "private" not in reply.text
            return reply.status_code, reply.json()["error_type"]

        predictor.fail = lambda rows: True
        assert await refused() == (424, "Backend")
        predictor.encode_error = LookupError("private")
        assert await refused() == (424, "Backend")  # a bug, answered by the observer
        own_status = {"route": "/predict", "method": "POST", "code": "500"}
        assert context(app).metrics.registry.get_sample_value("sentiment_http_requests_total", own_status) == 2
        predictor.encode_error, predictor.fail = None, lambda rows: False
        predictor.is_free.clear()
        assert await refused() == (504, "Backend")
        predictor.is_free.set()
        context(app).lifecycle.drain()
        assert await refused() == (503, "Unhealthy")
        assert (await client.get("/info")).json()["error_type"] == "Unhealthy"


async def test_metrics_and_results_are_those_of_any_request() -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        reply = await client.post("/predict", json={"inputs": ["abc", "de"], "raw_scores": True})
        first = {item["label"]: item["score"] for item in reply.json()[0]}
        assert first == dict(zip(LABELS, logits(list(map(ord, "abc"))), strict=True))
        value = context(app).metrics.registry.get_sample_value
        requests = {"route": "/predict", "method": "POST", "code": "200"}
        assert value("sentiment_http_requests_total", requests) == 1
        assert value("sentiment_texts_total", {"outcome": "ok"}) == 2
        assert context(app).admission.admitted == {"texts": 0, "tokens": 0, "bytes": 0}
