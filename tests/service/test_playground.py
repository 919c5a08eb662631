"""The playground as it is served; what it does in a browser is tested in the folder `playground`."""

import re

import httpx
import pytest

from service.playground import FILES, HEADERS, PAGE
from service.settings import Settings
from tests.service.conftest import running
from tests.service.fakes import FakePredictor

MAX_BYTES = 60_000
SOURCES = re.compile(r"""(?:src|href|from|import)\s*=?\s*["'](?!data:|#)([^"']+)["']""")


async def get(path: str, **headers: str) -> httpx.Response:
    async with running(Settings(api_key="k"), FakePredictor()) as (client, _):
        return await client.get(path, headers=headers)


def test_the_page_is_small() -> None:
    assert sum(len(file.content) for file in FILES.values()) < MAX_BYTES


async def test_page_needs_no_key_and_keeps_to_its_host() -> None:
    reply = await get("/")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.content == FILES[PAGE].content
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_address_in_the_page_is_relative_and_exists() -> None:
    """Relative, so that the page works behind a proxy that serves it under a path of its own."""
    for name, file in FILES.items():
        for address in SOURCES.findall(file.content.decode()):
            if name == PAGE:
                assert address in ("docs", "metrics") or FILES.get(address.removeprefix("playground/")), address
            else:
                assert address.startswith("./"), f"{name}: {address}"
                assert address.removeprefix("./") in FILES, f"{name}: {address}"


def test_nothing_in_the_page_is_inline_or_made_of_markup() -> None:
    page = FILES[PAGE].content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(")
    assert [name for name, file in FILES.items() if markup.search(file.content.decode())] == []


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("style.css", "text/css; charset=utf-8"), ("main.js", "text/javascript; charset=utf-8")],
)
async def test_parts_have_their_exact_type(name: str, media_type: str) -> None:
    reply = await get(f"/playground/{name}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["index.html", "__init__.py", "..%2Fapp.py", "%2e%2e/app.py", "main.js/", ""])
async def test_nothing_else_is_served(name: str) -> None:
    reply = await get(f"/playground/{name}")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
async def test_known_file_is_not_sent_again(form: str) -> None:
    etag = FILES["main.js"].etag
    again = await get("/playground/main.js", **{"if-none-match": form.format(etag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    changed = await get("/playground/main.js", **{"if-none-match": '"other"'})
    assert changed.status_code == 200
