"""The log: one line an event, facts as fields, and no texts or secrets in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from streamlit import error_util

from semblance_core import logs

SESSION = "0b9c2c3e-5d5e-4b9a-9d53-0f6a1f1c2d3e"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the process writes from `logs.configure` on; the test run's own logging comes back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level, {name: logging.getLogger(name).level for name in logs.OURS}
    yield io.StringIO()
    root.handlers = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def test_an_event_is_one_json_object_with_its_facts(written: io.StringIO) -> None:
    logs.configure("json", stream=written)
    logging.getLogger("semblance_core.somewhere").info("message stored", extra={"focus_group_id": "fg1", "epoch": 4})
    (line,) = written.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("Z")
    assert entry == {
        "level": "INFO",
        "logger": "semblance_core.somewhere",
        "event": "message stored",
        "focus_group_id": "fg1",
        "epoch": 4,
    }


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_is_said_without_its_words(form: logs.Form, written: io.StringIO) -> None:
    logs.configure(form, stream=written)
    try:
        int("what a participant said\nin two lines")
    except ValueError:
        logging.getLogger("semblance_core.somewhere").exception("work failed", extra={"task_id": "t1"})
    (line,) = written.getvalue().splitlines()
    assert "ValueError at " in line
    assert "test_logs.py" in line
    assert "t1" in line
    assert "participant" not in line


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_line_stays_one_line(form: logs.Form, written: io.StringIO) -> None:
    logs.configure(form, stream=written)
    logging.getLogger("pymongo").warning("first\nsecond\r\nthird")
    assert len(written.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"Session with id {SESSION} is already connected! Reconnecting.", SESSION),
        ("Refused: bad key sk-canary-0123456789abcdef given", "canary"),
        ("could not reach mongodb://semblance:hunter2-hunter2@mongo:27017/", "hunter2"),
        ("GET /v1/models?key=AIzaSyA1234567890abcdef failed", "AIzaSyA"),
        ("Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
    ],
)
def test_secrets_in_what_libraries_say_are_taken_out(said: str, secret: str, written: io.StringIO) -> None:
    logs.configure("json", stream=written)
    logging.getLogger("some.library").warning("%s", said)
    assert secret not in written.getvalue()


def test_libraries_with_handlers_of_their_own_write_the_same_way(written: io.StringIO) -> None:
    logger = logging.getLogger("streamlit.of_this_test")
    own = io.StringIO()
    logger.addHandler(logging.StreamHandler(own))
    logger.propagate = False
    logs.configure("json", stream=written)
    logs.take_over()
    logger.warning("something")
    logger.info('127.0.0.1 - "GET /personas?search=what+people+search+for"')
    assert own.getvalue() == ""
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == ["something"]


def test_the_level_is_of_our_events(written: io.StringIO) -> None:
    logs.configure("text", "WARNING", written)
    logging.getLogger("semblance_core.somewhere").info("message stored")
    logging.getLogger("api").warning("slow")
    assert [line.partition(" ")[2] for line in written.getvalue().splitlines()] == ["WARNING api: slow"]


def test_what_a_page_raises_is_a_line_of_the_log_and_nothing_else(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("json", stream=written)
    logs.take_over()
    try:
        int("what a participant said")
    except ValueError as failed:
        error_util._log_uncaught_app_exception(failed)
    (line,) = written.getvalue().splitlines()
    assert "ValueError at " in json.loads(line)["raised"]
    assert "participant" not in line
    assert capsys.readouterr().out == ""
