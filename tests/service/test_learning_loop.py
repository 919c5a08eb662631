"""The section "Learn from corrections" of deploy/docs/retrain.md, typed line by line: a real server, a tiny model."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from model.store import ModelStore
from tests.docs.pages import FOLDER, blocks
from tests.docs.terminal import Terminal
from tests.service.conftest import ServerProcess
from tests.texts import LABELLED
from training.__main__ import main

TEXT = "I expected it to be worse"
TINY = ["--set", "epochs=1", "batch_rows=1", "learning_rate=0.01", "ema_decay=0.9", "precision=float32"]
"""What a network of 16 units needs; the shipped one takes the recipe as it is. The one evaluation is at the end, or 38
dev lines may choose weights that have not read the correction yet."""


def write_csv(path: Path, rows: Sequence[tuple[str, str]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return str(path)


def test_page_makes_a_model_learn_from_a_correction(tmp_path: Path, serve: Callable[..., ServerProcess]) -> None:
    # The first model has read half of what the second one will, and one line with the wrong label.
    mistaken = write_csv(tmp_path / "mistaken.csv", [*LABELLED[::2] * 3, *[(TEXT, "negative")] * 10])
    dev = write_csv(tmp_path / "dev.csv", [(f"Really: {text}", label) for text, label in LABELLED])
    write_csv(tmp_path / "train.csv", LABELLED * 3)
    shipped, work = str(tmp_path / "model" / "shipped"), str(tmp_path / "work")
    fit = ["--recipe", "tiny", "--data", mistaken, "--dev", dev, "--out", shipped, "--work", work]
    assert main([*fit, "--set", "epochs=6"]) == 0
    terminal = Terminal(tmp_path, serve, more={"fit": TINY})
    for block in blocks(FOLDER / "retrain.md"):
        if block.section == "Learn from corrections" and block.kind == "sh":
            terminal.type(block.text)
    before, stored, reloaded, after = map(json.loads, terminal.replies)
    assert (before["label"], stored["predicted"], stored["stored"]) == ("negative", "negative", True)
    assert after["label"] == "positive"
    store = ModelStore(tmp_path / "models")
    assert after["model"] == reloaded["model"] == store.current != before["model"] == stored["model"]
    assert len(store.versions()) == 2
    [server] = terminal.servers
    assert server.terminate() == 0
    assert TEXT not in str(server.log)
