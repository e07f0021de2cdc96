"""Goes on with designs: begins what waits for nothing any more, within the design's budget, the quota and the account's bounds.

All ids are known before anything begins, and each part is begun while nothing else of the account is. So whoever does the same after a
process died, or beside another one, begins only what is missing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from semblance_core.domain.designs.design import Design, Part, PartKind, PartState, startable
from semblance_core.domain.designs.study_file import StudyFile
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound, PriceUnknown, QuotaExceeded
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.money import money
from semblance_core.flows.attach import checked_description, copy_missing
from semblance_core.flows.costs.forecasting import forecast_of, shown_stimuli
from semblance_core.flows.costs.plans import analysis_plan, discussion_plan, recruit_plan
from semblance_core.flows.costs.survey_plan import survey_plan
from semblance_core.flows.designs.asked import survey_of
from semblance_core.flows.designs.parts import parts_of
from semblance_core.flows.discussion.converse import check_startable
from semblance_core.flows.discussion.stimuli import check_described, planned
from semblance_core.flows.importing.studies.reading import margins_of, parse_study
from semblance_core.flows.quota import check_quota
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.flows.survey import new_survey, respondents_of
from semblance_core.flows.themes_at_end import themes_task
from semblance_core.llm.gateway import Gateway
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.store import Store

Begun = list[tuple[Literal["focus_group", "task"], str]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Open work of one account at once; 0 for no bound."""

    open_panels: int = 0
    open_tasks: int = 0
    running_sessions: int = 0


class _Waits(Exception):
    """A part cannot begin at this moment, but by itself later."""


def go_on_all(store: Store, gateway: Gateway, clock: Callable[[], datetime], bounds: Bounds) -> Begun:
    """Goes on with every design of which more is to be begun; returns what a worker is to be woken for."""
    begun: Begun = []
    one_by_one(
        store.designs.open(),
        lambda design: begun.extend(go_on(design, store, gateway, clock, bounds)),
        "Going on with a design",
    )
    return begun


def go_on(design: Design, store: Store, gateway: Gateway, clock: Callable[[], datetime], bounds: Bounds) -> Begun:
    """Goes on with this design. Where nothing more is to be begun, it is noted why; see `Design.note`."""
    owner = store.users.find(design.owner_id)
    if owner is None or owner.disabled:
        return []
    try:
        with store.open_work.one_at_a_time(design.owner_id):
            design = store.designs.get(design.id)
            if not design.is_open or not design.ready:
                return []
            return _Round(design, parse_study(design.study), store, gateway, clock(), bounds).go_on()
    except NotFound:
        return []  # it is being deleted
    except Conflict:
        log.info("a design goes on later", extra={"design_id": design.id})
        return []


def spent_on(design: Design, store: Store) -> Spent:
    """The use of all its calls so far."""
    sessions, tasks = design.session_ids, design.task_ids
    of_sessions = store.usage.spent(focus_group_id=sessions) if sessions else Spent()
    return of_sessions + (store.usage.spent(task_id=tasks) if tasks else Spent())


@dataclass(slots=True)
class _Round:
    design: Design
    study: StudyFile
    store: Store
    gateway: Gateway
    now: datetime
    bounds: Bounds

    def go_on(self) -> Begun:
        parts = parts_of(self.design, self.store)
        running = [part for part in parts if part.state is PartState.RUNNING]
        begun: Begun = []
        waits, note = False, ""
        committed = self._committed(running)
        for part in startable(self.design, parts):
            try:
                self._check_room(part)
                task, group, estimate, model = self._made(part)
                expected = estimate.p50_usd or Decimal(0)
                if note := self._over_budget(committed, expected, part):
                    waits = bool(running or begun)
                    break
                check_quota(
                    self.store.users.get(self.design.owner_id), model, self.store.ledger, self.gateway, self.now
                )
                if task:
                    self.store.tasks.add(replace(task, estimate=estimate))
                    begun.append(("task", task.id))
                elif group and self.store.focus_groups.start(replace(group, estimate=estimate), self.now):
                    begun.append(("focus_group", group.id))
                committed = None if committed is None else committed + expected
            except _Waits:
                waits = True
            except (QuotaExceeded, PriceUnknown) as refused:
                note = str(refused)
                break
            except (InvalidInput, Conflict) as refused:
                note = str(refused)
        if not begun and not running and not waits:
            self.store.designs.set_open(self.design.id, False, note)
        elif note != self.design.note:
            self.store.designs.set_open(self.design.id, True, note)
        return begun

    def _check_room(self, part: Part) -> None:
        owner, bounds = self.design.owner_id, self.bounds
        if part.kind is PartKind.DISCUSSION:
            most, there = bounds.running_sessions, self.store.open_work.sessions(owner, besides="")
        else:
            kinds = self.store.open_work.tasks(self.store.projects.ids_of_owner(owner))
            most, there = bounds.open_tasks, len(kinds)
            if part.kind is PartKind.PANEL and bounds.open_panels and kinds.count("recruit") >= bounds.open_panels:
                raise _Waits
        if most and there >= most:
            raise _Waits

    def _committed(self, running: Sequence[Part]) -> Decimal | None:
        """Dollars spent, and those that what runs may still use; None without a budget."""
        if self.design.budget_usd is None:
            return None
        total = spent_on(self.design, self.store).cost_usd or Decimal(0)
        for part in running:
            usage, is_session = self.store.usage, part.kind is PartKind.DISCUSSION
            used = usage.spent(focus_group_id=part.id) if is_session else usage.spent(task_id=part.id)
            so_far = used.cost_usd or Decimal(0)
            total += max(Decimal(0), (part.expected_usd or Decimal(0)) - so_far)
        return total

    def _over_budget(self, committed: Decimal | None, expected: Decimal, part: Part) -> str:
        budget = self.design.budget_usd
        if budget is None or committed is None or (committed < budget and committed + expected <= budget):
            return ""
        return (
            f"The design's budget of {money(budget)} leaves no room for the next part, a {part.kind} of about "
            f"{money(expected)}: {money(committed)} are spent or set aside for what runs."
        )

    def _made(self, part: Part) -> tuple[Task | None, FocusGroup | None, Estimate, str]:
        """The task or session that the part is, not begun yet, with its estimate and model."""
        if part.kind is PartKind.PANEL:
            return self._panel(part)
        cell = self.design.cells[part.place]
        model = self.design.models[cell.arm]
        if part.kind is PartKind.DISCUSSION:
            group = self._session(part)
            there = self.store.assets.of(group)
            plan = discussion_plan(group, self.gateway, shown_stimuli(self.store, self.gateway, group, there))
            return None, group, self._forecast(plan, model), model
        if part.kind is PartKind.THEMES:
            group = self.store.focus_groups.get(cell.session_id)
            task = themes_task(group, group.next_seq - 1, self.design.analysis_models[cell.arm], self.now)
            return task, None, self._forecast(analysis_plan(group, self.gateway), model), model
        return self._survey(part, model)

    def _panel(self, part: Part) -> tuple[Task, None, Estimate, str]:
        panel = self.design.panels[part.place]
        request = panel.request
        margins = margins_of(self._arm_of_panel(part.place).margins)
        brief = Brief(str(request["text"]), panel.size, margins, int(request["seed"]))
        model = str(request["model"])
        task = self._task(panel.task_id, "recruit", request, total=panel.size)
        return task, None, self._forecast(recruit_plan(brief, model, self.gateway), model), model

    def _arm_of_panel(self, place: int) -> StudyFile:
        arm = next(cell.arm for cell in self.design.cells if cell.panel == place)
        return self.study.planned[arm]

    def _survey(self, part: Part, model: str) -> tuple[Task, None, Estimate, str]:
        design, cell = self.design, self.design.cells[part.place]
        people, questionnaire = self._people(part), survey_of(self.study, cell, part.kind)
        seed = self.study.seed + cell.run
        of = (design.project_id, design.owner_id, self.now)
        survey = new_survey(part.id, *of, questionnaire, len(people), model, seed, self.study.scales)
        self.store.surveys.delete(survey.id)  # what a process that died left half done
        self.store.surveys.add(survey, respondents_of(people))
        task = self._task(part.id, "survey", {"survey_id": part.id, "model": model})
        plan = survey_plan(questionnaire, people, self.study.scales, model, self.gateway)
        return task, None, self._forecast(plan, model), model

    def _session(self, part: Part) -> FocusGroup:
        """The session with its people and stimuli, ready to start; raises `_Waits` while its files are read."""
        design, groups = self.design, self.store.focus_groups
        reading = self.store.designs.reading(design)
        cell = design.cells[part.place]
        first = next(each for each in design.cells if each.arm == cell.arm).session_id
        tasks = reading.get(first, [])
        if any(not task.state.is_over for task in tasks):
            raise _Waits
        if failed := [task for task in tasks if task.state is not TaskState.DONE]:
            raise InvalidInput(failed[0].error or "Reading the stimuli was cancelled.")
        if refused := [str(each["why"]) for task in tasks for each in task.result["files"].values() if "why" in each]:
            raise InvalidInput(refused[0])
        group = groups.get(part.id)
        if first != group.id:
            copy_missing(groups.get(first), group, self.store.assets, self.now)
            group = groups.get(part.id)
        if not group.participants:
            wanted = replace(
                group, participants=tuple(replace(each, version=None, edits={}) for each in self._people(part))
            )
            if not groups.set_up(replace(wanted, updated_at=self.now), ("participants",)):
                raise _Waits
            group = groups.get(part.id)
        self._describe(group, self.study.planned[cell.arm])
        check_startable(group)
        check_described(group, self.store.assets, self.gateway.catalogue.sees)
        return planned(group, groups)

    def _describe(self, group: FocusGroup, own: StudyFile) -> None:
        """Puts the study's words to pictures that have none."""
        said = [*([""] if own.text else []), *(each.words for each in own.stimuli)]
        for asset, words in zip(self.store.assets.of(group), said, strict=False):
            if asset.is_picture and words and not asset.description:
                self.store.assets.replace(
                    replace(asset, description=checked_description(asset, words)), ("description",)
                )

    def _people(self, part: Part) -> list[Persona]:
        cell = self.design.cells[part.place]
        panel = self.design.panels[cell.panel]
        ids = panel.persona_ids
        if not ids:
            ids = tuple(self.store.tasks.get(panel.task_id).result["persona_ids"])
        found = {each.id: each for each in self.store.personas.some(self.design.project_id, ids)}
        if missing := [each for each in ids if each not in found]:
            raise InvalidInput(f"{len(missing)} of the design's personas were deleted, so its arms would not be alike.")
        return [found[each] for each in cell.of_panel(ids)]

    def _task(self, task_id: str, kind: str, request: dict[str, object], total: int = 0) -> Task:
        design = self.design
        about = (task_id, kind, design.owner_id, design.project_id, request, self.now)
        return Task(*about, total=total, exclusive=f"{kind}/{task_id}")

    def _forecast(self, plan: Sequence[object], model: str) -> Estimate:
        return forecast_of(self.store, self.gateway, plan, model, self.now)  # type: ignore[arg-type]
