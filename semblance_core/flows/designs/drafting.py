"""A design made of a study: its cells, its sessions as drafts, and what its panels are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from semblance_core import prompts
from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.domain.designs.design import Cell, Design, DesignPanel, PartKind
from semblance_core.domain.designs.latin import orders
from semblance_core.domain.designs.study_file import People, StudyFile
from semblance_core.domain.discussion.focus_group import TITLE_CHARS, FocusGroup
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import is_simulated
from semblance_core.flows.costs.forecasting import forecast_of, together
from semblance_core.flows.costs.plans import analysis_plan, discussion_plan, recruit_plan
from semblance_core.flows.costs.survey_plan import survey_plan
from semblance_core.flows.designs.asked import called, survey_of
from semblance_core.flows.importing.studies.reading import margins_of
from semblance_core.flows.importing.studies.writing import study_text
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.llm.gateway import Gateway
from semblance_core.store.ids import new_id
from semblance_core.store.store import Store

TEXT_FILE = "text.txt"
"""The name of an arm's text where a discussion shows it, for the guide's “show:”."""
STAND_IN = "Somebody who is to be recruited"


@dataclass(frozen=True, slots=True)
class Whose:
    """The project, its owner, and the time."""

    project_id: str
    owner_id: str
    at: datetime


def panel_places(study: StudyFile) -> tuple[tuple[int, int], ...]:
    """Arm and run for which each panel is drawn.

    With people of its own each run of an arm gets a panel, unless they come from a file. Else one panel serves all.
    """
    if study.people is not People.NEW:
        return ((0, 0),)
    runs = [range(study.runs if own.brief else 1) for own in study.planned]
    return tuple((arm, run) for arm, each in enumerate(runs) for run in each)


def cells_of(study: StudyFile, design_id: str) -> tuple[Cell, ...]:
    """All cells, run by run, with the ids of what will be begun for them."""
    places = panel_places(study)
    rows = orders(len(study.arms)) if study.people is People.WITHIN else ((),)
    found: list[Cell] = []
    for run in range(study.runs):
        for arm, own in enumerate(study.planned):
            panel = next((at for at, each in enumerate(places) if each == (arm, run)), None)
            if panel is None:
                panel = next((at for at, each in enumerate(places) if each[0] == arm), 0)
            for share, order in enumerate(rows):
                name = f"{design_id}-{len(found) + 1}"
                before = f"{name}-before" if own.before else ""
                after = f"{name}-after" if own.after else ""
                session = new_id() if own.guide else ""
                found.append(Cell(arm, run, panel, before, session, after, order, share, len(rows)))
    return tuple(found)


def drafted_design(
    study: StudyFile,
    design_id: str,
    whose: Whose,
    models: tuple[str, ...],
    analysis_models: tuple[str, ...],
    panels: tuple[DesignPanel, ...],
    people: Sequence[Sequence[Persona]],
) -> tuple[Design, list[FocusGroup]]:
    """A new design with its sessions as drafts; nothing runs yet.

    Args:
        study: what it does.
        design_id: its id.
        whose: project, owner and time.
        models: of each arm.
        analysis_models: that find themes, of each arm.
        panels: as `panel_places` has them.
        people: of each panel; empty where they are still to be recruited.
    """
    cells = cells_of(study, design_id)
    design = Design(
        design_id,
        whose.project_id,
        whose.owner_id,
        study.title,
        study_text(study),
        models,
        analysis_models,
        cells,
        panels,
        whose.at,
        study.budget,
        all(map(is_simulated, models)),
        prompts.version(),
    )
    groups = []
    for cell in cells:
        if cell.session_id:
            groups.append(_session(study, cell, whose, models[cell.arm], people[cell.panel]))
    return design, groups


def design_estimate(
    study: StudyFile,
    design: Design,
    groups: Sequence[FocusGroup],
    people: Sequence[Sequence[Persona]],
    store: Store,
    gateway: Gateway,
) -> Estimate:
    """Forecasts the use of all panels, surveys, discussions and analyses together, stimuli left out."""
    plans: dict[str, list[PlannedCalls]] = {}
    for place, panel in enumerate(design.panels):
        if panel.task_id:
            arm, _ = panel_places(study)[place]
            own = study.planned[arm]
            brief = Brief(own.brief, own.size, margins_of(own.margins), 0)
            plans.setdefault(design.models[arm], []).extend(recruit_plan(brief, design.models[arm], gateway))
    by_id = {group.id: group for group in groups}
    for cell in design.cells:
        model = design.models[cell.arm]
        asked = [each for each, there in ((PartKind.BEFORE, cell.before_id), (PartKind.AFTER, cell.after_id)) if there]
        everybody = list(people[cell.panel]) or [
            Persona(f"{STAND_IN} {n}") for n in range(design.panels[cell.panel].size)
        ]
        own_people = [each for place, each in enumerate(everybody) if place % cell.shares == cell.share]
        for kind in asked if own_people else ():
            plan = survey_plan(survey_of(study, cell, kind), own_people, study.scales, model, gateway)
            plans.setdefault(model, []).extend(plan)
        if group := by_id.get(cell.session_id):
            drawn = _with(group, everybody)
            plans.setdefault(model, []).extend(discussion_plan(drawn, gateway))
            plans[model].extend(analysis_plan(_with(group, everybody, said=drawn.turn_limit), gateway))
    at = design.created_at
    found = [forecast_of(store, gateway, plan, model, at) for model, plan in plans.items()]
    return found[0] if len(found) == 1 else together(found, ", ".join(plans), at)


def _with(group: FocusGroup, people: Sequence[Persona], said: int = 0) -> FocusGroup:
    return replace(group, participants=tuple(people), next_seq=said + 1)


def _session(study: StudyFile, cell: Cell, whose: Whose, model: str, people: Sequence[Persona]) -> FocusGroup:
    own = study.planned[cell.arm]
    assert own.guide
    return FocusGroup(
        id=cell.session_id,
        project_id=whose.project_id,
        owner_id=whose.owner_id,
        title=f"{called(study, cell)} · {study.title}"[:TITLE_CHARS],
        topic=study.title,
        guide=own.guide,
        participants=tuple(replace(each, version=None, edits={}) for each in people),
        model=model,
        turn_limit=study.turns,
        seed=study.seed + cell.run,
        created_at=whose.at,
        updated_at=whose.at,
        simulated=is_simulated(model),
        probing=own.probing,
        private_first=study.private_first,
        language=study.language,
    )
