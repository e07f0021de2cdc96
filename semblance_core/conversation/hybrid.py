"""Decides the next move where a person steers a discussion: participants who were let discuss, whispers to the moderator. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.conversation.allotment import given_turns
from semblance_core.conversation.ending import ending_reason
from semblance_core.conversation.turn_policy import Ask, Decide, End, Speak, drawn_speaker, exhausted, next_move
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.moderation.whisper import Whisper

MOST_TURNS = 40
"""Turns that participants can be let discuss at once."""
STEERED_TURNS = 4
"""Participants' turns that a question which a whisper brought about is given, or one each where they are fewer."""


@dataclass(frozen=True, slots=True)
class Steer:
    """The moderator speaks now, and steers to what was whispered."""

    whispers: tuple[Whisper, ...]


@dataclass(frozen=True, slots=True)
class AtHand:
    """The question that participants answer.

    question: index of the guide's question under discussion, None before the first. is_beside: it is not that one, but a person's own.
    """

    question: int | None
    text: str
    moderators: tuple[str, ...] = ()
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Thank:
    """The moderator ends the session with these words, without a call."""

    words: str


Move = Ask | Decide | Speak | Steer | Thank | End
_THANKED = ("guide_covered", "goodbyes", "no_new_codes")
"""Reasons for an end before which the moderator thanks, once what was missed was asked."""


def hybrid_move(group: FocusGroup, recent: Sequence[Message]) -> Move:
    """Returns the next move of a discussion that runs, whoever let it.

    Args:
        group: the session, with its state.
        recent: the newest messages, oldest first.
    """
    if group.is_discussing:
        return _discussing(group, recent)
    waiting = waiting_whispers(group)
    if waiting and group.course.question >= 0 and group.course.turns + 1 < group.turn_limit:
        return Steer(waiting)
    move = next_move(group, recent)
    course = group.course
    if isinstance(move, End) and move.reason in _THANKED and course.closing and course.thanks:
        return Thank(course.thanks) if course.turns < group.turn_limit else move
    return move


def after_thanks(course: DiscussionState) -> DiscussionState:
    """Returns the state after the moderator's last words."""
    return replace(course, thanks="", turns=course.turns + 1)


def is_last_answer(group: FocusGroup) -> bool:
    """Returns whether no participant speaks along the guide after the turn that comes now."""
    course = group.course
    next_one = replace(
        course, question_turns=course.question_turns + 1, turns=course.turns + 1, persona_turns=course.persona_turns + 1
    )
    return not group.is_discussing and bool(exhausted(replace(group, course=next_one)))


def waiting_whispers(group: FocusGroup) -> tuple[Whisper, ...]:
    """Returns the whispers that the moderator was not told of yet."""
    return group.whispers[group.course.whispers_heard :]


def at_hand(group: FocusGroup, recent: Sequence[Message]) -> AtHand:
    """Returns the question that the next participant answers: of a discussion that a moderator let them have, the moderator's last."""
    course, questions = group.course, group.guide.questions
    in_guide = questions[course.question] if 0 <= course.question < len(questions) else group.heard_topic
    if not group.is_discussing:
        return AtHand(course.question, in_guide)
    put = [message for message in recent if message.role == "moderator"]
    if not put:
        return AtHand(course.question if course.question >= 0 else None, in_guide)
    moderators = tuple(dict.fromkeys(message.speaker for message in put))
    return AtHand(put[-1].question, put[-1].text, moderators, put[-1].is_beside)


def after_steering(group: FocusGroup) -> DiscussionState:
    """Returns the state after the moderator took up all that was whispered, without a step along the guide."""
    course = group.course
    wanted = course.question_turns + min(STEERED_TURNS, len(group.participants))
    return replace(
        course,
        turns=course.turns + 1,
        extra_calls=course.extra_calls + 1,
        allotted=max(given_turns(group), wanted),
        asked_next="",
        asked_all_at=0,
        whispers_heard=len(group.whispers),
    )


def _discussing(group: FocusGroup, recent: Sequence[Message]) -> Speak | End:
    if group.next_seq >= group.alone_until:
        return End("discussed")
    said = [
        message.text
        for message in recent
        if message.role == "persona" and message.status is MessageStatus.SAID and message.seq >= group.alone_from
    ]
    if ending_reason(said, len(group.participants), False) == "repetition":
        return End("repetition")
    return Speak(drawn_speaker(group, recent))
