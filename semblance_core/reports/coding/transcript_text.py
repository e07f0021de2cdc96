"""A session's transcript as one plain text, in which every message has its place. Pure.

Each character of a message stands for one character of the text, so a span of a message is a span of the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from semblance_core.domain.discussion.message import Message, MessageStatus

_LINE_BREAK = re.compile("[\u2028\u2029\x85\x0b\x0c]")
_UNFIT = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""Characters that XML forbids, and those that turn the direction of others."""


@dataclass(frozen=True, slots=True)
class PlacedMessage:
    """start: where the message's own words begin in the text; end: behind the last of them."""

    message: Message
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TranscriptText:
    text: str
    placed: dict[int, PlacedMessage]
    """Messages by number."""


def transcript_text(messages: Iterable[Message]) -> TranscriptText:
    """All that was said, each message below a line with its number and speaker."""
    text, at = [], 0
    placed: dict[int, PlacedMessage] = {}
    for message in messages:
        if message.status is not MessageStatus.SAID or not message.text.strip():
            continue
        head, words = f"[{message.seq}] {as_long(' '.join(message.speaker.split()))}:\n", as_long(message.text)
        start = at + len(head)
        placed[message.seq] = PlacedMessage(message, start, start + len(words))
        text.append(f"{head}{words}\n\n")
        at += len(text[-1])
    return TranscriptText("".join(text), placed)


def as_long(text: str) -> str:
    """The text with one character in place of each that a file of plain text or XML could not hold.

    >>> as_long("a\\x00b\\r\\nc\\u202e") == "a\\ufffdb \\nc\\ufffd"
    True
    """
    return _UNFIT.sub("\ufffd", _LINE_BREAK.sub("\n", text.replace("\r", " ")))
