"""The artifact in this repository, asked what the pages ask it: also see tests/docs/test_blocks.py."""

import json
import re
from pathlib import Path
from typing import Any

from model import SHIPPED
from model.network import load_artifact
from service.settings import Settings
from tests.docs.pages import FOLDER, TRAINING, read, section
from tests.service.conftest import running

MAX_BYTES = 30_000_000


async def ask(body: dict[str, Any]) -> Any:
    async with running(Settings(), None) as (client, _):
        return (await client.post("/v1/sentiment", json=body)).json()


def test_it_is_whole_and_small() -> None:
    metadata = load_artifact(SHIPPED).metadata
    assert metadata.model.labels == ("negative", "neutral", "positive")
    assert metadata.languages == ("en", "zh")
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) <= MAX_BYTES


async def test_plain_cases_are_right_and_a_lukewarm_one_is_between_them() -> None:
    texts = ["I loved every minute of it", "这家酒店又脏又吵，再也不会来了", "It was okay, nothing special"]
    loved, dirty, okay = (await ask({"texts": texts}))["results"]
    assert (loved["label"], loved["language"]) == ("positive", "en")
    assert (dirty["label"], dirty["language"]) == ("negative", "zh")
    assert loved["score"] > 0.8
    assert dirty["score"] > 0.6
    assert okay["label"] == "neutral"
    assert loved["scores"]["negative"] < okay["scores"]["negative"] < dirty["scores"]["negative"]
    assert dirty["scores"]["positive"] < okay["scores"]["positive"] < loved["scores"]["positive"]
    assert okay["scores"]["negative"] > okay["scores"]["positive"]


async def test_correction_in_the_page_is_one_and_its_reply_is_real(tmp_path: Path) -> None:
    corrections = section("Learn from corrections", FOLDER / "retrain.md")
    block = re.search(r"-d '([^']+)'\n```\n\n```json\n(.+?)\n```", corrections)
    assert block
    async with running(Settings(api_key="k", feedback=tmp_path / "feedback.jsonl"), None) as (client, _):
        reply = await client.post("/v1/feedback", json=json.loads(block[1]), headers={"x-api-key": "k"})
    assert reply.json() == json.loads(block[2])
    assert json.loads(block[1])["label"] != reply.json()["predicted"]


async def test_error_in_the_page_is_real() -> None:
    blocks = re.findall(r"```json\n(.+?)\n```", section("Errors", FOLDER / "api.md"), flags=re.DOTALL)
    shown = json.loads(blocks[0])
    given = await ask({"text": "x" * 200_001})
    assert given | {"instance": ""} == shown | {"instance": ""}


def test_figures_in_the_pages_are_those_of_the_artifact() -> None:
    metrics = load_artifact(SHIPPED).metadata.dev_metrics
    rows = re.findall(
        r"^\| [^|]+ \| ([\d,]+) \| (\d) \| ([\d.]+) [^|]*\| ([\d.]+) [^|]*\| ([\d.]+) \|$",
        section("Dev figures", TRAINING),
        re.MULTILINE,
    )
    shown = {(int(n.replace(",", "")), accuracy, recall, ece) for n, _, accuracy, recall, ece in rows}
    assert shown == {
        (item["n"], f"{100 * item['accuracy']:.1f}", f"{100 * item['macro_recall']:.1f}", f"{item['ece']:.3f}")
        for item in metrics.values()
    }


def test_figures_in_the_readme_are_those_of_the_other_pages() -> None:
    """Its tables are parts of larger ones, which stand with their commands."""
    metrics = load_artifact(SHIPPED).metadata.dev_metrics.values()
    linear = section("Against a linear model", TRAINING)
    rows = re.findall(r"^\| (.+) \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|$", section("How good it is"), re.MULTILINE)
    assert len(rows) == linear.count("\n| ") - 2
    for name, n, ours, theirs in rows:
        [found] = [item for item in metrics if item["n"] == int(n.replace(",", ""))]
        assert ours == f"{100 * found['macro_recall' if '3 labels' in name else 'accuracy']:.1f}"
        word = re.split(r"\W", name)[0]
        assert re.search(rf"^\| {word}.* \| {ours} [^|]+ \| {theirs} ", linear, re.MULTILINE), name
    measured = [re.split(r" *\| *", line) for line in read(FOLDER / "bench.md").splitlines()]
    capacity = read(FOLDER / "capacity.md")
    servers = [re.split(r" *\| *", line)[1:-1] for line in section("How fast it is").splitlines() if "|" in line][2:]
    assert len(servers) == 5
    for name, *figures in servers:
        [full] = [row for row in measured if row[1:2] == [name] and len(row) == 12]
        assert figures == [full[column] for column in (2, 4, 5, 7, 9, 10)], name
    [ours_per_s] = [row[8] for row in measured if row[1:2] == ["this service"] and len(row) == 12]
    [cost] = re.findall(r"^\| 32 in a request, 4 connections \| ([\d.]+) \|", capacity, re.MULTILINE)
    assert cost == f"{2 / float(ours_per_s.replace(',', '')) * 1000:.2f}"
    arithmetic = f"{cost} x 100 = {float(cost) * 100:.0f} cores full, {float(cost) * 200:.0f} at one half"
    assert arithmetic in " ".join(capacity.split())
