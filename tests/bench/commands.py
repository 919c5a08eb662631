"""Programs that a bench runs to their end."""

import subprocess
from collections.abc import Sequence

LAST_CHARS = 2000


def run(command: Sequence[str]) -> str:
    """What a program prints.   Raises: RuntimeError with the end of what it says on standard error, if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}:\n{done.stderr[-LAST_CHARS:]}")
    return done.stdout
