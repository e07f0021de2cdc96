"""Work ends with what it was for: no call is made for it any more, and none of its words stays."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import NotFound
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.flows.deleting import SECRET, counts, holding, talked, told
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import eventually, finished, session

pytestmark = pytest.mark.usefixtures("secret_answers")


def test_an_analysis_under_way_ends_with_its_session(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = talked(semblance, workspace)
    model_server.latency_s, before = 1.0, len(model_server.asked)
    task = workspace.findings.analyse(group.id)
    eventually(lambda: len(model_server.asked) > before, within_s=60)
    asked = len(model_server.asked)
    workspace.sessions.delete(group.id)
    assert workspace.tasks.get(task.id).state is TaskState.CANCELLED
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    semblance.gateway.batcher.flush()
    assert len(model_server.asked) == asked
    assert holding(semblance, SECRET) == []
    assert workspace.usage.mine.calls()[0].task_id == task.id, "what it cost is on record"
    with pytest.raises(NotFound):
        workspace.tasks.rerun(task.id)


@pytest.mark.parametrize("what", ["session", "project", "task"])
def test_what_a_failed_task_kept_goes_too(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, what: str
) -> None:
    group = talked(semblance, workspace)
    model_server.script = told(failing="build_themes")
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.FAILED
    assert "tasks" in holding(semblance, SECRET)
    assert "usage_events" in holding(semblance, SECRET), "as the provider's answer"
    if what == "task":
        workspace.tasks.delete(task.id)
    elif what == "session":
        workspace.sessions.delete(group.id)
    else:
        workspace.projects.delete(group.project_id)
    assert "tasks" not in holding(semblance, SECRET)
    assert workspace.tasks.mine() == []
    if what != "task":
        assert holding(semblance, SECRET) == []
        assert {event.error for event in workspace.usage.mine.calls()} == {""}
        assert {event.status for event in workspace.usage.mine.calls()} == {"ok", "bad_request"}


def test_a_task_that_is_done_keeps_nothing_that_it_needed_on_the_way(
    semblance: Semblance, workspace: Workspace
) -> None:
    task = finished(semblance, workspace, workspace.findings.analyse(talked(semblance, workspace).id))
    assert task.result == {"themes": 1, "dropped_quotes": 0}
    project = workspace.projects.create("Panel")
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, "Anybody", 2))
    assert (task.state, task.result.keys() & {"sketches", "written"}) == (TaskState.DONE, set())


def test_recruiting_under_way_ends_with_its_project(open_platform: OpenPlatform, model_server: ScriptedServer) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=2)
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Panel")
    model_server.latency_s = 0.5
    workspace.personas.recruit(project.id, SECRET, 12)
    eventually(lambda: len(model_server.asked) >= 3, within_s=60)
    asked = len(model_server.asked)
    workspace.projects.delete(project.id)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == asked
    assert counts(semblance) == {}
    assert holding(semblance, SECRET) == []


def test_replies_that_wait_for_a_place_are_not_asked_for_once_their_session_is_gone(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=2)
    workspace = semblance.workspace("user")
    group = session(workspace, size=8)
    model_server.latency_s = 1.0
    workspace.sessions.post(group.id, "What do you buy?")
    eventually(lambda: len(model_server.asked) == 2, within_s=60)
    workspace.sessions.delete(group.id)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == 2
    semblance.gateway.batcher.flush()
    assert holding(semblance, SECRET) == []
    assert semblance.store.reconciliation.check().differences == ()


@pytest.mark.parametrize("autonomous", [False, True])
def test_no_other_attempt_is_made_for_a_session_that_was_stopped(
    open_platform: OpenPlatform, model_server: ScriptedServer, autonomous: bool
) -> None:
    semblance = open_platform()
    workspace = semblance.workspace("user")
    group = session(workspace, size=2)
    model_server.script = lambda asked: Reply("later", status=503, delay_s=1.0)
    if autonomous:
        workspace.sessions.start(group.id)
    else:
        workspace.sessions.post(group.id, "@Maya What do you buy?")
    eventually(lambda: len(model_server.asked) == 1, within_s=60)
    workspace.sessions.stop(group.id)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == 1
