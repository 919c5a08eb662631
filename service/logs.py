"""Logs: one JSON object a line on stdout, for our own loggers and for uvicorn's. Never a user's text."""

import json
import logging
import sys
import threading
import time
import traceback
from collections import deque
from datetime import UTC, datetime
from typing import TextIO

FIELDS = "fields"
"""Attribute of a log record that carries further members: logger.info(message, extra={FIELDS: {...}})."""
GATHER_S = 0.02
"""Seconds that a line waits for others to be written with."""
MOST_WAITING = 10_000
"""Lines that may wait, some 10 MB of them."""


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
        return json.dumps(members, ensure_ascii=False, default=str)


class BackgroundHandler(logging.StreamHandler[TextIO]):
    """Writes in a thread of its own, some lines at a time: a write for each gave the interpreter lock away each time.

    A line too many waits for the stream, as it would without the thread, and at exit `logging` flushes every handler.
    Lost are the lines of the last GATHER_S before a SIGKILL, and those that a closed stream no longer takes.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._waiting: deque[logging.LogRecord] = deque()
        self._wake = threading.Event()
        self._writing = threading.Lock()
        threading.Thread(target=self._flush_forever, name="logs", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self._waiting.append(record)
        if len(self._waiting) > MOST_WAITING:
            self.flush()
        elif not self._wake.is_set():
            self._wake.set()

    def flush(self) -> None:
        """Write all that waits."""
        with self._writing:
            lines = []
            while self._waiting:
                record = self._waiting.popleft()
                try:
                    lines.append(self.format(record))
                except Exception:
                    self.handleError(record)
            try:
                self.stream.write("".join(f"{line}\n" for line in lines))
                self.stream.flush()
            except (OSError, ValueError):  # nobody reads any more: there is nowhere to say so
                pass

    def _flush_forever(self) -> None:
        while self._wake.wait():
            time.sleep(GATHER_S)
            self._wake.clear()
            self.flush()


def configure_logs(level: str) -> None:
    """Send every logger of the process to stdout as JSON. level: debug, info, warning or error."""
    handler = BackgroundHandler(sys.stdout)
    handler.setFormatter(JSONFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    # No line shows them, and a record is made sooner without: see "Optimization" in Python's logging how-to.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # uvicorn's own tale of starting and stopping is told by ours; its warnings and errors are kept.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLogger().level))
