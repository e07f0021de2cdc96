"""Looking into somebody else's work is in the audit log: once an hour, before anything is handed out, in words."""

import inspect
from datetime import timedelta

import pytest
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import Semblance
from semblance_core.domain.audit_log import AuditEntry, AuditFilter, Outcome
from semblance_core.domain.people import Role
from semblance_core.workspace import Workspace
from semblance_core.workspace.access import of_asset, of_both_projects, of_focus_group, of_persona, of_project, of_task
from semblance_core.workspace.audited import LOOKS, READS, TELLS_LITTLE, is_looked
from tests.conftest import OpenPlatform
from tests.studies import panel, session

OWNERS = {of_project, of_both_projects, of_persona, of_focus_group, of_task, of_asset}


def looks(semblance: Semblance) -> list[AuditEntry]:
    return [entry for entry in semblance.workspace("admin").audit_log(AuditFilter())[0] if entry.action in LOOKS]


def test_an_administrator_who_reads_a_session_leaves_one_entry_an_hour(open_platform: OpenPlatform) -> None:
    semblance = open_platform()
    group = session(semblance.workspace("user"), title="For a client")
    admin = semblance.workspace("admin")
    for _ in range(3):
        admin.messages(group.id)
        admin.findings(group.id)
        admin.focus_group(group.id)
    (entry,) = looks(semblance)
    assert (entry.actor_id, entry.owner_id, entry.about, entry.outcome) == (
        "admin",
        "user",
        "For a client",
        Outcome.DONE,
    )
    assert LOOKS[entry.action] == "Looked into a session"
    later = open_platform(clock=lambda: semblance.clock() + timedelta(hours=1))
    later.workspace("admin").search_messages(group.id, "oat")
    assert len(looks(semblance)) == 2


def test_personas_and_projects_of_others_are_looked_into_too(semblance: Semblance) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    project = user.create_project("Oat milk")
    persona = user.add_persona(project.id, panel(1)[0])
    admin.persona(persona.id)
    admin.personas(project.id)
    assert [(entry.action, entry.about) for entry in looks(semblance)] == [("look_into_project", "Oat milk")]


def test_nobody_looks_into_their_own_and_sums_are_no_look(semblance: Semblance) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    group, own = session(user), session(admin)
    user.messages(group.id)
    admin.messages(own.id)
    admin.session_spent(group.id)
    admin.estimate_discussion(group.id)
    assert looks(semblance) == []


def test_what_a_change_reads_for_its_own_sake_is_no_look(semblance: Semblance) -> None:
    group = session(semblance.workspace("user"))
    admin = semblance.workspace("admin")
    admin.start_autonomous(group.id)
    admin.stop(group.id)
    assert looks(semblance) == []


def test_nothing_is_handed_out_where_nothing_can_be_written_down(semblance: Semblance) -> None:
    group = session(semblance.workspace("user"))
    database = semblance.connection.database
    database.command("collMod", "audit_log", validator={"never": {"$exists": True}})
    try:
        with pytest.raises(PyMongoError):
            semblance.workspace("admin").messages(group.id)
    finally:
        database.command("collMod", "audit_log", validator={})  # the database is used again
    assert semblance.workspace("user").messages(group.id) == []


def test_every_operation_that_reads_what_is_somebodys_is_a_look_or_tells_little() -> None:
    for name, method in inspect.getmembers(Workspace, inspect.isfunction):
        if name in READS and getattr(method, "rule", None) in OWNERS:
            assert is_looked(name, Role.ADMIN, "admin", "user") is (name not in TELLS_LITTLE), name
    assert READS >= TELLS_LITTLE
