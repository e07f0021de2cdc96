"""Codings, which mark a span of a message with a code, and memos on what is coded. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput, NotFound

MOST_CODINGS = 20_000
"""Codings of one session."""
MEMO_CHARS, MOST_MEMOS = 10_000, 2_000
"""Characters of a memo; memos of one project."""
MEMO_FIELDS = {"text": "the memo"}


@dataclass(frozen=True, slots=True)
class Coding:
    """A span of a message with a code. seq: the message's number. start, end: characters of its text (code points), end excluded.

    made, confirmed: who gave it the code; who confirmed what a model gave, None for nobody. Two people's codings of one span are two.
    """

    id: str
    project_id: str
    focus_group_id: str
    seq: int
    start: int
    end: int
    code_id: str
    made: Author
    confirmed: Author | None = None
    version: int = 0

    @property
    def is_unconfirmed(self) -> bool:
        """Returns whether a model made it and nobody has confirmed it."""
        return self.made.is_model and self.confirmed is None

    @property
    def place(self) -> tuple[int, int, int, str, str]:
        """The identity of a coding within its session: span, code, coder."""
        return self.seq, self.start, self.end, self.code_id, self.made.key


class MemoOn(StrEnum):
    """The kind of thing that a memo is on."""

    SESSION = "session"
    MESSAGE = "message"
    THEME = "theme"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Memo:
    """A note on something. about: on what kind of thing.

    target: the message's number, the theme's name or the code's id; empty for a session. focus_group_id: empty for a code's.
    """

    id: str
    project_id: str
    about: MemoOn
    text: str
    made: Author
    target: str = ""
    focus_group_id: str = ""
    confirmed: Author | None = None
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidInput("The memo is empty; write at least a word, or delete it.")
        if len(self.text) > MEMO_CHARS:
            raise InvalidInput(f"A memo may have {MEMO_CHARS:,} characters, and this text has {len(self.text):,}.")


def check_codings(wanted: int) -> None:
    """Raises `InvalidInput` where a session would have more codings than it may."""
    if wanted > MOST_CODINGS:
        raise InvalidInput(f"A session has at most {MOST_CODINGS:,} codings.")


def coded_message(messages: Mapping[int, Message], seq: int) -> Message:
    """The message that can be coded; raises `NotFound` where there is none, and `InvalidInput` where nothing was said."""
    message = messages.get(seq)
    if message is None:
        raise NotFound(f"There is no message {seq} in this session.")
    if message.status is not MessageStatus.SAID or not message.text.strip():
        raise InvalidInput(f"Message {seq} holds no words yet, so nothing in it can be coded.")
    return message


def checked_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its edges; raises `InvalidInput` where it does not stand in the text or holds nothing.

    >>> checked_span("It is dear.", 2, 6)
    (3, 5)
    """
    if not 0 <= start < end <= len(text):
        raise InvalidInput("This span does not stand in the message.")
    words = text[start:end]
    if not words.strip():
        raise InvalidInput("Mark at least one word.")
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
