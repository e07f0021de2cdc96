"""Operations on projects, personas and tasks."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.panel import Margin, MarginFit, panel_fit
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.people import Project
from semblance_core.domain.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.engine.tasks import recruit_request
from semblance_core.flows.persona_form import read_personas
from semblance_core.flows.recruit import Brief
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import of_persona, of_project, of_task, operation, signed_in
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
    def open_project(self, project_id: str) -> None:
        """Remembers the project as the one that the actor works on, in every window and after a reload."""
        self.store.users.set_project(self.actor_id, project_id)

    @operation(of_project)
    def rename_project(self, project_id: str, name: str) -> Project:
        renamed = replace(self.store.projects.get(project_id), name=name.strip())
        self.store.projects.rename(renamed)
        return renamed

    @operation(of_project)
    def personas(self, project_id: str) -> list[Persona]:
        return self.store.personas.of_project(project_id)

    @operation(of_persona)
    def persona(self, persona_id: str) -> Persona:
        return self.store.personas.get(persona_id)

    @operation(of_project)
    def add_persona(self, project_id: str, persona: Persona) -> Persona:
        return self.store.personas.add(project_id, [persona], self.clock())[0]

    @operation(of_persona)
    def edit_persona(self, persona_id: str, persona: Persona) -> Persona:
        """Replaces a persona's fields; where it came from stays, and sessions keep the snapshot they began with."""
        before = self.store.personas.get(persona_id)
        edited = replace(
            persona, id=persona_id, origin=before.origin, source_brief=before.source_brief, simulated=before.simulated
        )
        self.store.personas.replace(edited)
        return edited

    @operation(of_persona)
    def copy_persona(self, persona_id: str) -> Persona:
        original = self.store.personas.get(persona_id)
        project_id = self.store.personas.project_of(persona_id)
        taken = {person.name for person in self.store.personas.of_project(project_id)}
        names = (f"{original.name[:70]} (copy{'' if number == 1 else f' {number}'})" for number in range(1, 10_000))
        return self.add_persona(project_id, replace(original, name=next(name for name in names if name not in taken)))

    @operation(of_persona)
    def delete_persona(self, persona_id: str) -> None:
        """Removes a persona from its project; sessions that it took part in keep it."""
        self.store.personas.delete(persona_id)

    @operation(of_project)
    def import_personas(self, project_id: str, content: str | bytes) -> list[Persona]:
        """Adds the personas of a JSON or CSV file; raises `InvalidInput` that names the row, and then adds none."""
        return self.store.personas.add(project_id, read_personas(content), self.clock())

    @operation(of_project)
    def recruit(
        self, project_id: str, text: str, size: int, margins: Sequence[Margin] = (), *, model: str = "", seed: int = 0
    ) -> Task:
        """Begins to recruit a panel; its task tells how far it is."""
        brief = Brief(text.strip(), size, tuple(margins), seed)
        estimate = self.estimate_recruiting(project_id, brief.text, size, brief.margins, model)
        self._check_quota(self.actor_id, estimate.model)
        request = recruit_request(brief, estimate.model)
        task = Task(
            new_id(), "recruit", self.actor_id, project_id, request, self.clock(), total=size, estimate=estimate
        )
        self.store.tasks.add(task)
        self.engine.submit("task", task.id)
        return task

    @operation(of_project)
    def panel_report(self, project_id: str, margins: Sequence[Margin]) -> tuple[MarginFit, ...]:
        """How well the project's personas meet target shares."""
        personas = self.store.personas.of_project(project_id)
        if not personas:
            raise InvalidInput("This project has no personas yet.")
        return panel_fit(personas, margins)

    @operation(of_project)
    def tasks(self, project_id: str) -> list[Task]:
        """The project's newest tasks, newest first."""
        return self.store.tasks.of_project(project_id)

    @operation(of_task)
    def task(self, task_id: str) -> Task:
        return self.store.tasks.get(task_id)

    @operation(of_task)
    def cancel_task(self, task_id: str) -> None:
        if not self.store.tasks.cancel(task_id, self.clock()):
            raise Conflict("This task is over already.")

    @operation(of_task)
    def rerun_task(self, task_id: str) -> None:
        """Goes on with a task that failed or was cancelled, from where it stopped; raises `Conflict` for any other."""
        task = self.store.tasks.get(task_id)
        if model := self._model_of(task):
            self._check_quota(task.owner_id, model)
        if not self.store.tasks.rerun(task_id):
            raise Conflict("This task is not one that failed or was cancelled.")
        self.engine.submit("task", task_id)

    def _model_of(self, task: Task) -> str:
        """The model that a task asks; empty for one that asks none."""
        if task.kind == "analyse":
            return self.store.focus_groups.get(task.request["focus_group_id"]).model
        return str(task.request.get("model", ""))
