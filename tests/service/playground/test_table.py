"""A table in the browser: dropped, read, classified, sorted, given back."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.service.playground.conftest import OpenPage

TEXTS = [
    "I loved it, truly",
    "房间又脏又吵",
    'He said "wow"\nand left',
    "=1+1 is what it costs",
    "",
    "😊 superb",
    "<img src=x onerror=\"document.title='owned'\">",
]


@pytest.fixture(scope="module")
def csv_page(browser: Browser, site: str) -> Iterator[Page]:
    """One page for all tests that only read."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(site)
    page.locator(".chip").first.wait_for()
    yield page
    context.close()


def write_csv(path: Path, rows: list[list[str]], **options: Any) -> Path:
    encoding = options.pop("encoding", "utf-8")
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **options).writerows(rows)
    return path


def rows_of(count: int) -> list[list[str]]:
    return [["id", "review", "shop"], *([str(i), TEXTS[i % len(TEXTS)], "A;B"] for i in range(count))]


def classify(page: Page, path: Path) -> None:
    page.locator("#file").set_input_files(path)
    page.locator("#run").click()
    page.locator("#save").wait_for()


def parse(page: Page, text: str) -> Any:
    return page.evaluate("async (text) => (await import('./playground/csv.js')).parse(text)", text)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("\ufeffa,b\n1,\n", [["a", "b"], ["1", ""]]),
        ("a,b\n1,", [["a", "b"], ["1", ""]]),
        ('a,b\n"x, ""y""\nz",2', [["a", "b"], ['x, "y"\nz', "2"]]),
        ('"a""","",b\r"c""""",,d', [['a"', "", "b"], ['c""', "", "d"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1,5\t2;3\n\n\n", [["a", "b"], ["1,5", "2;3"]]),
        ("text\nwell, well\nfine\nso, so, so\n", [["text"], ["well, well"], ["fine"], ["so, so, so"]]),
        ('a,b\n5" disk,2\n', [["a", "b"], ['5" disk', "2"]]),
        ('a,b\n1,2\n3,4\n5,"never closed\n', [["a", "b"], ["1", "2"], ["3", "4"], ["5", "never closed\n"]]),
        ("", []),
        ("\n \n", []),
        ("评论,分\n很好,5\n", [["评论", "分"], ["很好", "5"]]),
        ("id, text\n1, fine\n", [["id", " text"], ["1", " fine"]]),
    ],
)
def test_reader_follows_the_standard(text: str, rows: list[list[str]], csv_page: Page) -> None:
    assert parse(csv_page, text) == rows


@pytest.mark.parametrize(
    "lines",
    [
        ["The room was nice, the staff was rude."],
        ["Good value; bad location"],
        ["Nice room, awful staff", "Good food, slow service", "Cheap, but dirty", "Lovely view"],
    ],
)
def test_commas_of_plain_sentences_cut_nothing(lines: list[str], csv_page: Page) -> None:
    """Of the first of these only `The room was nice` was classified."""
    assert parse(csv_page, "\n".join(lines)) == [[line] for line in lines]


def test_reader_reads_what_python_writes(csv_page: Page) -> None:
    rows = [*rows_of(60), ['"', "\r\n", ",,"], ["\n", "x", '""'], [" ", "'", "\t"]]
    ways: list[dict[str, Any]] = [
        {},
        {"quoting": csv.QUOTE_ALL},
        {"delimiter": ";"},
        {"delimiter": "\t", "lineterminator": "\n"},
    ]
    for options in ways:
        file = io.StringIO()
        csv.writer(file, **options).writerows(rows)
        assert parse(csv_page, file.getvalue()) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheets_are_read(encoding: str, csv_page: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [["id", "评论"], ["1", "房间又脏又吵"]], encoding=encoding)
    csv_page.locator("#file").set_input_files(path)
    expect(csv_page.locator("#column option:checked")).to_have_text("评论")
    expect(csv_page.locator("#run")).to_have_text("Classify 1 texts")


@pytest.mark.parametrize("text", ["It don’t work, I’m sad", "The café was great", "Müßig: schöne Grüße, aber übel"])
def test_western_letters_of_excel_are_read(text: str, csv_page: Page) -> None:
    """They were read as Chinese, and given back so."""
    given = csv_page.evaluate(
        "async (bytes) => (await import('./playground/csv.js')).decode(new Uint8Array(bytes))",
        list(text.encode("cp1252")),
    )
    assert given == text


@pytest.mark.parametrize(
    ("rows", "header", "column"),
    [
        ([["id", "review_text"], ["1", "good"]], True, 1),
        ([["x", "y"], ["1", "a long text about nothing"]], True, 1),
        ([["I loved it. It was good, and I would come again!", "5"], ["bad", "1"]], False, 0),
        ([["good"], ["bad"]], False, 0),
        ([["good"]], False, 0),
        ([["Reviews"], ["bad"]], True, 0),
        ([["评论内容"], ["差"]], True, 0),
        ([["id", "Text of the guest"], ["1", "good"]], True, 1),
        # These first texts were taken for names, since they hold one:
        ([["Great content"], ["Bad service"]], False, 0),
        ([["Not worth the review"], ["Bad service"]], False, 0),
        ([["Great content", "5"], ["Bad service", "1"]], False, 0),
    ],
)
def test_header_and_column_are_guessed(rows: list[list[str]], header: bool, column: int, csv_page: Page) -> None:
    given = csv_page.evaluate("async (rows) => (await import('./playground/csv.js')).guess(rows)", rows)
    assert given == {"hasHeader": header, "textColumn": column}


def test_first_row_may_have_any_number_of_cells(csv_page: Page) -> None:
    """300,000 were too many arguments for Math.max, and nothing was shown."""
    column = "(await import('./playground/csv.js')).guess([Array(300000).fill('a'), ['', 'bad']]).textColumn"
    assert csv_page.evaluate(f"async () => {column}") == 1


def test_file_comes_back_cell_by_cell_with_its_predictions(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    rows = rows_of(230)
    bodies: list[int] = []
    page.on("request", lambda request: bodies.append(len((request.post_data_json or {}).get("texts", []))))
    classify(page, write_csv(tmp_path / "reviews.csv", rows, delimiter=";"))
    assert sorted(size for size in bodies if size) == [30, 100, 100]
    failed = sum(row[1] == "" for row in rows)
    expect(page.locator("#sheet")).to_contain_text(f"230 of 230 texts answered.{failed} failed.")
    with page.expect_download() as download:
        page.locator("#save").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    added = ["label", "score", "negative", "neutral", "positive", "error"]
    assert header == rows[0] + [f"sentiment_{name}" for name in added]
    assert [line[:3] for line in lines] == rows[1:]
    for line in lines:
        label, score, *scores, error = line[3:]
        if line[1]:
            assert float(score) == max(map(float, scores)) == float(scores[added[2:5].index(label)])
            assert error == ""
        else:
            assert (label, score, scores) == ("", "", ["", "", ""])
            assert error.endswith("is empty or only white space")
    charted = page.locator(".chart").get_attribute("aria-label") or ""
    for label in added[2:5]:
        assert f"{label.title()}: {sum(line[3] == label for line in lines)} ·" in charted
    assert page.locator("#sheet img").count() == 0


def test_table_sorts_and_turns_by_keyboard(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    classify(page, write_csv(tmp_path / "reviews.csv", rows_of(60)))
    head, cells = page.locator("#sheet thead th"), page.locator("#sheet tbody td:last-child")
    expect(head.first).to_have_attribute("aria-sort", "ascending")
    button = head.last.get_by_role("button")
    for order in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        expect(head.last).to_have_attribute("aria-sort", order)
        expect(page.locator("#sheet th[aria-sort]")).to_have_count(1)
        shown = [float(text.rstrip("%")) for text in cells.all_inner_texts() if text]
        assert len(shown) == 25
        assert shown == sorted(shown, reverse=order == "descending")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.locator("#sheet")).to_contain_text("Rows 26 to 50 of 60")
    page.get_by_role("button", name="Next").press("Enter")
    expect(cells.last).to_have_text("")  # what has no probability comes last
    numbers = page.locator("#sheet tbody td:first-child").all_inner_texts()
    assert len(numbers) == 10


def test_too_long_a_table_is_refused_with_its_length(csv_page: Page) -> None:
    csv_page.locator("#paste").evaluate(
        "(box) => { box.value = 'text\\n' + 'fine\\n'.repeat(5001); box.dispatchEvent(new Event('input')); }"
    )
    expect(csv_page.locator("#sheet")).to_have_text("The table has 5,001 rows; the limit is 5,000.")


def test_pasted_rows_are_read_and_the_column_can_be_chosen(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#paste").fill("a,b\nI loved it,terrible\n")
    expect(page.locator("#run")).to_have_text("Classify 1 texts")
    page.locator("#column").select_option(label="b")
    page.locator("#named").uncheck()
    expect(page.locator("#column")).to_have_value("1")
    expect(page.locator("#run")).to_have_text("Classify 2 texts")
    page.locator("#run").click()
    expect(page.locator("#sheet tbody tr").nth(1)).to_contain_text("Negative")


def test_dropped_file_is_read(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#drop").evaluate(
        """(box) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["text\\nI loved it\\n"], "dropped.csv"));
            for (const name of ["dragenter", "dragover", "drop"])
                box.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("#file-name")).to_have_text("dropped.csv")
    expect(page.locator("#run")).to_have_text("Classify 1 texts")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#drop")).to_contain_text("或拖到这里")
    expect(page.locator("#file-name")).to_have_text("dropped.csv")  # the phrase used to take its place


def test_run_waits_for_room_splits_what_is_too_much_and_can_be_stopped(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(failures=True)
    seen: list[int] = []

    def answer(route: Route) -> None:
        size = len((route.request.post_data_json or {})["texts"])
        seen.append(size)
        if len(seen) == 1:
            route.fulfill(status=429, headers={"retry-after": "1"}, json={"code": "queue_full", "detail": "full"})
        elif size == 100:
            route.fulfill(status=413, json={"code": "body_too_large", "detail": "too large"})
        elif len(seen) > 8:
            route.fulfill(status=503, json={"code": "draining", "detail": "leaving"})
        else:
            route.continue_()

    page.route("**/v1/sentiment", answer)
    page.locator("#file").set_input_files(write_csv(tmp_path / "reviews.csv", rows_of(300)))
    page.locator("#run").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#done")).to_have_text("200 of 300 texts answered.")
    page.locator("#stop").click()
    expect(page.get_by_role("alert").filter(has_text="Stopped")).to_be_visible()
    page.unroute("**/v1/sentiment")
    page.get_by_role("button", name="Classify 100 texts").click()
    expect(page.locator("#sheet")).to_contain_text("300 of 300 texts answered.")


def test_failure_in_the_middle_keeps_what_is_done(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(failures=True)
    page.route("**/v1/sentiment", lambda route: route.fulfill(status=500, json={"code": "x", "detail": "a bug"}))
    page.locator("#file").set_input_files(write_csv(tmp_path / "reviews.csv", rows_of(3)))
    page.locator("#run").click()
    expect(page.get_by_role("alert").filter(has_text="a bug")).to_be_visible()
    expect(page.locator("#run")).to_have_text("Classify 3 texts")


def test_reply_of_another_shape_is_told(open_page: OpenPage, tmp_path: Path) -> None:
    """The message was "undefined"."""
    page = open_page(failures=True)
    page.route("**/v1/sentiment", lambda route: route.fulfill(json={"ok": True}))
    page.locator("#file").set_input_files(write_csv(tmp_path / "reviews.csv", rows_of(3)))
    page.locator("#run").click()
    expect(page.locator("#sheet [role=alert]")).to_contain_text("TypeError")


def test_reply_that_is_cut_off_is_asked_for_again(open_page: OpenPage, tmp_path: Path) -> None:
    """It was told as a final error of status 200."""
    page = open_page(failures=True)
    left = ['{"res']

    def answer(route: Route) -> None:
        if left:
            route.fulfill(content_type="application/json", body=left.pop())
        else:
            route.continue_()

    page.route("**/v1/sentiment", answer)
    classify(page, write_csv(tmp_path / "reviews.csv", rows_of(3)))
    expect(page.locator("#sheet")).to_contain_text("3 of 3 texts answered.")


def test_focus_stays_with_the_run(open_page: OpenPage, tmp_path: Path) -> None:
    """It fell to the body when the button that started it, and the one that stops it, went away."""
    page = open_page()
    page.route("**/v1/sentiment", lambda route: None)  # no answer
    page.locator("#file").set_input_files(write_csv(tmp_path / "reviews.csv", rows_of(3)))
    page.locator("#run").press("Enter")
    expect(page.locator("#stop")).to_be_focused()
    page.locator("#stop").press("Enter")
    expect(page.locator("#run")).to_be_focused()
    page.unroute("**/v1/sentiment")
    page.locator("#run").press("Enter")
    expect(page.locator("#save")).to_be_focused()


def test_added_cells_are_no_formulas(csv_page: Page) -> None:
    given = csv_page.evaluate(
        "async (cells) => { const { guard } = await import('./playground/csv.js'); return cells.map(guard); }",
        ["=1", "+1", "-1", "@x", "positive", ""],
    )
    assert given == ["'=1", "'+1", "'-1", "'@x", "positive", ""]
