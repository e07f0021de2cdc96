"""Begins to put the ballot after by itself where a session has ended; never twice for one transcript."""

from collections.abc import Callable
from datetime import datetime

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.task import Task
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.store import Store

BALLOT = "ballot"


def begin_ballots(store: Store, clock: Callable[[], datetime]) -> list[str]:
    """Adds a task for each session that is due; returns the ids of those tasks.

    The id of the task holds the length of the transcript. So whoever else does the same at this moment, and whoever does it again
    after a process died in between, finds it there.
    """
    begun: list[str] = []

    def begin(group: FocusGroup) -> None:
        owner, through = store.users.find(group.owner_id), group.next_seq - 1
        if owner is None or owner.disabled:
            return
        request = {"focus_group_id": group.id, "through": through, "control": group.ballot_control}
        ids = f"{group.id}-{BALLOT}-{through}", BALLOT, group.owner_id, group.project_id
        task = Task(*ids, request, clock(), exclusive=f"{BALLOT}/{group.id}")
        if store.tasks.add(task).id != task.id:
            return  # a person began one, which is under way; once it is over, this looks again
        store.ballots.begun(group.id, through)
        begun.append(task.id)

    one_by_one(store.ballots.due(), begin, "Beginning to put ballots")
    return begun
