"""Does in a folder what the lines of a page say.

Run as they stand, by bash: curl, openssl, sha256sum, `service predict` and `key`, `model.store`, and what they are
piped into. Run in this process, as loading torch anew for each would take minutes: `training`. Started as a server:
`service`. Only checked, by checks.py: what installs, builds images, lints, tests, measures or fetches. Anything else is
an error.

Substituted: `.venv/bin/python` is the interpreter of these tests, `localhost:8000` the server started last, the recipe
is `tiny` where a page leaves it out, and what the test itself says.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.docs.checks import check
from tests.docs.pages import ROOT
from tests.service.conftest import ServerProcess
from training.__main__ import main as train

PYTHON = ".venv/bin/python"
BY_BASH = {"curl", "grep", "zcat", "head", "sha256sum", "openssl"}
PATHS = ("model", "model_public_key", "feedback", "api_keys_file")
"""Settings that are paths, and so relative to where the server is started."""
ADDRESS = "localhost:8000"


class Terminal:
    """One that is open in a folder."""

    def __init__(
        self,
        folder: Path,
        serve: Callable[..., ServerProcess],
        *,
        url: str | None = None,
        more: Mapping[str, Sequence[str]] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """url: of a server that runs already.

        more: training command -> arguments to append.   names: words of training commands -> what stands in for them.
        """
        self.folder = folder
        self.serve = serve
        self.url = url
        self.more = more or {}
        self.names = names or {}
        self.environment: dict[str, str] = {}
        self.servers: list[ServerProcess] = []
        self.replies: list[str] = []
        """What curl has printed, one for each line."""
        self.printed = ""
        """What the last training command has."""
        python = folder / PYTHON
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -W ignore "$@"\n')
        python.chmod(0o755)

    def type(self, text: str) -> None:
        """Run the lines of a block.   Raises: AssertionError if one fails, or is of no known kind."""
        for line in lines_of(text):
            self.run(line)

    def run(self, line: str) -> None:
        """Run one line."""
        parts = [split_assignments(words) for words in commands_of(line)]
        environment, words = parts[-1]
        if words[0] == "export":
            self.environment |= dict(word.split("=", 1) for word in words[1:])
        elif words == [PYTHON, "-m", "service"]:
            for _, installation in parts[:-1]:
                check(installation)
            self.start(environment)
        elif words[:3] == [PYTHON, "-m", "training"]:
            self.train(words[3:], environment)
        elif all(is_run_by_bash(words) for _, words in parts):
            self.bash(line)
        else:
            for _, words in parts:
                check(words)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start a server with what was exported, and wait for its model."""
        chosen = self.environment | dict(environment)
        settings = {key.removeprefix("SENTIMENT_").lower(): value for key, value in chosen.items()}
        settings |= {name: str(self.folder / settings[name]) for name in PATHS if name in settings}
        model = settings.pop("model", None)
        server = self.serve(Path(model) if model else ROOT / "model" / "shipped", **settings)
        self.servers.append(server)
        self.url = server.wait_until_ready()

    def train(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a training command in this process."""
        arguments = [self.names.get(word, word) for word in words] + list(self.more.get(words[0], ()))
        if words[0] in ("fit", "distill") and "--from" not in words:
            arguments += ["--recipe", "tiny"]
        printed, shown = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            patch.dict(os.environ, self.environment | dict(environment)),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(shown),
        ):
            status = train(arguments)
        assert status == 0, f"{shlex.join(words)}: {shown.getvalue()}"
        self.printed = printed.getvalue()

    def bash(self, line: str) -> None:
        """Run a line by bash, and keep what curl prints."""
        program = line.split(maxsplit=1)[0]
        if program in ("curl", "openssl") and shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
        is_curl = program == "curl"
        if is_curl:
            assert self.url, f"no server runs for: {line}"
            line = line.replace(ADDRESS, self.url.removeprefix("http://")).replace("curl -s ", "curl -s -S -f ")
        outer = {key: value for key, value in os.environ.items() if not key.startswith("SENTIMENT_")}
        environment = outer | self.environment | {"PYTHONPATH": str(ROOT), "no_proxy": "*"}
        command = ["bash", "-euo", "pipefail", "-c", line]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        if is_curl:
            assert done.stdout.strip(), line
            self.replies.append(done.stdout)


def lines_of(text: str) -> list[str]:
    """Lines of a block, those that a backslash breaks made whole."""
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def commands_of(line: str) -> list[list[str]]:
    """The simple commands of a line, as words, without comments and what joins them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|")
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if word in ("&&", "|"):
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def split_assignments(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The variables set in front of a command, and the command."""
    count = next((at for at, word in enumerate(words) if not re.match(r"[A-Z_]+=", word)), len(words))
    return dict(word.split("=", 1) for word in words[:count]), list(words[count:])


def is_run_by_bash(words: Sequence[str]) -> bool:
    """Whether a command is run as it stands."""
    is_tool = list(words[:3]) == [PYTHON, "-m", "service"] and words[3:4] in (["predict"], ["key"])
    if "ray" in words:  # takes an extra, and a cluster
        return False
    return words[0] in BY_BASH or is_tool or is_store(words)


def is_store(words: Sequence[str]) -> bool:
    """Whether a command publishes, lists or rolls back models."""
    return list(words[:3]) == [PYTHON, "-m", "model.store"]
