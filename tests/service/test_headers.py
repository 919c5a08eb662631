"""What browsers are told: headers of every reply, and which other origins may ask."""

import httpx
import pytest

from service.headers import complete_headers
from service.settings import Settings
from tests.service.conftest import JSON, running
from tests.service.fakes import FakePredictor

SHOP = "https://shop.example"
PREFLIGHT = {
    "origin": SHOP,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,x-api-key",
}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/sentiment", b'{"text": "a"}'),
        ("POST", "/v1/sentiment", b"{"),
        ("GET", "/v1/model", b""),
        ("GET", "/health/live", b""),
        ("GET", "/metrics", b""),
        ("GET", "/docs", b""),
        ("GET", "/nothing", b""),
        ("BREW", "/v1/sentiment", b""),
    ],
)
async def test_every_reply_is_neither_sniffed_nor_stored(method: str, path: str, body: bytes) -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.request(method, path, content=body, headers=JSON)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers.get_list("cache-control") == ["no-store"]
    is_page = reply.headers["content-type"].startswith("text/html")
    assert is_page == (path == "/docs")
    assert (reply.headers.get("x-frame-options") == "DENY") == is_page
    assert ("frame-ancestors 'none'" in reply.headers.get("content-security-policy", "")) == is_page
    assert not [name for name in reply.headers if name.startswith("access-control-")]


async def test_bug_is_told_with_the_same_headers() -> None:
    predictor = FakePredictor()
    predictor.encode_error = LookupError()
    async with running(Settings(), predictor) as (client, _):
        reply = await client.post("/v1/sentiment", json={"text": "a"})
    assert reply.status_code == 500
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers.get_list("cache-control") == ["no-store"]


def test_what_a_route_says_itself_is_kept() -> None:
    own = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"cache-control", b"no-cache"),
        (b"referrer-policy", b"origin"),
    ]
    headers = own.copy()
    complete_headers(headers)
    assert headers == [*own, (b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY")]


async def test_scripts_of_the_documentation_may_be_kept() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.get("/static-offline-docs/swagger-ui-bundle.js")
    assert (reply.status_code, "etag" in reply.headers, "cache-control" in reply.headers) == (200, True, False)


async def ask(client: httpx.AsyncClient, origin: str) -> httpx.Response:
    return await client.post("/v1/sentiment", json={"text": "a"}, headers={"origin": origin, "x-api-key": "k"})


async def test_pages_of_other_origins_may_not_ask_by_default() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        reply = await client.options("/v1/sentiment", headers=PREFLIGHT)
        assert (reply.status_code, reply.json()["code"]) == (405, "method_not_allowed")
        for told in (reply, await ask(client, SHOP)):
            assert not [name for name in told.headers if name.startswith("access-control-")]


async def test_listed_origins_may_ask_with_a_key_and_others_not() -> None:
    async with running(Settings(cors_origins=(SHOP,), api_key="k"), FakePredictor()) as (client, _):
        reply = await client.options("/v1/sentiment", headers=PREFLIGHT)
        assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, SHOP)
        assert "x-api-key" in reply.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in reply.headers
        reply = await ask(client, SHOP)
        assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, SHOP)
        assert "x-request-id" in reply.headers["access-control-expose-headers"]
        refused = await client.post("/v1/sentiment", json={"text": "a"}, headers={"origin": SHOP})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SHOP)
        for origin in ("https://evil.example", "https://shop.example.evil.example", "null", "http://shop.example"):
            assert (await client.options("/v1/sentiment", headers=PREFLIGHT | {"origin": origin})).status_code == 400
            assert "access-control-allow-origin" not in (await ask(client, origin)).headers


async def test_any_origin_may_ask_if_told_so() -> None:
    async with running(Settings(cors_origins=("*",)), FakePredictor()) as (client, _):
        assert (await ask(client, "https://any.example")).headers["access-control-allow-origin"] == "*"
        cookie = {"origin": SHOP, "cookie": "a=b"}
        reply = await client.post("/v1/sentiment", json={"text": "a"}, headers=cookie)
        assert "access-control-allow-credentials" not in reply.headers
