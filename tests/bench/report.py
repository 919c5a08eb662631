"""What the benches print: the machine that they ran on, and rows of a table."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def describe_machine() -> str:
    """Processor, cores, load, versions and time, for below a table."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].partition(": ")[2] if names else platform.machine()
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return (
        f"{processor}, {cores} cores, load average {load:.1f} before; Python {platform.python_version()}, "
        f"torch {version('torch')}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )


def print_row(cells: Sequence[object], first_width: int = 9) -> None:
    """One row, at once. first_width: characters of the first cell; the others have 9."""
    first, *others = ("-" if cell is None else cell for cell in cells)
    print(" | ".join([f"{first:>{first_width}}", *(f"{cell:>9}" for cell in others)]), flush=True)
