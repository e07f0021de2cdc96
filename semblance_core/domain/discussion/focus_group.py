"""A focus group: its set-up, its state, and its messages."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.moderation.fork import Fork
from semblance_core.domain.discussion.moderation.guide_change import GuideChange
from semblance_core.domain.discussion.moderation.whisper import Whisper
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.discussion.queued import QueuedQuestion
from semblance_core.domain.discussion.quote import Quote
from semblance_core.domain.discussion.reasons import FINAL, WAITING, reason_words
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.provider_words import in_our_words
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import Spent

MAX_PARTICIPANTS = 24
MAX_TURNS = 2_000
TITLE_CHARS = 160
TOPIC_CHARS = 4_000
LANGUAGE_CHARS = 40
MODERATOR = "Moderator"
"""The speaker of the questions that an autonomous discussion is put."""


class FocusGroupState(StrEnum):
    """draft → moderated ⇄ autonomous → ended ⇄ moderated."""

    DRAFT = "draft"
    MODERATED = "moderated"
    AUTONOMOUS = "autonomous"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class FocusGroup:
    """participants are snapshots: a later edit or deletion of a persona leaves the session as it was.

    next_seq: the number the next message gets. epoch: fences out every worker but the last one that claimed it.
    reason: a key of `REASONS` while it is not running, else empty. needs_usd, needs_tokens: what the call that did not fit
    into the quota may need, while it is paused for that; needs_usd None where its model had no known price. estimate: what
    was said of the autonomous discussion's use when a person last let it run; paused_at: when that stopped or paused.
    lost: workers in a row that ended in it without having stored anything new. pausing: a person asked it to pause after
    the turn under way. stimuli: ids of its assets, in the order they are shown in. version, edits: of its set-up
    (editing.py). alone_from: seq from which on it ran by itself, when it was last let. recorded_through: seq of the last
    message that a recording brought; 0 where it was made here. probing: how far the moderator follows up where the
    discussion runs by itself. queued: questions that were sent while participants answered, in their order.
    rotate_stimuli: stimuli at questions change places from group to group. group_number: as for which group they do; 0
    counts the groups of the project. stimulus_plan: the stimuli at questions, once the session has begun. themes_with:
    the model that finds themes once it ends; empty for none. private_first: each question of the guide is answered alone first.
    language: that participants and moderator speak, in English; empty for the guide's. alone_until: seq at which a discussion
    that a moderator let them have is over; 0 where it runs along the guide. whispers: to the moderator, in order.
    guide_changes: questions inserted and skipped since it began; first_guide: the guide before the first of these, None where
    there is none. round_id: the interview round that it belongs to; empty for a group. ballot: a questionnaire that each
    participant answers in private before the discussion and after it, as Markdown; empty for none. ballot_control: the same
    ballot is also put twice without the discussion. fork: where it was forked from another session; None for one that was not.
    received: the keys of the questions that came last with one, so that none is taken twice.
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
    course: DiscussionState = field(default_factory=DiscussionState)
    simulated: bool = False
    stimuli: tuple[str, ...] = ()
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    lost: int = 0
    alone_from: int = 1
    recorded_through: int = 0
    probing: Probing = Probing.NONE
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict)
    queued: tuple[QueuedQuestion, ...] = ()
    rotate_stimuli: bool = False
    group_number: int = 0
    stimulus_plan: StimulusPlan | None = None
    themes_with: str = ""
    private_first: bool = False
    language: str = ""
    alone_until: int = 0
    whispers: tuple[Whisper, ...] = ()
    guide_changes: tuple[GuideChange, ...] = ()
    first_guide: Guide | None = None
    round_id: str = ""
    ballot: str = ""
    ballot_control: bool = True
    fork: Fork | None = None
    received: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason_detail", in_our_words(self.reason_detail))
        if not 1 <= len(self.title.strip()) <= TITLE_CHARS:
            raise InvalidInput(f"A focus group's title has 1–{TITLE_CHARS} characters.")
        if len(self.topic) > TOPIC_CHARS:
            raise InvalidInput(f"A topic has at most {TOPIC_CHARS:,} characters.")
        if len(self.language) > LANGUAGE_CHARS:
            raise InvalidInput(f"A language's name has at most {LANGUAGE_CHARS} characters.")
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
        """Returns whether a worker has something to do: an autonomous discussion, replies under way, a question to ask."""
        return self.state is FocusGroupState.AUTONOMOUS or self.pending > 0 or self.next_queued is not None

    @property
    def next_queued(self) -> QueuedQuestion | None:
        """The question that is asked once the participants have answered; None where none waits."""
        if self.state is not FocusGroupState.MODERATED:
            return None
        return next((question for question in self.queued if not question.refused), None)

    @property
    def is_recording(self) -> bool:
        """Returns whether nothing stands in it but what a recording brought."""
        return 0 < self.recorded_through == self.next_seq - 1

    @property
    def is_interview(self) -> bool:
        """Returns whether one person is interviewed alone here."""
        return bool(self.round_id)

    @property
    def heard_topic(self) -> str:
        """Returns what prompts call the subject: the topic; without one, a group's title, and an interview's first question.

        The title of an interview round is for its researcher, so nobody who is interviewed hears it.
        """
        untitled = self.is_interview and self.guide.questions
        return self.topic or (self.guide.questions[0] if untitled else self.title)

    @property
    def is_discussing(self) -> bool:
        """Returns whether participants discuss the question at hand because a moderator let them, until it is the moderator's turn."""
        return self.state is FocusGroupState.AUTONOMOUS and self.alone_until > 0

    @property
    def next_question(self) -> int:
        """Index of the guide's next question: behind all that were put or wait to be; as many as there are where none is left."""
        waiting = (each.question for each in self.queued if each.question is not None)
        return 1 + max(self.course.question, self.course.reached, *waiting, -1)

    @property
    def takes_questions(self) -> bool:
        """Returns whether one can ask more: until a person ends it. One that ended by itself is opened again by a question."""
        return self.state is not FocusGroupState.ENDED or self.reason not in FINAL

    def answered_alone(self, question: int) -> bool:
        """Returns whether each participant answers this question of the guide alone before the discussion of it."""
        if self.is_interview or not 0 <= question < len(self.guide.questions):
            return False
        return self.private_first or self.guide.asked[question].private

    @property
    def is_waiting(self) -> bool:
        """Returns whether it is paused for something that passes, and then goes on by itself."""
        return self.state is FocusGroupState.MODERATED and self.reason in WAITING

    @property
    def reason_in_words(self) -> str:
        return reason_words(self.reason, self.reason_detail)

    def said(
        self,
        author_id: str,
        speaker: str,
        text: str,
        at: datetime,
        *,
        question: int | None,
        stimuli: tuple[str, ...],
        quote: Quote | None = None,
        in_turn: bool = False,
        is_beside: bool = False,
    ) -> Message:
        """The next message, as a person who moderates wrote it."""
        return Message(
            focus_group_id=self.id,
            seq=self.next_seq,
            role="moderator",
            speaker=speaker,
            text=text,
            status=MessageStatus.SAID,
            feature="moderated",
            at=at,
            author_id=author_id,
            question=question,
            stimuli=stimuli,
            quote=quote,
            in_turn=in_turn,
            is_beside=is_beside,
        )

    def asked(
        self, text: str, at: datetime, *, question: int, stimuli: tuple[str, ...], spent: Spent, model: str
    ) -> Message:
        """The next message, as a question of the guide that the autonomous discussion puts.

        Args:
            spent: What the model used that worded it; without a call it is the guide's own wording.
            model: That model, or empty.
        """
        return Message(
            focus_group_id=self.id,
            seq=self.next_seq,
            role="moderator",
            speaker=MODERATOR,
            text=text,
            status=MessageStatus.SAID,
            feature="moderate" if spent.calls else "guide",
            at=at,
            question=question,
            model=model,
            tokens=spent.tokens,
            cost_usd=spent.cost_usd,
            simulated=self.simulated,
            epoch=self.epoch,
            attempts=spent.calls,
            stimuli=stimuli,
        )

    def awaiting(
        self,
        persona: Persona,
        at: datetime,
        *,
        question: int | None,
        place: int = 0,
        private: bool = False,
        in_turn: bool = False,
        is_beside: bool = False,
    ) -> Message:
        """A participant's pending reply.

        Args:
            place: 0 where the reply is the next message itself; 1, 2, … for the replies to the next message.
            private: it is written alone, and no other participant is told of it.
        """
        return Message(
            focus_group_id=self.id,
            seq=self.next_seq + place,
            role="private" if private else "persona",
            speaker=persona.name,
            text="",
            status=MessageStatus.PENDING,
            feature="reply",
            at=at,
            persona_id=persona.id,
            reply_to=self.next_seq if place else None,
            question=question,
            model=self.model,
            simulated=self.simulated,
            epoch=self.epoch,
            in_turn=in_turn,
            is_beside=is_beside,
        )

    def participant(self, persona_id: str) -> Persona:
        for person in self.participants:
            if person.id == persona_id:
                return person
        raise InvalidInput("That persona does not take part in this focus group.")
