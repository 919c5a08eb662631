"""Feedback: the file of corrected texts, one JSON object a line, as `python -m training fit --data` reads it.

A row is acknowledged once it is on disk. The file is opened, locked and closed around each write: several processes can
share it, and moving or emptying it needs no signal.
"""

import errno
import fcntl
import json
import logging
import mmap
import os
import stat
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from model.artifact import sync
from service.errors import FeedbackFull, FeedbackUnavailable, ServiceError
from service.settings import SettingsError

START = b'{"text":'
"""Of the first row: a file that begins otherwise is not ours, and is left alone."""

LOCKED_WITHIN_S = 2.0
"""Others write for milliseconds. Who holds the lock for longer must hold up neither our start nor our end."""
LOCK_EVERY_S = 0.005

logger = logging.getLogger(__name__)


class FeedbackFile:
    """Appends rows, in a thread of its own; rows that wait while the disk works share its next flush.

    Raises: SettingsError if the file cannot be written to, or holds something else.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self._waiting: deque[tuple[bytes, Future[int]]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feedback")
        try:
            with self._opened():
                pass
        except OSError as error:
            raise SettingsError(f"SENTIMENT_FEEDBACK={str(path)!r}: {error.strerror}") from None

    def append(self, row: dict[str, Any]) -> "Future[int]":
        """Queue a row; a future that is cancelled before the write began leaves none.

        The future's result is the size of the file with the row, in bytes. It raises FeedbackFull, FeedbackUnavailable.
        """
        future: Future[int] = Future()
        self._waiting.append((orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE), future))
        self._thread.submit(self._write_waiting)
        return future

    def size(self) -> int:
        """Bytes of the file; 0 if it is not there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._thread.shutdown()

    def _write_waiting(self) -> None:
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        rows = [(line, future) for line, future in taken if future.set_running_or_notify_cancel()]
        if not rows:  # the call before has written them all
            return
        outcomes: Sequence[int | Exception]
        try:
            outcomes = self._write([line for line, _ in rows])
        except OSError as error:
            logger.error("%d rows of feedback not stored in %s: %s", len(rows), self.path, error.strerror)
            reason = f"the feedback file cannot be written now: {error.strerror}"
            outcomes = [FeedbackUnavailable(reason, field="feedback") for _ in rows]
        except Exception as error:  # a bug: nobody would wait for this thread to tell of it
            outcomes = [error for _ in rows]
        for (_, future), outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _write(self, lines: list[bytes]) -> list[int | ServiceError]:
        """Write the lines that fit; all of them or none, if the disk fails."""
        with self._opened() as descriptor:
            before = after = os.fstat(descriptor).st_size
            fitting = []
            outcomes: list[int | ServiceError] = []
            for line in lines:
                wanted = after + len(line)
                if wanted > self.max_bytes:
                    outcomes.append(self._full(wanted))
                else:
                    after = wanted
                    fitting.append(line)
                    outcomes.append(wanted)
            try:
                left = memoryview(b"".join(fitting))
                while left:
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, before)
                raise
            return outcomes

    def _full(self, wanted: int) -> FeedbackFull:
        return FeedbackFull(
            f"with this row the feedback file would have {wanted} bytes; the limit is {self.max_bytes}",
            field="feedback_max_bytes",
            limit=self.max_bytes,
            value=wanted,
        )

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, made if it is not there, locked against other processes, and ending with a whole line."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "must be a regular file")
            _lock(descriptor)
            head = os.pread(descriptor, len(START), 0)
            if not START.startswith(head) and head != START:
                raise OSError(errno.EINVAL, f"must be empty or hold feedback, which begins with {START.decode()}")
            if not head:
                sync(self.path.parent)  # or a new file's name could be lost with the power
            self._mend(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)

    def _mend(self, descriptor: int) -> None:
        """Cut what a power loss or a kill left of a row nobody was told is stored."""
        size = os.fstat(descriptor).st_size
        if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n":
            return
        with mmap.mmap(descriptor, size, access=mmap.ACCESS_READ) as content:
            whole = content.rfind(b"\n") + 1
            tail = content[whole:]
        if _is_row(tail):  # whole, but for its line end: as editors leave it
            os.write(descriptor, b"\n")
        else:
            os.ftruncate(descriptor, whole)
            logger.warning("cut a torn row of %d bytes off the end of %s", len(tail), self.path)
        os.fsync(descriptor)


def _lock(descriptor: int) -> None:
    give_up_at = time.monotonic() + LOCKED_WITHIN_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= give_up_at:
                raise OSError(errno.EAGAIN, "another process keeps it locked") from None
            time.sleep(LOCK_EVERY_S)


def _is_row(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
