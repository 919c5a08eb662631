"""The snippets, run as they are copied."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.service.playground.conftest import OpenPage

NASTY = [
    'It\'s "fine" \\ `whoami` $(id) ${HOME} %s !! 100% \\u0041 \\',
    "line\nline\r\n\ttab \x07 bell \x1b[31m \x85 \u2028 \u202e rtl \ufeff",
    "@/etc/passwd 'quoted' '\\'' '''\"\"\" </script> 👩‍👩‍👧 𠀀 好",
]


def snippet(page: Page, kind: str, text: str) -> str:
    page.locator("#text").evaluate("(box, text) => { box.value = text; box.dispatchEvent(new Event('input')); }", text)
    page.locator(f"#tab-{kind}").click()
    return page.locator("#snippet").text_content() or ""


def run_curl(code: str, page: Page, tmp_path: Path) -> Any:
    done = subprocess.run(["bash", "-c", code.replace("curl ", "curl -s ", 1)], capture_output=True, cwd=tmp_path)
    return json.loads(done.stdout)


def run_python(code: str, page: Page, tmp_path: Path) -> Any:
    (tmp_path / "ask.py").write_text(code.replace("print(json.load(reply))", "print(json.dumps(json.load(reply)))"))
    done = subprocess.run([sys.executable, "ask.py"], capture_output=True, cwd=tmp_path, check=True)
    return json.loads(done.stdout)


def run_javascript(code: str, page: Page, tmp_path: Path) -> Any:
    return page.evaluate(f"async () => {{ {code.replace('console.log(await reply.json())', 'return reply.json()')} }}")


@pytest.mark.parametrize(("kind", "run"), [("curl", run_curl), ("python", run_python), ("javascript", run_javascript)])
def test_snippet_asks_exactly_what_the_page_asks(
    kind: str, run: Any, open_page: OpenPage, site: str, tmp_path: Path
) -> None:
    page = open_page()
    for text in NASTY:
        code = snippet(page, kind, text)
        # A text area turns every line end into \n.
        shown = page.locator("#text").input_value()
        wanted = httpx.post(site + "v1/sentiment", json={"text": shown, "sentences": True}).json()
        assert run(code, page, tmp_path) == wanted
        assert not set(code) & set("\x07\x1b\x85\u2028\u202e\ufeff")  # nothing that reads other than it is


def test_copy_gives_the_snippet_that_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = snippet(page, "python", "I loved it")
    page.locator("#copy").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == shown
