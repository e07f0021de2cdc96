"""Decides the next move of an autonomous discussion, and the session's state after it. Pure: values in, values out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.addressing import asked_in, unanswered
from semblance_core.conversation.allotment import (
    PROBE_TURNS,
    closing_turns,
    given_turns,
    room_for_probe,
    section_questions,
    sections_after,
    set_aside,
    turns_now,
)
from semblance_core.conversation.ending import ending_reason
from semblance_core.conversation.turn_taking import Heard, names_in, next_speaker
from semblance_core.domain.discussion.discussion_state import DiscussionState, SpeakerStats
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.probing import Probing

CALLS_AHEAD = 2
SPEAKERS_KEPT = 80
"""More than three turns a head of the largest group, after which a silent participant speaks."""
REPEATED_QUESTIONS = 3
"""Questions in a row under which participants repeat themselves, before the discussion stops instead of going on with the next."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A participant's turn, as far as it is counted. question, is_beside: as of `Message`; said: False where it failed."""

    seq: int
    persona_id: str
    question: int | None
    words: int
    said: bool
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """The moderator puts the guide's question with this index; linked: the moderator model may tie it to what was said."""

    question: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Decide:
    """The turns of the question are over: the moderator model follows up, invites somebody, moves on, or closes.

    probes: it may follow up. closes: no question of the guide is left.
    """

    probes: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Speak:
    persona_id: str


@dataclass(frozen=True, slots=True)
class End:
    """reason: a key of `REASONS`."""

    reason: str


def next_move(group: FocusGroup, recent: Sequence[Message]) -> Ask | Decide | Speak | End:
    """Decides the next move of an autonomous discussion. The draw is seeded by session and turn.

    Args:
        group: the session, with its state.
        recent: the newest messages, oldest first.
    """
    course, questions = group.course, group.guide.questions
    on_last = course.question >= len(questions) - 1
    if over := exhausted(group):
        return End(over)
    if course.question < 0:
        return Ask(0, linked=group.probing is not Probing.NONE)
    if _is_done(group) and not (on_last and _has_unasked_turns(group)):
        return _at_boundary(group)
    reason = ending_reason(_answers(group, recent, course.question), len(group.participants), on_last)
    if reason == "repetition" and not on_last and not _is_stuck(group, recent):
        return Ask(course.question + 1, linked=may_call_extra(group))
    if reason:
        return End(reason)
    return Speak(drawn_speaker(group, recent))


def exhausted(group: FocusGroup) -> str:
    """Returns why nothing is left for an autonomous discussion to run, as a key of `REASONS`; empty where something is."""
    course, questions = group.course, group.guide.questions
    if course.question >= len(questions) - 1 and _is_done(group) and not (_may_close(group) or _may_probe(group)):
        return "" if _has_unasked_turns(group) else "guide_covered"
    return "turn_limit" if course.turns >= group.turn_limit else ""


def _at_boundary(group: FocusGroup) -> Ask | Decide:
    now, questions = group.course.question, len(group.guide.questions)
    on_last = now >= questions - 1
    if group.probing is Probing.NONE:
        return Ask(now + 1, linked=may_call_extra(group))
    probes = _may_probe(group)
    if group.is_interview and not on_last and not probes:
        return Ask(now + 1, linked=False)  # its answers were followed up, so nothing is left to decide
    # Of the calls that are left, each question to come gets one for a follow-up, the closing one too, and each section one for notes.
    if on_last or probes or may_call_extra(group, kept=questions - now + sections_after(group.guide, now)):
        return Decide(probes, closes=on_last)
    return Ask(now + 1, linked=False)


def _may_probe(group: FocusGroup) -> bool:
    course = group.course
    most = group.probing.most_probes and max(group.probing.most_probes, len(group.guide.asked[course.question].probes))
    has_room = course.probes < most and room_for_probe(group) > 0
    kept = min(1, set_aside(group)) + sections_after(group.guide, course.question)  # each section to come may have one
    return has_room and not course.closing and may_call_extra(group, kept=kept)


def _may_close(group: FocusGroup) -> bool:
    return set_aside(group) > 0 and may_call_extra(group) and group.turn_limit - group.course.turns > 1


def _has_unasked_turns(group: FocusGroup) -> bool:
    """Returns whether turns were kept on the last question for a follow-up that is not to be had: its participants go on with them."""
    course = group.course
    if (
        group.is_interview
        or course.closing
        or _may_close(group)
        or _may_probe(group)
        or course.turns >= group.turn_limit
    ):
        return False
    return course.question_turns < given_turns(group) + group.probing.most_probes * (1 + PROBE_TURNS)


def _is_done(group: FocusGroup) -> bool:
    """Returns whether the question under discussion had its turns."""
    course = group.course
    return course.question >= 0 and course.question_turns >= given_turns(group)


def may_call_extra(group: FocusGroup, kept: int = 0) -> bool:
    """Returns whether one more call for the moderator or for notes keeps these calls within their share of the participants' turns.

    The share is .15, .25 or .40 by the probing (`Probing.extra_calls`). A moderator who follows up may be two calls ahead of it, as
    long as the whole discussion keeps to it. In an interview the bound is the number of follow-ups: each answer is one person's.

    Args:
        group: the session.
        kept: calls that are to be left after that one.
    """
    course, share = group.course, group.probing.extra_calls
    if group.is_interview and group.probing is not Probing.NONE:
        return True
    if group.probing is Probing.NONE:
        return course.extra_calls + 1 + kept <= share * course.persona_turns
    is_paced = course.extra_calls + 1 <= share * course.persona_turns + CALLS_AHEAD
    planned = max(course.persona_turns, group.turn_limit - 2 * len(group.guide.questions) - 1)
    return is_paced and course.extra_calls + 1 + kept <= share * planned


def after_question(group: FocusGroup, question: int) -> DiscussionState:
    """Returns the state after the moderator put the question with this index as the session's next message."""
    course = group.course
    opens = course.question not in section_questions(group.guide, question)
    turns = course.turns + 1
    return replace(
        course,
        question=question,
        question_turns=0,
        answered=(),
        allotted=turns_now(group, question, turns),
        probes=0,
        planned_put=(),
        asked_all_at=0,
        section_probes=0 if opens else course.section_probes,
        turns=turns,
        section_from=group.next_seq if opens else course.section_from,
    )


def after_probe(group: FocusGroup, persona_id: str, planned: int | None = None) -> DiscussionState:
    """Returns the state after the moderator followed up on the question under discussion, or invited somebody to it.

    persona_id: whom the moderator asks, and who speaks next whatever the words are; empty for all. planned: place of the planned probe
    that was put, None for another one.
    """
    course = group.course
    return replace(
        course,
        allotted=given_turns(group) + room_for_probe(group, to_all=not persona_id),
        asked_all_at=0 if persona_id else course.question_turns,
        probes=course.probes + 1,
        planned_put=course.planned_put if planned is None else (*course.planned_put, planned),
        section_probes=course.section_probes + 1,
        turns=course.turns + 1,
        asked_next=persona_id,
        followed=(*course.followed, persona_id)[-SPEAKERS_KEPT:] if persona_id else course.followed,
    )


def after_closing(group: FocusGroup, thanks: str = "") -> DiscussionState:
    """Returns the state after the moderator asked what was missed. thanks: the words that end the session after the answers."""
    course = group.course
    turns = max(1, min(closing_turns(group), group.turn_limit - course.turns - 1 - bool(thanks)))
    allotted = course.question_turns + turns
    return replace(course, closing=True, thanks=thanks, allotted=allotted, asked_all_at=0, turns=course.turns + 1)


def after_reply(course: DiscussionState, message: Message) -> DiscussionState:
    """Returns the state after a participant's turn, said or failed: as `recounted` counts it, without reading."""
    assert message.persona_id is not None
    said = message.status is MessageStatus.SAID
    floor = course.floors.get(message.persona_id, SpeakerStats())
    words = word_count(message.text) if said else 0
    here = () if message.is_beside else (message.persona_id,)
    return replace(
        course,
        question_turns=course.question_turns + len(here),
        answered=(*course.heard, *here)[-SPEAKERS_KEPT:],
        turns=course.turns + 1,
        persona_turns=course.persona_turns + 1,
        failures_in_a_row=0 if said else course.failures_in_a_row + 1,
        asked_next="",
        speakers=(*course.speakers, message.persona_id)[-SPEAKERS_KEPT:],
        floors=course.floors | {message.persona_id: SpeakerStats(floor.words + words, floor.turns + 1, message.seq)},
    )


def recounted(course: DiscussionState, turns: Sequence[Turn]) -> DiscussionState:
    """Returns the state with its counts taken from the messages: each turn once, however often it was asked for.

    Args:
        course: the state to correct.
        turns: all participants' turns, in order.
    """
    floors: dict[str, SpeakerStats] = {}
    failures = 0
    for turn in turns:
        floor = floors.get(turn.persona_id, SpeakerStats())
        floors[turn.persona_id] = SpeakerStats(floor.words + turn.words, floor.turns + 1, turn.seq)
        failures = 0 if turn.said else failures + 1
    here = [turn.persona_id for turn in turns if turn.question == course.question and not turn.is_beside]
    return replace(
        course,
        question_turns=len(here),
        answered=tuple(here[-SPEAKERS_KEPT:]),
        persona_turns=len(turns),
        failures_in_a_row=failures,
        speakers=tuple(turn.persona_id for turn in turns[-SPEAKERS_KEPT:]),
        floors=floors,
    )


def turn_seed(group: FocusGroup, seq: int, purpose: str) -> random.Random:
    """Returns the draw of one turn: the same session, turn and purpose give the same numbers."""
    return random.Random(f"{group.seed}/{seq}/{purpose}")


def _answers(group: FocusGroup, recent: Sequence[Message], question: int) -> list[str]:
    """Returns the participants' answers to a question since the discussion was last let run; moderated rounds are left out."""
    return [
        message.text
        for message in recent
        if message.role == "persona"
        and message.status is MessageStatus.SAID
        and message.question == question
        and not message.is_beside
        and message.seq >= group.alone_from
        and message.reply_to is None
    ]


def _is_stuck(group: FocusGroup, recent: Sequence[Message]) -> bool:
    """Returns whether participants repeat themselves under so many questions in a row that the next would help no more."""
    now, people = group.course.question, len(group.participants)
    lately = range(now, now - REPEATED_QUESTIONS, -1)
    return all(ending_reason(_answers(group, recent, each), people, False) == "repetition" for each in lately)


def drawn_speaker(group: FocusGroup, recent: Sequence[Message]) -> str:
    """Returns the id of the participant who speaks next. The draw is seeded by session and turn."""
    people = group.participants
    last = recent[-1] if recent else None
    named = names_in(last.text, people, exclude=last.persona_id) if last else []
    by_moderator = asked_in(last.text, people) if last and last.role == "moderator" else []
    asked = group.course.asked_next or next(iter(by_moderator), None)
    heard = Heard(tuple(named), tuple(unanswered(recent, people)), asked)
    return next_speaker(group, heard, turn_seed(group, group.next_seq, "speaker"))
