"""Operations on designs: what one would cost, beginning it, how far it is, going on, stopping, deleting it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePosixPath

from semblance_core.analysis.alike import participants_of
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.designs.design import Cell, Design, DesignPanel, Part, PartKind, PartState
from semblance_core.domain.designs.study_file import MOST_ASKED, StudyFile
from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, FocusGroup
from semblance_core.domain.errors import InvalidInput, NotFound, PriceUnknown, price_unknown
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import Spent
from semblance_core.engine.tasks import recruit
from semblance_core.engine.tasks.stored import fingerprint_of, to_stored
from semblance_core.flows.delete import delete_design
from semblance_core.flows.designs.drafting import TEXT_FILE, Whose, design_estimate, drafted_design, panel_places
from semblance_core.flows.designs.going_on import Bounds, go_on, spent_on
from semblance_core.flows.designs.parts import parts_of
from semblance_core.flows.importing.persona_file import preview_of, refuse_open
from semblance_core.flows.importing.studies.reading import StudyReading, margins_of, parse_study, read_study
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.flows.simulated import check_language, check_plan, check_survey
from semblance_core.reports.designs.compared import CellWork, ComparedDesign, compared
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.handing_in import handed_in
from semblance_core.workspace.starting import let_run
from semblance_core.workspace.subjects import design, design_id, project, signed_in

SAME_REQUEST = timedelta(seconds=60)
"""The same request within this time is a second click."""
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class HeldDesign:
    """A design with its parts as they are now, and what its calls used."""

    design: Design
    study: StudyFile
    parts: tuple[Part, ...]
    spent: Spent


class Designs(Operations):
    @reads(signed_in, sums=True)
    def check(self, study_text: str) -> StudyReading:
        """The study file as it would be read, or its mistakes with their lines."""
        return read_study(study_text)

    @reads(project)
    def of_project(self, project: Project) -> list[Design]:
        """The project's designs, newest first."""
        return self._store.designs.of_project(project.id)

    @reads(project, sums=True)
    def estimate(self, project: Project, study_text: str, files: Files = ()) -> Estimate:
        """Forecasts the use of all panels, surveys, discussions and analyses together, stimuli left out; raises as `begin`."""
        study = parse_study(study_text)
        people = self._people(study, files)
        drawn, groups = self._drafted(study, project, people)
        return design_estimate(study, drawn, groups, people, self._store, self._gateway)

    @changes(project, "Began a design", action="begin_design")
    def begin(self, project: Project, study_text: str, files: Files = ()) -> Design:
        """Begins everything that a study file says: panels, surveys and discussions of every run of every arm.

        What has to wait for something else begins by itself once it can, as long as the budget has room. Where the very same study
        was begun within the last minute, nothing is begun and that one is returned.

        Args:
            project: the project; callers hand over its id.
            study_text: the study file (docs/studies.md).
            files: those that it names, by name and bytes.

        Returns:
            The design.

        Raises:
            InvalidInput: the study or a file cannot be used, a file is missing, or the simulator cannot read something.
            QuotaExceeded: nothing of the project owner's quota is left.
            PriceUnknown: it has a budget, and a model has no price.
            Conflict: too much of the owner's work is under way.
        """
        study = parse_study(study_text)
        read = self._people(study, files)
        shown = [self._shown(own, files) for own in study.planned]
        drawn, groups = self._drafted(study, project, read)
        for model in dict.fromkeys(drawn.models):
            self._check_quota(project.owner_id, model)
            if study.budget is not None and self._gateway.prices.price_of(model, self._clock()) is None:
                raise PriceUnknown(price_unknown(model))
        digests = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in files)
        request = fingerprint_of({"study": drawn.study, "files": digests, "models": list(drawn.models)})
        with self._store.open_work.one_at_a_time(project.owner_id):
            there = self._store.designs.asked(project.id, request)
            if there and drawn.created_at - there.created_at < SAME_REQUEST:
                return there
            people = [self._store.personas.add(project.id, each, self._clock()) if each else [] for each in read]
            drawn, groups = self._drafted(study, project, people)
            estimate = design_estimate(study, drawn, groups, people, self._store, self._gateway)
            self._store.designs.add(replace(drawn, request=request, estimate=estimate), groups)
        try:
            self._hand_in(drawn, groups, shown)
        except BaseException:
            delete_design(self._store, drawn.id, self._clock)
            raise
        self._store.designs.made_ready(drawn.id)
        self._submit(drawn)
        return self._store.designs.get(drawn.id)

    @reads(design)
    def get(self, held: Design) -> Design:
        """The design as it was begun."""
        return held

    @reads(design)
    def held(self, held: Design) -> HeldDesign:
        """The design with the state of every part, and what its calls used so far."""
        parts = tuple(parts_of(held, self._store))
        return HeldDesign(held, parse_study(held.study), parts, spent_on(held, self._store))

    @reads(design)
    def compare(self, held: Design) -> ComparedDesign:
        """The arms side by side, from all that was answered and said so far."""
        sessions = self._store.designs.sessions(held)
        work = [self._work(cell, sessions.get(cell.session_id)) for cell in held.cells]
        return compared(held, parse_study(held.study), work)

    @changes(design, "Went on with a design", action="go_on_design")
    def go_on(self, held: Design) -> Design:
        """Goes on with whatever stopped, and begins what is missing; raises what going on with the first of these raises."""
        self._store.designs.set_open(held.id, True)
        for part in parts_of(held, self._store):
            if part.state is PartState.STOPPED and part.kind is PartKind.DISCUSSION:
                let_run(self._context, self._actor, self._store.focus_groups.get(part.id))
            elif part.state is PartState.STOPPED:
                self._store.tasks.rerun(part.id)
                self._context.engine.submit("task", part.id)
        self._submit(held)
        return self._store.designs.get(held.id)

    @changes(design, "Stopped a design", action="stop_design")
    def stop(self, held: Design) -> None:
        """Stops all that runs of it and begins nothing more; an answer that comes late is discarded, its cost kept."""
        self._store.designs.set_open(held.id, False, "Stopped by a person.")
        for part in parts_of(held, self._store):
            if part.state is PartState.RUNNING and part.kind is PartKind.DISCUSSION:
                self._store.focus_groups.stop(part.id, self._clock(), reason="stopped")
            elif part.state is PartState.RUNNING:
                self._store.tasks.cancel(part.id, self._clock())

    @changes(design_id, "Deleted a design", action="delete_design")
    def delete(self, design_id: str) -> None:
        """Ends a design and removes it with its sessions and surveys. Its people stay in the project, its cost on record."""
        delete_design(self._store, design_id, self._clock)

    def _work(self, cell: Cell, group: FocusGroup | None) -> CellWork:
        usage, tasks = self._store.usage, tuple(filter(None, (cell.before_id, cell.after_id)))
        spent = usage.spent(task_id=tasks) if tasks else Spent()
        return CellWork(
            cell,
            self._answered(cell.before_id),
            self._answered(cell.after_id),
            group,
            tuple(self._store.focus_groups.messages(group.id)) if group else (),
            self._store.themes.newest(group.id) if group else None,
            spent + usage.spent(focus_group_id=group.id) if group else spent,
        )

    def _answered(self, survey_id: str) -> AnsweredSurvey | None:
        """The survey with its answers so far; None where it was not begun."""
        surveys = self._store.surveys
        try:
            survey = surveys.get(survey_id) if survey_id else None
        except NotFound:
            survey = None
        if survey is None:
            return None
        found = tuple(surveys.respondents(survey.id)), tuple(surveys.answers(survey.id))
        return AnsweredSurvey(survey, survey.read(), *found)

    def _submit(self, held: Design) -> None:
        settings = self._context.settings
        bounds = Bounds(settings.open_panels, settings.open_tasks, settings.running_sessions)
        for kind, work_id in go_on(held, self._store, self._gateway, self._clock, bounds):
            self._context.engine.submit(kind, work_id)

    def _people(self, study: StudyFile, files: Files) -> list[list[Persona]]:
        """The people of each panel, as their file has them; empty for those that are to be recruited."""
        found = []
        for arm, _ in panel_places(study):
            own = study.planned[arm]
            if not own.personas:
                found.append(list[Persona]())
                continue
            preview = preview_of(_content(own.personas, files))
            refuse_open(preview)
            if preview.problems:
                raise InvalidInput(f"{own.personas}: {preview.problems[0]}")
            people = list(preview.personas)
            least, most = (2, MAX_PARTICIPANTS) if own.guide else (1, MOST_ASKED)
            if not least <= len(people) <= most:
                raise InvalidInput(f"{own.personas} has {len(people)} personas, and {least} to {most} can take part.")
            found.append(list(participants_of(people)))
        return found

    def _shown(self, own: StudyFile, files: Files) -> list[tuple[str, bytes]]:
        """The files of an arm's discussion, its text first."""
        text = [(TEXT_FILE, own.text.encode())] if own.text and own.guide else []
        return [*text, *((PurePosixPath(each.path).name, _content(each.path, files)) for each in own.stimuli)]

    def _drafted(
        self, study: StudyFile, project: Project, people: Sequence[Sequence[Persona]]
    ) -> tuple[Design, list[FocusGroup]]:
        models = tuple(self._context.known_model(own.model) for own in study.planned)
        for own, model in zip(study.planned, models, strict=True):
            check_language(model, study.language)
            if own.guide:
                check_plan(model, own.brief, study.title, own.guide, ())
            for asked in filter(None, (own.before, own.after)):
                check_survey(model, asked)
        name = new_id()
        panels = [self._panel(study, place, name, models, each) for place, each in enumerate(people)]
        whose = Whose(project.id, project.owner_id, self._clock())
        analysis = tuple(map(self._context.defaults.analysis_of, models))
        return drafted_design(study, name, whose, models, analysis, tuple(panels), people)

    def _panel(
        self, study: StudyFile, place: int, name: str, models: Sequence[str], people: Sequence[Persona]
    ) -> DesignPanel:
        if people:
            return DesignPanel(len(people), tuple(person.id for person in people))
        arm, _ = panel_places(study)[place]
        own = study.planned[arm]
        brief = Brief(own.brief, own.size, margins_of(own.margins), study.seed + place)
        request = to_stored(recruit.Request.of(brief, models[arm]))
        return DesignPanel(own.size, task_id=f"{name}-panel-{place + 1}", request=request)

    def _hand_in(self, held: Design, groups: Sequence[FocusGroup], shown: Sequence[Files]) -> None:
        """Gives the first session of each arm what it shows; the others get copies of it when they begin."""
        by_id, done = {group.id: group for group in groups}, set[int]()
        for cell in held.cells:
            if cell.session_id and cell.arm not in done and shown[cell.arm]:
                handed = handed_in(self._context, by_id[cell.session_id], shown[cell.arm])
                if handed.refused:
                    raise InvalidInput(f"{handed.refused[0].name}: {handed.refused[0].why}")
            done.add(cell.arm)


def _content(path: str, files: Files) -> bytes:
    """The bytes of the file that a study names, by its path or its last part."""
    given = dict(files)
    name = PurePosixPath(path).name
    for each in (path, name):
        if each in given:
            return given[each]
    raise InvalidInput(f"The study names the file “{path}”, which was not given with it.")
