"""What every test of this folder shares: how much of it to do, and the table of what was measured."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.bench.report import describe_machine
from tests.service.conftest import ServerProcess, servers

SHARE = "CHAOS_SHARE"
"""Variable: the part of each amount that is done, 1 by default; README.md has the figures of the whole."""
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    """That was done, and how often: `SIGTERM under load, 50 times`."""
    bound: str
    """That must hold, as the reader is told: `0 lost`."""
    measured: str
    """What was seen, with its unit: `0 of 18,204 lost`."""


_FIGURES: list[Figure] = []


@pytest.fixture
def record() -> Callable[..., None]:
    """Add a line to the table, as in `record(what=..., bound=..., measured=...)`; call it before the assertions."""
    return lambda **cells: _FIGURES.append(Figure(**cells))


@pytest.fixture
def amount() -> Callable[[int], int]:
    """How many of so many are done: all, unless CHAOS_SHARE says less; at least one."""
    share = float(os.environ.get(SHARE, "1"))
    return lambda whole: max(1, round(whole * share))


@pytest.fixture
def serve() -> Iterator[Callable[..., ServerProcess]]:
    """Start servers that end with the test, as in `serve(model, queue_limit="7")`."""
    with servers() as start:
        yield start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is slow, and measures: one after the other, `-n 0`."""
    for item in items:
        if _FOLDER in item.path.parents:
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table as README.md has it, the machine, and one JSON line."""
    if not _FIGURES:
        return
    terminalreporter.section("figures")
    terminalreporter.write_line("| what is done | must hold | measured |\n| --- | --- | --- |")
    for figure in _FIGURES:
        terminalreporter.write_line(f"| {figure.what} | {figure.bound} | {figure.measured} |")
    machine = describe_machine()
    terminalreporter.write_line(machine)
    terminalreporter.write_line(json.dumps({"machine": machine, "figures": [asdict(each) for each in _FIGURES]}))
