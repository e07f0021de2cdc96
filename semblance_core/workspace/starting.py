"""Lets a session run by itself, whoever asks for it: one alone, or all interviews of a round."""

from dataclasses import replace

from semblance_core.domain.accounts.account import User
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import Conflict
from semblance_core.flows.discussion.converse import check_startable
from semblance_core.flows.discussion.stimuli import planned
from semblance_core.flows.queued import check_askable
from semblance_core.workspace.bounds import room_for_session
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.estimates import discussion_estimate

START_TRIES = 3


def let_run(context: OperationContext, actor: User, group: FocusGroup) -> None:
    """Lets the discussion run from where it stands; nothing happens where it runs. Raises what `sessions.start` raises."""
    groups = context.store.focus_groups
    # A stop may still have its last write to make, or a worker may have made its own since the session was read:
    # what was asked for fits the session after it as well.
    for _ in range(START_TRIES):
        if group.state is FocusGroupState.AUTONOMOUS:
            return  # also where another click has started it
        check_startable(group)
        check_askable(group, actor, context.store, context.gateway, context.clock())
        group = replace(planned(group, groups), alone_until=0)
        group = replace(group, estimate=discussion_estimate(context, group))
        with room_for_session(context, group):
            started = groups.start(group, context.clock())
        if started:
            context.engine.submit("focus_group", group.id)
            return
        groups.awaited.finish_stops(group.id)
        group = groups.get(group.id)
    raise Conflict("The participants are still answering, or somebody changed the session just now. Try again.")
