"""The report of two real runs: their data is hostile, and the second is published over the first."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from model.network import load_artifact
from model.store import ModelStore
from tests.texts import LABELLED
from tests.training.test_data import write_jsonl
from training.__main__ import main
from training.report import REPORT, _draw_results

SCRIPT = "<script>alert(1)</script>"
NAMES = {"negative": "<b>bad</b>", "neutral": "neither \"&' nor", "positive": "positive"}
SECTIONS = ["results", "previous", "data", "curves", "calibration", "confusion", "mistakes", "making"]
VOID = {"meta", "br", "hr", "img", "link", "input"}


@dataclass
class Page(HTMLParser):
    """What a page is made of."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    style: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def read(artifact: Path) -> Page:
    page = Page()
    page.feed((artifact / REPORT).read_text(encoding="utf-8"))
    page.close()
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two artifacts, first and second, and the store that both were published to."""
    folder = tmp_path_factory.mktemp("runs")
    rows = [(text, NAMES[label]) for text, label in LABELLED]
    dev = [(f"{SCRIPT} {text}", label) for text, label in rows] + [("twice", NAMES["neutral"])] * 2
    train = write_jsonl(
        folder / "train.jsonl", [*rows * 2, *dev[:4], ("", "positive"), (rows[0][0], NAMES["negative"])]
    )
    held_out = write_jsonl(folder / "more.jsonl", [(f"{text} indeed", label) for text, label in rows])
    sources = ["--data", f"{train}?name={quote(SCRIPT)}", f"{held_out}?held_out=0.4&name=more"]
    command = ["--recipe", "tiny", *sources, "--dev", write_jsonl(folder / "dev.jsonl", dev) + f"?name={quote(SCRIPT)}"]
    command += ["--work", str(folder / "work"), "--publish", str(folder / "store"), "--force"]
    for name, others in (("first", ["--set", "epochs=1"]), ("second", ["--quote", "--set", "epochs=3"])):
        assert main([*command, "--out", str(folder / name), *others]) == 0
    return folder


@pytest.mark.parametrize("name", ["first", "second"])
def test_page_needs_nothing_beside_it_and_runs_nothing(folder: Path, name: str) -> None:
    page = read(folder / name)
    assert not page.named("script", "link", "iframe", "object", "embed", "base", "form", "b-bad", "img")
    for tag, attributes in page.tags:
        for key, value in attributes.items():
            assert not key.startswith("on"), tag
            assert key not in ("src", "srcset", "action", "xlink:href"), tag
            if key == "href":
                assert value in {f"#{anchor}" for anchor in SECTIONS}
    assert "url(" not in page.style
    assert "@import" not in page.style
    policy = [item["content"] for item in page.named("meta") if item.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert len((folder / name / REPORT).read_bytes()) < 400_000


@pytest.mark.parametrize("name", ["first", "second"])
def test_page_is_whole_and_its_tables_and_drawings_are_told(folder: Path, name: str) -> None:
    page = read(folder / name)
    assert page.named("html") == [{"lang": "en"}]
    assert len(page.named("h1")) == len(page.named("main")) == 1
    assert [item.get("id") for item in page.named("h2")] == SECTIONS
    assert len(page.named("table")) == len(page.named("caption")) >= 8
    assert all(item.get("scope") in ("col", "row") for item in page.named("th"))
    assert all(item.get("role") == "img" and item.get("aria-label") for item in page.named("svg"))
    assert len(page.named("figure")) == len(page.named("figcaption")) == 5
    assert "prefers-color-scheme: dark" in page.style
    assert "@media print" in page.style
    assert load_artifact(folder / name).metadata.version in page.text


def test_hostile_names_and_labels_are_shown_as_they_are(folder: Path) -> None:
    text = read(folder / "first").text
    for wanted in (SCRIPT, *NAMES.values()):
        assert wanted in text
    raw = (folder / "first" / REPORT).read_text(encoding="utf-8")
    assert SCRIPT not in raw
    assert "<b>bad" not in raw


def test_data_is_told_with_bad_rows_duplicates_conflicts_and_leaks(folder: Path) -> None:
    text = read(folder / "first").text
    # Of 38 lines twice, 4 of dev, one empty and one with another label than before.
    assert re.search(re.escape(f"{SCRIPT} train 81 ") + r"[\d ]+ 1 39 3 ", text)
    assert f"{SCRIPT} 4 {SCRIPT} 4" in text  # left out of the source, for the dev set of the same name
    assert f"{SCRIPT} {SCRIPT} (dev) 4" in text
    assert "more train 38" in text
    assert "▲ positive" in text


def test_mistakes_are_quoted_only_if_asked_for(folder: Path) -> None:
    first, second = read(folder / "first"), read(folder / "second")
    assert not first.named("blockquote")
    assert "The texts are not quoted" in first.text
    lines = [text for text, _ in LABELLED]
    raw = (folder / "first" / REPORT).read_text(encoding="utf-8")
    assert not any(line in raw for line in lines)
    assert 0 < len(second.named("blockquote")) <= 2 * 10
    assert "This page quotes texts of dev sets" in second.text
    assert f"{SCRIPT} " in second.text
    assert any(line in second.text for line in lines)


def test_second_version_is_compared_with_the_stores_first(folder: Path) -> None:
    first, second = (load_artifact(folder / name).metadata for name in ("first", "second"))
    assert "Not compared: the run named neither a store" in read(folder / "first").text
    text = read(folder / "second").text
    assert f"A is version {first.version} of store" in text
    assert "McNemar" in text
    assert re.search(r" 1 difference .* epochs 1.0 3.0 ", text)
    for name in (SCRIPT, "more"):
        difference = second.dev_metrics[name]["accuracy"] - first.dev_metrics[name]["accuracy"]
        assert f"{difference:+.3f}".replace("-", "−") in text


def test_artifact_verifies_with_its_report_and_the_store_carries_it(folder: Path) -> None:
    store = ModelStore(folder / "store")
    assert store.current == load_artifact(folder / "second").metadata.version
    for path in (folder / "first", folder / "store" / "current"):
        assert REPORT in load_artifact(path.resolve()).digests


def test_nothing_to_compare_with_is_said_on_the_page_without_this_machines_folders(
    folder: Path, tmp_path: Path
) -> None:
    command = ["--recipe", "tiny", "--data", str(folder / "more.jsonl"), "--work", str(tmp_path / "work")]
    out = tmp_path / "out"
    against = tmp_path / "nowhere"
    assert main([*command, "--out", str(out), "--against", str(against), "--set", "epochs=1"]) == 0
    text = read(out).text
    assert "Not compared with nowhere: nowhere: no such artifact directory" in text


def test_other_labels_are_a_reason_not_to_compare_a_set(folder: Path, tmp_path: Path, artifact_directory: Path) -> None:
    command = ["--recipe", "tiny", "--data", str(folder / "more.jsonl"), "--work", str(tmp_path / "work")]
    assert (
        main([*command, "--out", str(tmp_path / "out"), "--against", str(artifact_directory), "--set", "epochs=1"]) == 0
    )
    text = read(tmp_path / "out").text
    assert f"more is not compared: label '{NAMES['negative']}' is unknown to version v1, which has negative" in text


def test_run_without_a_mistake_is_drawn_at_the_end_of_the_scale() -> None:
    """The scale went from the lowest accuracy to 1: where that was 1 too, the dot of every set was at "nan"."""
    drawn = _draw_results({"one": {"accuracy": 1.0, "accuracy_interval": [1.0, 1.0]}})
    assert drawn["low"] == 0.9
    assert 'cx="145.0"' in drawn["drawn"]["one"]
