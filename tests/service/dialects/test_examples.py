"""The examples of deploy/docs/clients.md, for clients of other services, run as they stand."""

import contextlib
import io
import re

import pytest

from tests.docs.pages import FOLDER, blocks
from tests.service.dialects.conftest import KEY

EXAMPLES = [block.text for block in blocks(FOLDER / "clients.md") if block.kind == "python"]


def test_every_client_has_an_example() -> None:
    assert [example.split()[1].split(".")[0] for example in EXAMPLES] == ["huggingface_hub", "boto3", "azure"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split()[1])
def test_example_prints_what_its_comments_say(url: str, example: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names: dict[str, object] = {}
        exec(example.replace("http://localhost:8000", url).replace("KEY", KEY), names)
        getattr(names["client"], "close", lambda: None)()
    assert printed.getvalue().splitlines() == re.findall(r"^print\(.*\)  # (.*)$", example, re.MULTILINE)
