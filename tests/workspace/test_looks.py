"""Looking into somebody else's work is in the audit log: once an hour, before anything is handed out, in words."""

from datetime import timedelta

import pytest
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.audit_log import AuditEntry, AuditFilter, Outcome
from semblance_core.workspace.audit import LOOKS
from tests.conftest import OpenPlatform
from tests.studies import panel, session


def looks(semblance: Semblance) -> list[AuditEntry]:
    return [entry for entry in semblance.workspace("admin").audit.find(AuditFilter())[0] if entry.action in LOOKS]


def test_an_administrator_who_reads_a_session_leaves_one_entry_an_hour(open_platform: OpenPlatform) -> None:
    semblance = open_platform()
    group = session(semblance.workspace("user"), title="For a client")
    admin = semblance.workspace("admin")
    for _ in range(3):
        admin.sessions.messages(group.id)
        admin.findings.get(group.id)
        admin.sessions.get(group.id)
    (entry,) = looks(semblance)
    assert (entry.actor_id, entry.owner_id, entry.about, entry.outcome) == (
        "admin",
        "user",
        "For a client",
        Outcome.DONE,
    )
    assert LOOKS[entry.action] == "Looked into a session"
    later = open_platform(clock=lambda: semblance.clock() + timedelta(hours=1))
    later.workspace("admin").sessions.search_messages(group.id, "oat")
    assert len(looks(semblance)) == 2


def test_personas_and_projects_of_others_are_looked_into_too(semblance: Semblance) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    project = user.projects.create("Oat milk")
    persona = user.personas.add(project.id, panel(1)[0])
    admin.personas.get(persona.id)
    admin.personas.of_project(project.id)
    assert [(entry.action, entry.about) for entry in looks(semblance)] == [("look_into_project", "Oat milk")]


def test_nobody_looks_into_their_own_and_sums_are_no_look(semblance: Semblance) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    group, own = session(user), session(admin)
    user.sessions.messages(group.id)
    admin.sessions.messages(own.id)
    admin.sessions.spent(group.id)
    admin.sessions.estimate_discussion(group.id)
    assert looks(semblance) == []


def test_what_a_change_reads_for_its_own_sake_is_no_look(semblance: Semblance) -> None:
    group = session(semblance.workspace("user"))
    admin = semblance.workspace("admin")
    admin.sessions.start(group.id)
    admin.sessions.stop(group.id)
    assert looks(semblance) == []


def test_nothing_is_handed_out_where_nothing_can_be_written_down(semblance: Semblance) -> None:
    group = session(semblance.workspace("user"))
    database = semblance.connection.database
    database.command("collMod", "audit_log", validator={"never": {"$exists": True}})
    try:
        with pytest.raises(PyMongoError):
            semblance.workspace("admin").sessions.messages(group.id)
    finally:
        database.command("collMod", "audit_log", validator={})  # the database is used again
    assert semblance.workspace("user").sessions.messages(group.id) == []
