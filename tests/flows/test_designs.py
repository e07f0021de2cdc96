"""Designs over a real database: 2 arms × 2 runs × 8 people, gone on with where a process died, stopped by their budget."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.cli.designs import run_to_end
from semblance_core.domain.designs.design import PartKind, PartState
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.flows.designs.going_on import Bounds, go_on
from semblance_core.reports.exports import personas_json
from semblance_core.workspace import Workspace
from tests.faults.conftest import NobodyHere
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import panel, with_engine
from tests.surveys import SHORT, STUDY, answering

TWO_BY_TWO = f"""---
title: Two texts
personas: people.json
turns: 4
probing: none
seed: 5
arms:
- name: Plain
  text: Oat milk, 1.80.
- name: Warm
  text: Oat milk, made with care, 1.80.
---

```guide
- What is the first thing you notice?
  show: text.txt
```

```survey
{SHORT}
```
"""
PEOPLE = [("people.json", personas_json(panel(8)).encode())]


def asks_survey(asked: Asked) -> bool:
    return "You answer a questionnaire" in asked.prompt


def scripted(model_server: ScriptedServer) -> None:
    usual = model_server.script

    def script(asked: Asked) -> Reply:
        return answering()(asked) if asks_survey(asked) else usual(asked)

    model_server.script = script


def test_two_arms_two_runs_and_eight_people_go_on_where_a_process_died(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, tmp_path: Path
) -> None:
    scripted(model_server)
    project = workspace.projects.create("Oat milk", numbered=True)
    dead = with_engine(workspace, NobodyHere())
    held = dead.designs.begin(project.id, TWO_BY_TWO, PEOPLE)
    assert dead.designs.begin(project.id, TWO_BY_TWO, PEOPLE).id == held.id, "a second click begins nothing"
    assert (len(held.cells), len(held.session_ids), len(held.survey_ids)) == (4, 4, 4)
    assert model_server.asked == []

    parts = (semblance.store, semblance.gateway, semblance.clock, Bounds())
    for tasks in semblance.store.designs.reading(held).values():
        for task in tasks:
            semblance.engine.wait("task", task.id)
    assert {kind for kind, _ in go_on(held, *parts)} == {"focus_group"}
    assert go_on(held, *parts) == [], "what was begun is not begun again"

    assert run_to_end(semblance, workspace, held, tmp_path) == 0
    now = workspace.designs.held(held.id)
    assert {part.state for part in now.parts} == {PartState.DONE}
    assert not now.design.is_open
    asked = [each for each in model_server.asked if asks_survey(each)]
    assert len(asked) == 8 * 2 * 4, "each of eight is asked two questions in each run of each arm, once"
    assert sum("made with care" in each.prompt for each in asked) == 8 * 2 * 2
    sessions = [workspace.sessions.get(each) for each in held.session_ids]
    assert [len(each.participants) for each in sessions] == [8] * 4
    assert [each.seed for each in sessions] == [5, 5, 6, 6]
    texts = [workspace.stimuli.of_session(each.id)[0] for each in sessions]
    assert [workspace.stimuli.text(each) for each in (asset.id for asset in texts)] == [
        "Oat milk, 1.80.",
        "Oat milk, made with care, 1.80.",
    ] * 2
    # A busy machine may give a call up before it arrives.
    given_up = sum(event.status != "ok" for event in semblance.store.usage.events())
    assert 0 <= now.spent.calls - len(model_server.asked) <= given_up
    assert (tmp_path / "study.md").read_text(encoding="utf-8") == held.study
    assert len(list(tmp_path.glob("*/survey/answers.csv"))) == len(list(tmp_path.glob("*/themes.json"))) == 4

    found = workspace.designs.compare(held.id)
    scale = next(each for each in found.figures if each.name == "mean")
    assert [arm and (arm.mean.figure, arm.people, arm.runs) for arm in scale.arms] == [(4.0, 8, (4.0, 4.0))] * 2
    told = scale.differences[0]
    assert told
    assert (told.shift.figure, told.paired, scale.noise) == (0.0, True, 0.0)
    assert scale.words(1) == "Within what a second run of the same arm shows (up to 0.00)."
    assert sum(each.spent.calls for each in found.runs) == now.spent.calls
    assert all(each.turns for each in found.runs)
    lines = (tmp_path / "comparison.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines))
    assert {row["row"] for row in rows} >= {"arm", "run", "difference to Plain", "talk", "cost"}
    assert all(row["synthetic"] == "True" for row in rows)
    assert "Noise" in (tmp_path / "method.md").read_text(encoding="utf-8")

    workspace.designs.delete(held.id)
    with pytest.raises(NotFound):
        workspace.designs.get(held.id)
    assert not semblance.store.session_lists.ids_of_project(project.id)
    assert not workspace.surveys.of_project(project.id)


def test_a_budget_ends_what_is_begun_and_says_so(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, tmp_path: Path
) -> None:
    scripted(model_server)
    project = workspace.projects.create("Oat milk", numbered=True)
    asked = STUDY.replace("model: simulator/instant", "budget: 0.000001")
    held = workspace.designs.begin(project.id, asked, [("people.json", personas_json(panel(2)).encode())])
    assert run_to_end(semblance, workspace, held, tmp_path) == 1
    now = workspace.designs.held(held.id)
    assert not model_server.asked
    assert "leaves no room for the next part, a survey of about" in now.design.note
    assert now.design.budget_usd == Decimal("0.000001")
    assert {part.state for part in now.parts if part.kind is not PartKind.PANEL} == {PartState.WAITING}


def test_within_people_each_arm_stands_in_each_place_and_what_came_before_is_told(
    workspace: Workspace, semblance: Semblance
) -> None:
    project = workspace.projects.create("Oat milk", numbered=True)
    asked = STUDY.replace("arms:", "people: within\nruns: 1\narms:")
    dead = with_engine(workspace, NobodyHere())
    held = dead.designs.begin(project.id, asked, PEOPLE)
    assert [(cell.arm, cell.order, cell.share) for cell in held.cells] == [
        *((0, (0, 1), 0), (0, (1, 0), 1), (1, (0, 1), 0), (1, (1, 0), 1))
    ]
    surveys = [semblance.store.surveys.get(each) for each in held.survey_ids]
    assert [survey.size for survey in surveys] == [4] * 4
    told = [survey.read().introduction for survey in surveys]
    assert "They have read this before:\nOat milk, made with care" in told[1]
    assert "They have read this before" not in told[0]


def test_what_cannot_be_begun_is_said_before_anything_is(workspace: Workspace) -> None:
    project = workspace.projects.create("Oat milk", numbered=True)
    with pytest.raises(InvalidInput, match=r"names the file “people\.json”, which was not given"):
        workspace.designs.begin(project.id, STUDY)
    unfit = json.dumps([{"name": "Maya Rao"}, {"name": "Moderator"}]).encode()
    with pytest.raises(InvalidInput, match="called Moderator"):
        workspace.designs.begin(project.id, STUDY, [("people.json", unfit)])
    assert not workspace.designs.of_project(project.id)
    assert not workspace.personas.of_project(project.id)
