"""Who pays and whose a task is: what is made in a project is its owner's, whoever made it, and the log says who that was."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import NotFound, QuotaExceeded
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.store.version.migrations.who_pays import who_pays
from semblance_core.workspace import Workspace, config_of
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
    yield finished(semblance, admin, admin.personas.recruit(group.project_id, "Anybody", 2))
    made = admin.sessions.create(group.project_id, replace(config_of(group), title="Made by an administrator"))
    for each in (group, made, admin.sessions.duplicate(group.id)):
        if task := admin.stimuli.add(each.id, [("a.txt", b"Oats.")]).task:
            yield finished(semblance, admin, task)
        asked_round(semblance, admin, each.id, "What do you think?")
        yield finished(semblance, admin, admin.findings.analyse(each.id))
    admin.sessions.start(made.id)
    semblance.engine.wait("focus_group", made.id)
    semblance.gateway.batcher.flush()


def test_what_an_administrator_does_in_a_project_is_its_owners_and_counts_on_the_owner(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    tasks = list(everything(semblance, admin, group))
    assert len(tasks) == 7
    assert {event.user_id for event in semblance.store.usage.events()} == {"user"}
    assert admin.me.quota().spent_tokens == 0
    assert workspace.me.quota().spent_tokens > 0
    for task in tasks:
        assert workspace.tasks.get(task.id).owner_id == "user"
        assert workspace.tasks.spent(task.id) is not None
        with pytest.raises(NotFound):
            semblance.workspace("other").tasks.get(task.id)
    sessions = workspace.sessions.of_project(group.project_id)
    assert [each.owner_id for each in sessions] == ["user"] * 3
    for each in sessions:
        assert workspace.sessions.messages(each.id)
        assert workspace.findings.newest_task(each.id)
        assert [asset.owner_id for asset in workspace.stimuli.of_session(each.id)] == ["user"]
    assert len(workspace.sessions.recent()) == 3
    log = semblance.store.audit_log.find(AuditFilter())
    assert {(entry.actor_id, entry.owner_id) for entry in log} == {("admin", "user")}


def test_the_owners_quota_is_asked_and_shown_whoever_begins(
    semblance: Semblance, admin: Workspace, group: FocusGroup
) -> None:
    quotas = {"user": UsageQuota(tokens=0), "admin": UsageQuota(usd=Decimal(3))}
    for name, quota in quotas.items():
        admin.accounts.set_quota(name, quota)
    assert admin.sessions.quota(group.id).quota == admin.projects.quota(group.project_id).quota == quotas["user"]
    for begin in (
        lambda: admin.personas.recruit(group.project_id, "Anybody", 2),
        lambda: admin.findings.analyse(group.id),
        lambda: admin.sessions.post(group.id, "Hello?"),
        lambda: admin.sessions.start(group.id),
    ):
        with pytest.raises(QuotaExceeded, match="of 0 tokens"):
            begin()
    assert semblance.store.tasks.of_project(group.project_id) == []


def test_work_under_way_is_the_owners_and_not_the_administrators(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 60.0
    task = admin.personas.recruit(group.project_id, "Anybody", 2)
    assert [each.id for each in workspace.tasks.mine()] == [task.id]
    assert admin.tasks.mine() == []
    workspace.tasks.cancel(task.id)


def test_what_an_administrator_made_before_there_was_one_rule_opens_for_the_owner(
    semblance: Semblance, workspace: Workspace, admin: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    """Those sessions, tasks and stimuli were the administrator's although their project was not."""
    asked_round(semblance, workspace, group.id, "What do you think?")
    attached = workspace.stimuli.attach(group.id, "a.txt", b"Oats.")
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    for name in ("focus_groups", "tasks", "assets"):
        semblance.connection.database[name].update_many({}, {"$set": {"owner_id": "admin"}})
    assert workspace.sessions.get(group.id).title == group.title
    assert workspace.tasks.get(task.id).state is task.state
    assert workspace.stimuli.text(attached.id) == "Oats."
    assert workspace.sessions.quota(group.id).quota == UsageQuota()
    semblance.connection.database["users"].update_one({"_id": "admin"}, {"$set": {"role": "researcher"}})
    for closed in (
        lambda: admin.sessions.get(group.id),
        lambda: admin.tasks.get(task.id),
        lambda: admin.stimuli.get(attached.id),
    ):
        with pytest.raises(NotFound):
            closed()


def test_older_data_become_their_projects_owners_and_budgets_forget_simulated_tokens(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asked_round(semblance, workspace, group.id, "What do you think?")
    workspace.stimuli.attach(group.id, "a.txt", b"Oats.")
    finished(semblance, workspace, workspace.examples.make())
    before, database = workspace.me.quota(), semblance.connection.database
    for name in ("focus_groups", "tasks", "assets"):
        database[name].update_many({}, {"$set": {"owner_id": "admin"}})
    database["budgets"].update_one({}, {"$inc": {"spent_tokens": 60_000}})
    looks = list[None]()
    for _ in range(2):
        who_pays(database, lambda: looks.append(None))
        assert {database[name].distinct("owner_id")[0] for name in ("focus_groups", "tasks", "assets")} == {"user"}
        assert workspace.me.quota() == before
        assert workspace.sessions.recent()
    assert looks
