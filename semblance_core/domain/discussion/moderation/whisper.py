"""Words to the moderator of an autonomous discussion that no participant hears."""

from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.errors import InvalidInput

WHISPER_CHARS = 500
MOST_WHISPERS, MOST_WAITING = 50, 5
"""Whispers on a session's own document, and of these such as the moderator was not told of: all of them go into one prompt."""


@dataclass(frozen=True, slots=True)
class Whisper:
    """A person's words to the moderator. author: the name of who whispers. after_seq: the last message when it was sent."""

    author_id: str
    author: str
    text: str
    at: datetime
    after_seq: int = 0


def checked_whisper(text: str) -> str:
    """Returns the words on one line; raises `InvalidInput` for empty or too long ones."""
    text = " ".join(text.split())
    if not 1 <= len(text) <= WHISPER_CHARS:
        raise InvalidInput(f"A whisper has 1–{WHISPER_CHARS} characters.")
    return text
