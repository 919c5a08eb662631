"""Several API keys, their limits, and how they come and go."""

import logging
import re
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service.app import create_app
from service.keys import digest_of
from service.settings import Settings, SettingsError
from tests.service.conftest import ServerProcess, context, running, until
from tests.service.fakes import FakePredictor

OLD, NEW, OTHER = "old-key-of-mobile", "new-key-of-mobile", "key-of-batch"
ADMIN = "admin-token"


def line(name: str, key: str, options: str = "") -> str:
    return f"{name} {digest_of(key).hex()} {options}\n"


def write(path: Path, content: str | None) -> None:
    """None: no file."""
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_text(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    write(path, line("mobile", OLD) + line("batch", OTHER))
    return path


async def ask(client: httpx.AsyncClient, key: str, texts: int = 1) -> httpx.Response:
    return await client.post("/v1/sentiment", json={"texts": ["a"] * texts}, headers={"x-api-key": key})


async def statuses(client: httpx.AsyncClient, *keys: str) -> list[int]:
    return [(await ask(client, key)).status_code for key in keys]


def value(app: FastAPI, name: str, **labels: str) -> float | None:
    return context(app).metrics.registry.get_sample_value(f"sentiment_{name}", labels)


async def test_several_keys_open_beside_that_of_the_environment(path: Path) -> None:
    async with running(Settings(api_keys_file=path, api_key="k"), FakePredictor()) as (client, _):
        assert await statuses(client, OLD, OTHER, "k", NEW, "", "K") == [200, 200, 200, 401, 401, 401]


async def test_key_of_the_environment_may_be_given_as_its_hash() -> None:
    hashed = f"sha256:{digest_of('k').hex()}"
    async with running(Settings(api_key=hashed), FakePredictor()) as (client, _):
        assert await statuses(client, "k", hashed) == [200, 401]


async def test_hash_of_a_key_does_not_open(path: Path) -> None:
    async with running(Settings(api_keys_file=path), FakePredictor()) as (client, _):
        assert await statuses(client, digest_of(OLD).hex(), f"sha256:{digest_of(OLD).hex()}", "mobile") == [401] * 3


async def test_keys_are_replaced_while_the_service_runs(path: Path) -> None:
    async with running(Settings(api_keys_file=path), FakePredictor()) as (client, app):
        write(path, line("mobile", OLD) + line("mobile", NEW) + line("batch", OTHER))
        await context(app).keys.reload()
        assert await statuses(client, OLD, NEW, OTHER) == [200, 200, 200]
        write(path, line("mobile", NEW) + line("batch", OTHER))
        await context(app).keys.reload()
        assert await statuses(client, OLD, NEW, OTHER) == [401, 200, 200]
        assert value(app, "key_requests_total", key="mobile", outcome="ok") == 3


@pytest.mark.parametrize("harm", ["mobile x\n", "", None])
async def test_broken_file_leaves_the_keys_as_they_were(
    path: Path, harm: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(Settings(api_keys_file=path), FakePredictor()) as (client, app):
        write(path, harm)
        caplog.clear()
        for _ in range(3):
            await context(app).keys.reload()
        assert await statuses(client, OLD, OTHER, NEW) == [200, 200, 401]
        errors = [record for record in caplog.records if record.levelname == "ERROR"]
        assert len(errors) == 1
        assert re.search(r"line 1: |0 keys; |No such file", errors[0].getMessage())
        write(path, line("phone", OLD))
        await context(app).keys.reload()
        await ask(client, OLD)
        assert value(app, "key_requests_total", key="phone", outcome="ok") == 1


async def test_file_is_followed_without_being_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.keyring.CHECK_EVERY_S", 0.001)
    async with running(Settings(api_keys_file=path), FakePredictor()) as (client, app):
        assert (await ask(client, NEW)).status_code == 401
        write(path, line("mobile", NEW))
        await until(lambda: context(app).keys.find(NEW).name == "mobile")
        assert await statuses(client, OLD, NEW) == [401, 200]


def test_hang_up_signal_and_admin_route_read_the_keys(
    path: Path, serve: Callable[..., ServerProcess], artifact_directory: Path
) -> None:
    admin = f"sha256:{digest_of(ADMIN).hex()}"
    server = serve(artifact_directory, api_keys_file=str(path), admin_token=admin)
    url = server.wait_until_ready()

    def status(key: str) -> int:
        return httpx.post(f"{url}/v1/sentiment", json={"text": "a"}, headers={"x-api-key": key}).status_code

    write(path, line("mobile", NEW))
    server.process.send_signal(signal.SIGHUP)
    assert server.wait_for_log("API keys read")["keys"] == 1
    assert (status(OLD), status(NEW)) == (401, 200)
    write(path, line("mobile", OLD))
    assert httpx.post(f"{url}/v1/admin/reload", headers={"authorization": f"Bearer {ADMIN}"}).status_code == 200
    assert (status(OLD), status(NEW)) == (200, 401)
    write(path, "mobile secret-in-the-wrong-place\n")
    assert "keys: line 1: " in server.wait_for_log("the API keys stay as they were")["message"]
    assert status(OLD) == 200
    assert server.terminate() == 0
    assert not [
        secret for secret in (OLD, NEW, ADMIN, "wrong-place", digest_of(OLD).hex()) if secret in str(server.log)
    ]


async def test_api_key_does_not_open_administration_nor_the_admin_token_the_rest(path: Path) -> None:
    settings = Settings(api_keys_file=path, api_key="k", admin_token=ADMIN)
    async with running(settings, FakePredictor()) as (client, _):
        for key in (OLD, OTHER, "k", "", digest_of(ADMIN).hex()):
            reply = await client.post("/v1/admin/reload", headers={"authorization": f"Bearer {key}"})
            assert (reply.status_code, reply.json()["code"]) == (401, "admin_unauthorized")
        assert await statuses(client, ADMIN) == [401]


@pytest.mark.parametrize("admin", [OLD, f"sha256:{digest_of(OLD).hex()}"])
def test_one_secret_for_both_stops_the_start(path: Path, admin: str) -> None:
    with pytest.raises(SettingsError, match=r"^SENTIMENT_API_KEYS_FILE=.*: the key mobile is the admin token$"):
        create_app(Settings(api_keys_file=path, admin_token=admin))
    with pytest.raises(SettingsError, match=r"^SENTIMENT_API_KEY=\(hidden\): the key environment is the admin token$"):
        create_app(Settings(api_key=OLD, admin_token=admin))


@pytest.mark.parametrize("content", [None, "", "mobile\n"])
def test_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys"
    write(path, content)
    with pytest.raises(SettingsError, match=r"^SENTIMENT_API_KEYS_FILE=.*keys': "):
        create_app(Settings(api_keys_file=path))


async def test_requests_and_texts_are_counted_by_name(path: Path) -> None:
    async with running(Settings(api_keys_file=path, api_key="k"), FakePredictor()) as (client, app):
        await ask(client, OLD, texts=3)
        await ask(client, "k")
        await ask(client, "wrong")
        await client.post("/v1/sentiment", json={}, headers={"x-api-key": OLD})
        await client.get("/v1/model", headers={"x-api-key": OTHER})
        assert value(app, "key_texts_total", key="mobile") == 3
        assert value(app, "key_texts_total", key="environment") == 1
        assert value(app, "key_texts_total", key="batch") == 0
        for key, outcome, count in (
            ("mobile", "ok", 1),
            ("mobile", "refused", 1),
            ("environment", "ok", 1),
            ("batch", "ok", 1),
            ("unknown", "refused", 1),
            ("unknown", "ok", 0),
        ):
            assert value(app, "key_requests_total", key=key, outcome=outcome) == count


async def test_without_keys_everybody_is_anonymous() -> None:
    async with running(Settings(), FakePredictor()) as (client, app):
        await ask(client, "whatever", texts=2)
        assert value(app, "key_requests_total", key="anonymous", outcome="ok") == 1
        assert value(app, "key_texts_total", key="anonymous") == 2


async def test_neither_key_nor_hash_is_told_anywhere(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = Settings(api_keys_file=path, api_key="key-of-the-environment", admin_token=ADMIN)
    async with running(settings, FakePredictor()) as (client, app):
        told = []
        for key in (OLD, OTHER, "key-of-the-environment", "wrong-key-that-was-sent"):
            told += [await ask(client, key), await client.get("/v1/model", headers={"x-api-key": key})]
            told += [await client.post("/v1/admin/reload", headers={"authorization": f"Bearer {key}"})]
        await context(app).keys.reload()
        told += [await client.get("/metrics"), await client.get("/openapi.json")]
    text = "".join(f"{reply.headers} {reply.text}" for reply in told) + caplog.text + repr(settings)
    text += str([vars(record) for record in caplog.records])
    for secret in (OLD, OTHER, "key-of-the-environment", "wrong-key-that-was-sent", ADMIN):
        assert secret not in text
        assert digest_of(secret).hex() not in text


async def test_key_that_asks_too_much_is_429_until_it_has_waited(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("service.keyring.monotonic", lambda: now)
    write(path, line("mobile", OLD, "texts_per_second=2 burst=4") + line("batch", OTHER))
    async with running(Settings(api_keys_file=path), FakePredictor()) as (client, app):
        assert (await ask(client, OLD, texts=4)).status_code == 200
        refused = await ask(client, OLD, texts=3)
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.headers["retry-after"] == "1"  # its body was not read: for one text
        assert (await ask(client, OTHER, texts=100)).status_code == 200
        now += 1.0
        refused = await ask(client, OLD, texts=4)
        assert refused.headers["retry-after"] == "2"  # one of the two was spent on asking, and four are needed
        now += 2.0
        assert (await ask(client, OLD, texts=4)).status_code == 200
        assert value(app, "key_requests_total", key="mobile", outcome="rate_limited") == 2
        now += 2.0
        assert (await ask(client, OLD, texts=10)).status_code == 200  # more than it can ever hold, paid off later
        refused = await ask(client, OLD)
        assert refused.headers["retry-after"] == "4"
        assert value(app, "key_texts_total", key="mobile") == 18


@pytest.mark.parametrize("key", ["", "wrong"])
async def test_wrong_key_is_refused_before_its_body_is_read(path: Path, key: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    settings = Settings(api_keys_file=path, feedback=path.with_name("feedback"))
    async with running(settings, FakePredictor()) as (client, _):
        for route in ("/v1/sentiment", "/v1/feedback"):
            reply = await client.post(route, content=body(), headers={"x-api-key": key})
            assert (reply.status_code, reply.json()["code"]) == (401, "unauthorized")


async def test_spent_key_is_refused_before_its_body_is_read(path: Path) -> None:
    write(path, line("mobile", OLD, "texts_per_second=0.001 burst=1"))
    predictor = FakePredictor()
    async with running(Settings(api_keys_file=path), predictor) as (client, _):
        assert (await ask(client, OLD)).status_code == 200
        reply = await client.post("/v1/sentiment", content=b"\xff", headers={"x-api-key": OLD})
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "1000")
        assert (await client.get("/v1/model", headers={"x-api-key": OLD})).status_code == 429
        assert (await client.get("/health/ready")).status_code == 200
    assert len(predictor.batches) == 1


async def test_limit_of_all_keys_counts_each_name_alone(path: Path) -> None:
    write(path, line("mobile", OLD) + line("mobile", NEW) + line("batch", OTHER))
    settings = Settings(api_keys_file=path, texts_per_second=0.001, texts_burst=2)
    async with running(settings, FakePredictor()) as (client, app):
        assert await statuses(client, OLD, NEW, OLD, NEW, OTHER, OTHER, OTHER) == [200, 200, 429, 429, 200, 200, 429]
        write(path, line("mobile", NEW))
        await context(app).keys.reload()
        assert await statuses(client, NEW) == [429]


async def test_without_keys_all_clients_share_the_limit() -> None:
    async with running(Settings(texts_per_second=0.001, texts_burst=2), FakePredictor()) as (client, _):
        assert await statuses(client, "a", "b", "c") == [200, 200, 429]
