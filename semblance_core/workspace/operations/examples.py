"""Operations on finished studies that show a newcomer what there is to see: recorded ones, and one by the simulator."""

from dataclasses import replace

from semblance_core.domain.discussion.session_list import SessionRow
from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks.example import MODEL, STEPS, Request, Result
from semblance_core.engine.tasks.stored import result_of, to_stored
from semblance_core.flows.open_recording import open_recording
from semblance_core.recordings import FOLDERS, recording
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes_own, reads
from semblance_core.workspace.new_projects import added, whole_or_gone
from semblance_core.workspace.subjects import signed_in

BEING_MADE = "Your example is being made already."


class Examples(Operations):
    @changes_own(signed_in)
    def make(self) -> Task:
        """Begins to make an example in a project of its own; its task tells how far it is. One that is there already is returned.

        Raises `Conflict` while one is being made.
        """
        before = self._newest()
        if before and before.state is TaskState.DONE:
            return before
        self._check_quota(self._actor.id, MODEL)
        with room_for_task(self._context, self._actor.id, "example"):
            before = self._newest()
            if before and not before.state.is_over:
                raise Conflict(BEING_MADE)
            project = added(self._store, self._actor.id, "Example: oat milk", self._clock())
            asked = to_stored(Request.of(self._actor.id))
            task = Task(new_id(), "example", self._actor.id, project.id, asked, self._clock(), total=STEPS)
            begun = self._context.begin(replace(task, exclusive=f"example/{self._actor.id}"))
            if begun.id != task.id:  # another click was quicker
                self._store.projects.delete(project.id)
                raise Conflict(BEING_MADE)
        return begun

    @reads(signed_in)
    def opened_recordings(self) -> list[SessionRow]:
        """The actor's sessions that a recording brought, the oldest first."""
        return self._store.session_lists.recorded(self._actor.id)

    @changes_own(signed_in)
    def open_recording(self, name: str) -> SessionRow:
        """Opens a recorded study in a project of its own, without a model call; one that is open already is returned.

        Raises `NotFound` for a name that no recording has.
        """
        if name not in FOLDERS:
            raise NotFound("There is no such recorded study.")
        study = recording(name)

        def opened() -> list[SessionRow]:
            there = self._store.session_lists.recorded(self._actor.id)
            return [row for row in there if row.title == study.title]

        if there := opened():
            return there[0]
        with self._store.open_work.one_at_a_time(self._actor.id):
            if there := opened():  # another click was quicker
                return there[0]
            project = added(self._store, self._actor.id, f"Recorded: {study.title}", self._clock())
            with whole_or_gone(self._store, project, self._clock):
                model = self._context.defaults.talk
                open_recording(study, project.id, self._actor.id, model, self._store, self._clock())
            return opened()[0]

    @reads(signed_in)
    def newest(self) -> Task | None:
        """The task that made the actor's newest example, or None where there is none, or its session was deleted."""
        return self._newest()

    def _newest(self) -> Task | None:
        newest = self._store.tasks.newest("example", **{"for": self._actor.id})
        if newest and newest.result:
            try:
                self._store.focus_groups.owner_of(result_of(Result, newest).focus_group_id)
            except NotFound:
                return None
        return newest
