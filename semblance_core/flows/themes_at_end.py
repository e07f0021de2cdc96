"""Begins to find themes by itself where a session has ended, if its moderator asked for that; never twice for one transcript."""

from collections.abc import Callable
from datetime import datetime

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.task import Task
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.store import Store

ANALYSE = "analyse"


def begin_themes(store: Store, clock: Callable[[], datetime]) -> list[str]:
    """Adds a task for each session that is due; returns the ids of those tasks.

    The id of the task holds the length of the transcript. So whoever else does the same at this moment, and whoever does it again
    after a process died in between, finds it there.
    """
    begun: list[str] = []

    def begin(group: FocusGroup) -> None:
        through, owner = group.next_seq - 1, store.users.find(group.owner_id)
        if owner is None or owner.disabled:
            return
        newest = store.themes.newest(group.id)
        if newest and newest.through_seq >= through and newest.model == group.themes_with:
            store.themes_due.begun(group.id, through)
            return
        task = themes_task(group, through, group.themes_with, clock())
        if store.tasks.add(task).id != task.id:
            return  # an analysis that a person began is under way; once it is over, this looks again
        store.themes_due.begun(group.id, through)
        begun.append(task.id)

    one_by_one(store.themes_due.sessions(), begin, "Beginning to find themes")
    return begun


def themes_id(group: FocusGroup) -> str:
    """The id of the task that finds themes in all that was said so far."""
    return f"{group.id}-themes-{group.next_seq - 1}"


def themes_task(group: FocusGroup, through: int, model: str, at: datetime) -> Task:
    """A task that finds themes by this model in what was said through that message."""
    request = {"focus_group_id": group.id, "model": model}
    return Task(
        f"{group.id}-themes-{through}",
        ANALYSE,
        group.owner_id,
        group.project_id,
        request,
        at,
        exclusive=f"{ANALYSE}/{group.id}",
    )
