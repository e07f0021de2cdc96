"""Who pays and whose a task is: what is made in a project is its owner's, whoever made it, and the log says who that was."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.audit_log import AuditFilter
from semblance_core.domain.errors import NotFound, QuotaExceeded
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.task import Task
from semblance_core.domain.usage import UsageQuota
from semblance_core.store.migrations.who_pays import who_pays
from semblance_core.workspace import Workspace, set_up_of
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round, finished, session


@pytest.fixture
def admin(semblance: Semblance) -> Workspace:
    return semblance.workspace("admin")


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace, 2)


def everything(semblance: Semblance, admin: Workspace, group: FocusGroup) -> Iterator[Task]:
    """An administrator does all that costs anything in somebody else's project; the tasks that came of it."""
    yield finished(semblance, admin, admin.recruit(group.project_id, "Anybody", 2))
    made = admin.create_focus_group(group.project_id, replace(set_up_of(group), title="Made by an administrator"))
    for each in (group, made, admin.duplicate_focus_group(group.id)):
        if task := admin.add_stimuli(each.id, [("a.txt", b"Oats.")]).task:
            yield finished(semblance, admin, task)
        asked_round(semblance, admin, each.id, "What do you think?")
        yield finished(semblance, admin, admin.analyse(each.id))
    admin.start_autonomous(made.id)
    semblance.engine.wait("focus_group", made.id)
    semblance.gateway.clerk.flush()


def test_what_an_administrator_does_in_a_project_is_its_owners_and_counts_on_the_owner(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    tasks = list(everything(semblance, admin, group))
    assert len(tasks) == 7
    assert {event.user_id for event in semblance.store.usage.events()} == {"user"}
    assert admin.my_quota().spent_tokens == 0
    assert workspace.my_quota().spent_tokens > 0
    for task in tasks:
        assert workspace.task(task.id).owner_id == "user"
        assert workspace.task_spent(task.id) is not None
        with pytest.raises(NotFound):
            semblance.workspace("other").task(task.id)
    sessions = workspace.focus_groups(group.project_id)
    assert [each.owner_id for each in sessions] == ["user"] * 3
    for each in sessions:
        assert workspace.messages(each.id)
        assert workspace.analysis_under_way(each.id)
        assert [asset.owner_id for asset in workspace.stimuli(each.id)] == ["user"]
    assert len(workspace.recent_sessions()) == 3
    log = semblance.store.audit_log.find(AuditFilter())
    assert {(entry.actor_id, entry.owner_id) for entry in log} == {("admin", "user")}


def test_the_owners_quota_is_asked_and_shown_whoever_begins(
    semblance: Semblance, admin: Workspace, group: FocusGroup
) -> None:
    quotas = {"user": UsageQuota(tokens=0), "admin": UsageQuota(usd=Decimal(3))}
    for name, quota in quotas.items():
        admin.set_quota(name, quota)
    assert admin.session_quota(group.id).quota == admin.project_quota(group.project_id).quota == quotas["user"]
    for begin in (
        lambda: admin.recruit(group.project_id, "Anybody", 2),
        lambda: admin.analyse(group.id),
        lambda: admin.post_message(group.id, "Hello?"),
        lambda: admin.start_autonomous(group.id),
    ):
        with pytest.raises(QuotaExceeded, match="of 0 tokens"):
            begin()
    assert semblance.store.tasks.of_project(group.project_id) == []


def test_work_under_way_is_the_owners_and_not_the_administrators(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 60.0
    task = admin.recruit(group.project_id, "Anybody", 2)
    assert [each.id for each in workspace.my_work()] == [task.id]
    assert admin.my_work() == []
    workspace.cancel_task(task.id)


def test_what_an_administrator_made_before_there_was_one_rule_opens_for_the_owner(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    """Those sessions, tasks and stimuli were the administrator's although their project was not."""
    asked_round(semblance, workspace, group.id, "What do you think?")
    attached = workspace.attach_stimulus(group.id, "a.txt", b"Oats.")
    task = finished(semblance, workspace, workspace.analyse(group.id))
    for name in ("focus_groups", "tasks", "assets"):
        semblance.connection.database[name].update_many({}, {"$set": {"owner_id": "admin"}})
    assert workspace.focus_group(group.id).title == group.title
    assert workspace.task(task.id).state is task.state
    assert workspace.stimulus_text(attached.id) == "Oats."
    assert workspace.session_quota(group.id).quota == UsageQuota()
    semblance.connection.database["users"].update_one({"_id": "admin"}, {"$set": {"role": "researcher"}})
    for closed in (
        lambda: admin.focus_group(group.id),
        lambda: admin.task(task.id),
        lambda: admin.stimulus(attached.id),
    ):
        with pytest.raises(NotFound):
            closed()


def test_older_data_become_their_projects_owners_and_budgets_forget_simulated_tokens(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asked_round(semblance, workspace, group.id, "What do you think?")
    workspace.attach_stimulus(group.id, "a.txt", b"Oats.")
    finished(semblance, workspace, workspace.make_example())
    before, database = workspace.my_quota(), semblance.connection.database
    for name in ("focus_groups", "tasks", "assets"):
        database[name].update_many({}, {"$set": {"owner_id": "admin"}})
    database["budgets"].update_one({}, {"$inc": {"spent_tokens": 60_000}})
    looks = list[None]()
    for _ in range(2):
        who_pays(database, lambda: looks.append(None))
        assert {database[name].distinct("owner_id")[0] for name in ("focus_groups", "tasks", "assets")} == {"user"}
        assert workspace.my_quota() == before
        assert workspace.recent_sessions()
    assert looks
