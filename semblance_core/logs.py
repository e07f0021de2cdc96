"""The server's log: one line an event, as JSON in production, with the ids that lead to what it is about.

An event is a short fixed phrase; its facts are fields (`extra`): focus_group_id, task_id, call_id, epoch, seq, user_id and
the like. No line holds what people, models or documents said, nor a key: of an exception it says the class and where it was
raised, not its words, because those often quote the value that was wrong.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from pythonjsonlogger.json import JsonFormatter

Form = Literal["json", "text"]
OURS = ("semblance_core", "api", "ui")
SERVERS = ("streamlit", "uvicorn", "websockets")
"""Libraries that bring handlers of their own."""
MOST_FRAMES = 12
_STANDARD = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"})
"""Fields that every record has; any other field is the event's own."""
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(form: Form, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Sends every log line of this process to the stream (default: standard error) in this form.

    level: from which on our own events are written; of libraries, warnings are enough.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def take_over(names: Iterable[str] = SERVERS) -> None:
    """Lets the loggers of these libraries write their warnings through the root's handler instead of their own.

    To be called once they are set up: at the start of the server. Lines about single requests are left out, because
    addresses hold what people search for; the proxy in front has them where they are wanted.
    """
    prefixes = tuple(names)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in prefixes:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.WARNING)


def where_raised(raised: _Raised) -> str:
    """An exception without its words: its class, and the places it passed through, the innermost first.

    >>> try:
    ...     int("what somebody wrote")
    ... except ValueError as failed:
    ...     print(where_raised((type(failed), failed, failed.__traceback__)).partition(" at ")[0])
    ValueError
    """
    kind, _, trace = raised
    if kind is None:
        return ""
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:][::-1]
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name} at {places}" if places else name


_SESSION = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_KEY = re.compile(r"(?:sk-|AIza|Bearer\s+|key=|://[^/\s:@]*:)[^\s@,;\"']{6,}")


def _scrub(record: logging.LogRecord) -> logging.LogRecord:
    """Takes keys, passwords in addresses and the ids of browser sessions, which open what is theirs, out of a line's words."""
    if record.levelno < logging.WARNING and record.name.partition(".")[0] in OURS:
        return record  # a fixed phrase
    words = record.getMessage()
    if (harmless := _KEY.sub("[key]", _SESSION.sub("[session]", words))) == words:
        return record
    changed = logging.makeLogRecord(vars(record))
    changed.msg, changed.args = harmless, None
    return changed


class _Handler(logging.StreamHandler[TextIO]):
    def format(self, record: logging.LogRecord) -> str:
        return super().format(_scrub(record))


class _Json(JsonFormatter):
    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "message": "event", "exc_info": "raised"},
            reserved_attrs=sorted(_STANDARD),
            json_ensure_ascii=False,
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = _time(record)
        super().add_fields(log_data, record, message_dict)

    def formatException(self, ei: Any) -> str:
        return where_raised(ei)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        raised = f" raised={where_raised(record.exc_info)}" if record.exc_info else ""
        line = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}{facts}{raised}"
        return line.replace("\r", " ").replace("\n", " ")


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
