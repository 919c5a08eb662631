import errno
import json
import logging
import threading
from pathlib import Path

import pytest

from service import logs
from service.logs import FIELDS, BackgroundHandler, JSONFormatter


class Pipe:
    """Tells how often it is written to, and can break, stand still, or take part of what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.writes = 0
        self.is_broken = False
        self.room: int | None = None
        """Bytes until the disk is full."""
        self.is_read = threading.Event()
        self.is_read.set()

    def write(self, data: memoryview) -> int:
        assert self.is_read.wait(60)
        if self.is_broken:
            raise BrokenPipeError
        if self.room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = len(data) if self.room is None else min(len(data), self.room)
        self.room = None if self.room is None else self.room - taken
        self.writes += 1
        self.written += data[:taken]
        return taken


def record_of(message: str) -> logging.LogRecord:
    return logging.LogRecord("x", logging.INFO, __file__, 1, message, (), None)


def test_record_is_one_line_of_json() -> None:
    record = logging.LogRecord("service.x", logging.INFO, __file__, 1, "two\nlines %d", (7,), None)
    setattr(record, FIELDS, {"route": "/v1/sentiment"})
    line = JSONFormatter().format(record)
    assert "\n" not in line
    members = json.loads(line)
    assert (members["level"], members["message"], members["route"]) == ("info", "two\nlines 7", "/v1/sentiment")


def test_fields_may_be_what_json_has_no_word_for() -> None:
    record = record_of("odd \ud800")
    setattr(record, FIELDS, {"path": Path("a"), "huge": 2**70})
    members = json.loads(JSONFormatter().format(record))
    assert (members["message"], members["path"], members["huge"]) == ("odd \ud800", "a", 2**70)


def test_exception_is_told_by_place_and_type_but_not_by_message() -> None:
    words = "words of a user"
    try:
        raise LookupError(words)
    except LookupError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (LookupError, error, None))
        line = JSONFormatter().format(record)
    assert words not in line
    assert json.loads(line)["error"] == "LookupError"
    assert "test_logs.py" in json.loads(line)["trace"]


def test_lines_are_written_together_and_in_order() -> None:
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    for number in range(100):
        handler.emit(record_of(str(number)))
    handler.flush()  # as logging does at exit
    assert pipe.written.split() == [str(number).encode() for number in range(100)]
    assert pipe.writes < 10


def test_reader_that_stands_still_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line too many used to wait for the stream: after 10,000 requests the service stood still, and did not end."""
    monkeypatch.setattr(logs, "MOST_WAITING", 10)
    monkeypatch.setattr(logs, "FLUSH_LIMIT_S", 0.01)
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    pipe.is_read.clear()
    for number in range(100):
        handler.emit(record_of(str(number)))
    handler.flush()
    assert len(handler._waiting) <= 11
    pipe.is_read.set()
    monkeypatch.setattr(logs, "FLUSH_LIMIT_S", 60.0)
    handler.flush()  # writes what waited
    handler.emit(record_of("good"))
    handler.flush()
    lines = pipe.written.decode().splitlines()
    kept = [line for line in lines if line.isdigit()]
    [told] = [line for line in lines if "lost" in line]
    assert int(told.split()[0]) == 100 - len(kept)
    assert lines[-1] == "good"


def test_full_disk_costs_the_lines_of_its_time_and_is_told_of_afterwards() -> None:
    """The last line that was begun is ended before others, or it and the next would be one that is no JSON."""
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    pipe.room = 3
    handler.emit(record_of("first"))
    handler.flush()
    handler.emit(record_of("second"))
    handler.flush()
    assert pipe.written == b"fir"
    pipe.room = None
    handler.emit(record_of("third"))
    handler.flush()
    assert pipe.written == b"fir\n2 lines of the log were lost: it could not be written\nthird\n"


@pytest.mark.parametrize("trouble", ["broken pipe", "bad line"])
def test_trouble_with_some_lines_does_not_end_the_log(trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    pipe.is_broken = trouble == "broken pipe"
    handler.emit(logging.LogRecord("x", logging.INFO, __file__, 1, "%d", ("x" if trouble == "bad line" else 1,), None))
    handler.flush()
    pipe.is_broken = False
    handler.emit(record_of("good"))
    handler.flush()
    assert pipe.written.endswith(b"good\n")


def test_name_that_is_no_unicode_does_not_cost_lines() -> None:
    """The lines that were written together with it used to vanish."""
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    handler.emit(record_of("/models/\udcff"))
    handler.flush()
    assert pipe.written == b"/models/\\udcff\n"
