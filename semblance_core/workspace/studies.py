"""Operations on projects and tasks."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

from semblance_core.domain.errors import Conflict
from semblance_core.domain.people import Project
from semblance_core.domain.task import ATTACH, Task, TaskState
from semblance_core.flows.delete import delete_project, delete_task
from semblance_core.workspace.access import of_project, of_task, operation, signed_in
from semblance_core.workspace.editing import edited
from semblance_core.workspace.estimates import Estimates


class Studies(Estimates):
    @operation(signed_in)
    def create_project(self, name: str) -> Project:
        return self.store.projects.add(self.actor_id, name, self.clock())

    @operation(signed_in)
    def projects(self) -> list[Project]:
        """The actor's own projects, oldest first; a first one is made where there is none."""
        own = self.store.projects.of_owner(self.actor_id)
        return own or [self.store.projects.add(self.actor_id, "My first study", self.clock())]

    @operation(of_project)
    def project(self, project_id: str) -> Project:
        return self.store.projects.get(project_id)

    @operation(of_project)
    def owner_name(self, project_id: str) -> str:
        """What the project's owner is called."""
        owner_id = self.store.projects.get(project_id).owner_id
        owner = self.store.users.find(owner_id)
        return owner.name if owner else owner_id

    @operation(of_project)
    def open_project(self, project_id: str) -> None:
        """Remembers the project as the one that the actor works on, in every window and after a reload."""
        self.store.users.set_project(self.actor_id, project_id)

    @operation(of_project)
    def rename_project(self, project_id: str, name: str, base: Project | int | None = None) -> Project:
        """base: the project as it was read, or its version: raises `EditConflict` where somebody renamed it since then."""
        projects, called = self.store.projects, {"name": "the project's name"}
        wanted, me = {"name": name.strip()}, self._actor()
        return edited(lambda: projects.get(project_id), projects.replace, wanted, base, called, me, self.clock())

    @operation(of_project)
    def delete_project(self, project_id: str) -> None:
        """Ends all work on a project and removes it with its sessions, personas and tasks; what it cost stays on record."""
        delete_project(self.store, project_id, self.clock)

    @operation(of_project)
    def tasks(self, project_id: str, kinds: Sequence[str] = ()) -> list[Task]:
        """The project's newest tasks, or those of these kinds, newest first."""
        return self.store.tasks.of_project(project_id, kinds)

    @operation(signed_in)
    def my_work(self) -> list[Task]:
        """The actor's tasks of all projects that are under way or failed within the last day, the newest first."""
        return self.store.tasks.under_way(self.actor_id, self.clock() - timedelta(days=1))

    @operation(of_task)
    def task(self, task_id: str) -> Task:
        return self.store.tasks.get(task_id)

    @operation(of_task)
    def cancel_task(self, task_id: str) -> None:
        if not self.store.tasks.cancel(task_id, self.clock()):
            raise Conflict("This task is over already.")
        self.store.incoming.remove(task_id)

    @operation(of_task)
    def delete_task(self, task_id: str) -> None:
        """Ends a task and removes it with what it kept; personas, stimuli and themes that it made stay."""
        delete_task(self.store, task_id, self.clock)

    @operation(of_task)
    def rerun_task(self, task_id: str) -> None:
        """Goes on with a task that failed or was cancelled, from where it stopped; one that is under way goes on as it does.

        Raises `Conflict` for one that is done.
        """
        task = self.store.tasks.get(task_id)
        if not task.state.is_over:
            return  # another click was quicker
        if task.kind == ATTACH and task.state is TaskState.CANCELLED:
            raise Conflict("What was handed in is not kept after a cancel; add the files again.")
        if model := self._model_of(task):
            self._check_quota(task.owner_id, model)
        with self._room_for_task(self._owner_of(task.project_id), task.kind) if task.project_id else nullcontext():
            if not self.store.tasks.rerun(task_id) and self.store.tasks.get(task_id).state.is_over:
                raise Conflict("This task is not one that failed or was cancelled.")
        self.engine.submit("task", task_id)

    def _model_of(self, task: Task) -> str:
        """The model that a task asks; empty for one that asks none."""
        if task.kind == "analyse":
            return self.store.focus_groups.get(task.request["focus_group_id"]).model
        return str(task.request.get("model", ""))
