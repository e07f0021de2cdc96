"""Operations on ballots: what one would cost, putting it once a session has ended, reading what it came to."""

from dataclasses import replace

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.task import Task
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.ballot import KIND, Request
from semblance_core.engine.tasks.stored import to_stored
from semblance_core.flows.ballots.asking import puts_left, waves_at_end
from semblance_core.reports.shift.result import OpinionShift, opinion_shift
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import ballots_estimate
from semblance_core.workspace.subjects import focus_group, focus_group_id


class Ballots(Operations):
    @reads(focus_group, sums=True)
    def estimate(self, group: FocusGroup, *, control: bool | None = None) -> Estimate:
        """Forecasts the use of all ballots of the session that are not there yet. control: with one; None as its set-up says."""
        return ballots_estimate(self._context, group, control=group.ballot_control if control is None else control)

    @changes(focus_group, "Put a session's ballot", action="put_ballot")
    def put(self, group: FocusGroup, *, control: bool | None = None) -> Task:
        """Puts the ballot after, and the control, as far as they are not answered yet. The one before was put by the discussion itself.

        A session does this by itself once it ends; this is for what failed, and for a control that was left out.

        Args:
            group: the session; callers hand over its id.
            control: puts the same ballot twice without the discussion, too; None as the set-up says.

        Returns:
            The task, or the one that does the same.

        Raises:
            InvalidInput: the session has no ballot, or everybody has answered.
            Conflict: the session goes on, and no control is asked for; or too much of the owner's work is under way.
            QuotaExceeded: nothing of the owner's quota is left.
        """
        if not group.ballot:
            raise InvalidInput("This session has no ballot. Set one up in a copy of it, before the discussion.")
        exclusive = f"{KIND}/{group.id}"
        if there := self._store.tasks.doing(exclusive):
            return there
        wants_control = group.ballot_control if control is None else control
        waves = waves_at_end(group, control=wants_control)
        if group.state is FocusGroupState.DRAFT or not waves:
            raise Conflict("The ballot after is put once the session has ended.")
        if not puts_left(group, waves, self._store):
            raise InvalidInput("Everybody has answered this ballot already.")
        owner_id = self._found.owner_id or ""
        self._check_quota(owner_id, group.model)
        request = to_stored(Request(group.id, group.next_seq - 1, wants_control))
        estimate = ballots_estimate(self._context, group, control=wants_control)
        task = Task(new_id(), KIND, owner_id, group.project_id, request, self._clock(), estimate=estimate)
        with room_for_task(self._context, owner_id, task.kind, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive))

    @reads(focus_group_id, sums=True)
    def newest_task(self, group_id: str) -> Task | None:
        """The session's newest task that puts the ballot, or None where there was none."""
        return self._store.tasks.newest(KIND, focus_group_id=group_id)

    @reads(focus_group)
    def shift(self, group: FocusGroup) -> OpinionShift:
        """The ballots so far, before → after beside the control; raises `InvalidInput` where the session has no ballot."""
        return opinion_shift(group, self._store.ballots.casts(group.id), self._store.focus_groups.messages(group.id))
