import io
import json
import logging

import pytest

from service import logs
from service.logs import FIELDS, BackgroundHandler, JSONFormatter


class Pipe(io.StringIO):
    """Tells how often it is written to, and can break."""

    writes = 0
    is_broken = False

    def write(self, text: str) -> int:
        if self.is_broken:
            raise BrokenPipeError
        self.writes += 1
        return super().write(text)


def record_of(message: str) -> logging.LogRecord:
    return logging.LogRecord("x", logging.INFO, __file__, 1, message, (), None)


def test_record_is_one_line_of_json() -> None:
    record = logging.LogRecord("service.x", logging.INFO, __file__, 1, "two\nlines %d", (7,), None)
    setattr(record, FIELDS, {"route": "/v1/sentiment"})
    line = JSONFormatter().format(record)
    assert "\n" not in line
    members = json.loads(line)
    assert (members["level"], members["message"], members["route"]) == ("info", "two\nlines 7", "/v1/sentiment")


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
    assert pipe.getvalue().split() == [str(number) for number in range(100)]
    assert pipe.writes < 10


def test_too_many_lines_wait_for_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_WAITING", 10)
    pipe = Pipe()
    handler = BackgroundHandler(pipe)
    for number in range(100):
        handler.emit(record_of(str(number)))
        assert len(handler._waiting) <= 10
    handler.flush()
    assert len(pipe.getvalue().split()) == 100


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
    assert pipe.getvalue() == "good\n"
