"""The pages of the documentation, taken apart: sections, headings, blocks of code, links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "docs"
README = ROOT / "README.md"
TRAINING = ROOT / "training" / "README.md"
PAGES = [README, TRAINING, *sorted(FOLDER.glob("*.md"))]
CHINESE = [page for page in PAGES if page.name.endswith(".zh.md")]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A fenced block of code."""

    page: Path
    section: str
    """Title of the section of level 2 that it stands in."""
    kind: str
    """What follows the opening fence, such as sh."""
    text: str
    line: int
    """Of the opening fence, from 1."""

    @property
    def place(self) -> str:
        """For messages and for ids of tests."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def section(title: str, page: Path = README) -> str:
    """What stands between a heading of level 2 and the next."""
    return read(page).split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(page: Path) -> list[Block]:
    """Every block of a page, in order."""
    text = read(page)
    found = []
    for match in _FENCED.finditer(text):
        titles = re.findall(r"^## (.+)$", text[: match.start()], re.MULTILINE)
        line = text.count("\n", 0, match.start()) + 1
        at = titles[-1] if titles else ""
        found.append(Block(page=page, section=at, kind=match[1], text=match[2], line=line))
    return found


def without_blocks(text: str) -> str:
    return _FENCED.sub("", text)


def headings(text: str) -> list[tuple[int, str]]:
    """Level and title of every heading."""
    return [(len(marks), title) for marks, title in _HEADING.findall(without_blocks(text))]


def anchor(title: str) -> str:
    """What a link to a heading says behind the #, by GitHub's rules."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def links(text: str) -> list[str]:
    """Targets of the links and pictures of a page that do not leave the repository."""
    return re.findall(r"\]\((?!https?:)([^)\s]+)\)", without_blocks(text))
