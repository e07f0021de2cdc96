"""Operations on personas: finding, writing, recruiting, importing, copying, reporting on them as a panel."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta

from semblance_core.analysis.panel import Margin
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import NOT_TOLD, Persona, label
from semblance_core.domain.personas.search import FoundPersonas, PersonaFacets, PersonaSearch
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.recruit import Request, Result
from semblance_core.engine.tasks.stored import fingerprint_of, result_of, to_stored
from semblance_core.flows.importing.persona_file import preview_of, refuse_open
from semblance_core.flows.importing.preview import Ages, Numbers
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.flows.simulated import check_brief
from semblance_core.reports.compare import Comparison, compare
from semblance_core.reports.panel import PanelReport, panel_report, some_of
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import recruiting_estimate
from semblance_core.workspace.subjects import persona, persona_id, project

EDITED = {
    spec.name: f"the {label(spec.name)}"
    for spec in fields(Persona)
    if spec.name not in ("origin", "source_brief", "simulated", *NOT_TOLD)
}
"""The fields of a persona that are edited, with their names on screen."""
LATELY = timedelta(minutes=10)


class Personas(Operations):
    @reads(project)
    def of_project(self, project: Project) -> list[Persona]:
        """The project's personas, in the order in which they were added."""
        return self._store.personas.of_project(project.id)

    @reads(project)
    def find(
        self, project: Project, search: PersonaSearch | None = None, *, skip: int = 0, limit: int = 0
    ) -> FoundPersonas:
        """The personas that the search finds (all, without one), from number `skip` on, at most `limit` of them; 0 for no limit."""
        wanted = search or PersonaSearch()
        found = self._store.personas.search(project.id, wanted, skip, limit)
        total = self._store.personas.count(project.id, wanted) if limit else len(found)
        return FoundPersonas(tuple(found), total, found.unread)

    @reads(project)
    def facets(self, project: Project) -> PersonaFacets:
        """The values of filters on the project's personas, with the number of personas of each."""
        return self._store.personas.facets(project.id)

    @reads(project)
    def some(self, project: Project, persona_ids: Sequence[str]) -> list[Persona]:
        """Those of these personas that are the project's; ids of others are passed over."""
        return self._store.personas.some(project.id, persona_ids)

    @reads(project)
    def names(self, project: Project) -> dict[str, str]:
        """The names of the project's personas by their ids, in the order of the alphabet."""
        return self._store.personas.names(project.id)

    @reads(project)
    def compare(self, project: Project, persona_ids: Sequence[str]) -> tuple[Persona, Persona, Comparison]:
        """Two of the project's personas and what tells them apart, in the given order; raises `InvalidInput` for other numbers."""
        found = {person.id: person for person in self._store.personas.some(project.id, persona_ids)}
        chosen = [found[persona_id] for persona_id in dict.fromkeys(persona_ids) if persona_id in found]
        if len(chosen) != 2:
            raise InvalidInput("Choose two different personas of this project to compare.")
        drawn = some_of(sorted(self._store.personas.names(project.id)))
        return chosen[0], chosen[1], compare(chosen[0], chosen[1], self._store.personas.some(project.id, drawn))

    @reads(persona)
    def get(self, persona: Persona) -> Persona:
        """The persona."""
        return persona

    @reads(persona_id, sums=True)
    def project_of(self, persona_id: str) -> str:  # noqa: ARG002 - it was found by its rule
        """The id of the project that the persona belongs to."""
        return self._found.project_id

    @changes(project, "Added a persona", action="add_persona")
    def add(self, project: Project, persona: Persona) -> Persona:
        """Adds a persona, and returns it with its id."""
        return self._store.personas.add(project.id, [persona], self._clock())[0]

    @changes(persona, "Edited a persona", action="edit_persona")
    def edit(self, stored: Persona, persona: Persona, base: Persona | None = None) -> Persona:
        """Changes a persona's fields; where it came from stays, and sessions keep the snapshot they began with.

        Args:
            stored: the persona; callers hand over its id.
            persona: the fields as they are wanted.
            base: the persona as it was read. Fields that others changed since then stay theirs where `persona` has them as `base`
                has. Without it, the version of `persona` tells whether others changed something, and one without a version
                replaces whatever is there.

        Raises:
            EditConflict: somebody else changed the same fields since `base`.
        """
        personas, wanted = self._store.personas, {name: getattr(persona, name) for name in EDITED}
        made_from = persona.version if base is None else base
        return self._edited(stored, lambda: personas.get(stored.id), personas.replace, wanted, made_from, EDITED)

    @changes(persona, "Copied a persona", action="copy_persona")
    def copy(self, persona: Persona) -> Persona:
        """Adds a copy, named as such, to the persona's project."""
        project_id = self._found.project_id
        taken = {person.name for person in self._store.personas.of_project(project_id)}
        names = (f"{persona.name[:70]} (copy{'' if number == 1 else f' {number}'})" for number in range(1, 10_000))
        copy = replace(persona, name=next(name for name in names if name not in taken))
        return self._store.personas.add(project_id, [copy], self._clock())[0]

    @changes(
        project,
        "Copied personas to a project",
        action="copy_personas",
        logs=("persona_ids", "to_project_id"),
        also="to_project_id",
    )
    def copy_to(self, project: Project, persona_ids: Sequence[str], to_project_id: str) -> list[Persona]:
        """Copies personas of one project into another one, both the actor's; the originals stay as they are."""
        if to_project_id == project.id:
            raise InvalidInput("These personas are already in that project.")
        if not (chosen := self._store.personas.some(project.id, persona_ids)):
            raise InvalidInput("None of these personas are in the project any more.")
        return self._store.personas.add(to_project_id, chosen, self._clock())

    @changes(persona_id, "Deleted a persona", action="delete_persona")
    def delete(self, persona_id: str) -> None:
        """Removes a persona from its project; sessions that it took part in keep it."""
        self._store.personas.delete(persona_id)

    @changes(project, "Deleted personas", action="delete_personas", logs=("persona_ids",))
    def delete_some(self, project: Project, persona_ids: Sequence[str]) -> int:
        """Removes these personas from the project, and says how many there were; sessions keep those that took part."""
        return self._store.personas.delete_some(project.id, persona_ids)

    @changes(project, "Imported personas", action="import_personas")
    def import_file(
        self,
        project: Project,
        content: str | bytes,
        *,
        leave_out_wrong: bool = False,
        encoding: str = "",
        numbers: Numbers = "",
        ages: Ages = "",
    ) -> list[Persona]:
        """Adds the personas of a JSON file or a table, all or none.

        Args:
            project: the project; callers hand over its id.
            content: the file.
            leave_out_wrong: leaves out rows that cannot be read.
            encoding: the file's encoding, where `preview_of` asks for it.
            numbers: how numbers are written, where `preview_of` asks for it.
            ages: how ranges of ages are read, where `preview_of` asks for it.

        Raises:
            InvalidInput: a row cannot be read, and is named; or a question of `preview_of` has no answer.
        """
        preview = preview_of(content, encoding=encoding, numbers=numbers, ages=ages)
        refuse_open(preview)
        if preview.problems and not leave_out_wrong:
            raise InvalidInput(preview.problems[0])
        return self._store.personas.add(project.id, preview.personas, self._clock())

    @changes(project, "Recruited personas", action="recruit", logs=("size",))
    def recruit(
        self,
        project: Project,
        text: str,
        size: int,
        margins: Sequence[Margin] = (),
        *,
        model: str = "",
        seed: int = 0,
        again: bool = False,
    ) -> Task:
        """Begins to recruit a panel.

        Nobody pays twice for one panel: where one by the same brief, shares, model and seed is being recruited, or was within the
        last `LATELY`, nothing is begun.

        Args:
            project: the project; callers hand over its id.
            text: the brief.
            size: how many personas.
            margins: target shares.
            model: empty for the platform's default.
            seed: the same seed, brief and answers give the same panel.
            again: recruits another panel like one that is done.

        Returns:
            The task, which tells how far it is; that of the same panel where there is one.

        Raises:
            InvalidInput: the brief, the size, the shares or the model cannot be used, or the simulator cannot read the brief.
            QuotaExceeded: nothing of the project owner's quota is left.
            Conflict: too much of the owner's work is under way.
        """
        brief = Brief(text.strip(), size, tuple(margins), seed)
        request = Request.of(brief, self._context.known_model(model))
        check_brief(request.model, brief.text)
        exclusive = f"recruit/{project.id}/{fingerprint_of(request)}"

        def recruited() -> Task | None:
            return None if again else self._recruited(project.id, request)

        if there := self._store.tasks.doing(exclusive) or recruited():
            return there
        estimate = recruiting_estimate(self._context, brief, request.model)
        self._check_quota(project.owner_id, estimate.model)
        asked, now = to_stored(request), self._clock()
        task = Task(new_id(), "recruit", project.owner_id, project.id, asked, now, total=size, estimate=estimate)
        with room_for_task(self._context, project.owner_id, task.kind, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive), recruited)

    @reads(project)
    def report(self, project: Project, margins: Sequence[Margin], search: PersonaSearch | None = None) -> PanelReport:
        """Compares the personas that the search finds (all, without one) with target shares and with each other."""
        personas = self._store.personas.search(project.id, search or PersonaSearch())
        if not personas:
            raise InvalidInput("There are no personas to report on.")
        return panel_report(personas, margins)

    @reads(project, sums=True)
    def estimate_recruiting(
        self,
        project: Project,  # noqa: ARG002 - only who may have it is told
        brief: str,
        size: int,
        margins: Sequence[Margin] = (),
        model: str = "",
    ) -> Estimate:
        """Forecasts the use of recruiting such a panel; an empty brief is taken for a usual one."""
        name = self._context.known_model(model)
        usual = brief.strip() or "Who buys it, and why?"
        return recruiting_estimate(self._context, Brief(usual, size, tuple(margins)), name)

    def _recruited(self, project_id: str, request: Request) -> Task | None:
        """The task that recruited this very panel lately, while any of its people are still there."""
        asked = to_stored(request)
        for task in self._store.tasks.of_project(project_id, ["recruit"]):
            lately = task.finished_at is not None and self._clock() - task.finished_at < LATELY
            if lately and task.state is TaskState.DONE and task.request == asked:
                return task if self._store.personas.some(project_id, result_of(Result, task).persona_ids) else None
        return None
