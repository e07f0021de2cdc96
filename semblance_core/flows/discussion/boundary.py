"""The moderator at the boundary of a question: follows up, invites somebody, moves on, or closes. One call decides and words it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from semblance_core.analysis.alike import first_name
from semblance_core.analysis.names import mentions
from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.addressing import ASKS
from semblance_core.conversation.coverage import planned_left
from semblance_core.conversation.probing import noticed
from semblance_core.conversation.speech.own_words import Spoken, own_words
from semblance_core.conversation.speech.put import puts_question
from semblance_core.conversation.turn_policy import Decide, after_closing, after_probe, after_question
from semblance_core.conversation.turn_taking import names_in
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import MODERATOR, FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.moderating import DecisionForm, boundary_request, opening_request

MOST_WORDS, MOST_THANKS = 90, 40


@dataclass(frozen=True, slots=True)
class Said:
    """The moderator's next message. question: its index. course: the state after it. model: empty without a call."""

    text: str
    question: int
    course: DiscussionState
    spent: Spent
    model: str


def opened(group: FocusGroup, context: TurnContext) -> Said:
    """The welcome with the guide's first question; the question alone where the call fails or does not put it."""
    own = group.guide.questions[0]
    group = _with_call(group)
    text, spent, model = own, Spent(), ""
    try:
        completed = fitting(
            lambda: opening_request(group, context.room(group)),
            lambda request: context.text(request, group, seq=group.next_seq, hear=_heard(group)),
        )
        text = completed.content if puts_question(completed.content, own) else own
        spent, model = completed.spent, completed.model
    except ModelFailed as failed:
        spent, model = failed.spent or Spent(), group.model
    return Said(text, 0, after_question(group, 0), spent, model)


def decided(
    group: FocusGroup, move: Decide, recent: Sequence[Message], lines: Sequence[Line], context: TurnContext
) -> Said | None:
    """The moderator's next message at the boundary of a question; None where the discussion ends without one.

    Args:
        recent: the newest messages, oldest first.
        lines: those that prompts quote.
    """
    now = group.course.question
    answers = [message for message in recent if message.question == now]
    under = [line for line in lines if any(line.seq == message.seq for message in answers)] or list(lines)
    spoken = [message for message in recent if message.role == "persona" and message.status is MessageStatus.SAID]
    before = [message for message in spoken if message.question != now]
    found = noticed(group, [message for message in answers if message.role == "persona"], before)
    group = _with_call(group)
    shown, room = context.shown(group), context.room(group)
    try:
        completed = fitting(
            lambda: boundary_request(group, under, found, may_probe=move.probes, room=room, shown=shown),
            lambda request: context.structured(request, DecisionForm, group, seq=group.next_seq),
        )
    except ModelFailed as failed:
        return _moved_on(group, move, "", failed.spent or Spent(), group.model)
    form, spent, model = completed.content, completed.spent, completed.model
    words = _heard(group)(form.words.strip()).text if form.words.strip() else ""
    to = [group.participants[0].id] if group.is_interview else found_names(form, group)
    planned = planned_put(form, words, group)
    if move.probes and form.decision in ("probe", "invite") and to and _may_be_put_to(words, to[0], group):
        words = words if group.is_interview else _calling(words, to[0], group)
        return Said(words, now, after_probe(group, to[0], planned), spent, model)
    if move.probes and form.decision == "probe" and planned is not None and not form.to.strip() and _may_be_put(words):
        return Said(words, now, after_probe(group, "", planned), spent, model)
    return _moved_on(group, move, words, spent, model, _thanks(form, group))


def _thanks(form: DecisionForm, group: FocusGroup) -> str:
    """The words that end the session: short ones that ask nothing; else none."""
    words = _heard(group)(form.thanks.strip()).text if form.thanks.strip() else ""
    is_short = word_count(words) <= MOST_THANKS
    return words if is_short and not any(mark in words for mark in ASKS) else ""


def found_names(form: DecisionForm, group: FocusGroup) -> list[str]:
    """Returns the ids of the participants whom the form names as those to ask."""
    names = [person.name for person in group.participants]
    return [group.participants[index].id for index in mentions(form.to, names)]


def planned_put(form: DecisionForm, words: str, group: FocusGroup) -> int | None:
    """Returns the place of the planned probe that the words put: the one that the form numbers, or one whose words they hold; else None."""
    left = planned_left(group)
    places = list(left)
    if 1 <= form.planned <= len(places):
        return places[form.planned - 1]
    return next((place for place, probe in left.items() if puts_question(words, probe)), None)


def _moved_on(group: FocusGroup, move: Decide, words: str, spent: Spent, model: str, thanks: str = "") -> Said | None:
    now = group.course.question
    if not move.closes:
        own = group.guide.questions[now + 1]
        text = words if words and puts_question(words, own) else own
        return Said(text, now + 1, after_question(group, now + 1), spent, model)
    if group.course.closing or group.turn_limit - group.course.turns < 2:
        return None
    if not _may_be_put(words):
        return None
    return Said(words, now, after_closing(group, thanks), spent, model)


def _may_be_put(words: str) -> bool:
    """Returns whether these words are a question of a usual length."""
    return any(mark in words for mark in ASKS) and word_count(words) <= MOST_WORDS


def _may_be_put_to(words: str, persona_id: str, group: FocusGroup) -> bool:
    """Returns whether these words ask this participant something: a question, words that call the name, or any in an interview."""
    if group.is_interview:
        return 0 < word_count(words) <= MOST_WORDS
    return _may_be_put(words) or (_calls(words, persona_id, group) and word_count(words) <= MOST_WORDS)


def _calls(words: str, persona_id: str, group: FocusGroup) -> bool:
    return persona_id in names_in(words, group.participants)


def _calling(words: str, persona_id: str, group: FocusGroup) -> str:
    """The words, with the name in front where they do not call the person whom they are for."""
    return words if _calls(words, persona_id, group) else f"{first_name(group.participant(persona_id).name)}, {words}"


def _with_call(group: FocusGroup) -> FocusGroup:
    return replace(group, course=replace(group.course, extra_calls=group.course.extra_calls + 1))


def _heard(group: FocusGroup) -> Callable[[str], Spoken]:
    names = [person.name for person in group.participants]
    return partial(own_words, speaker=MODERATOR, others=names, inline=False)
