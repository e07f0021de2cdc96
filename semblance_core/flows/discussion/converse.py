"""The autonomous discussion, one turn at a time: speaker without a model call, one call for what is said, one commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from semblance_core.conversation.hybrid import AtHand, Steer, Thank, after_thanks, at_hand, hybrid_move, is_last_answer
from semblance_core.conversation.speech.own_words import own_words
from semblance_core.conversation.speech.put import puts_question
from semblance_core.conversation.turn_policy import Ask, Decide, End, after_question, after_reply, recounted
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import MODERATOR, FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.reasons import WAITING
from semblance_core.domain.errors import InvalidInput, PriceUnknown, QuotaExceeded
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.discussion.alone import written_alone
from semblance_core.flows.discussion.boundary import Said, decided, opened
from semblance_core.flows.discussion.compaction import within_window
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.log_lines import log_over, log_stored
from semblance_core.flows.discussion.speak import speak
from semblance_core.flows.discussion.steering import steered
from semblance_core.flows.discussion.stimuli import showing
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.replies import lines_of, question_request
from semblance_core.flows.simulated import check_guide, check_language
from semblance_core.store.sessions.focus_groups import FocusGroups

FAILURES_TO_PAUSE = 3
OF_ONE_PROMPT = ("refusal", "content_filter")
"""Failures that say nothing of the next turn, which is another person's."""
EXCHANGES_READ = 10
PAUSES = frozenset({*WAITING, "model_failed", "paused", "repetition", "discussed"})
"""Reasons that a person can do something about, and let the session go on."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The session after a turn. recent: the newest messages, which the next turn need not read; None: not read."""

    group: FocusGroup
    recent: tuple[Message, ...] | None


def take_turn(group: FocusGroup, context: TurnContext, recent: Sequence[Message] | None = None) -> TurnResult | None:
    """Takes the next turn of a claimed session; None when there is none: it ended, paused, or is another worker's by now.

    Args:
        recent: What the turn before returned; None reads it. Nobody else can have written in between: the epoch fences
            them out.
    """
    if group.pausing:
        _conclude(group, context, "paused")
        return None
    group = _from_furthest(group, context.groups)
    first = _first_needed(group)
    if recent is None or (recent and recent[0].seq > first):
        recent = context.groups.messages(group.id, first=first)
    else:
        recent = [message for message in recent if message.seq >= first]
    recent = [message for message in recent if message.role != "private"]
    move = hybrid_move(group, recent)
    if isinstance(move, End):
        _conclude(group, context, move.reason)
        return None
    lines = lines_of([message for message in recent if message.seq >= group.course.window_from])
    try:
        if isinstance(move, Steer):
            taken = _put(group, steered(group, move, lines, context), context)
        elif isinstance(move, Decide):
            said = decided(group, move, recent, lines, context)
            if said is None:
                called = replace(group.course, extra_calls=group.course.extra_calls + 1)
                _conclude(replace(group, course=called), context, "guide_covered")
                return None
            taken = _put(group, said, context)
        elif isinstance(move, Ask):
            opens = move.question == 0 and move.linked
            taken = _put(group, opened(group, context) if opens else _asked(group, move, lines, context), context)
        elif isinstance(move, Thank):
            ends = Said(move.words, group.course.question, after_thanks(group.course), Spent(), "")
            taken = _put(group, ends, context)
        else:
            is_last = is_last_answer(group)
            group, lines = within_window(
                group, lines, context, is_last=is_last
            )  # a summary that was paid for outlives a pause
            taken = _speak(group, move.persona_id, at_hand(group, recent), lines, context)
    except QuotaExceeded as refused:
        waiting = replace(group, needs_usd=refused.needs_usd, needs_tokens=refused.needs_tokens)
        _conclude(waiting, context, "budget", str(refused))
        return None
    except ModelFailed as failed:  # of a whisper, which waits until the discussion goes on
        _conclude(group, context, "model_failed", str(failed))
        return None
    except PriceUnknown as refused:
        _conclude(replace(group, needs_usd=None, needs_tokens=0), context, "no_price", str(refused))
        return None
    return TurnResult(taken[0], (*recent, taken[1])) if taken else None


def check_startable(group: FocusGroup) -> None:
    """Raises `InvalidInput` where the session cannot run by itself."""
    if group.state is FocusGroupState.ENDED:
        raise InvalidInput("This session has ended.")
    if not group.guide.questions:
        raise InvalidInput("An autonomous discussion follows the guide; give it at least one question.")
    if len(group.participants) < 2 and not group.is_interview:
        raise InvalidInput("A discussion needs at least two participants.")
    check_language(group.model, group.language)
    check_guide(group.model, group.topic, group.guide, group.participants)


def speaking(group: FocusGroup, groups: FocusGroups) -> tuple[str, ...]:
    """The names of those whose words are awaited now."""
    if group.pending:
        return tuple(message.speaker for message in groups.pending(group.id))
    if group.state is FocusGroupState.AUTONOMOUS and (name := next_to_speak(group, groups)):
        return (name,)
    return ()


def next_to_speak(group: FocusGroup, groups: FocusGroups) -> str:
    """The name of who has the floor in a running discussion: the draw is seeded, so whoever asks finds the worker's choice.

    Empty where the discussion is about to end.
    """
    recent = groups.messages(group.id, first=_first_needed(group))
    move = hybrid_move(group, [message for message in recent if message.role != "private"])
    if isinstance(move, End):
        return ""
    return MODERATOR if isinstance(move, Ask | Decide | Steer | Thank) else group.participant(move.persona_id).name


def _from_furthest(group: FocusGroup, groups: FocusGroups) -> FocusGroup:
    """The session at the furthest question that was put, where a moderator went back and lets the rest of the guide run by itself."""
    course = group.course
    if group.is_discussing or course.reached <= course.question:
        return group
    furthest = replace(course, question=course.reached, allotted=0, probes=0)
    return replace(group, course=recounted(furthest, groups.turns.of(group.id)))


def _first_needed(group: FocusGroup) -> int:
    """The window's first message, and on the last question so far back that saturation can be judged; bounded either way."""
    first = group.course.window_from
    if group.course.question == len(group.guide.questions) - 1:
        first = min(first, group.next_seq - EXCHANGES_READ * len(group.participants))
    return max(1, first)


def _asked(group: FocusGroup, move: Ask, lines: Sequence[Line], context: TurnContext) -> Said:
    """A question of the guide, which the model may tie to what was said."""
    text, spent, model = group.guide.questions[move.question], Spent(), ""
    if move.linked:
        group = replace(group, course=replace(group.course, extra_calls=group.course.extra_calls + 1))
        text, spent, model = _linked(group, move.question, lines, context)
    return Said(text, move.question, after_question(group, move.question), spent, model)


def _put(group: FocusGroup, said: Said, context: TurnContext) -> tuple[FocusGroup, Message] | None:
    """Writes the moderator's message; None where the turn is another worker's by now."""
    # A follow-up shows nothing anew: what stands at the question came with it.
    shows = showing(group, said.question if said.question != group.course.question else None, context.groups.assets)
    message = group.asked(
        said.text, context.clock(), question=said.question, stimuli=shows.names, spent=said.spent, model=said.model
    )
    course = replace(said.course, stimuli_shown=shows.count)
    shown, is_new = replace(group, stimuli=shows.stimuli), said.question != group.course.question
    alone = written_alone(group, said.question if is_new else None, group.participants, context.groups, message.at)
    after = context.groups.commit(shown, message, course, alone)
    if after:
        log_stored(message)
    return (after, message) if after else None


def _linked(group: FocusGroup, question: int, lines: Sequence[Line], context: TurnContext) -> tuple[str, Spent, str]:
    """The question as the model ties it to the discussion, what that used, and the model.

    The question keeps its own wording where the call fails or the answer does not put it.
    """
    own = group.guide.questions[question]
    room, shown = context.room(group), context.shown(group)
    names = [person.name for person in group.participants]
    hear = partial(own_words, speaker=MODERATOR, others=names, inline=False)
    try:
        completed = fitting(
            lambda: question_request(group, lines, question, room, shown),
            lambda request: context.text(request, group, seq=group.next_seq, hear=hear),
        )
    except ModelFailed as failed:
        return own, failed.spent or Spent(), group.model
    text = completed.content if puts_question(completed.content, own) else own
    return text, completed.spent, completed.model


def _speak(
    group: FocusGroup, persona_id: str, hand: AtHand, lines: Sequence[Line], context: TurnContext
) -> tuple[FocusGroup, Message] | None:
    """Has a participant speak; None where the turn is another worker's by now, or the discussion paused after it."""
    person = group.participant(persona_id)
    pending = group.awaiting(person, context.clock(), question=hand.question, is_beside=hand.is_beside)
    message, failed = speak(context, group, pending, lines, hand.text, hand.moderators)
    course = after_reply(group.course, message)
    if group.is_discussing:
        course = replace(course, turns=group.course.turns)  # the limit is of the discussion along the guide
    after = context.groups.commit(group, message, course)
    if after:
        log_stored(message)
    is_lasting = failed and not failed.transient and failed.kind not in OF_ONE_PROMPT
    if after and failed and (is_lasting or after.course.failures_in_a_row >= FAILURES_TO_PAUSE):
        _conclude(after, context, "model_failed", str(failed))
        return None
    return (after, message) if after else None


def _conclude(group: FocusGroup, context: TurnContext, reason: str, detail: str = "") -> None:
    state = FocusGroupState.MODERATED if reason in PAUSES else FocusGroupState.ENDED
    if context.groups.conclude(group, context.clock(), state=state, reason=reason, detail=detail):
        log_over(group, state, reason)
