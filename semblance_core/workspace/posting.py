"""Puts a moderator's message, for every operation that does."""

from collections.abc import Sequence

from semblance_core.domain.accounts.account import User
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.flows.discussion import moderate
from semblance_core.flows.discussion.asked import named
from semblance_core.flows.queued import check_askable, enqueue
from semblance_core.workspace.bounds import room_for_session
from semblance_core.workspace.context import OperationContext

KEY_CHARS = 40


def posted(
    context: OperationContext,
    actor: User,
    group: FocusGroup,
    text: str,
    to: Sequence[str] | None = None,
    *,
    queues: bool = False,
    unless_named: bool = False,
    question: int | None = None,
    quote: int | None = None,
    in_turn: bool = False,
    key: str = "",
) -> FocusGroup:
    """Puts a message to participants and wakes up a worker, or queues it; arguments and errors as of `Sessions.post`."""
    groups = context.store.focus_groups
    if len(key) > KEY_CHARS:
        raise InvalidInput(f"A question's key has at most {KEY_CHARS} characters.")
    if key and key in group.received:
        return group
    if unless_named and named(text, group.participants):
        to = None
    quoted = None if quote is None else moderate.quote_of(groups.message(group.id, quote))
    how = {"question": question, "quote": quoted, "in_turn": in_turn, "key": key}
    waits = group.is_discussing or (group.state is FocusGroupState.MODERATED and group.is_busy)
    if queues and waits:
        if enqueue(group, actor, text, to, groups, context.clock(), **how):  # type: ignore[arg-type]
            return groups.get(group.id)
        group = groups.get(group.id)  # the last of them answered just now
    check_askable(group, actor, context.store, context.gateway, context.clock())
    try:
        with room_for_session(context, group):
            after = moderate.post(group, actor, text, to, groups, context.clock(), **how)  # type: ignore[arg-type]
    except Conflict:
        after = groups.get(group.id)
        if not key or key not in after.received:
            raise
    context.engine.submit("focus_group", group.id)
    return after
