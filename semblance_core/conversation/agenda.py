"""What happens next in an autonomous discussion, and where the session stands after it. Pure: values in, values out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.ending import ending_reason
from semblance_core.conversation.turn_taking import names_in, next_speaker
from semblance_core.domain.focus_group import Course, Floor, FocusGroup, Message, MessageStatus, Turn

EXTRA_CALL_SHARE = 0.15
SPEAKERS_KEPT = 40
LEAST_TURNS_A_QUESTION = 2
REPEATED_QUESTIONS = 3
"""Questions in a row under which participants repeat themselves, before the discussion stops instead of going on with the next."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The moderator puts the guide's question with this index; linked: the moderator model may tie it to what was said."""

    question: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Speak:
    persona_id: str


@dataclass(frozen=True, slots=True)
class End:
    """reason: a key of `REASONS`."""

    reason: str


def next_move(group: FocusGroup, recent: Sequence[Message]) -> Ask | Speak | End:
    """Who does what next. recent: the newest messages, oldest first; the draw is seeded by session and turn."""
    course, questions = group.course, group.guide.questions
    on_last = course.question >= len(questions) - 1
    is_done = course.question >= 0 and course.question_turns >= allotted_turns(group, course.question)
    if on_last and is_done:
        return End("guide_covered")
    if course.turns >= group.turn_limit:
        return End("turn_limit")
    if course.question < 0 or is_done:
        return Ask(course.question + 1, linked=course.question >= 0 and may_call_extra(course))
    reason = ending_reason(_answers(group, recent, course.question), len(group.participants), on_last)
    if reason == "repetition" and not on_last and not _is_stuck(group, recent):
        return Ask(course.question + 1, linked=may_call_extra(course))
    if reason:
        return End(reason)
    return Speak(_speaker(group, recent))


def allotted_turns(group: FocusGroup, question: int) -> int:
    """Participants' turns for a question, so that the guide fills the turn limit evenly: at least 2.

    With a limit of 40 and 6 questions, 34 turns are the participants': 6 for each of the first four, 5 for the others.
    """
    questions = len(group.guide.questions)
    turns, left = divmod(max(0, group.turn_limit - questions), questions)
    return max(LEAST_TURNS_A_QUESTION, turns + (question < left))


def least_turns(questions: int) -> int:
    """Turns without which some question of the guide would go without its answers.

    >>> least_turns(6)
    18
    """
    return questions * (1 + LEAST_TURNS_A_QUESTION)


def may_call_extra(course: Course) -> bool:
    """Whether one more call for the moderator or a summary keeps them within 0.15 a participant's turn."""
    return course.extra_calls + 1 <= EXTRA_CALL_SHARE * course.persona_turns


def after_question(course: Course, question: int) -> Course:
    return replace(course, question=question, question_turns=0, turns=course.turns + 1)


def after_reply(course: Course, message: Message) -> Course:
    """The course after a participant's turn in an autonomous discussion, said or failed: as `recounted` counts it, without reading."""
    assert message.persona_id is not None
    said = message.status is MessageStatus.SAID
    floor = course.floors.get(message.persona_id, Floor())
    words = word_count(message.text) if said else 0
    return replace(
        course,
        question_turns=course.question_turns + 1,
        turns=course.turns + 1,
        persona_turns=course.persona_turns + 1,
        failures_in_a_row=0 if said else course.failures_in_a_row + 1,
        speakers=(*course.speakers, message.persona_id)[-SPEAKERS_KEPT:],
        floors=course.floors | {message.persona_id: Floor(floor.words + words, floor.turns + 1, message.seq)},
    )


def recounted(course: Course, turns: Sequence[Turn]) -> Course:
    """The course with what is counted of participants' turns as their messages have it, each once, however often it was asked for.

    turns: all of them, in order.
    """
    floors: dict[str, Floor] = {}
    failures = 0
    for turn in turns:
        floor = floors.get(turn.persona_id, Floor())
        floors[turn.persona_id] = Floor(floor.words + turn.words, floor.turns + 1, turn.seq)
        failures = 0 if turn.said else failures + 1
    return replace(
        course,
        question_turns=sum(turn.question == course.question for turn in turns),
        persona_turns=len(turns),
        failures_in_a_row=failures,
        speakers=tuple(turn.persona_id for turn in turns[-SPEAKERS_KEPT:]),
        floors=floors,
    )


def turn_seed(group: FocusGroup, seq: int, purpose: str) -> random.Random:
    """The draw of one turn: the same session, turn and purpose give the same numbers."""
    return random.Random(f"{group.seed}/{seq}/{purpose}")


def _answers(group: FocusGroup, recent: Sequence[Message], question: int) -> list[str]:
    """What participants answered to a question since the discussion was last let run by itself: no round of a person's."""
    return [
        message.text
        for message in recent
        if message.role == "persona"
        and message.status is MessageStatus.SAID
        and message.question == question
        and message.seq >= group.alone_from
        and message.reply_to is None
    ]


def _is_stuck(group: FocusGroup, recent: Sequence[Message]) -> bool:
    """Whether participants repeat themselves under so many questions in a row that the next would help no more."""
    now, people = group.course.question, len(group.participants)
    lately = range(now, now - REPEATED_QUESTIONS, -1)
    return all(ending_reason(_answers(group, recent, each), people, False) == "repetition" for each in lately)


def _speaker(group: FocusGroup, recent: Sequence[Message]) -> str:
    last = recent[-1] if recent else None
    named = names_in(last.text, group.participants, exclude=last.persona_id) if last else []
    by_moderator = named[0] if last and last.role == "moderator" and named else None
    draw = turn_seed(group, group.next_seq, "speaker")
    return next_speaker(group, named, draw, moderator_named=by_moderator)
