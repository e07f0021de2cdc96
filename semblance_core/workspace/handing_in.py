"""Hands in files for a session, for every operation that does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.discussion.asset import NotAdded
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.task import ATTACH, Task
from semblance_core.engine.tasks import stimuli
from semblance_core.engine.tasks.stored import fingerprint_of, request_of, to_stored
from semblance_core.flows.attach import sorted_out, still_to_read
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.context import OperationContext


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The outcome of handing in files. task: adds those that were not refused; None where all were."""

    task: Task | None
    refused: tuple[NotAdded, ...]


def handed_in(
    context: OperationContext, group: FocusGroup, files: Sequence[tuple[str, bytes]], encoding: str = ""
) -> HandedIn:
    """Begins to read and add these files, by name and bytes; arguments and errors as of `Stimuli.add`."""
    store = context.store
    waiting = store.tasks.open_of_session(ATTACH, group.id)
    files_waiting = [file for task in waiting for file in request_of(stimuli.Request, task).files]
    there, still = store.assets.of(group), still_to_read(waiting)
    taken, refused = sorted_out(group, files, there, files_waiting, still, encoding)
    if not taken:
        return HandedIn(None, tuple(refused))
    models = tuple(filter(None, (context.defaults.pictures, context.defaults.talk, *context.settings.fallback_models)))
    request = stimuli.Request.of(group.id, taken, models)
    # The session's owner's, on whose account a description counts.
    asked, now = to_stored(request), context.clock()
    task = Task(new_id(), ATTACH, group.owner_id, group.project_id, asked, now, total=len(taken))
    exclusive = f"attach/{group.id}/{fingerprint_of(request)}"
    with room_for_task(context, group.owner_id, ATTACH):
        store.uploads.put(task.id, group.id, [file.content for file in taken], task.created_at)
        begun = context.begin(replace(task, exclusive=exclusive))
    if begun.id != task.id:  # the same files were handed in at the same moment
        store.uploads.remove(task.id)
    return HandedIn(begun, tuple(refused))
