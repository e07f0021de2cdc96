"""A focus group: its set-up, its state, and its messages."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.estimate import Estimate
from semblance_core.domain.guide import Guide
from semblance_core.domain.persona import Persona
from semblance_core.domain.provider_words import in_our_words
from semblance_core.domain.usage import TokenCounts

MAX_PARTICIPANTS = 24
MAX_TURNS = 2_000
TITLE_CHARS = 160
TOPIC_CHARS = 4_000


class FocusGroupState(StrEnum):
    """draft → moderated ⇄ autonomous → ended."""

    DRAFT = "draft"
    MODERATED = "moderated"
    AUTONOMOUS = "autonomous"
    ENDED = "ended"


REASONS = {
    "guide_covered": "Every question of the guide was discussed.",
    "turn_limit": "The turn limit was reached.",
    "budget": "Paused until the usage quota has room; it then goes on by itself within seconds.",
    "no_price": "Paused because its model has no price; it goes on by itself once an administrator sets one.",
    "out_of_quota": "The usage quota was used up.",
    "paused": "Paused by a person.",
    "stopped": "Stopped by a person.",
    "ended_by_user": "Ended by a person.",
    "no_new_codes": "Two exchanges in a row brought nothing new.",
    "goodbyes": "The participants said thanks and goodbye.",
    "repetition": "The participants began to repeat themselves.",
    "model_failed": "The model failed.",
    "failed": "Something went wrong.",
}
"""Why an autonomous discussion is not running any more, by stored code."""
WAITING = ("budget", "no_price")
"""Reasons that pass: the discussion then goes on by itself."""


def reason_words(reason: str, detail: str) -> str:
    """Why a session is not running, as a sentence; empty while it is.

    >>> reason_words("paused", "")
    'Paused by a person.'
    """
    return f"{REASONS.get(reason, '')} {in_our_words(detail)}".strip()


class MessageStatus(StrEnum):
    """pending: a call is under way. failed: it gave no answer and can be retried. discarded: stopped before it came."""

    PENDING = "pending"
    SAID = "said"
    FAILED = "failed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. seq: its number in the transcript, from 1 without gaps.

    role: `moderator` or `persona`. speaker: the name shown. reply_to: seq of the moderator's message it answers in a
    moderated round. question: index of the guide's question under discussion, or None. tokens and cost_usd are those of
    every attempt at it together. stimuli: names of what participants are shown with it.
    """

    focus_group_id: str
    seq: int
    role: str
    speaker: str
    text: str
    status: MessageStatus
    feature: str
    at: datetime
    persona_id: str | None = None
    author_id: str | None = None
    reply_to: int | None = None
    question: int | None = None
    model: str = ""
    tokens: TokenCounts = field(default_factory=TokenCounts)
    cost_usd: Decimal | None = Decimal(0)
    error: str = ""
    simulated: bool = False
    epoch: int = 0
    attempts: int = 0
    stimuli: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "error", in_our_words(self.error))


@dataclass(frozen=True, slots=True)
class Turn:
    """A participant's turn, as far as it is counted. question: as of `Message`; said: False where it failed."""

    seq: int
    persona_id: str
    question: int | None
    words: int
    said: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """What turn taking knows of one participant so far. last_seq: 0 while silent."""

    words: int = 0
    turns: int = 0
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """Where a session stands: what the next turn needs to know, so that its cost does not grow with the transcript.

    question: index of the guide's question under discussion, -1 before the first. question_turns: participants' turns under
    it. turns: messages of the autonomous discussion so far. persona_turns: turns of participants in any mode. extra_calls:
    model calls of the autonomous discussion besides those. window_from: first seq that prompts still quote; summary stands
    for what was before. stimuli_shown: how many of the session's stimuli participants have been shown. speakers: persona ids
    of the last turns, newest last; floors: by persona id.
    """

    question: int = -1
    question_turns: int = 0
    turns: int = 0
    persona_turns: int = 0
    extra_calls: int = 0
    window_from: int = 1
    summary: str = ""
    failures_in_a_row: int = 0
    stimuli_shown: int = 0
    speakers: tuple[str, ...] = ()
    floors: dict[str, Floor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FocusGroup:
    """participants are snapshots: a later edit or deletion of a persona leaves the session as it was.

    next_seq: the number the next message gets. epoch: fences out every worker but the last one that claimed it.
    reason: a key of `REASONS` while it is not running, else empty. needs_usd, needs_tokens: what the call that did not fit
    into the quota may need, while it is paused for that; needs_usd None where its model had no known price. estimate: what
    was said of the autonomous discussion's use when a person last let it run; paused_at: when that stopped or paused.
    lost: how many workers in a row ended in the middle of it without having stored anything new.
    pausing: a person asked it to pause after the turn under way. stimuli: ids of its assets, in the order they are shown in.
    version, edits: of its set-up (editing.py). alone_from: seq from which on it ran by itself, when it was last let.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    topic: str
    guide: Guide
    participants: tuple[Persona, ...]
    model: str
    turn_limit: int
    seed: int
    created_at: datetime
    state: FocusGroupState = FocusGroupState.DRAFT
    reason: str = ""
    reason_detail: str = ""
    estimate: Estimate | None = None
    paused_at: datetime | None = None
    pausing: bool = False
    needs_usd: Decimal | None = None
    needs_tokens: int = 0
    next_seq: int = 1
    epoch: int = 0
    pending: int = 0
    course: Course = field(default_factory=Course)
    simulated: bool = False
    stimuli: tuple[str, ...] = ()
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    lost: int = 0
    alone_from: int = 1
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason_detail", in_our_words(self.reason_detail))
        if not 1 <= len(self.title.strip()) <= TITLE_CHARS:
            raise InvalidInput(f"A focus group's title has 1–{TITLE_CHARS} characters.")
        if len(self.topic) > TOPIC_CHARS:
            raise InvalidInput(f"A topic has at most {TOPIC_CHARS:,} characters.")
        if not 1 <= self.turn_limit <= MAX_TURNS:
            raise InvalidInput(f"The turn limit is a whole number from 1 to {MAX_TURNS:,}.")
        if len(self.participants) > MAX_PARTICIPANTS:
            raise InvalidInput(
                f"A focus group has at most {MAX_PARTICIPANTS} participants, not {len(self.participants)}."
            )
        names = [person.name.casefold() for person in self.participants]
        if doubled := {name for name in names if names.count(name) > 1}:
            raise InvalidInput(
                f"Two participants share the name {next(iter(doubled)).title()}; rename one, so that quotes can be told apart."
            )

    @property
    def is_busy(self) -> bool:
        """Whether a worker has something to do: an autonomous discussion, or replies under way."""
        return self.state is FocusGroupState.AUTONOMOUS or self.pending > 0

    @property
    def is_waiting(self) -> bool:
        """Whether it is paused for something that passes, and then goes on by itself."""
        return self.state is FocusGroupState.MODERATED and self.reason in WAITING

    @property
    def reason_in_words(self) -> str:
        return reason_words(self.reason, self.reason_detail)

    def participant(self, persona_id: str) -> Persona:
        for person in self.participants:
            if person.id == persona_id:
                return person
        raise InvalidInput("That persona does not take part in this focus group.")
