"""The Chinese pages say what the English ones say: same headings, blocks, tables, names, numbers and links.

What is compared is all that needs no translation, section by section. A change to an English page that leaves its
Chinese page behind fails here; the fix is a line of Chinese.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import CHINESE, FOLDER, README, anchor, blocks, headings, links, read, without_blocks

ENGLISH_OF = {
    FOLDER / "quickstart.zh.md": README,
    FOLDER / "api.zh.md": FOLDER / "api.md",
    FOLDER / "retrain.zh.md": FOLDER / "retrain.md",
}
LAST = "What to read next"
"""The section of the README that quickstart.zh.md ends with: how to develop and the tree are in English only."""
PAIRS = [pytest.param(chinese, english, id=chinese.name) for chinese, english in ENGLISH_OF.items()]


def body(page: Path) -> str:
    """A page without the line that leads to its other language, and of the README what is translated."""
    text = read(page)
    if page == README:
        before, rest = text.split(f"\n## {LAST}\n")
        text = f"{before}\n## {LAST}\n" + rest.split("\n## ")[0]
    return "\n".join(line for line in text.splitlines() if line not in switches(page)) + "\n"


def switches(page: Path) -> tuple[str, str]:
    """The line below the title, as it must stand in the page: English, or Chinese."""
    chinese = next((zh for zh, en in ENGLISH_OF.items() if page in (zh, en)), page)
    english = ENGLISH_OF[chinese]
    to_chinese = chinese.relative_to(english.parent).as_posix()
    to_english = "../../README.md" if english == README else english.name
    return f"English · [中文]({to_chinese})", f"[English]({to_english}) · 中文"


def sections(page: Path) -> list[str]:
    """What stands under each heading, in order; without code."""
    return re.split(r"^#+ .+$", without_blocks(body(page)), flags=re.MULTILINE)[1:]


def tables(page: Path) -> list[list[str]]:
    """The rows of every table, as cells."""
    rows = [line for line in without_blocks(body(page)).splitlines() if line.startswith("|")]
    return [re.split(r" ?\| ?", row)[1:-1] for row in rows]


def names(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def numbers(text: str) -> Counter[str]:
    """Those of the text, without what stands in links and code; 7.2 million is 720 万."""
    text = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]+`", "", text))
    text = re.sub(r"([\d.]+) million", lambda match: f"{100 * float(match[1]):g}", text)
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", text))


def resolved(page: Path, text: str) -> list[tuple[str, int]]:
    """Links as the English page that they lead to, and the place of the heading in it; -1 for a page as a whole."""
    found = []
    for target in links(text):
        name, _, place = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        anchors = [anchor(title) for _, title in headings(read(path))] if path.suffix == ".md" else []
        found.append((str(ENGLISH_OF.get(path, path)), anchors.index(place) if place else -1))
    return sorted(found)


def test_every_chinese_page_has_its_english_one() -> None:
    assert set(CHINESE) == ENGLISH_OF.keys()


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_pages_lead_to_each_other_below_the_title(chinese: Path, english: Path) -> None:
    to_chinese, to_english = switches(chinese)
    assert read(english).splitlines()[2] == to_chinese
    assert read(chinese).splitlines()[2] == to_english


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_headings_are_level(chinese: Path, english: Path) -> None:
    assert [level for level, _ in headings(body(chinese))] == [level for level, _ in headings(body(english))]
    assert all(re.search(r"[\u4e00-\u9fff]", title) or title == "API" for _, title in headings(body(chinese)))


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_blocks_are_the_same(chinese: Path, english: Path) -> None:
    known = body(english)
    wanted = [(block.kind, block.text) for block in blocks(english) if f"```{block.kind}\n{block.text}```" in known]
    assert [(block.kind, block.text) for block in blocks(chinese)] == wanted


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_tables_have_the_same_rows(chinese: Path, english: Path) -> None:
    """Row by row: the names in backticks and the numbers of each cell."""
    for ours, theirs in zip(tables(chinese), tables(english), strict=True):
        assert len(ours) == len(theirs), ours
        for our, their in zip(ours, theirs, strict=True):
            assert Counter(names(our)) == Counter(names(their)), ours
            assert numbers(our) == numbers(their), ours


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_sections_name_the_same_things_numbers_and_pages(chinese: Path, english: Path) -> None:
    for ours, theirs in zip(sections(chinese), sections(english), strict=True):
        assert Counter(names(ours)) == Counter(names(theirs)), ours
        assert numbers(ours) == numbers(theirs), ours
        assert resolved(chinese, ours) == resolved(english, theirs), ours


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_chinese_pages_lead_to_chinese_pages(chinese: Path, english: Path) -> None:
    translated = {english: chinese for chinese, english in ENGLISH_OF.items()}
    for target in links(body(chinese)):
        path = (chinese.parent / target.partition("#")[0]).resolve()
        assert path not in translated, f"{target}: there is {translated.get(path)}"
