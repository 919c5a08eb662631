"""The artifact in this repository, asked what the README asks it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from model import SHIPPED
from model.network import load_artifact
from service.settings import Settings
from tests.service.conftest import running
from tests.test_docs import README, section

MAX_BYTES = 30_000_000


async def ask(body: dict[str, Any]) -> Any:
    async with running(Settings(), None) as (client, _):
        return (await client.post("/v1/sentiment", json=body)).json()


def readme_examples() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Bodies that the README first posts by curl, and the replies that it shows."""
    blocks = re.findall(
        r"```sh\ncurl[^`]*?-d '(.+?)'\n```.*?```json\n(.+?)\n```",
        section("Run it") + section("Endpoints"),
        flags=re.DOTALL,
    )
    return [(json.loads(body), json.loads(reply)) for body, reply in blocks]


def close(shown: Any, given: Any) -> bool:
    """Whether two replies are the same but for the rounding of another processor."""
    if isinstance(shown, dict):
        return shown.keys() == given.keys() and all(close(value, given[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(given) and all(map(close, shown, given))
    return bool(shown == pytest.approx(given, abs=1e-3) if isinstance(shown, float) else shown == given)


def test_it_is_whole_and_small() -> None:
    metadata = load_artifact(SHIPPED).metadata
    assert metadata.model.labels == ("negative", "neutral", "positive")
    assert metadata.languages == ("en", "zh")
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) <= MAX_BYTES


async def test_plain_cases_are_right_and_a_lukewarm_one_is_spread() -> None:
    texts = ["I loved every minute of it", "这家酒店又脏又吵，再也不会来了", "It was okay, nothing special"]
    loved, dirty, okay = (await ask({"texts": texts}))["results"]
    assert (loved["label"], loved["language"]) == ("positive", "en")
    assert (dirty["label"], dirty["language"]) == ("negative", "zh")
    assert loved["score"] > 0.8
    assert dirty["score"] > 0.6
    assert okay["label"] == "neutral"
    assert okay["score"] < 0.7


async def test_replies_in_the_readme_are_real() -> None:
    examples = readme_examples()
    options = [["text", "sentences"], ["text", "explain"], ["text", "trace"]]
    assert [list(body) for body, _ in examples] == [["text"], ["texts"], *options]
    for body, shown in examples:
        given = await ask(body)
        assert close(shown, given), given


async def test_correction_in_the_readme_is_one_and_its_reply_is_real(tmp_path: Path) -> None:
    block = re.search(r"-d '([^']+)'\n```\n\n```json\n(.+?)\n```", section("Learn from corrections"))
    assert block
    async with running(Settings(api_key="k", feedback=tmp_path / "feedback.jsonl"), None) as (client, _):
        reply = await client.post("/v1/feedback", json=json.loads(block[1]), headers={"x-api-key": "k"})
    assert reply.json() == json.loads(block[2])
    assert json.loads(block[1])["label"] != reply.json()["predicted"]


async def test_error_in_the_readme_is_real() -> None:
    blocks = re.findall(r"```json\n(.+?)\n```", README.split("\n## Errors\n")[1], flags=re.DOTALL)
    shown = json.loads(blocks[0])
    given = await ask({"text": "x" * 200_001})
    assert given | {"instance": ""} == shown | {"instance": ""}


def test_figures_in_the_readme_are_those_of_the_artifact() -> None:
    metrics = load_artifact(SHIPPED).metadata.dev_metrics
    rows = re.findall(
        r"^\| [^|]+ \| ([\d,]+) \| (\d) \| ([\d.]+) [^|]*\| ([\d.]+) [^|]*\| ([\d.]+) \|$", README, re.MULTILINE
    )
    shown = {(int(n.replace(",", "")), accuracy, recall, ece) for n, _, accuracy, recall, ece in rows}
    assert shown == {
        (item["n"], f"{100 * item['accuracy']:.1f}", f"{100 * item['macro_recall']:.1f}", f"{item['ece']:.3f}")
        for item in metrics.values()
    }
