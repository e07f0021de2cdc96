"""The simulator refuses what it cannot read where one begins, in words and with a next step, and nothing is begun or counted."""

import re
from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.study import StudyPlan, run_study
from semblance_core.workspace import Workspace, config_of
from tests.flows.test_queued import NobodyHere
from tests.languages import TALK
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import GUIDE, asked_round, discussed, finished, session, with_engine

SIMULATOR = "simulator/instant"
GERMAN = "Haushalte zwischen 30 bis 60, die über eine Wärmepumpe nachdenken"
QUESTION = "Was halten Sie von dem Preis?"
REFUSED = "The simulator reads plain English only, and cannot read"


def nothing_was_done(semblance: Semblance, workspace: Workspace, group: FocusGroup) -> bool:
    semblance.gateway.batcher.flush()
    after = workspace.sessions.get(group.id)
    spent, tasks = workspace.sessions.spent(group.id), workspace.tasks.of_project(group.project_id)
    return (after.next_seq, after.state, spent.calls, tasks) == (1, FocusGroupState.DRAFT, 0, [])


def test_a_brief_is_refused_before_a_task_is_begun(semblance: Semblance, workspace: Workspace) -> None:
    project = workspace.projects.create("Heat pumps")
    for brief in (GERMAN, "asdf qwer", "👍", "30–60", "オーツミルクを買う人"):
        with pytest.raises(InvalidInput, match=f"{REFUSED} the brief. Choose a language model under “Model and seed”"):
            workspace.personas.recruit(project.id, brief, 3, model=SIMULATOR)
    with pytest.raises(InvalidInput, match=r"not as in “thirty”\. Choose a language model"):
        workspace.personas.recruit(project.id, "UK shoppers aged thirty to sixty who buy tea", 3, model=SIMULATOR)
    assert workspace.tasks.of_project(project.id) == []
    assert workspace.personas.of_project(project.id) == []


def test_another_model_takes_the_same_brief(semblance: Semblance, workspace: Workspace) -> None:
    project = workspace.projects.create("Heat pumps")
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, GERMAN, 2))
    assert (task.error, len(workspace.personas.of_project(project.id))) == ("", 2)


@pytest.mark.parametrize("set_up", [
    {"guide": f"- What do you drink?\n- {QUESTION}"}, {"topic": "Wärmepumpen in alten Häusern"},
])  # fmt: skip
def test_a_guide_or_a_topic_is_refused_at_the_start(
    semblance: Semblance, workspace: Workspace, set_up: dict[str, str]
) -> None:
    group = session(workspace, model=SIMULATOR, **set_up)
    with pytest.raises(InvalidInput, match=f"{REFUSED} (the topic|“{re.escape(QUESTION)}”)") as refused:
        workspace.sessions.start(group.id)
    assert "under “Model and limits” to continue" in str(refused.value)
    assert nothing_was_done(semblance, workspace, group)


def test_the_same_guide_runs_with_another_model(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, guide=f"- {QUESTION}", model=SIMULATOR, turn_limit=3)
    workspace.sessions.change(group.id, replace(config_of(group), model="openai/gpt-4o-mini"))
    _, messages = discussed(semblance, workspace, group.id)
    assert [message.status for message in messages] == [MessageStatus.SAID] * 3


def test_a_question_is_refused_before_it_is_put(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, model=SIMULATOR)
    with pytest.raises(InvalidInput, match=f"{REFUSED} “{re.escape(QUESTION)}”. .* under “Model and limits”"):
        workspace.sessions.post(group.id, QUESTION)
    assert nothing_was_done(semblance, workspace, group)
    assert len(asked_round(semblance, workspace, group.id, "@Maya, why tea?")) == 2
    with pytest.raises(InvalidInput, match=f"{REFUSED} “{re.escape(QUESTION)}”. Ask in English, or duplicate"):
        workspace.sessions.post(group.id, QUESTION)
    assert workspace.sessions.get(group.id).next_seq == 3


def test_a_question_is_refused_before_it_waits(workspace: Workspace) -> None:
    alone = with_engine(workspace, NobodyHere())
    group = session(alone, model=SIMULATOR)
    alone.sessions.post(group.id, "First?")
    with pytest.raises(InvalidInput, match=REFUSED):
        alone.sessions.post(group.id, QUESTION, queues=True)
    assert alone.sessions.get(group.id).queued == ()


def test_themes_are_refused_of_a_talk_in_another_language(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda _: Reply(TALK["German"][:300])
    group = session(workspace)
    asked_round(semblance, workspace, group.id, QUESTION)
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"model": SIMULATOR}})
    with pytest.raises(InvalidInput, match=r"cannot read this discussion\. Duplicate the session"):
        workspace.findings.analyse(group.id)
    assert workspace.findings.newest_task(group.id) is None


def test_what_gets_past_the_first_refusal_fails_in_words_and_can_be_asked_again(
    semblance: Semblance, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("semblance_core.flows.discussion.moderate.check_words", lambda *_: None)
    group = session(workspace, 2, model=SIMULATOR)
    _, *replies = asked_round(semblance, workspace, group.id, QUESTION)
    assert {reply.status for reply in replies} == {MessageStatus.FAILED}
    assert {reply.error for reply in replies} == {f"{REFUSED} “{QUESTION}”."}
    assert [reply.seq for reply in workspace.sessions.failed_lately(group.id)] == [2, 3]
    database = semblance.connection.database
    database["focus_groups"].update_one({"_id": group.id}, {"$set": {"model": "openai/gpt-4o-mini"}})
    workspace.sessions.retry(group.id)
    semblance.engine.wait("focus_group", group.id)
    assert {message.status for message in workspace.sessions.messages(group.id)} == {MessageStatus.SAID}


@pytest.mark.parametrize("plan", [
    {"brief": GERMAN}, {"brief": "UK shoppers who buy tea", "guide": f"- {QUESTION}"},
    {"brief": "UK shoppers who buy tea", "topic": "Tee und Kaffee im Alltag"},
])  # fmt: skip
def test_a_study_is_refused_whole_before_its_panel_is_recruited(
    semblance: Semblance, workspace: Workspace, plan: dict[str, str]
) -> None:
    guide = parse_guide(plan.pop("guide", GUIDE))
    with pytest.raises(InvalidInput, match=REFUSED):
        run_study(semblance, StudyPlan(guide, model=SIMULATOR, **plan), user="user")  # type: ignore[arg-type]
    assert not semblance.connection.database["projects"].count_documents({})
