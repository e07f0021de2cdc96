"""The moderated session: a person's message, and the replies it asks for, side by side."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime

from semblance_core.analysis.text import normalised
from semblance_core.conversation.turn_policy import may_call_extra, recounted
from semblance_core.conversation.window import cut
from semblance_core.domain.accounts.account import User
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.queued import QueuedQuestion
from semblance_core.domain.discussion.quote import Quote, shortened_to_quote
from semblance_core.domain.errors import Conflict, InvalidInput, PriceUnknown, QuotaExceeded
from semblance_core.flows.discussion.alone import written_alone
from semblance_core.flows.discussion.asked import people_asked
from semblance_core.flows.discussion.compaction import summarised
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.log_lines import log_stored
from semblance_core.flows.discussion.speak import speak
from semblance_core.flows.discussion.stimuli import planned, showing
from semblance_core.flows.requests.replies import lines_of
from semblance_core.flows.simulated import check_words
from semblance_core.store.sessions.focus_groups import FocusGroups

RETRY_TRIES = 3
MESSAGE_CHARS = 4_000


def post(
    group: FocusGroup,
    author: User,
    text: str,
    to: Sequence[str] | None,
    groups: FocusGroups,
    at: datetime,
    queued: QueuedQuestion | None = None,
    question: int | None = None,
    quote: Quote | None = None,
    in_turn: bool = False,
    key: str = "",
) -> FocusGroup:
    """Writes the moderator's message and a pending reply for each participant it is put to.

    Opens a session again that ended by itself.

    Args:
        to: Persona ids; None asks those whom the text names with @ (asked.py), else everyone.
        queued: The message waited in the session's queue, and leaves it by the same write.
        question: Index of the guide's question that it puts, whose stimuli are shown; None finds it by its words.
        quote: The earlier message that this one quotes.
        in_turn: Participants answer one after the other, and hear the answers before theirs; else all at once.
        key: The message's own; one with the same is a `Conflict`.

    Raises:
        Conflict: The session is busy.
        InvalidInput: The message is empty or too long, the simulator cannot read it, the session was ended by a person,
            or its guide shows stimuli that are not there.
    """
    text = checked_text(text)
    _check_free(group, queued)
    asked = people_asked(group, text, to)
    check_question(group, question)
    check_words(group, text)
    put = _put(group, text) if question is None else question
    under = put if put is not None or group.course.question < 0 else group.course.question
    group = planned(group, groups)
    shows = showing(group, put, groups.assets)
    alone = written_alone(group, put, asked, groups, at)
    in_turn = in_turn and not alone
    beside = put is None
    message = group.said(
        author.id,
        author.name,
        text,
        at,
        stimuli=shows.names,
        quote=quote,
        question=under,
        in_turn=in_turn,
        is_beside=beside,
    )
    replies = alone or [
        group.awaiting(person, at, place=place, question=under, in_turn=in_turn, is_beside=beside)
        for place, person in enumerate(asked, start=1)
    ]
    after = groups.append(
        group,
        [message, *replies],
        at,
        state=FocusGroupState.MODERATED,
        pending=len(replies),
        queued=queued,
        showing=shows,
        key=key,
    )
    if after is None:
        raise Conflict(
            "Somebody else wrote to this session at the same moment; look at what they wrote and send yours again."
        )
    log_stored(message)
    return after


def checked_text(text: str) -> str:
    """The message without blanks around it; raises `InvalidInput` for an empty or too long one."""
    text = text.strip()
    if not text or len(text) > MESSAGE_CHARS:
        raise InvalidInput(f"A message has 1–{MESSAGE_CHARS:,} characters.")
    return text


def quote_of(message: Message) -> Quote:
    """Returns the message as a quote; raises `InvalidInput` where it has no words."""
    if message.status is not MessageStatus.SAID:
        raise InvalidInput(f"Message {message.seq} has no words to quote.")
    if message.role == "private":
        raise InvalidInput(f"{message.speaker} wrote message {message.seq} alone; to quote it would tell the others.")
    return Quote(message.seq, message.speaker, shortened_to_quote(message.text))


def check_asked(group: FocusGroup, text: str, to: Sequence[str] | None) -> None:
    """Raises `InvalidInput` where such a message would ask nobody, somebody who does not take part, or a model that cannot read it."""
    people_asked(group, text, to)
    check_words(group, text)


def answer_round(group: FocusGroup, context: TurnContext) -> None:
    """Gets every pending reply of a claimed session, side by side or in turn; each is stored as it comes.

    Side by side, prompts end with the moderator's message: who answers in the same round does not hear the others. Where the window
    is full, its summary is written meanwhile, for the next round.
    """
    groups = context.groups
    messages = groups.messages(group.id, first=_first_needed(group, groups))
    pending = [message for message in messages if message.status is MessageStatus.PENDING]
    at = {message.seq: place for place, message in enumerate(messages)}

    def reply(message: Message) -> None:
        answered = _answered(context, group, message, messages)
        if groups.fill(answered):
            messages[at[answered.seq]] = answered  # who answers after this one, in turn, hears it
            log_stored(answered)
            if group.lost:
                groups.claims.brought_on(group.id, group.epoch)

    with ThreadPoolExecutor(1, thread_name_prefix="summary") as aside:
        course = aside.submit(_next_course, context, group, tuple(messages))
        executor = context.gateway.side_by_side(context.caller, waited_for=True)
        calls = [executor.submit(reply, message) for message in pending if not message.in_turn]
        wait(calls)  # also where one of them fails: the others are paid for, and kept
        for call in calls:
            call.result()
        for message in pending:
            if message.in_turn:
                executor.submit(reply, message).result()
    # Counted from the messages: some of this round may have been answered under a worker that died, or failed once before.
    groups.finish_round(group, recounted(course.result(), groups.turns.of(group.id)), context.clock())


def retry(group: FocusGroup, seq: int | None, groups: FocusGroups) -> None:
    """Asks again for a reply that failed; None asks for all that failed to the last question.

    Raises:
        Conflict: The session is busy.
        InvalidInput: The reply did not fail, or none did.
    """
    # A worker that just finished may still write its last state: what was asked for fits the state after it as well.
    for _ in range(RETRY_TRIES):
        if group.state is FocusGroupState.ENDED:
            raise InvalidInput("This session has ended.")
        _check_free(group)
        failed = failed_lately(group, groups) if seq is None else [groups.message(group.id, seq)]
        # A reply is awaited here only if it was lost.
        if not failed or failed[0].status not in (MessageStatus.FAILED, MessageStatus.PENDING):
            raise InvalidInput("Only a failed reply can be requested again.")
        if groups.reopen(group, *failed):
            return
        group = groups.get(group.id)
    raise Conflict("The session has changed; try again.")


def failed_lately(group: FocusGroup, groups: FocusGroups) -> list[Message]:
    """The replies since the moderator's last message that failed, in order."""
    lately = groups.messages(group.id, first=max(1, group.next_seq - MAX_PARTICIPANTS - 1))
    asked = max((message.seq for message in lately if message.role == "moderator"), default=0)
    return [message for message in lately if message.seq > asked and message.status is MessageStatus.FAILED]


def _check_free(group: FocusGroup, queued: QueuedQuestion | None = None) -> None:
    if not group.takes_questions:
        raise InvalidInput("This session has ended.")
    if group.state is FocusGroupState.AUTONOMOUS:
        raise Conflict("The discussion is running by itself; stop it first.")
    if group.pending or group.next_queued != queued:
        raise Conflict("The participants are still answering; wait for them or stop them first.")


def check_question(group: FocusGroup, question: int | None) -> None:
    """Raises `InvalidInput` for a question that the guide does not have."""
    if question is not None and not 0 <= question < len(group.guide.questions):
        raise InvalidInput(f"The guide has no question {question + 1}.")


def _put(group: FocusGroup, text: str) -> int | None:
    """Index of the guide's question that this message puts, if it is one.

    Of several with the same words it is the next one to come, or the one under discussion, or one that comes later.
    """
    wanted, now = normalised(text), group.course.question
    same = [index for index, question in enumerate(group.guide.questions) if normalised(question) == wanted]
    return min(same, key=lambda index: (index != now + 1, index != now, index < now, index), default=None)


def _first_needed(group: FocusGroup, groups: FocusGroups) -> int:
    """The window's first message, or the one before it that a reply asked for again belongs to."""
    waiting = groups.pending(group.id)
    return max(1, min([group.course.window_from, *(message.reply_to or message.seq - 1 for message in waiting)]))


def _answered(context: TurnContext, group: FocusGroup, pending: Message, messages: Sequence[Message]) -> Message:
    """The pending reply with what came of it; over quota it has failed with that reason."""
    last_heard = pending.seq - 1 if pending.in_turn else pending.reply_to or pending.seq - 1
    heard = [earlier for earlier in messages if earlier.seq <= last_heard]
    put = next((earlier.text for earlier in reversed(heard) if earlier.role == "moderator"), group.heard_topic)
    moderators = {earlier.speaker for earlier in heard if earlier.role == "moderator"}
    later = sum(len(message.stimuli) for message in messages if message.seq > last_heard)
    course = replace(group.course, stimuli_shown=group.course.stimuli_shown - later)
    group = replace(group, course=course)  # who is asked again sees what they were asked about
    if pending.in_turn:
        group = replace(group, state=FocusGroupState.AUTONOMOUS)  # they answer one another, as where it runs by itself
    pending = replace(pending, epoch=group.epoch)  # it was written under the epoch before the claim
    try:
        return speak(context, group, pending, lines_of(heard), put, moderators)[0]
    except (QuotaExceeded, PriceUnknown) as refused:
        return replace(pending, status=MessageStatus.FAILED, error=str(refused), at=context.clock())


def _next_course(context: TurnContext, group: FocusGroup, messages: Sequence[Message]) -> DiscussionState:
    """The course for the next round: where the window is full, cut, with a summary of what falls out."""
    lines = lines_of(messages)
    drop = cut(lines)
    questions = [
        message.question for message in messages if message.role == "moderator" and message.question is not None
    ]
    course = group.course
    if questions:
        course = replace(course, question=questions[-1], reached=max(course.reached, course.question, *questions))
    if not drop:
        return course
    group = replace(group, course=course)
    try:
        course = summarised(group, lines[:drop], context, may_call=may_call_extra(group))
    except (QuotaExceeded, PriceUnknown):
        course = summarised(group, lines[:drop], context, may_call=False)
    return replace(course, window_from=lines[drop].seq)
