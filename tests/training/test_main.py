import importlib.util
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from training.__main__ import COMMANDS, main

THERE = [name for name in COMMANDS if importlib.util.find_spec(f"training.{name}")]


class Commands:
    """Stands in for the module of any command, and keeps what it was called with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[str, list[str]]] = []
        monkeypatch.setattr("importlib.import_module", self.load)

    def load(self, module: str) -> SimpleNamespace:
        def run(arguments: list[str]) -> int:
            self.calls.append((module, arguments))
            return 7

        return SimpleNamespace(main=run)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    return Commands(monkeypatch)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_gets_its_arguments_and_gives_its_status(commands: Commands, name: str) -> None:
    assert main([name, "--set", "a=1", "--help"]) == 7
    assert commands.calls == [(f"training.{name}", ["--set", "a=1", "--help"])]


@pytest.mark.parametrize("first", ["--data", "--recipe", "--set"])
def test_no_command_is_a_fit(commands: Commands, first: str) -> None:
    """As it was when fitting was all there was."""
    assert main([first, "x", "--out", "y"]) == 7
    assert commands.calls == [("training.fit", [first, "x", "--out", "y"])]


def test_arguments_come_from_the_command_line(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["training", "sample", "encoder", "prompt"])
    assert main() == 7
    assert commands.calls == [("training.sample", ["encoder", "prompt"])]


@pytest.mark.parametrize("arguments", [["train"], ["loop"], [""], ["-x"], []])
def test_unknown_command_names_those_that_there_are(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    shown = capsys.readouterr().err
    if arguments and arguments[0] != "-x":
        assert all(name in shown for name in COMMANDS)


def test_help_tells_what_each_command_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    for name, purpose in COMMANDS.items():
        assert name in shown
        assert purpose in shown


@pytest.mark.parametrize("name", THERE)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert "usage: python -m training" in capsys.readouterr().out


@pytest.mark.parametrize("name", THERE)
def test_command_that_lacks_an_argument_says_which(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name])
    assert caught.value.code == 2
    assert "the following arguments are required" in capsys.readouterr().err


@pytest.mark.parametrize(("environment", "shown"), [({}, "said\nclosing\n"), ({"TORCHELASTIC_RUN_ID": "1"}, "said\n")])
def test_process_under_torchrun_ends_without_pythons_own_closing(environment: dict[str, str], shown: str) -> None:
    """A thread of gloo's aborted it there, and torchrun took the run, whose artifact was written, for failed."""
    script = (
        "import atexit; atexit.register(print, 'closing'); from training.__main__ import end; print('said'); end(3)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert (finished.returncode, finished.stdout) == (3, shown)
