import json
import logging

from service.logs import FIELDS, JSONFormatter


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
