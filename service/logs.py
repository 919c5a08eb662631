"""Logs: one JSON object a line on stdout, for our own loggers and for uvicorn's. Never a user's text."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

FIELDS = "fields"
"""Attribute of a log record that carries further members: logger.info(message, extra={FIELDS: {...}})."""


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


def configure_logs(level: str) -> None:
    """Send every logger of the process to stdout as JSON. level: debug, info, warning or error."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JSONFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    # uvicorn's own tale of starting and stopping is told by ours; its warnings and errors are kept.
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLogger().level))
