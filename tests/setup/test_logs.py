"""A log line is one JSON object, Chinese and line breaks included."""

import json
import logging
import sys

from config.logs import JsonFormatter


def record(message: str, *, broken: bool = False) -> logging.LogRecord:
    problem = None
    if broken:
        try:
            raise ValueError("坏了")
        except ValueError:
            problem = sys.exc_info()
    return logging.LogRecord("filings", logging.INFO, "", 0, message, ("“一”",), problem)


def test_one_line_of_json() -> None:
    line = JsonFormatter().format(record("已提交\n%s"))
    assert "\n" not in line
    assert json.loads(line)["message"] == "已提交\n“一”"
    assert json.loads(line)["logger"] == "filings"


def test_a_traceback_is_kept() -> None:
    entry = json.loads(JsonFormatter().format(record("%s", broken=True)))
    assert entry["traceback"].endswith("ValueError: 坏了")
