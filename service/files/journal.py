"""Journal: an output file that is either whole or not there, and whose making goes on after a kill.

Rows are appended to OUT.partial, and bad ones to OUT.rejected.jsonl. After each window OUT.journal tells how many rows
of the input are in them, and their sizes. What a killed process wrote beyond that is cut off by the next.
"""

import fcntl
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from model.artifact import sync


class OutputError(ValueError):
    """An output that cannot be begun; the message names the file and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """How far a run has come."""

    read: int = 0
    """Rows of the input, bad ones included."""
    rejected: int = 0
    """Bad ones among them."""
    labels: dict[str, int] = field(default_factory=dict)
    """Rows by predicted label."""
    bytes: int = 0
    """Of OUT.partial."""
    rejected_bytes: int = 0


class Output(Protocol):
    """Where rows go."""

    mark: Mark
    """What is in it for good."""

    def append(self, data: bytes, rejected: bytes, mark: Mark) -> None:
        """Add a window: its rows and its bad rows. mark: the sums up to here, but for the bytes."""


class StreamOutput:
    """Standard output; bad rows go to standard error. Cannot be gone on with."""

    def __init__(self) -> None:
        self.mark = Mark()

    def append(self, data: bytes, rejected: bytes, mark: Mark) -> None:
        """See Output."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        sys.stderr.write(rejected.decode())
        self.mark = mark


class FileOutput:
    """A file and those beside it. Close it, however the run ends.

    run: what a run that goes on must have in common with the one that began, by name. can_go_on: whether one could.
    Raises: OutputError if the file exists, is being written, or was begun by another run; unless is_forced.
    """

    def __init__(self, path: Path, run: dict[str, Any], *, is_forced: bool, can_go_on: bool) -> None:
        self.path = path
        self.rejected_path = rejected_path_of(path)
        self._partial_path = path.with_name(f"{path.name}.partial")
        self._journal_path = path.with_name(f"{path.name}.journal")
        self._staging_path = path.with_name(f"{path.name}.journal.new")
        self._run = json.loads(json.dumps(run))  # as it will be read
        self._is_finished = False
        self._can_go_on = can_go_on
        if path.is_dir():
            raise OutputError(f"{path}: a folder")
        if path.exists() and not is_forced:
            raise OutputError(f"{path} exists; --force overwrites it")
        self._partial = self._partial_path.open("ab", buffering=0)
        try:
            self._lock()
            self.mark = self._find_mark(is_forced)
            self._rejected = self.rejected_path.open("ab", buffering=0)
        except BaseException:
            self._partial.close()
            raise
        self._partial.truncate(self.mark.bytes)
        self._rejected.truncate(self.mark.rejected_bytes)

    def append(self, data: bytes, rejected: bytes, mark: Mark) -> None:
        """See Output. On return a kill can no longer lose the window."""
        for file, part in ((self._partial, data), (self._rejected, rejected)):
            if part:
                _append(file, part)
        mark = replace(mark, bytes=self.mark.bytes + len(data), rejected_bytes=self.mark.rejected_bytes + len(rejected))
        self._staging_path.write_text(json.dumps({"run": self._run, "mark": asdict(mark)}, indent=1), encoding="utf-8")
        sync(self._staging_path)
        self.mark = mark  # first, or an interrupt in between would let close() take away what is good
        self._staging_path.replace(self._journal_path)

    def finish(self, make: Callable[[Path, Path], None]) -> None:
        """Put the whole file into its place. make: makes the second file of the first, leaving the second only."""
        make(self._partial_path, self.path)
        self._is_finished = True
        sync(self.path)
        self._journal_path.unlink(missing_ok=True)
        if not self.mark.rejected:
            self.rejected_path.unlink()
        sync(self.path.parent)

    def close(self) -> None:
        """Let go of the files; leave none that nobody could go on with."""
        self._partial.close()
        self._rejected.close()
        self._staging_path.unlink(missing_ok=True)
        if not self._is_finished and not (self.mark.read and self._can_go_on):
            for path in (self._partial_path, self._journal_path, self.rejected_path):
                path.unlink(missing_ok=True)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._partial, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(self._partial.fileno()), self._partial_path.stat()):
                return
        except (BlockingIOError, FileNotFoundError):  # the latter: it has just been finished, and is no longer partial
            pass
        raise OutputError(f"{self._partial_path}: another process is writing it")

    def _find_mark(self, is_forced: bool) -> Mark:
        """Where the run that was killed had come to, if there was one."""
        if not self._journal_path.exists():
            return Mark()
        try:
            journal = json.loads(self._journal_path.read_text(encoding="utf-8"))
            begun, mark = dict(journal["run"]), Mark(**journal["mark"])
        except (ValueError, TypeError, KeyError):
            if is_forced:
                return Mark()
            raise OutputError(f"{self._journal_path}: not a journal; --force starts from the first row") from None
        sizes = ((self._partial_path, mark.bytes), (self.rejected_path, mark.rejected_bytes))
        is_taken_away = any(size and (not path.exists() or path.stat().st_size < size) for path, size in sizes)
        if is_taken_away or not mark.read:
            return Mark()
        others = [name for name, value in self._run.items() if begun.get(name) != value]
        if others and not is_forced:
            found = ", ".join(others)
            raise OutputError(f"{self._partial_path} was begun with other {found}; --force starts from the first row")
        return mark if self._can_go_on and not others else Mark()


def rejected_path_of(path: Path) -> Path:
    """Where the bad rows of an output go."""
    return path.with_name(f"{path.name}.rejected.jsonl")


def _append(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())
