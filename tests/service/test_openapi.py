"""The document of the API, and the page that shows it."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI

from service.errors import UnsupportedLanguage, all_errors
from service.settings import Settings
from tests.service.conftest import running
from tests.service.fakes import FakePredictor

SECRETS = {"bearer": "key", "x-api-key": "key", "admin": "token"}
"""What each of the schemes is sent with."""


def headers_of(scheme: dict[str, str], secret: str) -> dict[str, str]:
    """What a client sends who reads the document."""
    if scheme["type"] == "apiKey":
        assert scheme["in"] == "header"
        return {scheme["name"]: secret}
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("settings", [{}, {"api_key": "key"}], ids=["open", "keyed"])
async def test_document_tells_what_each_route_asks_of_its_callers(settings: dict[str, Any]) -> None:
    """By it, code is made that asks, and pages that let people ask: it said nothing of keys."""
    asked = {}
    async with running(Settings(admin_token="token", **settings), FakePredictor()) as (client, _):
        document = (await client.get("/openapi.json")).json()
        schemes = document["components"]["securitySchemes"]
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                security = operation.get("security", document["security"])
                asked[path] = [name for way in security for name in way] if {} not in security else []

                async def status(headers: dict[str, str], method: str = method, path: str = path) -> int:
                    return (await client.request(method, path, headers=headers)).status_code

                assert (await status({}) == 401) == bool(asked[path])
                for name in asked[path]:
                    assert await status(headers_of(schemes[name], "wrong")) == 401
                    assert await status(headers_of(schemes[name], SECRETS[name])) != 401
    keyed = [path for path, names in asked.items() if names == ["bearer", "x-api-key"]]
    assert keyed == (["/v1/sentiment", "/v1/model", "/v1/feedback"] if settings else [])
    assert [path for path, names in asked.items() if names and path not in keyed] == ["/v1/admin/reload"]


async def test_document_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """FastAPI renders it for each request, and nobody is answered meanwhile; anybody may ask, as fast as he likes."""
    describe, described = FastAPI.openapi, list[FastAPI]()

    def count(app: FastAPI) -> dict[str, Any]:
        described.append(app)
        return describe(app)

    monkeypatch.setattr(FastAPI, "openapi", count)
    async with running(Settings(), FakePredictor()) as (client, app):
        replies = [await client.get("/openapi.json") for _ in range(3)]
        head = await client.head("/openapi.json")
    assert described == [app]
    assert {reply.content for reply in replies} == {replies[0].content}
    assert {reply.headers["content-type"] for reply in [*replies, head]} == {"application/json"}
    assert (head.status_code, head.content) == (200, b"")


async def test_documentation_page_loads_everything_from_this_host() -> None:
    """FastAPI's own page takes its script from a CDN, and is blank on a closed network."""
    async with running(Settings(), FakePredictor()) as (client, _):
        page = (await client.get("/docs")).text
        sources = re.findall(r'(?:src|href)="([^"]+)"', page)
        replies = [await client.get(path) for path in sources if path.startswith("/")]
    assert any(path.endswith(".js") for path in sources)
    assert [reply.status_code for reply in replies] == [200] * len(sources)


async def test_openapi_names_every_error_code() -> None:
    async with running(Settings(), FakePredictor()) as (client, _):
        schema = (await client.get("/openapi.json")).json()
    text = json.dumps(schema)
    for error in all_errors():
        if error.status not in (404, 405, 499) and error is not UnsupportedLanguage:  # no route's own, or not of ours
            assert f'"{error.code}"' in text
    responses = schema["paths"]["/v1/sentiment"]["post"]["responses"]
    assert "application/problem+json" in responses["422"]["content"]
    assert "HTTPValidationError" not in text
