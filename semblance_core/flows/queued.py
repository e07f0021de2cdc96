"""Questions that are sent while participants answer: queued, and asked by the worker once it is their turn."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from semblance_core.domain.accounts.account import User
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.queued import MOST_QUEUED, QueuedQuestion
from semblance_core.domain.discussion.quote import Quote
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound, PriceUnknown, QuotaExceeded
from semblance_core.domain.task import ATTACH
from semblance_core.flows.attach import check_read
from semblance_core.flows.discussion.discussing import let_discuss
from semblance_core.flows.discussion.moderate import check_asked, check_question, checked_text, post
from semblance_core.flows.discussion.stimuli import check_described
from semblance_core.flows.quota import check_quota
from semblance_core.llm.gateway import Gateway
from semblance_core.store.ids import new_id
from semblance_core.store.sessions.focus_groups import FocusGroups
from semblance_core.store.store import Store

REFUSALS = (Conflict, InvalidInput, NotFound, PriceUnknown, QuotaExceeded)
log = logging.getLogger(__name__)


def enqueue(
    group: FocusGroup,
    author: User,
    text: str,
    to: Sequence[str] | None,
    groups: FocusGroups,
    at: datetime,
    question: int | None = None,
    quote: Quote | None = None,
    in_turn: bool = False,
    key: str = "",
) -> bool:
    """Puts a question behind those that wait; False where nobody answers any more, so that it can be asked at once.

    One whose key came before counts as put.

    Raises:
        Conflict: As many wait as may.
        InvalidInput: The text is empty or too long, or asks nobody who takes part, or the guide has no such question.
    """
    text = checked_text(text)
    check_question(group, question)
    check_asked(group, text, to)
    asked = QueuedQuestion(
        new_id(), author.id, text, tuple(to or ()), at, question=question, quote=quote, in_turn=in_turn
    )
    return _added(group, asked, groups, at, key)


def enqueue_discussion(group: FocusGroup, author: User, turns: int, groups: FocusGroups, at: datetime) -> bool:
    """Puts the wish to let participants discuss behind what waits; returns and raises as `enqueue`."""
    return _added(group, QueuedQuestion(new_id(), author.id, "", (), at, turns=turns), groups, at)


def _added(group: FocusGroup, asked: QueuedQuestion, groups: FocusGroups, at: datetime, key: str = "") -> bool:
    if groups.queue.add(group.id, asked, at, key):
        return True
    now = groups.get(group.id)
    if key and key in now.received:
        return True
    takes_more = now.state is FocusGroupState.MODERATED or now.is_discussing
    if now.is_busy and takes_more and len(now.queued) >= MOST_QUEUED:
        raise Conflict(
            f"{MOST_QUEUED} questions are in the queue already. Take one back, or wait until one has been asked."
        )
    return False


def ask_queued(group: FocusGroup, store: Store, gateway: Gateway, clock: Callable[[], datetime]) -> None:
    """Asks the next question that waits in a claimed session, as its author.

    One that cannot be asked stays in the queue with the reason. Where the session changed meanwhile nothing is done: whoever
    claims it next finds what is to be asked by then.
    """
    queued = group.next_queued
    if queued is None:
        return
    groups = store.focus_groups
    try:
        author = store.users.find(queued.author_id)
        if author is None or author.disabled:
            raise InvalidInput("The account that asked this is disabled or deleted.")
        check_askable(group, author, store, gateway, clock())
        if queued.turns:
            group = let_discuss(group, queued.turns, groups)
    except REFUSALS as refused:
        groups.queue.refuse(group.id, group.epoch, queued, str(refused))
        return
    if queued.turns:
        if not groups.start(group, clock(), queued):
            log.info("queued discussion not begun yet", extra={"focus_group_id": group.id})
        return
    try:
        post(
            group,
            author,
            queued.text,
            queued.to or None,
            groups,
            clock(),
            queued,
            question=queued.question,
            quote=queued.quote,
            in_turn=queued.in_turn,
        )
    except Conflict:
        log.info("queued question not asked yet", extra={"focus_group_id": group.id})
    except InvalidInput as refused:
        groups.queue.refuse(group.id, group.epoch, queued, str(refused))


def check_askable(group: FocusGroup, actor: User, store: Store, gateway: Gateway, at: datetime) -> None:
    """Raises the error that speaks against asking now: unread stimuli, pictures nobody can see, a used-up quota."""
    check_read(store.tasks.open_of_session(ATTACH, group.id))
    check_described(group, store.assets, gateway.catalogue.sees)
    owner = actor if group.owner_id == actor.id else store.users.get(group.owner_id)
    check_quota(owner, group.model, store.ledger, gateway, at)
