"""A task that failed or was cancelled goes on from where it stopped: what was answered is not asked for again."""

import json
from collections import Counter

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import Conflict, NotFound, QuotaExceeded
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import discussed, eventually, finished, session

BRIEF = "UK shoppers who buy oat milk"


@pytest.fixture
def once(open_platform: OpenPlatform) -> Semblance:
    """A platform that asks once only, so that requests can be counted."""
    return open_platform(SEMBLANCE_CALL_ATTEMPTS=1)


class Breaks:
    """Answers sensibly until so many requests of a feature were answered, then fails every further one of it."""

    def __init__(self, feature: str, after: int):
        self.feature = feature
        self.after = after
        self.seen: Counter[str] = Counter()

    def __call__(self, asked: Asked) -> Reply:
        self.seen[asked.feature] += 1
        if asked.feature == self.feature and self.seen[asked.feature] > self.after:
            return Reply("down", status=500)
        return sensible(asked)


def test_a_panel_of_20_of_which_13_are_written_asks_for_7(once: Semblance, model_server: ScriptedServer) -> None:
    workspace = once.workspace("user")
    project = workspace.projects.create("Oat milk")
    model_server.script = Breaks("recruit_persona", after=13)
    task = finished(once, workspace, workspace.personas.recruit(project.id, BRIEF, 20))
    assert (task.state, task.done, task.total) == (TaskState.FAILED, 13, 20)
    assert "provider" in task.error
    assert workspace.personas.of_project(project.id) == []

    before = len(model_server.asked)
    model_server.script = sensible
    workspace.tasks.rerun(task.id)
    task = finished(once, workspace, task)
    assert (task.state, task.done, task.error) == (TaskState.DONE, 20, "")
    asked = [request.feature for request in model_server.asked[before:]]
    assert asked == ["recruit_persona"] * 7
    assert len(workspace.personas.of_project(project.id)) == 20
    spent = workspace.tasks.spent(task.id)
    assert spent
    assert spent.calls == len(model_server.asked) == 1 + 20 + 7


def test_what_was_in_flight_when_another_call_failed_is_kept(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    """Six at a time: the first to fail comes back at once, while five others are still being written."""
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1, SEMBLANCE_CONCURRENCY=6)
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Oat milk")

    def first_fails(asked: Asked) -> Reply:
        if asked.feature == "recruit_persona" and asked.number == 1:
            return Reply("down", status=500)
        return Reply(sensible(asked).text, delay_s=0.3)

    model_server.script = first_fails
    task = finished(semblance, workspace, workspace.personas.recruit(project.id, BRIEF, 12))
    assert task.state is TaskState.FAILED
    answered = sum(request.feature == "recruit_persona" for request in model_server.asked) - 1
    assert task.done == answered
    assert 5 <= answered < 11, "those that had not begun were called off"
    before = len(model_server.asked)
    workspace.tasks.rerun(task.id)
    assert finished(semblance, workspace, task).state is TaskState.DONE
    assert len(model_server.asked) - before == 12 - answered


def test_an_analysis_that_failed_at_its_summary_asks_for_the_summary_alone(
    once: Semblance, model_server: ScriptedServer
) -> None:
    workspace = once.workspace("user")
    group, messages = discussed(once, workspace, session(workspace, size=4, turn_limit=12).id)
    said = next(message for message in messages if message.role == "persona")
    quote = {"seq": said.seq, "speaker": said.speaker, "quote": " ".join(said.text.split()[:5])}

    def without_summary(asked: Asked) -> Reply:
        if asked.feature == "code_transcript":
            return Reply(json.dumps({"codes": [{"label": "a code", "verbatims": [quote]}]}))
        if asked.feature == "build_themes":
            return Reply(json.dumps({"themes": [{"name": "A theme", "summary": "Held.", "code_ids": [0]}]}))
        return sensible(asked) if asked.schema else Reply("down", status=500)

    model_server.script = without_summary
    task = finished(once, workspace, workspace.findings.analyse(group.id))
    assert (task.state, task.done, task.total) == (TaskState.FAILED, 3, 5)
    assert workspace.findings.get(group.id) is None
    before = len(model_server.asked)
    model_server.script = lambda asked: sensible(asked) if asked.schema else Reply("They agree.")
    workspace.tasks.rerun(task.id)
    assert finished(once, workspace, task).state is TaskState.DONE
    assert [request.feature for request in model_server.asked[before:]] == ["text", "check_claims"]
    findings = workspace.findings.get(group.id)
    assert findings
    assert (findings.summary, [theme.name for theme in findings.themes]) == ("They agree.", ["A theme"])


def test_a_cancelled_task_goes_on_too(once: Semblance, model_server: ScriptedServer) -> None:
    workspace = once.workspace("user")
    project = workspace.projects.create("Oat milk")
    model_server.script = lambda asked: Reply(
        sensible(asked).text, delay_s=5.0 if asked.feature == "recruit_persona" and asked.number > 3 else 0.0
    )
    task = workspace.personas.recruit(project.id, BRIEF, 8)
    eventually(lambda: workspace.tasks.get(task.id).done == 3)
    workspace.tasks.cancel(task.id)
    assert workspace.tasks.get(task.id).state is TaskState.CANCELLED
    eventually(once.engine.is_idle)
    model_server.script = sensible
    before = len(model_server.asked)
    workspace.tasks.rerun(task.id)
    assert finished(once, workspace, task).state is TaskState.DONE
    assert len(model_server.asked) - before == 5
    with pytest.raises(Conflict, match="Only a failed or cancelled"):
        workspace.tasks.rerun(task.id)


def test_a_task_is_not_begun_again_where_nothing_is_left_of_the_quota(
    once: Semblance, model_server: ScriptedServer
) -> None:
    workspace = once.workspace("user")
    project = workspace.projects.create("Oat milk")
    model_server.script = Breaks("recruit_persona", after=1)
    task = finished(once, workspace, workspace.personas.recruit(project.id, BRIEF, 3))
    once.workspace("admin").accounts.set_quota("user", UsageQuota(tokens=1))
    with pytest.raises(QuotaExceeded):
        workspace.tasks.rerun(task.id)
    assert workspace.tasks.get(task.id).state is TaskState.FAILED


def test_lost_usage_is_reconstructed_by_a_task(semblance: Semblance, workspace: Workspace) -> None:
    group, messages = discussed(semblance, workspace, session(workspace, turn_limit=9).id)
    for name in ("usage_events", "usage_daily", "usage_hourly", "budgets"):
        semblance.connection.database[name].delete_many({})
    admin = semblance.workspace("admin")
    for _ in range(2):
        task = finished(semblance, admin, admin.usage.backfill())
        assert (task.state, task.done, task.total) == (TaskState.DONE, 1, 1)
        newest = admin.usage.newest_backfill()
        assert newest
        assert newest.id == task.id
    said = sum(message.feature != "guide" for message in messages)
    assert len(workspace.sessions.calls(group.id)) == said
    assert semblance.store.reconciliation.check().differences == ()


def test_a_task_of_no_project_is_the_administrators_also_for_who_was_one(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    task = finished(semblance, admin, admin.usage.backfill())
    semblance.connection.database["users"].update_one({"_id": "admin"}, {"$set": {"role": "researcher"}})
    with pytest.raises(NotFound):
        admin.tasks.rerun(task.id)
    with pytest.raises(NotFound):
        admin.tasks.get(task.id)
