"""Pictures of the playground: the one in the README, and all that somebody should look at after a change.

    python -m tests.service.playground.screenshots            # the README's, into deploy/docs
    python -m tests.service.playground.screenshots FOLDER     # widths x light and dark x languages x views

Drawn in Noto Sans CJK where it is installed: DejaVu, which systems without a desktop have, is wider than most.
"""

import argparse
import os
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from model import SHIPPED
from tests.service.conftest import ROOT, servers
from tests.service.playground.conftest import chromium

WIDTHS = (360, 768, 1440)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
VIEWS = {"sentences": "#view .sentence", "tokens": "#view .text .token", "memory": "#view .step[tabindex]"}
ROWS = [
    "I loved every minute of it",
    "房间又脏又吵，再也不会来了",
    "It arrived on Tuesday in a brown box",
    "Not worth the money",
    "味道不错，就是有点贵",
    "Great value 😊",
]
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<match target="pattern"><test qual="all" name="family" compare="not_contains"><string>mono</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Noto Sans CJK SC</string></edit></match>
</fontconfig>"""


def main() -> None:
    """Start a server and a browser, and take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of the playground.")
    parser.add_argument("folder", type=Path, nargs="?", help="take all combinations into it")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as scratch:
        fonts = Path(scratch) / "fonts.conf"
        fonts.write_text(FONTS)
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        table = Path(scratch) / "reviews.csv"
        table.write_text(
            "review\n" + "\n".join(f'"{ROWS[(5 * i + i // 7) % len(ROWS)]}"' for i in range(240)), encoding="utf-8"
        )
        with servers() as start, chromium() as browser:
            url = start(SHIPPED).wait_until_ready() + "/"
            if folder is None:
                take_readme(browser, url, ROOT / "deploy" / "docs" / "playground.png")
            else:
                take_all(browser, url, table, folder)


def take_readme(browser: Browser, url: str, path: Path) -> None:
    """Text, verdict and tokens, in a window that fits the README."""
    path.parent.mkdir(exist_ok=True)
    page = open_page(browser, url, width=1180, height=760, locale="en-GB", is_dark=False)
    ask(page, example=0)
    show(page, "tokens")
    ask(page, example=0)  # the second answer comes as fast as all others
    page.wait_for_timeout(500)
    show(page, "tokens")
    page.screenshot(path=path)
    page.context.close()


def take_all(browser: Browser, url: str, table: Path, folder: Path) -> None:
    """Every width, scheme, language and view, each the whole page; the views share a page with a finished table."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, is_dark, (language, locale) in product(WIDTHS, (False, True), LOCALES.items()):
        name = f"{width}-{'dark' if is_dark else 'light'}-{language}"
        page = open_page(browser, url, width=width, height=900, locale=locale, is_dark=is_dark)
        page.screenshot(path=folder / f"{name}-empty.png")
        ask(page, example=0 if language == "en" else 1)
        page.locator("#file").set_input_files(table)
        page.locator("#run").click()
        page.locator("#save").wait_for()
        for view in VIEWS:
            show(page, view)
            page.locator(VIEWS[view]).nth(1).hover()
            page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
        page.context.close()


def open_page(browser: Browser, url: str, *, width: int, height: int, locale: str, is_dark: bool) -> Page:
    """The page with its card filled in."""
    viewport: ViewportSize = {"width": width, "height": height}
    page = browser.new_page(locale=locale, viewport=viewport, color_scheme="dark" if is_dark else "light")
    page.goto(url)
    page.locator("#card table").wait_for()
    return page


def ask(page: Page, example: int) -> None:
    """Take one of the example texts."""
    page.locator(".chip").nth(example).click()
    page.locator("#verdict .label").wait_for()


def show(page: Page, view: str) -> None:
    """Change to a view, with the pointer out of the way."""
    page.locator(f"#tab-{view}").click()
    page.locator(VIEWS[view]).first.wait_for()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")


if __name__ == "__main__":
    main()
