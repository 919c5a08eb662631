"""One server and one headless Chromium for all tests of the page, and a fresh page for each of them."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, ViewportSize, sync_playwright

from model import SHIPPED
from tests.service.conftest import servers

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000

NO_ROUTES: Mapping[str, Callable[[Route], None]] = MappingProxyType({})

OpenPage = Callable[..., Page]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a profile of its own. No other event loop can run in this thread meanwhile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ})
        yield browser
        browser.close()


# For the package: tests of other folders need the event loop that Playwright holds.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium; Debian package: chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """Address of a server with the shipped model."""
    with servers() as start:
        url = start(SHIPPED).wait_until_ready()
        # The first trace loads torch, for longer than a test waits if the machine is busy.
        httpx.post(f"{url}/v1/sentiment", json={"text": "good", "trace": True}, timeout=60).raise_for_status()
        yield f"{url}/"


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Open the page, as in `open_page(locale="zh-CN")`.

    At the end nothing may have gone wrong in it, and no request may have left the host.
    failures: whether requests may fail, as the browser then reports by itself.
    routes: handlers of requests, by pattern of their address.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    hosts: set[str] = set()

    def open_one(
        address: str = site,
        *,
        failures: bool = False,
        locale: str = "en-GB",
        width: int = 1280,
        dark: bool = False,
        routes: Mapping[str, Callable[[Route], None]] = NO_ROUTES,
    ) -> Page:
        viewport: ViewportSize = {"width": width, "height": 900}
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = browser.new_context(locale=locale, viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        for pattern, answer in routes.items():
            context.route(pattern, answer)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

        def note(message: ConsoleMessage) -> None:
            if not (failures and message.text.startswith("Failed to load resource")):
                faults.append(f"{message.type}: {message.text}")

        page.on("console", note)
        page.goto(address)
        page.locator(".chip").first.wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []
    assert {urlsplit("//" + host).hostname for host in hosts} <= {None, "127.0.0.1"}  # blob: and data: have none
