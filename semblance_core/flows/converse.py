"""The autonomous discussion, one turn at a time: speaker without a model call, one call for what is said, one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from semblance_core.conversation.agenda import Ask, End, after_question, after_reply, next_move
from semblance_core.conversation.put import puts_question
from semblance_core.conversation.speech import own_words
from semblance_core.conversation.window import Line
from semblance_core.domain.errors import ModelFailed, PriceUnknown, QuotaExceeded
from semblance_core.domain.focus_group import WAITING, FocusGroup, FocusGroupState, Message, MessageStatus
from semblance_core.domain.usage import Spent
from semblance_core.flows.asking import lines_of, question_request, reply_request
from semblance_core.flows.fitting import fitting
from semblance_core.flows.log_lines import log_over, log_stored
from semblance_core.flows.outcome import heard_of, outcome
from semblance_core.flows.remember import within_window
from semblance_core.flows.stimuli import shown_stimuli, unshown_names
from semblance_core.llm.gateway import Caller, Completed, Gateway
from semblance_core.store.focus_groups import FocusGroups

FAILURES_TO_PAUSE = 3
OF_ONE_PROMPT = ("refusal", "content_filter")
"""Failures that say nothing of the next turn, which is another person's."""
MODERATOR = "Moderator"
EXCHANGES_READ = 10
PAUSES = frozenset({*WAITING, "model_failed", "paused", "repetition"})
"""Reasons that a person can do something about, and let the session go on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a session stands after a turn. recent: the newest messages, which the next turn need not read; None: not read."""

    group: FocusGroup
    recent: tuple[Message, ...] | None


def take_turn(
    group: FocusGroup,
    groups: FocusGroups,
    gateway: Gateway,
    clock: Callable[[], datetime],
    recent: Sequence[Message] | None = None,
) -> Taken | None:
    """Takes the next turn of a claimed session; None when there is none: it ended, paused, or is another worker's by now.

    recent: what the turn before returned; None reads it. Nobody else can have written in between: the epoch fences them out.
    """
    if group.pausing:
        _conclude(group, groups, clock, "paused")
        return None
    # The first attempt of a turn is made right after its session was claimed or written to; before another one is asked.
    caller = Caller(
        group.owner_id, group.project_id, group.id, check=lambda again: groups.check_wanted(group) if again else None
    )
    first = _first_needed(group)
    if recent is None or (recent and recent[0].seq > first):
        recent = groups.messages(group.id, first=first)
    else:
        recent = [message for message in recent if message.seq >= first]
    move = next_move(group, recent)
    if isinstance(move, End):
        _conclude(group, groups, clock, move.reason)
        return None
    lines = lines_of([message for message in recent if message.seq >= group.course.window_from])
    try:
        if isinstance(move, Ask):
            taken = _ask(group, move, lines, groups, gateway, caller, clock)
        else:
            group, lines = within_window(group, lines, gateway, caller)  # a summary that was paid for outlives a pause
            taken = _speak(group, move.persona_id, lines, groups, gateway, caller, clock)
    except QuotaExceeded as refused:
        waiting = replace(group, needs_usd=refused.needs_usd, needs_tokens=refused.needs_tokens)
        _conclude(waiting, groups, clock, "budget", str(refused))
        return None
    except PriceUnknown as refused:
        _conclude(replace(group, needs_usd=None, needs_tokens=0), groups, clock, "no_price", str(refused))
        return None
    return Taken(taken[0], (*recent, taken[1])) if taken else None


def next_to_speak(group: FocusGroup, groups: FocusGroups) -> str:
    """The name of who has the floor in a running discussion: the draw is seeded, so whoever asks finds the worker's choice.

    Empty where the discussion is about to end.
    """
    move = next_move(group, groups.messages(group.id, first=_first_needed(group)))
    if isinstance(move, End):
        return ""
    return MODERATOR if isinstance(move, Ask) else group.participant(move.persona_id).name


def _first_needed(group: FocusGroup) -> int:
    """The window's first message, and on the last question so far back that saturation can be judged; bounded either way."""
    first = group.course.window_from
    if group.course.question == len(group.guide.questions) - 1:
        first = min(first, group.next_seq - EXCHANGES_READ * len(group.participants))
    return max(1, first)


def _ask(
    group: FocusGroup,
    move: Ask,
    lines: Sequence[Line],
    groups: FocusGroups,
    gateway: Gateway,
    caller: Caller,
    clock: Callable[[], datetime],
) -> tuple[FocusGroup, Message] | None:
    text, spent, model = group.guide.questions[move.question], Spent(), ""
    course = group.course
    if move.linked:
        course = replace(course, extra_calls=course.extra_calls + 1)
        try:
            room = partial(gateway.prompt_room, group.model)
            names = [person.name for person in group.participants]
            hear = partial(own_words, speaker=MODERATOR, others=names, inline=False)
            completed = fitting(
                lambda: question_request(group, lines, move.question, room),
                lambda request: gateway.text(request, group.model, replace(caller, seq=group.next_seq), hear),
            )
            spent, model = completed.spent, completed.model
            text = completed.content if puts_question(completed.content, text) else text
        except ModelFailed as failed:
            # the question is put in its own wording, as where the answer does not put it
            spent, model = failed.spent if isinstance(failed.spent, Spent) else spent, group.model
    message = Message(
        focus_group_id=group.id,
        seq=group.next_seq,
        role="moderator",
        speaker=MODERATOR,
        text=text,
        status=MessageStatus.SAID,
        feature="moderate" if spent.calls else "guide",
        at=clock(),
        question=move.question,
        model=model,
        tokens=spent.tokens,
        cost_usd=spent.cost_usd,
        simulated=group.simulated,
        epoch=group.epoch,
        attempts=spent.calls,
        stimuli=unshown_names(group, groups.assets),
    )
    course = replace(after_question(course, move.question), stimuli_shown=len(group.stimuli))
    after = groups.commit(group, message, course)
    if after:
        log_stored(message)
    return (after, message) if after else None


def _speak(
    group: FocusGroup,
    persona_id: str,
    lines: Sequence[Line],
    groups: FocusGroups,
    gateway: Gateway,
    caller: Caller,
    clock: Callable[[], datetime],
) -> tuple[FocusGroup, Message] | None:
    persona = group.participant(persona_id)
    question = group.guide.questions[group.course.question]
    shown = shown_stimuli(group, question, groups.assets, sees=gateway.may_see(group.model))
    room = partial(gateway.prompt_room, group.model)
    pending = Message(
        focus_group_id=group.id,
        seq=group.next_seq,
        role="persona",
        speaker=persona.name,
        text="",
        status=MessageStatus.PENDING,
        feature="reply",
        at=clock(),
        persona_id=persona.id,
        question=group.course.question,
        model=group.model,
        simulated=group.simulated,
        epoch=group.epoch,
    )
    for_message = replace(caller, seq=group.next_seq)

    def ask() -> Completed[str]:
        return fitting(
            lambda: reply_request(group, persona, lines, question, group.next_seq, shown, room),
            lambda request: gateway.text(request, group.model, for_message, heard_of(persona, group)),
        )

    message, failed = outcome(pending, ask, clock)
    after = groups.commit(group, message, after_reply(group.course, message))
    if after:
        log_stored(message)
    is_lasting = failed and not failed.transient and failed.kind not in OF_ONE_PROMPT
    if after and failed and (is_lasting or after.course.failures_in_a_row >= FAILURES_TO_PAUSE):
        _conclude(after, groups, clock, "model_failed", str(failed))
        return None
    return (after, message) if after else None


def _conclude(
    group: FocusGroup, groups: FocusGroups, clock: Callable[[], datetime], reason: str, detail: str = ""
) -> None:
    state = FocusGroupState.MODERATED if reason in PAUSES else FocusGroupState.ENDED
    if groups.conclude(group, clock(), state=state, reason=reason, detail=detail):
        log_over(group, state, reason)
