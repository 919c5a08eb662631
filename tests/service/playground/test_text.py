"""One text in the browser: typed, answered, marked, refused."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from service.playground import FILES
from service.schemas import DirectionTrace
from tests.service.playground.conftest import OpenPage

MIXED = "The room was lovely. 但是服务员态度很差！"
HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    expect(page.locator("#verdict .label")).to_be_visible()


def pretend(page: Page, reply: dict[str, object]) -> None:
    """Let the page see this reply instead of the service's."""
    page.route("**/v1/sentiment", lambda route: route.fulfill(json=reply))


def test_label_and_bars_come_as_one_types(open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#text").press_sequentially("I loved every minute of it", delay=5)
    expect(page.locator("#verdict .label")).to_contain_text("Positive")
    assert len([url for url in asked if url.endswith("/v1/sentiment")]) < 10
    bars = page.locator("#verdict .bars li")
    expect(bars).to_have_count(3)
    shares = [float(text.rstrip("%")) for text in page.locator("#verdict .bars .figure").all_inner_texts()]
    widths = [box["width"] for bar in page.locator("#verdict .bar").all() if (box := bar.bounding_box())]
    assert abs(sum(shares) - 100) < 0.2
    assert widths.index(max(widths)) == shares.index(max(shares)) == 2
    expect(page.locator("#said")).to_have_text(f"Positive, {shares[2]}%")  # for screen readers


def test_examples_of_both_languages_are_offered(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#verdict")).to_contain_text("The answer appears here")
    expect(page.locator("#inside")).to_be_hidden()
    page.locator(".chip[lang^=zh]").first.click()
    expect(page.locator("#verdict .facts")).to_contain_text("Chinese")
    page.locator("#clear").click()
    expect(page.locator("#verdict")).to_contain_text("The answer appears here")
    expect(page.locator("#text")).to_be_focused()


def test_language_follows_the_browser_and_is_kept_when_chosen(open_page: OpenPage) -> None:
    page = open_page(locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    write(page, "I loved it")
    expect(page.locator("#verdict .label")).to_contain_text("积极")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#verdict .label")).to_contain_text("Positive")
    expect(page.locator("h1")).to_have_text("How does it sound?")
    page.reload()
    expect(page.locator("h1")).to_have_text("How does it sound?")
    assert page.title() == "Sentiment playground"


def test_every_phrase_has_its_chinese(open_page: OpenPage) -> None:
    page = open_page(locale="zh-CN")
    chinese = page.evaluate("async () => Object.keys((await import('./playground/words.js')).CHINESE)")
    scripts = "".join(file.content.decode() for name, file in FILES.items() if name != "words.js")
    used = set(re.findall(r'\bt\(\s*"([^"]+)"', scripts))
    assert used <= set(chinese)
    figures = {name.replace("_", " ") for name in DirectionTrace.model_fields}
    assert {phrase for phrase in chinese if phrase not in scripts} <= figures
    page.locator(".chip").first.click()
    page.locator("#card dl").first.wait_for()
    left = page.evaluate(
        "[...document.querySelectorAll('[data-t], [aria-label], [placeholder]')].map((element) => "
        "element.getAttribute('aria-label') ?? element.getAttribute('placeholder') ?? element.textContent)"
    )
    assert [phrase for phrase in left if not re.search(r"[\u4e00-\u9fff]", phrase)] == []


def test_sentences_are_marked_in_place_with_more_than_colour(open_page: OpenPage) -> None:
    page = open_page()
    write(page, MIXED)
    good, bad = page.locator("#view mark").all()
    expect(good).to_have_text(re.compile(r"^▲The room was lovely\. \(Positive, 9\d\.\d%\)$"))
    expect(bad).to_contain_text("▼但是服务员态度很差！")
    style = "mark => getComputedStyle(mark).textDecorationStyle"
    assert (good.evaluate(style), bad.evaluate(style)) == ("solid", "wavy")
    expect(page.locator(".mixed")).to_be_visible()


def test_pointing_and_focus_give_the_figures_and_escape_puts_them_away(open_page: OpenPage) -> None:
    page = open_page()
    write(page, MIXED)
    tip = page.get_by_role("tooltip")
    page.locator("#view mark").first.hover()
    expect(tip).to_contain_text("Sentence 1 of 2")
    expect(tip).to_contain_text(re.compile(r"9\d\.\d%"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("#view mark").first.focus()
    page.keyboard.press("ArrowRight")
    expect(tip).to_contain_text("Sentence 2 of 2")
    expect(page.locator("#view mark").nth(1)).to_have_attribute("aria-describedby", "tip")


def test_tip_follows_its_mark_when_keys_scroll_the_page(open_page: OpenPage) -> None:
    """It went away whenever the next mark was out of sight."""
    page = open_page()
    page.set_viewport_size({"width": 900, "height": 420})
    write(page, MIXED * 20)
    page.locator("#view mark").first.focus()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => scrollY === 0")
    page.keyboard.press("End")
    page.wait_for_function("() => scrollY > 0")
    expect(page.get_by_role("tooltip")).to_contain_text("Sentence 40 of 40")
    page.wait_for_function(
        """() => {
            const mark = document.activeElement.getClientRects()[0];
            const tip = document.getElementById("tip").getBoundingClientRect();
            return tip.height > 0 && (Math.abs(mark.top - tip.bottom) < 20 || Math.abs(tip.top - mark.bottom) < 20);
        }"""
    )


def test_tip_leaves_with_its_mark(open_page: OpenPage) -> None:
    """It stayed, with the figures of a text no longer there, where a browser sends no event for a lost mark."""
    page = open_page()
    write(page, MIXED)
    page.locator("#view mark").first.dispatch_event("pointerover")
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.locator("#text").evaluate("(box) => { box.value = ''; box.dispatchEvent(new Event('input')); }")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_what_is_being_composed_is_not_asked_about(open_page: OpenPage) -> None:
    """Half a word of pinyin was, with every key."""
    page = open_page()
    page.locator("#text").evaluate(
        "(box) => { box.value = 'ni h'; box.dispatchEvent(new InputEvent('input', { isComposing: true })); }"
    )
    expect(page.locator("#snippet")).to_contain_text('"text":""')
    page.locator("#text").evaluate("(box) => { box.value = '你好'; box.dispatchEvent(new Event('compositionend')); }")
    expect(page.locator("#snippet")).to_contain_text("你好")


def test_tokens_are_shaded_by_what_they_gave(open_page: OpenPage, site: str) -> None:
    page = open_page()
    text = "Not bad 😊 but slow"
    write(page, text)
    page.locator("#tab-tokens").click()
    marks = page.locator("#view .text .token")
    marks.first.wait_for()
    reply = httpx.post(f"{site}v1/sentiment", json={"text": text, "explain": True}).json()
    given: dict[int, float] = {}  # the bytes of an emoji share its place
    for token in reply["explanation"]["tokens"]:
        given[token["offset"]] = given.get(token["offset"], 0) + token["contribution"]
    sides = [mark.evaluate("mark => mark.classList.contains('against')") for mark in marks.all()]
    assert sides == [value < 0 for value in given.values()]
    strengths = [float(mark.evaluate("mark => mark.style.getPropertyValue('--strength')")) for mark in marks.all()]
    most = max(map(abs, given.values()))
    assert strengths == pytest.approx([abs(value) / most for value in given.values()])
    marks.nth(2).hover()
    value = list(given.values())[2]
    expect(page.get_by_role("tooltip")).to_contain_text(f"{'+' if value >= 0 else '−'}{abs(value):.2f}")
    expect(page.locator("#snippet")).to_contain_text('"explain":true')


def test_memory_is_drawn_over_the_text(open_page: OpenPage, site: str) -> None:
    page = open_page()
    text = "The room was lovely, 但是服务员态度很差！"
    write(page, text)
    page.locator("#tab-memory").click()
    steps = page.locator("#view .memory mark")
    steps.first.wait_for()
    trace = httpx.post(f"{site}v1/sentiment", json={"text": text, "trace": True}).json()["trace"]
    assert steps.locator(".word").all_inner_texts() == [token["text"] for token in trace["tokens"]]
    figures = [values for row in trace["directions"] for name, values in row.items() if isinstance(values, list)]
    assert steps.first.locator("i").count() == len(figures) == 12
    shades = [
        cell.evaluate("cell => Number(cell.style.getPropertyValue('--strength'))")
        for cell in steps.locator(".cells:first-child i:first-child").all()
    ]
    forget = figures[0]
    assert shades == pytest.approx([(value - min(forget)) / (max(forget) - min(forget)) for value in forget])
    steps.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tooltip")).to_contain_text(f"→ forget{forget[1]:.3f}")
    expect(page.locator("#snippet")).to_contain_text('"trace":true')


def test_text_too_long_for_a_view_still_has_its_label(open_page: OpenPage) -> None:
    page = open_page(failures=True)
    page.locator("#tab-memory").evaluate("tab => tab.click()")
    page.locator("#text").fill("A lovely room. " * 100)
    expect(page.locator("#verdict .label")).to_contain_text("Positive")
    expect(page.locator("#view")).to_contain_text("a trace takes at most 256")
    page.locator("#tab-sentences").click()
    expect(page.locator("#view mark")).to_have_count(100)


def test_offsets_are_code_points(open_page: OpenPage) -> None:
    texts = ["a😀b", "𠀀𠀁文", "👩‍👩‍👧 ok", "e\u0301te\u0301", "שלום world", "\ud83d lone", ""]
    wanted = [[[text[start : start + 2], text[start : start + 9]] for start in range(len(text) + 1)] for text in texts]
    given = open_page().evaluate(
        """async (texts) => {
            const { slicer } = await import("./playground/text-view.js");
            const given = JSON.parse(texts).map((text) => {
                const slice = slicer(text);
                return Array.from({ length: slice.count + 1 }, (_, start) => [slice(start, 2), slice(start, 9)]);
            });
            return JSON.stringify(given);
        }""",
        json.dumps(texts),  # a lone surrogate does not survive the way between the processes otherwise
    )
    assert json.loads(given) == wanted


def test_text_of_any_script_is_marked_whole(open_page: OpenPage) -> None:
    page = open_page()
    text = "👩‍👩‍👧 Très bon, e\u0301te\u0301 😀! 𠀀𠀁很好。\u202eשלום\u202c ok."
    write(page, text)
    shown = page.locator("#view .text").evaluate(
        """(view) => {
            for (const extra of view.querySelectorAll(".unseen, .shape")) extra.remove();
            return view.textContent;
        }"""
    )
    assert shown == text


def test_markup_in_texts_labels_and_messages_stays_text(open_page: OpenPage) -> None:
    page = open_page()
    write(page, HOSTILE)
    expect(page.locator("#view .text")).to_contain_text("<img src=x onerror=")
    opinion = {"label": HOSTILE, "score": 0.9, "scores": {HOSTILE: 0.9, "constructor": 0.1}}
    pretend(
        page,
        {**opinion, "language": HOSTILE, "tokens": 1, "windows": 1, "mixed": True}
        | {"sentences": [{"offset": 0, "length": 4, **opinion}]},
    )
    page.locator("#text").fill(HOSTILE + "!")
    expect(page.locator("#verdict .label")).to_contain_text("<img")
    page.locator("#view mark").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("<img")
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Sentiment playground"


def test_refusal_is_told_in_the_service_words(open_page: OpenPage) -> None:
    page = open_page(failures=True)
    page.locator("#text").fill("a" * 200_001)
    expect(page.get_by_role("alert")).to_contain_text("text has 200001 characters; the limit is 200000")
    expect(page.locator("#inside")).to_be_hidden()
    write(page, "good again")
    expect(page.locator("#trouble")).to_be_hidden()


def test_full_queue_is_waited_for_and_unreachable_service_is_told(open_page: OpenPage) -> None:
    page = open_page(failures=True)
    answers = [429, None, 200]

    def answer(route: Route) -> None:
        status = answers.pop(0)
        if status == 429:
            body = {"code": "queue_full", "detail": "there is no room"}
            route.fulfill(status=429, headers={"retry-after": "1"}, json=body)
        elif status is None:
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/sentiment", answer)
    page.locator("#text").fill("I loved it")
    expect(page.locator("#trouble")).to_contain_text("there is no room")
    expect(page.locator("#trouble span")).to_have_text("Trying again in 1 s.")  # apart from what goes before
    expect(page.locator("#trouble")).to_contain_text("cannot be reached")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#trouble")).to_contain_text("无法连接服务。它在运行吗？5 秒后重试。")  # used to stay English
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#verdict .label")).to_contain_text("Positive")


def test_page_works_under_a_path_of_a_proxy(open_page: OpenPage, site: str) -> None:
    def strip(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace("/team/tool/", "/")))

    page = open_page(f"{site}team/tool/", routes={"**/team/tool/**": strip})
    write(page, "I loved it")
    expect(page.locator("#verdict .label")).to_contain_text("Positive")
    expect(page.locator("#snippet")).to_contain_text(f"{site}team/tool/v1/sentiment")
    expect(page.locator("#card")).to_contain_text("sst2")
