"""The finished example: made by real flows, free, marked as simulated, and made once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import TaskState
from semblance_core.domain.times import utc_now
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.studies import eventually, finished


def test_an_example_is_a_whole_study_that_says_it_is_simulated_and_costs_nothing(
    semblance: Semblance, workspace: Workspace
) -> None:
    assert workspace.examples.newest() is None
    task = finished(semblance, workspace, workspace.examples.make())
    assert (task.state, task.error) == (TaskState.DONE, "")
    group = workspace.sessions.get(task.result["focus_group_id"])
    assert (group.state, group.simulated, len(group.participants)) == (FocusGroupState.ENDED, True, 6)
    messages = workspace.sessions.messages(group.id)
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    assert {message.question for message in messages if message.role == "moderator"} == set(range(4))
    findings = workspace.findings.get(group.id)
    assert findings
    assert findings.simulated
    assert len(findings.themes) >= 2
    assert all(theme.verbatims for theme in findings.themes)
    assert workspace.me.quota().spent_usd == Decimal(0)
    assert workspace.examples.newest() == task
    assert semblance.workspace("other").examples.newest() is None


def test_an_example_whose_worker_died_goes_on_from_what_is_there(semblance: Semblance, workspace: Workspace) -> None:
    task = finished(semblance, workspace, workspace.examples.make())
    before = workspace.sessions.messages(task.result["focus_group_id"])
    again = {"state": "running", "lease_until": NO_LEASE}
    semblance.connection.database["tasks"].update_one({"_id": task.id}, {"$set": again})
    semblance.engine.submit("task", task.id)
    again = finished(semblance, workspace, task)
    assert again.state is TaskState.DONE
    assert workspace.sessions.messages(task.result["focus_group_id"]) == before
    assert len(workspace.personas.of_project(task.project_id)) == 6


def test_only_one_is_made_at_a_time(semblance: Semblance, workspace: Workspace) -> None:
    workspace.examples.make()
    with pytest.raises(Conflict, match="being made already"):
        workspace.examples.make()


def test_an_example_whose_discussion_another_worker_has_waits_for_it(
    semblance: Semblance, workspace: Workspace
) -> None:
    task = finished(semblance, workspace, workspace.examples.make())
    tasks, groups, themes = (
        semblance.connection.database[name] for name in ("tasks", "focus_groups", "focus_group_themes")
    )
    themes.delete_many({})
    group_id = task.result["focus_group_id"]
    far_off = utc_now() + timedelta(hours=1)
    groups.update_one({"_id": group_id}, {"$set": {"state": "autonomous", "lease_until": far_off}})
    tasks.update_one({"_id": task.id}, {"$set": {"state": "running", "lease_until": NO_LEASE}})
    semblance.engine.worker.run("task", task.id)
    assert not workspace.tasks.get(task.id).state.is_over
    assert workspace.findings.get(group_id) is None
    groups.update_one({"_id": group_id}, {"$set": {"lease_until": NO_LEASE}})
    semblance.engine.worker.run("task", task.id)
    assert workspace.tasks.get(task.id).state is TaskState.DONE
    assert workspace.findings.get(group_id)


def test_its_discussion_is_claimed_for_no_longer_than_any_other_and_renewed(open_platform: OpenPlatform) -> None:
    """A worker that dies in the middle of it keeps nobody else from going on."""
    semblance = open_platform(SEMBLANCE_LEASE_S=2)
    workspace, groups = semblance.workspace("user"), semblance.connection.database["focus_groups"]
    task = workspace.examples.make()
    ahead = []

    def over() -> bool:
        found = groups.find_one({"_id": f"{task.id}-session", "state": "autonomous", "lease_until": {"$gt": NO_LEASE}})
        if found:
            ahead.append((found["lease_until"] - semblance.store.clock()).total_seconds())
        return workspace.tasks.get(task.id).state.is_over

    eventually(over, within_s=60)
    assert ahead
    assert max(ahead) <= 2.5
