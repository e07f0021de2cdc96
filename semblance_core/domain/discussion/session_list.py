"""Selections of sessions, and the rows that lists show of them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.reasons import AS_ASKED, WAITING, reason_words
from semblance_core.domain.personas.persona import Persona


class SessionStatus(StrEnum):
    """A session's state as people tell it apart: one that is not running waits, is paused, or is moderated by a person.

    RECORDED: a recording brought it, and nothing was asked in it since.
    """

    DRAFT = "Draft"
    RUNNING = "Running"
    WAITING = "Waiting"
    PAUSED = "Paused"
    MODERATED = "Moderated"
    ENDED = "Ended"
    RECORDED = "Recorded"


class SessionOrder(StrEnum):
    ACTIVE = "Last activity"
    NEWEST = "Newest first"
    TITLE = "Title"


@dataclass(frozen=True, slots=True)
class SessionSearch:
    """Selects sessions of a project, and orders them. The default finds all, the last one worked on first.

    text: words that must all be there, each in title or topic. statuses: empty for all. persona_id: who takes part.
    """

    text: str = ""
    statuses: tuple[SessionStatus, ...] = ()
    persona_id: str = ""
    order: SessionOrder = SessionOrder.ACTIVE


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list. faces: the first few participants, with only what a portrait needs.

    turns: messages of the autonomous discussion so far. active_at: when something was last written. cost_usd: of its calls
    so far, None where any call's is not known. recorded_through: as of `FocusGroup`. asks_next: a question
    waits to be asked.
    """

    id: str
    project_id: str
    title: str
    topic: str
    state: FocusGroupState
    reason: str
    reason_detail: str
    simulated: bool
    faces: tuple[Persona, ...]
    participants: int
    questions: int
    messages: int
    turns: int
    turn_limit: int
    pending: int
    created_at: datetime
    active_at: datetime
    cost_usd: Decimal | None = Decimal(0)
    recorded_through: int = 0
    asks_next: bool = False

    @property
    def status(self) -> SessionStatus:
        return status_of(self.state, self.reason, 0 < self.recorded_through == self.messages)

    @property
    def is_busy(self) -> bool:
        return self.state is FocusGroupState.AUTONOMOUS or self.pending > 0 or self.asks_next

    @property
    def reason_in_words(self) -> str:
        return reason_words(self.reason, self.reason_detail)


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One page of what was found. total: how many were found on all pages.

    counts: how many the words find in each status, whichever statuses are looked at. busy: how many of these have work.
    unread: how many of this page could not be read.
    """

    rows: tuple[SessionRow, ...]
    total: int
    counts: dict[SessionStatus, int] = field(default_factory=dict)
    busy: int = 0
    unread: int = 0


def status_of(state: FocusGroupState, reason: str, is_recording: bool = False) -> SessionStatus:
    """Returns the state as people tell it apart. is_recording: nothing stands in it but a recording.

    >>> status_of(FocusGroupState.MODERATED, "budget").value, status_of(FocusGroupState.ENDED, "budget").value
    ('Waiting', 'Ended')
    """
    if state is FocusGroupState.MODERATED:
        waits = reason in WAITING
        if is_recording and not waits:
            return SessionStatus.RECORDED
        is_paused = reason and reason not in AS_ASKED
        return SessionStatus.WAITING if waits else SessionStatus.PAUSED if is_paused else SessionStatus.MODERATED
    return SessionStatus.RUNNING if state is FocusGroupState.AUTONOMOUS else SessionStatus(state.value.capitalize())
