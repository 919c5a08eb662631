"""Logs: one JSON object a line on stdout, for our own loggers and for uvicorn's. Never a user's text."""

import json
import logging
import os
import sys
import threading
import time
import traceback
from collections import deque
from datetime import UTC, datetime
from typing import Protocol

import orjson

FIELDS = "fields"
"""Attribute of a log record that carries further members: logger.info(message, extra={FIELDS: {...}})."""
GATHER_S = 0.02
"""Seconds that a line waits for others to be written with."""
MOST_WAITING = 10_000
"""Lines that may wait, some 10 MB of them."""
FLUSH_LIMIT_S = 2.0
"""Seconds that the end of the process waits for the last lines to be written."""


class RawStream(Protocol):
    """What lines are written to."""

    def write(self, data: memoryview, /) -> int | None:
        """How many bytes were taken; none if that would have to wait."""


class JSONFormatter(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, then the record's fields."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        members = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            # Where it happened and its type, but not its message: that may quote a user's text.
            members["error"] = type(error).__name__
            members["trace"] = "".join(traceback.format_tb(error.__traceback__))
        try:
            return orjson.dumps(members, default=str).decode()
        except TypeError:  # half a surrogate pair, or an integer of more than 64 bits
            return json.dumps(members, ensure_ascii=False, default=str)


class BackgroundHandler(logging.Handler):
    """Writes in a thread of its own, some lines at a time: a write for each gave the interpreter lock away each time.

    Nobody waits for the stream. Lines are lost while its disk is full, and once MOST_WAITING wait for a reader that
    stands still; the log says how many as soon as it goes on. Those of the last GATHER_S before a SIGKILL are lost too.

    stream: unbuffered, as a buffer would have a lock, and Python aborts at exit if the thread still holds that.
    """

    def __init__(self, stream: RawStream) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: deque[logging.LogRecord | threading.Event] = deque()
        self._lost = 0
        self._is_torn = False
        """Whether the last line in the stream has no end."""
        self._wake = threading.Event()
        threading.Thread(target=self._write_forever, name="logs", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append(record)
        if not self._wake.is_set():
            self._wake.set()

    def flush(self) -> None:
        """Wait until what waits is written, but no longer than FLUSH_LIMIT_S; `logging` does so at exit."""
        written = threading.Event()
        self._waiting.append(written)
        self._wake.set()
        written.wait(FLUSH_LIMIT_S)

    def _write_forever(self) -> None:
        while self._wake.wait():
            time.sleep(GATHER_S)
            self._wake.clear()
            self._write_waiting()

    def _write_waiting(self) -> None:
        lines: list[str] = []
        flushes: list[threading.Event] = []
        lost, self._lost = self._lost, 0
        if lost:
            lines.append(self.format(_warning("%d lines of the log were lost: it could not be written", lost)))
        while self._waiting:
            item = self._waiting.popleft()
            if isinstance(item, threading.Event):
                flushes.append(item)
                continue
            try:
                lines.append(self.format(item))
            except Exception:
                self.handleError(item)
        try:
            self._write("".join(f"{line}\n" for line in lines))
        except (OSError, ValueError):
            self._lost += lost + len(lines) - bool(lost)
        for flush in flushes:
            flush.set()

    def _write(self, text: str) -> None:
        """Raises: OSError, ValueError if the stream is closed."""
        left = memoryview(("\n" * self._is_torn + text).encode(errors="backslashreplace"))
        while left:
            taken = self._stream.write(left)
            if not taken:
                raise BlockingIOError
            self._is_torn = left[taken - 1] != ord("\n")
            left = left[taken:]


def configure_logs(level: str) -> None:
    """Send every logger of the process to stdout as JSON. level: debug, info, warning or error.

    To stderr if stdout is closed, as by `>&-`, and nowhere if that is too.
    """
    stream = sys.stdout or sys.stderr
    file = stream.fileno() if stream else os.devnull
    handler = BackgroundHandler(open(file, "wb", buffering=0, closefd=not stream))  # noqa: SIM115  # open to the end
    handler.setFormatter(JSONFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    # No line shows them, and a record is made sooner without: see "Optimization" in Python's logging how-to.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # uvicorn's own tale of starting and stopping is told by ours; its warnings and errors are kept.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLogger().level))


def _warning(message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, message, values, None)
