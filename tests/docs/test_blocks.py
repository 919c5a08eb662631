"""Every block of code in the pages is run or checked, here or by the module that ELSEWHERE names.

The blocks of a page are typed one after the other into one terminal (terminal.py tells what is run and what is only
checked), in a folder that holds the files which they speak of: a few dozen lines of data, a tiny network. Replies and
outputs that a page shows are compared with those that come. The blocks of Chinese pages are those of the English
ones, letter by letter: test_chinese.py.
"""

import csv
import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
import yaml

from model import SHIPPED
from model.store import ModelStore
from service.settings import Settings
from tests.deploy.files import DEPLOY, load_yaml
from tests.deploy.manifests import check_schemas, container_of, environment_of, render_overlay
from tests.docs.checks import close
from tests.docs.pages import CHINESE, FOLDER, PAGES, README, ROOT, Block, blocks, read
from tests.docs.terminal import Terminal
from tests.service.conftest import servers
from tests.texts import LABELLED
from tests.training.test_transformer import write_transformer

KINDS = {"sh", "json", "yaml", "python", "console", "text"}
ELSEWHERE = {
    (README, "The tree", "text"): "tests/test_docs.py",
    (FOLDER / "api.md", "Errors", "json"): "tests/test_shipped.py",
    (FOLDER / "clients.md", "", "python"): "tests/service/dialects/test_examples.py",
    (FOLDER / "deploy.md", "Behind a balancer", "text"): "tests/chaos/test_rolling.py",
    (FOLDER / "retrain.md", "Learn from corrections", "sh"): "tests/service/test_learning_loop.py",
    (FOLDER / "retrain.md", "Learn from corrections", "json"): "tests/test_shipped.py",
}
"""Page, section and kind of blocks -> the module that runs them."""
ENGLISH = [page for page in PAGES if page not in CHINESE and page != FOLDER / "clients.md"]
TOKEN = "TOKEN"
TINY = ["--set", "epochs=2"]
MORE = {
    "fit": TINY,
    "distill": [*TINY, "unlabelled_sentences=3"],
    "pretrain": [
        "--set",
        *(
            "epochs=1",
            "vocab_size=500",
            "embedding_dim=16",
            "hidden_dim=16",
            "max_tokens=64",
            "negatives=32",
            "dev_fraction=0.1",
        ),
    ],
    "teacher": ["--set", *("epochs=1", "max_tokens=32", "batch_tokens=512", "batch_rows=16")],
    "compare": ["--rounds", "0"],
}
"""What makes a network tiny, and its training short; and no measurement of speed."""


def is_elsewhere(block: Block) -> bool:
    return (block.page, block.section, block.kind) in ELSEWHERE


def every_block() -> list[Block]:
    return [block for page in PAGES for block in blocks(page)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the shipped model is served, for pages whose blocks start no server."""
    with servers() as serve:
        yield serve(SHIPPED, admin_token=TOKEN).wait_until_ready()


@pytest.fixture
def folder(tmp_path: Path, artifact_directory: Path) -> Path:
    """What the pages speak of: data, a tiny artifact, an encoder's texts, a transformer."""
    rows = [(text, label) for _ in range(2) for text, label in LABELLED]
    stars = {"negative": 1, "neutral": 3, "positive": 5}
    write_csv(tmp_path / "train.csv", ["text", "label"], rows)
    write_csv(tmp_path / "labelled.csv", ["text", "label"], rows)
    write_csv(tmp_path / "dev.csv", ["text", "label"], [(f"Really: {text}", label) for text, label in LABELLED])
    write_csv(tmp_path / "reviews.csv", ["text", "body", "stars"], [(text, text, stars[label]) for text, label in rows])
    for year in ("2025", "2026"):
        table = pa.table({"id": list(range(len(rows))), "body": [text for text, _ in rows]})
        pa.parquet.write_table(table, tmp_path / f"{year}.parquet")
    texts = "".join(f"{text}\n" for text, _ in LABELLED)
    (tmp_path / "sample.txt").write_text(texts, encoding="utf-8")
    for name in ("reviews", "texts"):
        (tmp_path / f"{name}.txt.gz").write_bytes(gzip.compress(texts.encode()))
    lines = "".join(json.dumps({"text": text}) + "\n" for text, _ in LABELLED)
    (tmp_path / "reviews.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("mine", "old"):
        shutil.copytree(artifact_directory, tmp_path / "artifacts" / name)
    for name in ("tests", "model"):
        (tmp_path / name).symlink_to(ROOT / name)
    ModelStore(tmp_path / "models").publish(artifact_directory)
    return tmp_path


def write_csv(path: Path, header: list[str], rows: list[Any]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def test_every_block_is_of_a_known_kind_and_has_a_test() -> None:
    for block in every_block():
        assert block.kind in KINDS, block.place
        if block.kind in ("python", "text") and block.page not in CHINESE:
            assert is_elsewhere(block), f"{block.place}: no test runs it"


def test_no_block_hides_from_these_tests() -> None:
    """By an indented fence, or one of tildes, which the pattern of blocks does not see."""
    for page in PAGES:
        fences = [line for line in read(page).splitlines() if line.lstrip().startswith(("```", "~~~"))]
        assert len(fences) == 2 * len(blocks(page)), page


@pytest.mark.parametrize(("key", "module"), ELSEWHERE.items(), ids=lambda value: str(value)[-40:])
def test_what_is_tested_elsewhere_is_there_and_tested(key: tuple[Path, str, str], module: str) -> None:
    page, section, kind = key
    assert any((block.section, block.kind) == (section, kind) for block in blocks(page))
    tested = (ROOT / module).read_text(encoding="utf-8")
    assert section in tested
    assert page == README or page.name in tested


@pytest.mark.parametrize("block", every_block(), ids=lambda block: block.place)
def test_shell_can_read_it(block: Block) -> None:
    if block.kind == "sh":
        done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_works_line_by_line(page: Path, folder: Path, url: str, artifact_directory: Path) -> None:
    with servers() as serve:
        terminal = Terminal(folder, serve, url=url, more=MORE, names={"shipped": str(artifact_directory)})
        if "my-transformer" in read(page):
            write_transformer(folder / "my-transformer")
        for block in blocks(page):
            if is_elsewhere(block):
                continue
            if block.kind == "sh":
                terminal.type(block.text)
            elif block.kind == "json":
                given = json.loads(terminal.replies[-1])
                assert close(json.loads(block.text), given), f"{block.place}: {given}"
            elif block.kind == "console":
                command, shown = block.text.split("\n", 1)
                terminal.run(command.removeprefix("$ ").replace("python", ".venv/bin/python", 1))
                compare_output(shown, terminal.printed)
            elif block.kind == "yaml":
                check_yaml(yaml.safe_load(block.text), folder)
            else:
                raise AssertionError(f"{block.place}: neither run nor checked")


def compare_output(shown: str, printed: str) -> None:
    """Same words; numbers with a point within 0.01, since another processor rounds otherwise."""
    number = re.compile(r"\d+\.\d+")
    assert number.sub("0", shown).split() == number.sub("0", printed).split()
    assert [float(value) for value in number.findall(shown)] == pytest.approx(
        [float(value) for value in number.findall(printed)], abs=0.01
    )


def check_yaml(document: Any, folder: Path) -> None:
    if "services" not in document:
        check_overlay(document, folder)
        return
    base = load_yaml(DEPLOY / "compose.yaml")
    assert document.keys() <= base.keys()
    for name, changes in document["services"].items():
        merged = merge(base["services"][name], changes)
        environment = {key: str(value or "x") for key, value in merged["environment"].items()}
        if name == "sentiment":
            settings = Settings.from_environment(environment)
            mounted = [volume.split(":")[1] for volume in merged["volumes"]]
            for path in (settings.feedback, settings.model):
                assert path is None or path == SHIPPED or any(path.is_relative_to(folder) for folder in mounted)


def merge(base: Any, changes: Any) -> Any:
    """As compose does with several files: mappings by key, lists one after the other."""
    if isinstance(base, dict):
        return base | {key: merge(base[key], value) if key in base else value for key, value in changes.items()}
    return [*base, *changes] if isinstance(base, list) else changes


def check_overlay(document: Any, folder: Path) -> None:
    """Rendered beside ours; the service must find its model where a volume is mounted."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        manifests = render_overlay(document, Path(work))
    check_schemas(manifests)
    container = container_of(manifests)
    model = Settings.from_environment(environment_of(container)).model
    assert any(model.is_relative_to(mount["mountPath"]) for mount in container["volumeMounts"])
