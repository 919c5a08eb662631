"""Everybody can use the page: axe-core finds no serious fault, keys do all, nothing is cut off on small screens."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.service.playground.conftest import OpenPage
from tests.service.playground.test_table import classify, rows_of, write_csv
from tests.service.playground.test_text import MIXED, write

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
VIEWS = {"sentences": "#view .sentence", "tokens": "#view .text .token", "memory": "#view .step[tabindex]"}


def faults(page: Page) -> list[Any]:
    """What axe-core finds, but for what is of little weight."""
    result = page.evaluate("async () => await axe.run(document, { resultTypes: ['violations'] })")
    return [
        (fault["id"], [node["html"][:200] for node in fault["nodes"]])
        for fault in result["violations"]
        if fault["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("locale", "dark"), [("en-GB", False), ("zh-CN", True)])
def test_axe_finds_no_serious_fault(locale: str, dark: bool, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(locale=locale, dark=dark)
    page.evaluate(AXE)
    assert faults(page) == []
    write(page, MIXED)
    classify(page, write_csv(tmp_path / "reviews.csv", rows_of(30)))
    for view, mark in VIEWS.items():
        page.locator(f"#tab-{view}").click()
        page.locator(mark).first.hover()
        expect(page.get_by_role("tooltip")).to_be_visible()
        assert faults(page) == [], view


def test_keys_alone_do_everything(open_page: OpenPage) -> None:
    page = open_page()

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"no Tab leads to {selector}")

    tab_to(".skip")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(MIXED)
    expect(page.locator("#verdict .label")).to_be_visible()
    tab_to(".chip")
    tab_to("#tab-sentences")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    expect(page.locator("#tab-sentences")).to_have_attribute("aria-selected", "true")
    tab_to("#view mark")
    page.keyboard.press("End")
    expect(page.get_by_role("tooltip")).to_contain_text("Sentence 2 of 2")
    tab_to("#paste")
    page.keyboard.type("text\nI loved it\n")
    tab_to("#run")
    page.keyboard.press("Enter")
    page.locator("#save").wait_for()
    tab_to("#save")
    tab_to("#tab-curl")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#snippet")).to_contain_text("urllib.request")
    tab_to("#copy")
    for _ in range(200):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('[data-language=zh]')"):
            break
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_nothing_is_wider_than_a_small_screen(locale: str, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(locale=locale, width=320)  # 640 pixels at 200 % too
    write(page, MIXED + " averyveryveryverylongwordthatgoesonandonandonandonandonandonwithoutanyend")
    classify(page, write_csv(tmp_path / "reviews.csv", rows_of(30)))
    for view, mark in VIEWS.items():
        page.locator(f"#tab-{view}").click()
        page.locator(mark).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_forced_colours_leave_the_bars_visible(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(forced_colors="active")
    write(page, "I loved it")
    bar, track = (
        page.locator(f"#verdict .{name}").first.evaluate("(element) => getComputedStyle(element).backgroundColor")
        for name in ("bar", "track")
    )
    assert bar != track
