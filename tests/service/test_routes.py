import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from model.network import load_artifact
from model.padding import pad
from service.app import ROUTERS
from service.budget import CPU_BUDGET
from service.predictor import DirectionTrace
from service.schemas import BatchReply, ModelReply, Problem, SingleReply
from service.settings import Settings
from tests.service.conftest import JSON, context, running, until
from tests.service.fakes import LABELS, FakePredictor, logits


async def test_single_reply_has_exactly_the_promised_members() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"text": "abc"})).json()
    assert list(reply) == ["label", "score", "scores", "language", "tokens", "windows", "truncated", "model"]
    assert list(reply["scores"]) == list(LABELS)
    assert (reply["language"], reply["tokens"], reply["windows"], reply["model"]) == ("en", 3, 1, "fake")
    SingleReply.model_validate(reply)


async def test_batch_reply_has_exactly_the_promised_members() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"texts": ["abc", ""], "return_logits": True})).json()
    assert list(reply) == ["results", "model"]
    good, bad = reply["results"]
    assert good["logits"] == dict(zip(LABELS, logits(list(map(ord, "abc"))), strict=True))
    assert bad == {
        "index": 1,
        "error": {"code": "text_blank", "message": "texts[1] is empty or only white space"},
    }
    BatchReply.model_validate(reply)


async def test_sentences_are_read_as_texts_of_their_own(artifact_directory: Path) -> None:
    sentences = ["😀 It was grand.", "房间很脏！", "no end"]
    text = f"  {sentences[0]} {sentences[1]}\n{sentences[2]} "
    async with running(Settings(model=artifact_directory, threads=1), None) as (client, _):
        alone = (await client.post("/v1/sentiment", json={"texts": [text, *sentences]})).json()["results"]
        reply = (await client.post("/v1/sentiment", json={"text": text, "sentences": True})).json()
        metrics = (await client.get("/metrics")).text
    SingleReply.model_validate(reply)
    assert [text[item["offset"] :][: item["length"]] for item in reply["sentences"]] == sentences
    for item, wanted in zip(reply["sentences"], alone[1:], strict=True):
        assert item["label"] == wanted["label"]
        assert item["scores"] == pytest.approx(wanted["scores"], abs=1e-5)
    assert (reply["label"], reply["document_rule"]) == (alone[0]["label"], "whole_text")
    assert reply["scores"] == pytest.approx(alone[0]["scores"], abs=1e-5)
    assert "sentiment_sentences_total 3.0" in metrics
    assert 'sentiment_texts_total{outcome="ok"} 5.0' in metrics


async def test_text_of_one_sentence_is_read_once() -> None:
    predictor = FakePredictor()
    async with running(Settings(), predictor) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"text": " abc ", "sentences": True})).json()
    assert len(predictor.batches) == 1
    assert [(item["offset"], item["length"]) for item in reply["sentences"]] == [(1, 3)]
    assert reply["sentences"][0]["scores"] == reply["scores"]


async def test_tokens_of_sentences_are_admitted_as_those_of_texts_are() -> None:
    async with running(Settings(queue_limit_tokens=10, max_sentences=2), FakePredictor()) as (client, _):
        for option, status in ((False, 200), (True, 413)):
            reply = await client.post("/v1/sentiment", json={"text": "Ab! Cd!", "sentences": option})
            assert reply.status_code == status
        assert (reply.json()["code"], reply.json()["field"], reply.json()["value"]) == (
            "request_too_large",
            "tokens",
            13,
        )
        results = (await client.post("/v1/sentiment", json={"texts": ["A", "B! C! D!"], "sentences": True})).json()
        assert [item.get("error", {}).get("code") for item in results["results"]] == [None, "too_many_sentences"]


async def test_failing_sentence_fails_its_text_alone() -> None:
    predictor = FakePredictor()
    predictor.fail = lambda rows: list(map(ord, "Bad.")) in rows
    async with running(Settings(), predictor) as (client, _):
        body = {"texts": ["Good. Bad.", "Good. Fine."], "sentences": True}
        results = (await client.post("/v1/sentiment", json=body)).json()["results"]
    assert [item.get("error", {}).get("code") for item in results] == ["internal_error", None]


OPTIONS = ("return_logits", "sentences", "explain", "trace")


@pytest.mark.parametrize("chosen", [chosen for count in range(5) for chosen in itertools.combinations(OPTIONS, count)])
async def test_reply_has_what_was_asked_for_and_nothing_more(compiled_directory: Path, chosen: tuple[str, ...]) -> None:
    options = dict.fromkeys(chosen, True)
    async with running(Settings(model=compiled_directory, threads=1), None) as (client, _):
        plain = (await client.post("/v1/sentiment", json={"text": "Good. 房间很脏！"})).json()
        single = await client.post("/v1/sentiment", json={"text": "Good. 房间很脏！", **options})
        batch = await client.post("/v1/sentiment", json={"texts": ["Good. 房间很脏！", " "], **options})
    members = {"return_logits": {"logits"}, "sentences": {"document_rule", "mixed", "sentences"}}
    members |= {"explain": {"explanation"}, "trace": {"trace"}}
    reply = single.json()
    SingleReply.model_validate_json(single.content)
    BatchReply.model_validate_json(batch.content)
    assert reply.keys() - plain.keys() == {name for option in chosen for name in members[option]}
    assert {name: reply[name] for name in plain} == plain
    assert batch.json()["results"][0] | {"model": reply["model"]} == reply | {"index": 0}


async def test_explanation_adds_up_to_the_logits(compiled_directory: Path) -> None:
    text = " I ＬＯＶＥＤ it 😀 — 房间很干净" * 12
    async with running(Settings(model=compiled_directory, threads=1), None) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"text": text, "explain": True, "return_logits": True})).json()
        short = (await client.post("/v1/sentiment", json={"texts": ["ok", text], "explain": True})).json()["results"]
        metrics = (await client.get("/metrics")).text
    found = reply["explanation"]
    assert reply["windows"] > 1
    assert (found["label"], len(found["tokens"])) == (reply["label"], reply["tokens"])
    others = {label: score for label, score in reply["scores"].items() if label != found["label"]}
    mean = sum(reply["logits"][label] * score for label, score in others.items()) / sum(others.values())
    assert found["margin"] == pytest.approx(reply["logits"][found["label"]] - mean, abs=1e-4)
    assert found["margin"] == pytest.approx(
        found["bias"] + sum(item["contribution"] for item in found["tokens"]), abs=1e-3
    )
    for item in found["tokens"]:
        assert text[item["offset"] :][: item["length"]] == item["text"]
    assert short[1]["explanation"] == found
    assert "sentiment_explained_texts_total 3.0" in metrics


async def test_trace_tells_of_every_token(artifact_directory: Path) -> None:
    async with running(Settings(model=artifact_directory, threads=1), None) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"text": "房间 good", "trace": True})).json()
        long = (await client.post("/v1/sentiment", json={"texts": ["x" * 64, "x" * 65], "trace": True})).json()
        alone = (await client.post("/v1/sentiment", json={"text": "x" * 65, "trace": True})).json()
        metrics = (await client.get("/metrics")).text
    assert [item["direction"] for item in reply["trace"]["directions"]] == ["forward", "backward"]
    for direction in reply["trace"]["directions"]:
        for name in ("forget", "input", "output", "candidate", "cell_norm", "hidden_norm"):
            assert len(direction[name]) == reply["tokens"] == len(reply["trace"]["tokens"])
    assert [item.get("error", {}).get("code") for item in long["results"]] == [None, "trace_too_long"]
    assert (alone["status"], alone["code"]) == (413, "trace_too_long")
    assert (alone["field"], alone["limit"], alone["value"]) == ("text", 64, 65)
    assert "sentiment_traced_texts_total 2.0" in metrics


async def test_failing_trace_fails_its_text_alone(caplog: pytest.LogCaptureFixture) -> None:
    predictor = FakePredictor()
    predictor.fail = lambda rows: False
    predictor.trace = lambda row: [] if len(row) == 1 else 1 / 0  # type: ignore[assignment, return-value]
    async with running(Settings(), predictor) as (client, _):
        results = (await client.post("/v1/sentiment", json={"texts": ["a", "bc"], "trace": True})).json()["results"]
    assert [item.get("error", {}).get("code") for item in results] == [None, "internal_error"]
    assert "the trace of a row of 2 tokens failed: ZeroDivisionError" in caplog.text


async def test_what_is_told_token_by_token_is_bounded() -> None:
    async with running(Settings(max_detail_tokens=5), FakePredictor()) as (client, _):
        for option in ("explain", "trace"):
            for texts, status in ((["abc", "de"], 200), (["abc", "def"], 413)):
                reply = await client.post("/v1/sentiment", json={"texts": texts, option: True})
                assert reply.status_code == status
            problem = reply.json()
            assert (problem["code"], problem["field"], problem["limit"]) == ("request_too_large", option, 5)
            assert problem["value"] == 6


async def test_model_that_cannot_explain_says_so() -> None:
    predictor = FakePredictor()
    predictor.can_explain = False
    async with running(Settings(), predictor) as (client, _):
        reply = await client.post("/v1/sentiment", json={"text": "a", "explain": True})
        assert (reply.status_code, reply.json()["code"]) == (409, "explain_unavailable")
        assert reply.json()["field"] == "explain"
        assert (await client.post("/v1/sentiment", json={"text": "a", "trace": True})).status_code == 200


async def test_trace_can_be_switched_off() -> None:
    predictor = FakePredictor()
    async with running(Settings(trace="off"), predictor) as (client, _):
        reply = await client.post("/v1/sentiment", json={"text": "a", "trace": True})
        assert (reply.status_code, reply.json()["code"], reply.json()["field"]) == (403, "trace_disabled", "trace")
        assert (await client.post("/v1/sentiment", json={"text": "a", "explain": True})).status_code == 200
    assert predictor.traced == []


async def test_trace_that_nobody_waits_for_is_not_begun() -> None:
    """One trace runs at a time: the others wait in a queue, and leave it with their callers."""
    predictor = FakePredictor()
    is_free = threading.Event()
    traced: list[int] = []

    def trace(row: Sequence[int]) -> list[DirectionTrace]:
        traced.append(len(row))
        assert is_free.wait(timeout=60)
        return []

    predictor.trace = trace  # type: ignore[method-assign]
    async with running(Settings(request_timeout_s=0.3), predictor) as (client, _):
        texts = ["a", "bc", "def"]
        replies = await asyncio.gather(*(client.post("/v1/sentiment", json={"text": t, "trace": True}) for t in texts))
        assert [reply.status_code for reply in replies] == [504] * 3
        is_free.set()
    assert len(traced) == 1


async def test_reply_equals_the_network_asked_directly(artifact_directory: Path) -> None:
    """Softmax of the logits over the temperature; the same alone and in a batch, to 1e-5."""
    artifact = load_artifact(artifact_directory)
    texts = ["I loved it", "房间很干净，服务员也很热情", "What a dull, cold and pointless story"]
    expected = []
    for text in texts:
        logits_BC = artifact.network(*pad([artifact.tokenizer.encode(text)], artifact.tokenizer.pad_id))
        expected.append((logits_BC / artifact.metadata.temperature).softmax(dim=-1)[0].tolist())
    async with running(Settings(model=artifact_directory, threads=1), None) as (client, _):
        batch = (await client.post("/v1/sentiment", json={"texts": texts})).json()["results"]
        for text, wanted, item in zip(texts, expected, batch, strict=True):
            alone = (await client.post("/v1/sentiment", json={"text": text})).json()
            assert list(alone["scores"].values()) == pytest.approx(wanted, abs=1e-5)
            assert list(item["scores"].values()) == pytest.approx(wanted, abs=1e-5)


async def test_long_text_is_read_whole_by_windows() -> None:
    async with running(Settings(), FakePredictor(max_tokens=8)) as (client, _):
        reply = (await client.post("/v1/sentiment", json={"text": "abcdefgh" * 2, "return_logits": True})).json()
    assert (reply["tokens"], reply["windows"], reply["truncated"]) == (16, 3, False)
    assert reply["logits"]["negative"] == pytest.approx(0.8)


async def test_huge_request_does_not_hold_up_a_small_one() -> None:
    predictor = FakePredictor()
    async with running(Settings(max_batch_rows=4), predictor) as (client, app):
        predictor.is_free.clear()
        huge = asyncio.create_task(client.post("/v1/sentiment", json={"texts": ["abc"] * 1000}))
        await asyncio.to_thread(predictor.is_called.wait, 60)
        small = asyncio.create_task(client.post("/v1/sentiment", json={"text": "z"}))
        batcher = context(app).lifecycle.engine.batcher
        await until(lambda: len(batcher._waiting) == 1)
        predictor.is_free.set()
        assert (await small).status_code == 200
        assert not huge.done()
        assert len((await huge).json()["results"]) == 1000
    assert [[ord("z")] in batch for batch in predictor.batches].index(True) <= 2


async def test_full_queue_is_429_for_single_and_batch_alike() -> None:
    predictor = FakePredictor()
    async with running(Settings(queue_limit=2, max_texts_per_request=2), predictor) as (client, app):
        predictor.is_free.clear()
        admitted = [asyncio.create_task(client.post("/v1/sentiment", json={"text": "a"})) for _ in range(2)]
        await until(lambda: context(app).admission.admitted["texts"] == 2)
        for body in ({"text": "a"}, {"texts": ["a"]}, {"texts": ["a", "b"]}):
            reply = await client.post("/v1/sentiment", json=body)
            assert (reply.status_code, reply.json()["code"]) == (429, "queue_full")
            assert reply.headers["retry-after"] == "1"
            assert (reply.json()["field"], reply.json()["limit"]) == ("texts", 2)
        assert (await client.get("/health/ready")).status_code == 200
        predictor.is_free.set()
        assert {reply.status_code for reply in await asyncio.gather(*admitted)} == {200}
        assert context(app).admission.admitted == {"texts": 0, "tokens": 0, "bytes": 0}


async def test_deadline_is_504_and_drops_the_work() -> None:
    predictor = FakePredictor()
    async with running(Settings(request_timeout_s=0.05, max_batch_rows=1), predictor) as (client, _):
        predictor.is_free.clear()
        replies = await asyncio.gather(*(client.post("/v1/sentiment", json={"text": "a"}) for _ in range(3)))
        predictor.is_free.set()
        assert {reply.status_code for reply in replies} == {504}
        assert replies[0].json()["limit"] == 0.05
    assert len(predictor.batches) == 1


async def test_slow_body_is_408() -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"text": '
        await asyncio.Event().wait()

    async with running(Settings(request_timeout_s=0.05), FakePredictor()) as (client, app):
        reply = await client.post("/v1/sentiment", content=half(), headers=JSON)
        assert (reply.status_code, reply.json()["code"]) == (408, "body_timeout")
        assert reply.headers["connection"] == "close"
        assert context(app).admission.admitted["bytes"] == 0


async def test_waiting_bodies_are_bounded_in_sum() -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b" " * 1200
        await asyncio.Event().wait()

    settings = Settings(max_text_chars=100, max_body_bytes=1200, queue_limit_bytes=2000)
    async with running(settings, FakePredictor()) as (client, app):
        slow = asyncio.create_task(client.post("/v1/sentiment", content=half(), headers=JSON))
        await until(lambda: context(app).admission.admitted["bytes"] == 1200)
        reply = await client.post("/v1/sentiment", content=b" " * 1200, headers=JSON)
        assert (reply.status_code, reply.json()["field"], reply.json()["limit"]) == (429, "bytes", 2000)
        slow.cancel()


async def test_failing_text_fails_alone() -> None:
    predictor = FakePredictor()
    predictor.fail = lambda rows: any(ord("x") in row for row in rows)
    async with running(Settings(), predictor) as (client, _):
        results = (await client.post("/v1/sentiment", json={"texts": ["a", "x", "b"]})).json()["results"]
        assert [result.get("error", {}).get("code") for result in results] == [None, "internal_error", None]
        alone = await client.post("/v1/sentiment", json={"text": "x"})
        assert (alone.status_code, alone.json()["code"]) == (500, "internal_error")


async def test_bug_is_a_500_problem_that_gives_nothing_away(caplog: pytest.LogCaptureFixture) -> None:
    predictor = FakePredictor()
    predictor.encode_error = LookupError("private words")
    async with running(Settings(), predictor) as (client, _):
        reply = await client.post("/v1/sentiment", json={"text": "private words"})
        assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
        Problem.model_validate(reply.json())
        assert "private" not in reply.text
        predictor.encode_error = None
        assert (await client.post("/v1/sentiment", json={"text": "a"})).status_code == 200
    assert "a request failed unexpectedly" in caplog.text


@pytest.mark.parametrize("headers", [{"authorization": "Bearer k"}, {"authorization": "bearer k"}, {"x-api-key": "k"}])
async def test_api_key_opens(headers: dict[str, str]) -> None:
    async with running(Settings(api_key="k"), FakePredictor()) as (client, _):
        assert (await client.post("/v1/sentiment", json={"text": "a"}, headers=headers)).status_code == 200
        assert (await client.get("/v1/model", headers=headers)).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer K"}, {"authorization": "k"}, {"x-api-key": "ключ"}])
async def test_no_api_key_closes_all_but_health_and_metrics(headers: dict[str, str]) -> None:
    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    async with running(Settings(api_key="k"), FakePredictor()) as (client, _):
        for method, path in (("POST", "/v1/sentiment"), ("GET", "/v1/model")):
            reply = await client.request(method, path, headers=encoded)
            assert (reply.status_code, reply.json()["code"]) == (401, "unauthorized")
            assert reply.headers["www-authenticate"] == "Bearer"
        for path in ("/health/live", "/health/ready", "/metrics"):
            assert (await client.get(path)).status_code == 200


HEALTH = ("/health/", "/v2/health/")
OPEN = ("/", "/playground/{name}", "/metrics", "/docs", "/docs/oauth2-redirect", "/openapi.json")


async def test_every_other_route_asks_for_a_key() -> None:
    """Those of other protocols too, and those that somebody adds."""
    async with running(Settings(api_key="k"), FakePredictor()) as (client, app):
        routes = [route for each in (app.router, *ROUTERS) for route in each.routes if isinstance(route, Route)]
        asked = {(method, route.path) for route in routes for method in (route.methods or ()) if method != "HEAD"}
        assert len(asked) > 15
        for method, path in sorted(asked):
            reply = await client.request(method, path, headers=JSON)
            if method == "GET" and (path in OPEN or path.startswith(HEALTH)):
                assert reply.status_code in (200, 404), path
            elif (method, path) == ("POST", "/"):  # AWS has 400 for all
                assert "UnrecognizedClientException" in reply.text
            else:
                assert reply.status_code == (403 if "admin" in path else 401), path


@pytest.mark.parametrize("accept", ["version=x", "version=1.x", "version=", "version", "escaping=x"])
async def test_metrics_take_any_wish_for_a_format(accept: str) -> None:
    """A version that is no number was answered 500, which anybody could so have alerts tell of."""
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.get("/metrics", headers={"accept": f"application/openmetrics-text; {accept}"})
        assert reply.status_code == 200
        assert "sentiment_ready 1.0" in reply.text


async def test_model_tells_what_runs(artifact_directory: Path) -> None:
    artifact = load_artifact(artifact_directory)
    async with running(Settings(model=artifact_directory, threads=1), None) as (client, _):
        reply = ModelReply.model_validate((await client.get("/v1/model")).json())
    assert reply.version == artifact.metadata.version
    assert reply.digests == artifact.digests
    assert reply.labels == list(artifact.metadata.model.labels)
    assert (reply.temperature, reply.max_tokens) == (1.5, 64)
    assert (reply.backend, reply.device, reply.threads) == ("torchscript", "cpu", 1)
    assert reply.limits["max_text_chars"] == 200_000
    assert (reply.limits["max_batch_tokens"], reply.limits["max_batch_rows"]) == CPU_BUDGET


async def test_probes_of_the_open_inference_protocol_are_answered() -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        for path in ("/health/live", "/v2/health/live", "/health/ready", "/v2/health/ready"):
            assert (await client.get(path)).status_code == 200
        context(app).lifecycle.leave()
        assert (await client.get("/v2/health/ready")).json()["code"] == "draining"
        assert (await client.get("/v2/health/live")).status_code == 200


async def test_client_who_leaves_costs_nothing() -> None:
    """`is_disconnected` was never true for plain requests (vllm-mlx#457): here the app itself is spoken to."""
    predictor = FakePredictor()
    async with running(Settings(max_batch_rows=1), predictor) as (client, app):
        predictor.is_free.clear()
        first = asyncio.create_task(client.post("/v1/sentiment", json={"text": "a"}))
        await asyncio.to_thread(predictor.is_called.wait, 60)
        body = httpx.Request("POST", "http://test/v1/sentiment", json={"text": "b"})
        left = asyncio.Event()
        messages = [{"type": "http.request", "body": body.content, "more_body": False}]
        sent: list[int] = []

        async def receive() -> dict[str, object]:
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                sent.append(int(str(message["status"])))

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": "/v1/sentiment",
            "raw_path": b"/v1/sentiment",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(b"content-type", b"application/json")],
        }
        second = asyncio.create_task(app(scope, receive, send))  # type: ignore[arg-type]
        await until(lambda: len(context(app).lifecycle.engine.batcher._waiting) == 1)
        left.set()
        await second
        assert sent == [499]
        predictor.is_free.set()
        assert (await first).status_code == 200
        metrics = (await client.get("/metrics")).text
        assert 'sentiment_texts_total{outcome="cancelled"} 1.0' in metrics
        assert 'sentiment_texts_total{outcome="ok"} 1.0' in metrics
    assert predictor.batches == [[[ord("a")]]]
