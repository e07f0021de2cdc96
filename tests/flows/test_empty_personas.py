"""A persona that says nothing of anybody is none: asked again, and if need be said as failed, with its cost."""

import json

from pydantic import BaseModel

from semblance_core.bootstrap import Semblance
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.requests.recruiting import RecruitedForm, Sketches
from semblance_core.llm.structured import read
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import finished

EMPTY = (
    *(
        "{}",
        "[]",
        "null",
        '""',
        "[{}]",
        '{"persona": {}}',
        '{"name": ""}',
        '{"name": "Maya"}',
        '{"name": "Maya", "age": 34}',
    ),
    '{"name": "string", "gender": "string", "location": "string", "occupation": "string", "backstory": "string"}',
    '{"name": "Maya", "gender": "N/A", "location": "unknown", "occupation": "-", "quote": "...", "backstory": "TBD"}',
    '{"name": "Maya", "gender": "", "location": " ", "occupation": null, "values": [], "backstory": ""}',
    '{"name": "Maya", "values": ["", " "], "goals": ["string"], "backstory": "<string>"}',
    '{"big_five": {"openness": 50}, "talkativeness": 50}',
    '{"error": "I cannot do that"}',
    '{"thoughts": "They want a nurse"}',
    '{"name": "Maya", "gender": "woman"}',
    '{"name": "Maya", "gender": "woman", "location": "Leeds"}',
    '{"name": "N/A", "quote": "None", "backstory": "None", "goals": ["None"], "values": "none"}',
    '{"name": "Maya", "backstory": "…", "quote": "???", "occupation": "[occupation]"}'.replace(
        "[occupation]", "<unknown>"
    ),
    "```json\n{}\n```",
)
WHOLE = '{"name": "Maya Rao", "occupation": "Nurse", "location": "Leeds", "backstory": "Two children, long shifts."}'
FULL = (WHOLE, f'{{"persona": {WHOLE}}}', f"[{WHOLE}]", f"```json\n{WHOLE}\n```")


def refusal(text: str, shape: type[BaseModel]) -> str:
    """With what words it is refused; empty where it is not."""
    try:
        read(text, shape)
    except ModelFailed as failed:
        return str(failed)
    return ""


def test_a_persona_that_says_nothing_is_refused_whatever_its_form() -> None:
    for text in EMPTY:
        assert refusal(text, RecruitedForm).startswith("The model"), text
    for text in FULL:
        assert read(text, RecruitedForm).occupation == "Nurse", text


def test_sketches_that_say_nothing_are_refused() -> None:
    for text in ('{"personas": []}', '{"personas": [{}, {}]}', '{"personas": [{"name": "", "sketch": " "}]}'):
        assert "sketches of the personas are empty" in refusal(text, Sketches), text
    assert read('{"personas": [{}, {"sketch": "A nurse."}]}', Sketches).personas[1].sketch == "A nurse."


def test_an_empty_persona_is_asked_for_again(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    empty: list[int] = []

    def once_empty(asked: Asked) -> Reply:
        if asked.feature == "recruit_persona" and not empty:
            empty.append(asked.number)
            return Reply("{}")
        return sensible(asked)

    model_server.script = once_empty
    project = workspace.projects.create("Oat milk")
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, "Shoppers", 2))
    assert task.state is TaskState.DONE, task.error
    assert all(person.backstory for person in workspace.personas.of_project(project.id))
    assert [event.status for event in workspace.usage.mine.calls(limit=0)].count("schema") == 1


def test_a_panel_of_empty_personas_fails_in_words_and_its_cost_is_kept(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("{}") if asked.feature == "recruit_persona" else sensible(asked)
    project = workspace.projects.create("Oat milk")
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, "Shoppers", 1))
    assert (task.state, workspace.personas.of_project(project.id)) == (TaskState.FAILED, [])
    assert "it is empty" in task.error
    events = workspace.usage.mine.calls(limit=0)
    assert sorted(event.status for event in events) == ["ok", "schema", "schema"]
    assert all(event.cost_usd for event in events)


def test_a_panel_of_blank_fields_fails_in_words(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    blank = json.dumps(dict.fromkeys(("name", "occupation", "location", "quote", "backstory"), ""))
    model_server.script = lambda asked: Reply(blank) if asked.feature == "recruit_persona" else sensible(asked)
    project = workspace.projects.create("Oat milk")
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, "Shoppers", 1))
    assert task.state is TaskState.FAILED
    assert "the persona is empty" in task.error
