"""Sessions, their messages and findings as the API answers them."""

from typing import Self

from pydantic import Field

from api.values import Usd, View, When
from api.views import Estimate, Persona, Tokens
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.discussion.moderation.guide_change import ChangeKind
from semblance_core.domain.discussion.probing import Probing


class Section(View):
    """shows, probes, private: for each question the names of the stimuli that the guide shows with it, its planned probes, and whether
    each answers it alone first; empty where no question has any. minutes, turns: the section's time, 0 where none is given."""

    title: str
    questions: list[str]
    shows: list[list[str]]
    probes: list[list[str]]
    private: list[bool]
    minutes: int
    turns: int


class PlacedStimulus(View):
    """question: index into the guide's questions."""

    question: int
    asset_id: str
    name: str


class StimulusPlan(View):
    """The stimuli at questions as this session shows them. group_number: by which their order was rotated; 0 where it was not."""

    placed: list[PlacedStimulus]
    group_number: int


class FocusGroupLine(View):
    """A session, as lists have it. is_busy: somebody is still to speak. reason: why it does not run any more.

    version: of its set-up, one more with each edit.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    model: str
    simulated: bool
    state: FocusGroupState
    is_busy: bool
    is_waiting: bool
    reason: str
    reason_in_words: str
    pending: int
    last_seq: int
    created_at: When
    updated_at: When | None
    ended_at: When | None
    version: int

    @classmethod
    def of(cls, value: FocusGroup) -> Self:
        own = {
            name: getattr(value, name, None)
            for name in cls.model_fields
            if name not in ("guide_left_out", "guide_read_as")
        }
        return cls.model_validate(own | {"last_seq": value.next_seq - 1, "guide": value.guide.sections})


class GuideLine(View):
    """A line of a guide, and why it was not taken in or how it was read. number: from 1."""

    number: int
    text: str
    why: str


class Whisper(View):
    """Words to the moderator that no participant reads. after_seq: the last message when they were sent."""

    author: str
    text: str
    at: When
    after_seq: int


class GuideChange(View):
    """A question that a moderator inserted or skipped since the session began."""

    kind: ChangeKind
    question: str
    author: str
    at: When
    after_seq: int


class QueuedQuestion(View):
    """A question that waits; with turns above 0, participants are let discuss for so many instead. refused: why it was not asked."""

    id: str
    text: str
    turns: int
    in_turn: bool
    refused: str


class Fork(View):
    """session_id, title: the session that this one was forked from. seq: of its message. kept: messages that are copies, without cost.

    branch: its number among those of one message. edited: the message has other words, its own are in `replaced`. asked: what was put next.
    """

    session_id: str
    title: str
    seq: int
    kept: int
    branch: int
    edited: bool
    replaced: str
    asked: str


class FocusGroupView(FocusGroupLine):
    """A session with its set-up. participants are as they were when it was set up. guide_left_out: lines of the guide that this
    request sent and that were not taken in; they are not kept. guide_read_as: lines that were put together, or may mean something else.
    stimulus_plan: null before its first question. next_question: index of the guide's next question. is_discussing: participants
    discuss because a moderator let them. ballot: as Markdown, empty for none.
    fork: null where it was forked from none. whispers: to the moderator, as only researchers read them."""

    topic: str
    guide: list[Section]
    participants: list[Persona]
    turn_limit: int
    seed: int
    rotate_stimuli: bool
    probing: Probing
    private_first: bool
    language: str
    ballot: str
    ballot_control: bool
    fork: Fork | None
    stimulus_plan: StimulusPlan | None
    estimate: Estimate | None
    next_question: int
    is_discussing: bool
    queued: list[QueuedQuestion]
    whispers: list[Whisper]
    guide_changes: list[GuideChange]
    guide_left_out: list[GuideLine] = Field(default_factory=list)
    guide_read_as: list[GuideLine] = Field(default_factory=list)


class Quote(View):
    """A message that another one quotes. seq, speaker: its own; text: its words in one line, shortened."""

    seq: int
    speaker: str
    text: str


class Message(View):
    """One turn. reply_to: seq of the moderator's message that it answers. question: index into the guide's questions.

    role: `moderator`, `persona`, or `private` for what a participant wrote alone, which the others never see.

    stimuli: names of what participants were shown with it. quote: the earlier message that a moderator quotes with it.
    in_turn: of a moderator's message that it is answered one after the other; of a reply that it heard those before it.
    """

    seq: int
    role: str
    speaker: str
    persona_id: str | None
    text: str
    status: MessageStatus
    error: str
    reply_to: int | None
    question: int | None
    stimuli: list[str]
    quote: Quote | None
    in_turn: bool
    at: When
    model: str
    tokens: Tokens
    cost_usd: Usd | None
    simulated: bool
