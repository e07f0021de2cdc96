"""Operations on personas: finding, writing, recruiting, taking in, passing on, weighing them as a panel."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from semblance_core.analysis.panel import Margin
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.persona import NOT_TOLD, Persona, label
from semblance_core.domain.persona_search import FoundPersonas, PersonaFacets, PersonaSearch
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks import fingerprint_of, recruit_request
from semblance_core.flows.import_preview import Ages, Numbers
from semblance_core.flows.persona_file import preview_of, refuse_open
from semblance_core.flows.recruiting import Brief
from semblance_core.reports.compare import Comparison, compare
from semblance_core.reports.panel import PanelReport, panel_report, some_of
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import of_both_projects, of_persona, of_project, operation
from semblance_core.workspace.editing import edited
from semblance_core.workspace.estimates import Estimates

EDITED = {
    spec.name: f"the {label(spec.name)}"
    for spec in fields(Persona)
    if spec.name not in ("origin", "source_brief", "simulated", *NOT_TOLD)
}
"""What of a persona is edited, and what it is called."""
LATELY = timedelta(minutes=10)


class Panels(Estimates):
    @operation(of_project)
    def personas(self, project_id: str) -> list[Persona]:
        return self.store.personas.of_project(project_id)

    @operation(of_project)
    def find_personas(
        self, project_id: str, search: PersonaSearch | None = None, *, skip: int = 0, limit: int = 0
    ) -> FoundPersonas:
        """What the search finds (all, without one), from number `skip` on, at most `limit` of them; 0 for no limit."""
        wanted = search or PersonaSearch()
        found = self.store.personas.search(project_id, wanted, skip, limit)
        total = self.store.personas.count(project_id, wanted) if limit else len(found)
        return FoundPersonas(tuple(found), total, found.unread)

    @operation(of_project)
    def persona_facets(self, project_id: str) -> PersonaFacets:
        """What the project's personas can be narrowed to, with how many there are of each."""
        return self.store.personas.facets(project_id)

    @operation(of_project)
    def some_personas(self, project_id: str, persona_ids: Sequence[str]) -> list[Persona]:
        """Those of these personas that are the project's; ids of others are passed over."""
        return self.store.personas.some(project_id, persona_ids)

    @operation(of_project)
    def persona_names(self, project_id: str) -> dict[str, str]:
        """The names of the project's personas by their ids, in the order of the alphabet."""
        return self.store.personas.names(project_id)

    @operation(of_project)
    def compare_personas(self, project_id: str, persona_ids: Sequence[str]) -> tuple[Persona, Persona, Comparison]:
        """Two of the project's personas and what tells them apart, in the given order; raises `InvalidInput` for other numbers."""
        found = {person.id: person for person in self.store.personas.some(project_id, persona_ids)}
        chosen = [found[persona_id] for persona_id in dict.fromkeys(persona_ids) if persona_id in found]
        if len(chosen) != 2:
            raise InvalidInput("Choose two different personas of this project to compare.")
        drawn = some_of(sorted(self.store.personas.names(project_id)))
        return chosen[0], chosen[1], compare(chosen[0], chosen[1], self.store.personas.some(project_id, drawn))

    @operation(of_persona)
    def persona(self, persona_id: str) -> Persona:
        return self.store.personas.get(persona_id)

    @operation(of_persona)
    def project_of_persona(self, persona_id: str) -> str:
        """The id of the project that the persona belongs to."""
        return self.store.personas.project_of(persona_id)

    @operation(of_project)
    def add_persona(self, project_id: str, persona: Persona) -> Persona:
        return self.store.personas.add(project_id, [persona], self.clock())[0]

    @operation(of_persona)
    def edit_persona(self, persona_id: str, persona: Persona, base: Persona | None = None) -> Persona:
        """Changes a persona's fields; where it came from stays, and sessions keep the snapshot they began with.

        base: the persona as it was read. Fields that others changed since then stay theirs where yours has them as base
        has; `EditConflict` where both were changed. Without it, the persona's own version tells whether others changed
        something, and one without a version replaces whatever is there.
        """
        return edited(
            lambda: self.store.personas.get(persona_id),
            self.store.personas.replace,
            {name: getattr(persona, name) for name in EDITED},
            persona.version if base is None else base,
            EDITED,
            self._actor(),
            self.clock(),
        )

    @operation(of_persona)
    def copy_persona(self, persona_id: str) -> Persona:
        original = self.store.personas.get(persona_id)
        project_id = self.store.personas.project_of(persona_id)
        taken = {person.name for person in self.store.personas.of_project(project_id)}
        names = (f"{original.name[:70]} (copy{'' if number == 1 else f' {number}'})" for number in range(1, 10_000))
        copy = replace(original, name=next(name for name in names if name not in taken))
        return self.store.personas.add(project_id, [copy], self.clock())[0]

    @operation(of_both_projects)
    def copy_personas(self, project_id: str, persona_ids: Sequence[str], to_project_id: str) -> list[Persona]:
        """Copies personas of one project into another one, both the actor's; the originals stay as they are."""
        if to_project_id == project_id:
            raise InvalidInput("These personas are in that project already.")
        if not (chosen := self.store.personas.some(project_id, persona_ids)):
            raise InvalidInput("None of these personas is in the project any more.")
        return self.store.personas.add(to_project_id, chosen, self.clock())

    @operation(of_persona)
    def delete_persona(self, persona_id: str) -> None:
        """Removes a persona from its project; sessions that it took part in keep it."""
        self.store.personas.delete(persona_id)

    @operation(of_project)
    def delete_personas(self, project_id: str, persona_ids: Sequence[str]) -> int:
        """Removes these personas from the project, and says how many there were; sessions keep those that took part."""
        return self.store.personas.delete_some(project_id, persona_ids)

    @operation(of_project)
    def import_personas(
        self,
        project_id: str,
        content: str | bytes,
        *,
        leave_out_wrong: bool = False,
        encoding: str = "",
        numbers: Numbers = "",
        ages: Ages = "",
    ) -> list[Persona]:
        """Adds the personas of a JSON file or a table; raises `InvalidInput` that names the row, and then adds none.

        leave_out_wrong: rows that cannot be read are left out instead. encoding, numbers, ages: what the file does not tell, as
        `preview_of` asks it; without an answer to the encoding none are added.
        """
        preview = preview_of(content, encoding=encoding, numbers=numbers, ages=ages)
        refuse_open(preview)
        if preview.problems and not leave_out_wrong:
            raise InvalidInput(preview.problems[0])
        personas = preview.personas
        return self.store.personas.add(project_id, personas, self.clock())

    @operation(of_project)
    def recruit(
        self,
        project_id: str,
        text: str,
        size: int,
        margins: Sequence[Margin] = (),
        *,
        model: str = "",
        seed: int = 0,
        again: bool = False,
    ) -> Task:
        """Begins to recruit a panel; its task tells how far it is.

        Nobody pays twice for one panel: where one by the same brief, shares, model and seed is being recruited, or was within the
        last `LATELY`, the task of that one is returned. again: recruits another one like it, once none is under way.
        """
        brief = Brief(text.strip(), size, tuple(margins), seed)
        request = recruit_request(brief, self._known_model(model))
        exclusive = f"recruit/{project_id}/{fingerprint_of(request)}"

        def recruited() -> Task | None:
            return None if again else self._recruited(project_id, request)

        if there := self.store.tasks.doing(exclusive) or recruited():
            return there
        owner_id = self.store.projects.get(project_id).owner_id
        estimate = self.estimate_recruiting(project_id, brief.text, size, brief.margins, model)
        self._check_quota(owner_id, estimate.model)
        task = Task(new_id(), "recruit", owner_id, project_id, request, self.clock(), total=size, estimate=estimate)
        with self._room_for_task(owner_id, task.kind, exclusive):
            return self._begun(replace(task, exclusive=exclusive), recruited)

    def _recruited(self, project_id: str, request: dict[str, Any]) -> Task | None:
        """The task that recruited this very panel lately, while any of its people are still there."""
        for task in self.store.tasks.of_project(project_id, ["recruit"]):
            lately = task.finished_at is not None and self.clock() - task.finished_at < LATELY
            if lately and task.state is TaskState.DONE and task.request == request:
                return task if self.store.personas.some(project_id, task.result["persona_ids"]) else None
        return None

    @operation(of_project)
    def panel_report(
        self, project_id: str, margins: Sequence[Margin], search: PersonaSearch | None = None
    ) -> PanelReport:
        """How well the personas that the search finds (all, without one) meet target shares, and how they differ."""
        personas = self.store.personas.search(project_id, search or PersonaSearch())
        if not personas:
            raise InvalidInput("There are no personas to report on.")
        return panel_report(personas, margins)
