"""Operations on the finished example that shows a newcomer what there is to see."""

from dataclasses import replace

from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.example import BRIEF, MODEL, STEPS
from semblance_core.engine.tasks import recruit_request
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import operation, signed_in
from semblance_core.workspace.bounds import Bounded

BEING_MADE = "Your example is being made already."


class Examples(Bounded):
    @operation(signed_in)
    def make_example(self) -> Task:
        """Begins to make an example in a project of its own; its task tells how far it is. One that is there already is returned.

        Raises `Conflict` while one is being made.
        """
        before = self.example()
        if before and before.state is TaskState.DONE:
            return before
        self._check_quota(self.actor_id, MODEL)
        with self._room_for_task(self.actor_id, "example"):
            before = self.example()
            if before and not before.state.is_over:
                raise Conflict(BEING_MADE)
            project = self.store.projects.add(self.actor_id, "Example: oat milk", self.clock())
            asked = {**recruit_request(BRIEF, MODEL), "for": self.actor_id}
            task = Task(new_id(), "example", self.actor_id, project.id, asked, self.clock(), total=STEPS)
            begun = self._begun(replace(task, exclusive=f"example/{self.actor_id}"))
            if begun.id != task.id:  # another click was quicker
                self.store.projects.delete(project.id)
                raise Conflict(BEING_MADE)
        return begun

    @operation(signed_in)
    def example(self) -> Task | None:
        """The task that made the actor's newest example, or None where there is none, or its session was deleted."""
        newest = self.store.tasks.newest("example", **{"for": self.actor_id})
        if newest and newest.result:
            try:
                self.store.focus_groups.owner_of(newest.result["focus_group_id"])
            except NotFound:
                return None
        return newest
