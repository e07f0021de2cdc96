"""A project goes whole, however often its deletion is killed, and takes nobody else's with it."""

from datetime import timedelta

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import NotFound, SemblanceError
from semblance_core.flows.delete import finish_deletions
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.flows.deleting import SECRET, Killed, before_the_next_write, counts, holding, kill, talked, told
from tests.flows.test_stimuli import PNG
from tests.scripted_server import ScriptedServer
from tests.studies import finished

pytestmark = pytest.mark.usefixtures("secret_answers")


def full_project(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> str:
    """A project with everything that a project can have."""
    group = talked(semblance, workspace)
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    model_server.script = told(failing="build_themes")
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    model_server.script = told()
    handed = workspace.stimuli.add(group.id, [("note.txt", SECRET.encode()), ("pack.png", PNG)])
    assert handed.task
    finished(semblance, workspace, handed.task)
    semblance.store.uploads.put(new_id(), group.id, [SECRET.encode()], semblance.clock())
    finished(semblance, workspace, workspace.personas.recruit(group.project_id, SECRET, 2))
    workspace.projects.open(group.project_id)
    session_of_it = workspace.sessions.duplicate(group.id)
    assert session_of_it.project_id == group.project_id
    return group.project_id


def test_a_project_goes_whole_however_often_it_is_killed_on_the_way(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    before = counts(semblance)
    project_id = full_project(semblance, workspace, model_server)
    spent = semblance.store.usage.spent()
    assert set(holding(semblance, SECRET)) >= {"tasks", "focus_group_themes", "assets.chunks", "incoming.chunks"}
    for number in range(200):
        with pytest.MonkeyPatch.context() as patched:
            before_the_next_write(patched, kill, number)
            try:
                workspace.projects.delete(project_id)
            except Killed:
                continue
            break
    assert number > 8
    assert counts(semblance) == before
    assert holding(semblance, SECRET) == []
    assert workspace.me.account().project_id == ""
    assert semblance.store.usage.spent() == spent
    assert semblance.store.reconciliation.check().differences == ()
    with pytest.raises(NotFound, match="no such project"):
        workspace.projects.delete(project_id)


@pytest.mark.parametrize("number", [2, 12])
def test_a_sweeper_finishes_what_was_killed(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, number: int
) -> None:
    project_id = full_project(semblance, workspace, model_server)
    with pytest.MonkeyPatch.context() as patched:
        before_the_next_write(patched, kill, number)
        with pytest.raises(Killed):
            workspace.projects.delete(project_id)
    finish_deletions(semblance.store, semblance.clock)
    assert counts(semblance) != {}, "who deletes may still be at it"
    finish_deletions(semblance.store, lambda: semblance.clock() + timedelta(seconds=6))
    assert counts(semblance) == {}
    assert holding(semblance, SECRET) == []


def test_one_deletion_that_fails_does_not_keep_others_from_being_finished(
    semblance: Semblance, workspace: Workspace
) -> None:
    groups = [talked(semblance, workspace) for _ in range(2)]
    database = semblance.connection.database
    for group in groups:
        workspace.sessions.delete(group.id)
    message = {"_id": "late", "focus_group_id": groups[1].id, "seq": 1}
    database["focus_group_messages"].insert_one(message)
    database["deletions"].update_one({"of": groups[0].id}, {"$set": {"kind": "what nobody knows"}})
    finish_deletions(semblance.store, lambda: semblance.clock() + timedelta(minutes=1))
    assert database["focus_group_messages"].count_documents({}) == 0


def test_the_others_projects_stay(semblance: Semblance, workspace: Workspace) -> None:
    mine, others = talked(semblance, workspace), talked(semblance, semblance.workspace("other"))
    with pytest.raises(SemblanceError):
        workspace.projects.delete(others.project_id)
    workspace.projects.delete(mine.project_id)
    assert len(semblance.workspace("other").sessions.messages(others.id)) == 3
