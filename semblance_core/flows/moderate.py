"""The moderated session: a person's message, and the replies it asks for, side by side."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime
from functools import partial

from semblance_core.analysis.names import addressed
from semblance_core.analysis.text import normalised
from semblance_core.conversation.agenda import may_call_extra, recounted, turn_seed
from semblance_core.conversation.window import cut
from semblance_core.domain.errors import Conflict, InvalidInput, PriceUnknown, QuotaExceeded
from semblance_core.domain.focus_group import Course, FocusGroup, FocusGroupState, Message, MessageStatus
from semblance_core.domain.people import User
from semblance_core.domain.persona import Persona
from semblance_core.flows.asking import lines_of, reply_request
from semblance_core.flows.fitting import fitting
from semblance_core.flows.log_lines import log_stored
from semblance_core.flows.outcome import heard_of, outcome
from semblance_core.flows.remember import summarised
from semblance_core.flows.stimuli import shown_stimuli, unshown_names
from semblance_core.llm.gateway import Caller, Completed, Gateway
from semblance_core.store.assets import Assets
from semblance_core.store.focus_groups import FocusGroups

MESSAGE_CHARS = 4_000


def post(
    group: FocusGroup, author: User, text: str, to: Sequence[str] | None, groups: FocusGroups, at: datetime
) -> FocusGroup:
    """Writes the moderator's message and a pending reply for each participant it is put to.

    to: persona ids; None asks those whom the text names with @, else everyone. Raises `Conflict` while the session is
    busy, and `InvalidInput` for an empty message.
    """
    text = text.strip()
    if not text or len(text) > MESSAGE_CHARS:
        raise InvalidInput(f"A message has 1–{MESSAGE_CHARS:,} characters.")
    _check_open(group)
    asked = _asked(group, text, to)
    question = _question(group, text)
    moderator = Message(
        focus_group_id=group.id,
        seq=group.next_seq,
        role="moderator",
        speaker=author.name,
        text=text,
        status=MessageStatus.SAID,
        feature="moderated",
        at=at,
        author_id=author.id,
        question=question,
        stimuli=unshown_names(group, groups.assets),
    )
    replies = [
        _pending(group, person, group.next_seq + place, question, at) for place, person in enumerate(asked, start=1)
    ]
    after = groups.append(group, [moderator, *replies], at, state=FocusGroupState.MODERATED, pending=len(replies))
    if after is None:
        raise Conflict(
            "Somebody else wrote to this session at the same moment; look at what they wrote and send yours again."
        )
    log_stored(moderator)
    return after


def answer_round(group: FocusGroup, groups: FocusGroups, gateway: Gateway, clock: Callable[[], datetime]) -> None:
    """Gets every pending reply of a claimed session, side by side; each is stored as it comes.

    Prompts end with the moderator's message: who answers in the same round does not hear the others. Where the window is
    full, its summary is written meanwhile, for the next round.
    """
    messages = groups.messages(group.id, first=_first_needed(group, groups))
    pending = [message for message in messages if message.status is MessageStatus.PENDING]
    caller = Caller(group.owner_id, group.project_id, group.id, check=lambda _again: groups.check_wanted(group))

    def reply(message: Message) -> None:
        answered = _answered(group, message, messages, gateway, caller, clock, groups.assets)
        if groups.fill(answered):
            log_stored(answered)
            if group.lost:
                groups.claims.brought_on(group.id, group.epoch)

    with ThreadPoolExecutor(1, thread_name_prefix="summary") as aside:
        remembered = aside.submit(_remembered, group, messages, gateway, caller)
        executor = gateway.side_by_side(caller, waited_for=True)
        calls = [executor.submit(reply, message) for message in pending]
        wait(calls)  # also where one of them fails: the others are paid for, and kept
        for call in calls:
            call.result()
    # Counted from the messages: some of this round may have been answered under a worker that died, or failed once before.
    groups.finish_round(group, recounted(remembered.result(), groups.turns.of(group.id)), clock())


def retry(group: FocusGroup, seq: int, groups: FocusGroups) -> None:
    """Asks again for a reply that failed; raises `Conflict` while the session is busy, `InvalidInput` if it did not fail."""
    _check_open(group)
    message = groups.message(group.id, seq)
    if message.status not in (MessageStatus.FAILED, MessageStatus.PENDING):  # one is awaited here only if it was lost
        raise InvalidInput("Only a reply that failed can be asked for again.")
    if not groups.reopen(group, message):
        raise Conflict("The session changed in between; try again.")


def _check_open(group: FocusGroup) -> None:
    if group.state is FocusGroupState.ENDED:
        raise InvalidInput("This session has ended.")
    if group.state is FocusGroupState.AUTONOMOUS:
        raise Conflict("The discussion runs by itself at the moment; stop it first.")
    if group.pending:
        raise Conflict("The participants are still answering; wait for them or stop them first.")


def _asked(group: FocusGroup, text: str, to: Sequence[str] | None) -> list[Persona]:
    """Whom a message is put to, in an order drawn anew for each round."""
    if not group.participants:
        raise InvalidInput("This session has no participants; add some to its set-up first.")
    if to is None:
        to = _addressed(text, group.participants) or None
    asked = [group.participant(persona_id) for persona_id in to] if to is not None else list(group.participants)
    if not asked:
        raise InvalidInput("Choose at least one participant to ask.")
    turn_seed(group, group.next_seq, "order").shuffle(asked)
    return asked


def _addressed(text: str, participants: Sequence[Persona]) -> list[str]:
    """Ids of those whom the text names right behind an @.

    Raises `InvalidInput` for an @ before a name that nobody here has: to ask everyone instead could cost more than meant.
    """
    named = []
    for found in addressed(text, [person.name for person in participants]):
        if found.index is None:
            everyone = ", ".join(person.name for person in participants)
            raise InvalidInput(f"Nobody here is called “{found.written}”. Taking part: {everyone}.")
        named.append(participants[found.index].id)
    return list(dict.fromkeys(named))


def _question(group: FocusGroup, text: str) -> int | None:
    """Index of the guide's question that this message puts, if it is one."""
    wanted = normalised(text)
    found = (index for index, question in enumerate(group.guide.questions) if normalised(question) == wanted)
    return next(found, group.course.question if group.course.question >= 0 else None)


def _pending(group: FocusGroup, person: Persona, seq: int, question: int | None, at: datetime) -> Message:
    return Message(
        focus_group_id=group.id,
        seq=seq,
        role="persona",
        speaker=person.name,
        text="",
        status=MessageStatus.PENDING,
        feature="reply",
        at=at,
        persona_id=person.id,
        reply_to=group.next_seq,
        question=question,
        model=group.model,
        simulated=group.simulated,
        epoch=group.epoch,
    )


def _first_needed(group: FocusGroup, groups: FocusGroups) -> int:
    """The window's first message, or the one before it that a reply asked for again belongs to."""
    waiting = groups.pending(group.id)
    return max(1, min([group.course.window_from, *(message.reply_to or message.seq - 1 for message in waiting)]))


def _answered(
    group: FocusGroup,
    message: Message,
    messages: Sequence[Message],
    gateway: Gateway,
    caller: Caller,
    clock: Callable[[], datetime],
    assets: Assets,
) -> Message:
    last_heard = message.reply_to or message.seq - 1
    heard = [earlier for earlier in messages if earlier.seq <= last_heard]
    assert message.persona_id is not None
    put = next((earlier.text for earlier in reversed(heard) if earlier.role == "moderator"), group.topic or group.title)
    moderators = {earlier.speaker for earlier in heard if earlier.role == "moderator"}
    shown = shown_stimuli(group, put, assets, sees=gateway.may_see(group.model))
    person, lines = group.participant(message.persona_id), lines_of(heard)
    message = replace(message, epoch=group.epoch)
    for_message = replace(caller, seq=message.seq)
    room = partial(gateway.prompt_room, group.model)

    def ask() -> Completed[str]:
        return fitting(
            lambda: reply_request(group, person, lines, put, message.seq, shown, room),
            lambda request: gateway.text(request, group.model, for_message, heard_of(person, group, moderators)),
        )

    try:
        return outcome(message, ask, clock)[0]
    except (QuotaExceeded, PriceUnknown) as refused:
        return replace(message, status=MessageStatus.FAILED, error=str(refused), at=clock())


def _remembered(group: FocusGroup, messages: Sequence[Message], gateway: Gateway, caller: Caller) -> Course:
    """The course for the next round: where the window is full, cut, with a summary of what falls out."""
    lines = lines_of(messages)
    drop = cut(lines)
    questions = [
        message.question for message in messages if message.role == "moderator" and message.question is not None
    ]
    course = replace(group.course, question=questions[-1]) if questions else group.course
    if not drop:
        return course
    group = replace(group, course=course)
    try:
        course = summarised(group, lines[:drop], gateway, caller, may_call=may_call_extra(course))
    except (QuotaExceeded, PriceUnknown):
        course = summarised(group, lines[:drop], gateway, caller, may_call=False)
    return replace(course, window_from=lines[drop].seq)
