"""An interview round side by side: what each person answered to each question of the guide. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from semblance_core.conversation.turn_policy import exhausted
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.interviews import Interviewee, InterviewRound
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.session_list import SessionStatus, status_of

OUTSIDE = "Outside the guide"
"""Stands for the question where a person who moderates asked something that is none of the guide's."""


@dataclass(frozen=True, slots=True)
class Interview:
    """One person's interview. group: its session, None where it was deleted; messages: its transcript."""

    person: Interviewee
    group: FocusGroup | None = None
    messages: tuple[Message, ...] = ()

    @property
    def status(self) -> SessionStatus | None:
        """None where it was deleted."""
        return status_of(self.group.state, self.group.reason) if self.group else None

    @property
    def answered(self) -> int:
        """The number of the guide's questions that have an answer."""
        return len({each.question for each in self.answers if each.question is not None})

    @property
    def answers(self) -> tuple[Message, ...]:
        return tuple(each for each in self.messages if _is_answer(each) and each.status is MessageStatus.SAID)


@dataclass(frozen=True, slots=True)
class HeldRound:
    """A round with its interviews, in the order of its people."""

    round: InterviewRound
    interviews: tuple[Interview, ...]

    @property
    def there(self) -> tuple[Interview, ...]:
        """Those that were not deleted."""
        return tuple(each for each in self.interviews if each.group)

    @property
    def is_busy(self) -> bool:
        return any(each.group.is_busy for each in self.there if each.group)

    @property
    def may_go_on(self) -> bool:
        """Returns whether the model can go on with an interview that does not run."""
        return any(may_go_on(each.group) for each in self.there if each.group)

    @property
    def has_answers(self) -> bool:
        return any(each.answers for each in self.interviews)


@dataclass(frozen=True, slots=True)
class PersonCell:
    """The messages under one question in one interview, in order.

    follow_ups: seqs of those messages that are the moderator's probes, and not the question itself.
    """

    messages: tuple[Message, ...] = ()
    follow_ups: frozenset[int] = field(default=frozenset())

    @property
    def answers(self) -> tuple[Message, ...]:
        return tuple(each for each in self.messages if _is_answer(each))

    @property
    def said(self) -> tuple[Message, ...]:
        return tuple(each for each in self.answers if each.status is MessageStatus.SAID)

    @property
    def shown(self) -> tuple[Message, ...]:
        """Answers and probes: all but the question, which stands at the row."""
        return tuple(each for each in self.messages if _is_answer(each) or each.seq in self.follow_ups)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question with a cell a person. question: its index in the guide; None outside of it."""

    question: int | None
    text: str
    section: str
    cells: tuple[PersonCell, ...]


def side_by_side(held: HeldRound) -> list[QuestionRow]:
    """Returns a row a question of the guide, and a last one for what was asked outside of it, where anything was."""
    guide = held.round.guide
    rows = [
        QuestionRow(at, text, guide.section_of(at).title, tuple(_cell(each, at) for each in held.interviews))
        for at, text in enumerate(guide.questions)
    ]
    outside = tuple(_cell(each, None) for each in held.interviews)
    return [*rows, QuestionRow(None, OUTSIDE, "", outside)] if any(cell.messages for cell in outside) else rows


def _cell(interview: Interview, question: int | None) -> PersonCell:
    under = [each for each in interview.messages if _question_of(interview, each) == question]
    put = [each.seq for each in under if each.role == "moderator"]
    # Outside the guide no question stands at the row, so each of them is shown with its answer.
    follow_ups = put if question is None else put[1:]
    return PersonCell(tuple(under), frozenset(follow_ups))


def _question_of(interview: Interview, message: Message) -> int | None:
    """The guide's question that a message belongs to: as it was stored where the session's guide is the round's still."""
    at = message.question
    if at is None or interview.group is None or interview.group.first_guide is None:
        return at
    asked = interview.group.guide.questions[at] if 0 <= at < len(interview.group.guide.questions) else ""
    first = interview.group.first_guide.questions
    return first.index(asked) if asked in first else None


def may_go_on(group: FocusGroup) -> bool:
    """Returns whether the model can go on with this interview: it is not over, does not run, and the guide is not exhausted."""
    is_open = group.state is not FocusGroupState.ENDED and not group.is_busy and not group.is_waiting
    return is_open and not exhausted(group)


def _is_answer(message: Message) -> bool:
    return message.role == "persona"


def progress(held: HeldRound) -> Sequence[tuple[Interview, float]]:
    """Each interview with the share of the guide's questions that are answered, 0–1."""
    total = max(1, len(held.round.guide.questions))
    return [(each, min(1.0, each.answered / total)) for each in held.interviews]
