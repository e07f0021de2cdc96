"""Texts that XML can hold, in the direction that they are read in. Pure."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from semblance_core.reports.escape import without_unseen

Value = TypeVar("Value")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids or warns of: control characters, halves of surrogate pairs, U+FFFE and U+FFFF."""
REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """The text as XML can hold it: what it forbids becomes U+FFFD, NUL and marks that turn the direction of others go.

    >>> clean("a\\x00b\\x07c\\ud800d\\u202e") == "ab\\ufffdc\\ufffdd"
    True
    >>> clean("日本語 عربي ไทย\\r\\n")
    '日本語 عربي ไทย\\n'
    """
    lines = re.sub("\r\n?|\u2028|\u2029|\x85", "\n", without_unseen(text))
    return _FORBIDDEN.sub(REPLACEMENT, lines)


def cleaned(value: Value) -> Value:
    """The value with every text in it clean: through tuples and frozen dataclasses; anything else stays."""
    done: Any = value
    if isinstance(value, str) and type(value) is str:  # no member of an enumeration
        done = clean(value)
    elif isinstance(value, tuple):
        done = tuple(map(cleaned, value))
    elif is_dataclass(value) and not isinstance(value, type):
        done = replace(value, **{each.name: cleaned(getattr(value, each.name)) for each in fields(value)})
    return done  # type: ignore[no-any-return]


def is_rtl(text: str) -> bool:
    """Returns whether its first letter is of a script that is read from right to left.

    >>> is_rtl("«مرحبا» he said"), is_rtl("12 hello"), is_rtl("")
    (True, False, False)
    """
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def at_most(text: str, most: int) -> str:
    """The text on one line, cut to so many characters with an ellipsis where it is longer.

    >>> at_most("a  long line", 7)
    'a long…'
    """
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
