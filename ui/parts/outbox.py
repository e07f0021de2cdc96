"""Texts that were sent in a chat's field, and that the browser keeps until it is told what became of each (questions.js).

Streamlit drops what is sent right before another text; the browser sends all that it keeps, so nothing that it was told nothing of is lost.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_SENT = 50
KEY = re.compile(r"[0-9a-f]{16}")


class Fate(StrEnum):
    """The end of a text: it is stored or given up; the page shows it, to be decided on; it is in the field again, as a draft."""

    OVER = "over"
    HELD = "held"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class SentText:
    """A text with the key that the browser gave it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """fates: by key, of all that the browser may still keep. receive: takes what it sent, each text once or more often, in order."""

    fates: Mapping[str, Fate]
    receive: Callable[[list[SentText]], None]


def sent_texts(value: object) -> list[SentText]:
    """Returns what the browser sent; leaves out what is no such text."""
    found = value if isinstance(value, list) else []
    return [
        SentText(each["key"], each["text"])
        for each in found[:MOST_SENT]
        if isinstance(each, dict)
        and isinstance(each.get("text"), str)
        and isinstance(each.get("key"), str)
        and KEY.fullmatch(each["key"])
    ]
