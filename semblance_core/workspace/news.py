"""The changes in a session, and the work that ended, since a window was told last."""

from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message


@dataclass(frozen=True, slots=True)
class News:
    """The changes in a session. speaking: names of those whose words are awaited now."""

    group: FocusGroup
    messages: tuple[Message, ...]
    speaking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndedWork:
    """A task or session that is over. kind: the task's, or `session`. title: of the session that it is about; empty for none.

    why: the reason of a session, the error of a task that failed.
    """

    id: str
    kind: str
    title: str
    failed: bool
    why: str


@dataclass(frozen=True, slots=True)
class WorkNews:
    """at: until when it was looked. is_busy: some of the actor's work is under way."""

    at: datetime
    ended: tuple[EndedWork, ...]
    is_busy: bool
