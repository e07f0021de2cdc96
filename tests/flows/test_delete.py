"""What is deleted is gone: no work goes on for it, no call is paid for it, and none of its words stays anywhere."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import bson
import pytest
from pymongo.collection import Collection

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import NotFound, SemblanceError
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.task import ATTACH, Task, TaskState
from semblance_core.flows.delete import finish_deletions
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.flows.test_stimuli import PNG
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import asked_round, eventually, finished, found_themes, panel, session

SECRET = "Quokka marmalade"
WRITES = ("insert_one", "insert_many", "update_one", "update_many", "replace_one", "bulk_write")
WRITES = (*WRITES, "delete_one", "delete_many", "find_one_and_update")
KEPT = {
    "usage_events",
    "usage_daily",
    "usage_hourly",
    "budgets",
    "audit_log",
    "deletions",
    "users",
    "model_pricing",
    "model_traits",
    "schema",
}
"""Collections in which what was deleted may still be named."""


def told(*, failing: str = "") -> Callable[[Asked], Reply]:
    """Answers that hold the secret. failing: the feature whose calls fail."""

    def answer(asked: Asked) -> Reply:
        if asked.feature == failing:
            return Reply(f"no {SECRET}", status=400)
        if asked.schema is None:
            return Reply(f"{SECRET} is what I buy, every week.")
        if asked.feature == "code_transcript":
            line = next(line for line in asked.prompt.splitlines() if f": {SECRET}" in line)
            seq, _, rest = line.removeprefix("[").partition("] ")
            quote = {"seq": int(seq), "speaker": rest.partition(":")[0], "quote": f"{SECRET} is what"}
            return Reply(json.dumps({"codes": [{"label": SECRET, "verbatims": [quote]}]}))
        if asked.feature == "build_themes":
            return Reply(json.dumps({"themes": [{"name": SECRET, "summary": SECRET, "code_ids": [0]}]}))
        made = sensible(asked)
        return made if asked.feature == "Sketches" else Reply(made.text)

    return answer


def holding(semblance: Semblance, *words: str) -> list[str]:
    """Collections in which any of these words stands, files included."""
    database = semblance.connection.database
    return sorted(
        name
        for name in database.list_collection_names()
        if not name.startswith("system.")
        and any(word.encode() in bson.encode(found) for found in database[name].find() for word in words)
    )


def counts(semblance: Semblance) -> dict[str, int]:
    """Documents by collection, where there are any, without those that stay on purpose."""
    database = semblance.connection.database
    found = {name: database[name].count_documents({}) for name in database.list_collection_names()}
    return {name: count for name, count in found.items() if count and name not in KEPT}


def talked(semblance: Semblance, workspace: Workspace) -> FocusGroup:
    group = session(workspace, size=2)
    asked_round(semblance, workspace, group.id, "What do you buy?")
    return workspace.focus_group(group.id)


@pytest.fixture(autouse=True)
def _script(model_server: ScriptedServer) -> None:
    model_server.script = told()


# Work ends


def test_an_analysis_under_way_ends_with_its_session(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = talked(semblance, workspace)
    model_server.latency_s, before = 1.0, len(model_server.asked)
    task = workspace.analyse(group.id)
    eventually(lambda: len(model_server.asked) > before, within_s=60)
    asked = len(model_server.asked)
    workspace.delete_focus_group(group.id)
    assert workspace.task(task.id).state is TaskState.CANCELLED
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    semblance.gateway.clerk.flush()
    assert len(model_server.asked) == asked
    assert holding(semblance, SECRET) == []
    assert workspace.my_events()[0].task_id == task.id, "what it cost is on record"
    with pytest.raises(NotFound):
        workspace.rerun_task(task.id)


@pytest.mark.parametrize("what", ["session", "project", "task"])
def test_what_a_failed_task_kept_goes_too(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, what: str
) -> None:
    group = talked(semblance, workspace)
    model_server.script = told(failing="build_themes")
    task = finished(semblance, workspace, workspace.analyse(group.id))
    assert task.state is TaskState.FAILED
    assert "tasks" in holding(semblance, SECRET)
    assert "usage_events" in holding(semblance, SECRET), "as the provider's answer"
    if what == "task":
        workspace.delete_task(task.id)
    elif what == "session":
        workspace.delete_focus_group(group.id)
    else:
        workspace.delete_project(group.project_id)
    assert "tasks" not in holding(semblance, SECRET)
    assert workspace.my_work() == []
    if what != "task":
        assert holding(semblance, SECRET) == []
        assert {event.error for event in workspace.my_events()} == {""}
        assert {event.status for event in workspace.my_events()} == {"ok", "bad_request"}


def test_a_task_that_is_done_keeps_nothing_that_it_needed_on_the_way(
    semblance: Semblance, workspace: Workspace
) -> None:
    task = finished(semblance, workspace, workspace.analyse(talked(semblance, workspace).id))
    assert task.result == {"themes": 1, "dropped_quotes": 0}
    project = workspace.create_project("Panel")
    task = finished(semblance, workspace, workspace.recruit(project.id, "Anybody", 2))
    assert (task.state, task.result.keys() & {"sketches", "written"}) == (TaskState.DONE, set())


def test_recruiting_under_way_ends_with_its_project(open_platform: OpenPlatform, model_server: ScriptedServer) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=2)
    workspace = semblance.workspace("user")
    project = workspace.create_project("Panel")
    model_server.latency_s = 0.5
    workspace.recruit(project.id, SECRET, 12)
    eventually(lambda: len(model_server.asked) >= 3, within_s=60)
    asked = len(model_server.asked)
    workspace.delete_project(project.id)
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
    workspace.post_message(group.id, "What do you buy?")
    eventually(lambda: len(model_server.asked) == 2, within_s=60)
    workspace.delete_focus_group(group.id)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == 2
    semblance.gateway.clerk.flush()
    assert holding(semblance, SECRET) == []
    assert semblance.store.books.check().differences == ()


@pytest.mark.parametrize("autonomous", [False, True])
def test_no_other_attempt_is_made_for_a_session_that_was_stopped(
    open_platform: OpenPlatform, model_server: ScriptedServer, autonomous: bool
) -> None:
    semblance = open_platform()
    workspace = semblance.workspace("user")
    group = session(workspace, size=2)
    model_server.script = lambda asked: Reply("later", status=503, delay_s=1.0)
    if autonomous:
        workspace.start_autonomous(group.id)
    else:
        workspace.post_message(group.id, "@Maya What do you buy?")
    eventually(lambda: len(model_server.asked) == 1, within_s=60)
    workspace.stop(group.id)
    eventually(semblance.engine.is_idle, within_s=60)  # type: ignore[attr-defined]
    assert len(model_server.asked) == 1


# What comes late


def late(semblance: Semblance, group: FocusGroup) -> dict[str, Callable[[], object]]:
    """What a worker or another window may add to a session or project that is gone."""
    store, now = semblance.store, semblance.clock()
    request = {"focus_group_id": group.id, "files": [{"name": SECRET}]}
    findings = found_themes(semblance, group, [])
    return {
        "themes": lambda: store.themes.add(findings, new_id()),
        "an edit": lambda: store.themes.add_version(findings),
        "a task of the session": lambda: store.tasks.add(Task(new_id(), ATTACH, "user", "", request, now)),
        "a task of the project": lambda: store.tasks.add(Task(new_id(), "recruit", "user", group.project_id, {}, now)),
        "personas": lambda: store.personas.add(group.project_id, panel(2), now),
        "a session": lambda: semblance.workspace("user").duplicate_focus_group(group.id),
    }


LATE = ("themes", "an edit", "a task of the session", "a task of the project", "personas", "a session")


@pytest.mark.parametrize("what", LATE)
@pytest.mark.parametrize("meanwhile", [False, True])
def test_nothing_is_added_to_what_is_gone(
    semblance: Semblance, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, what: str, meanwhile: bool
) -> None:
    """meanwhile: it goes right before the write, so that only a look after it can tell."""
    group = session(workspace)
    add = late(semblance, group)[what]
    delete = lambda: workspace.delete_project(group.project_id)  # noqa: E731
    if meanwhile:
        before_the_next_write(monkeypatch, delete)
    else:
        delete()
    with pytest.raises(NotFound):
        add()
    assert counts(semblance) == {}


def before_the_next_write(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], number: int = 0) -> None:
    """Something happens once, right before this thread's next write, or the one after so many more."""
    here, left = threading.get_ident(), [number]

    def wrapped(real: Any) -> Any:
        def write(self: Any, *given: Any, **named: Any) -> Any:
            if threading.get_ident() == here:
                left[0] -= 1
                if left[0] == -1:
                    happens()
            return real(self, *given, **named)

        return write

    for name in WRITES:
        monkeypatch.setattr(Collection, name, wrapped(getattr(Collection, name)))


def test_what_a_frozen_worker_brings_late_is_swept(semblance: Semblance, workspace: Workspace) -> None:
    group = talked(semblance, workspace)
    database = semblance.connection.database
    message = database["focus_group_messages"].find_one({"focus_group_id": group.id, "seq": 2})
    workspace.delete_focus_group(group.id)
    now, offset = semblance.clock, [timedelta()]
    for passed in (timedelta(minutes=1), timedelta(minutes=20), timedelta(days=2)):
        database["focus_group_messages"].insert_one(message)
        offset[0] += passed
        finish_deletions(semblance.store, lambda: now() + offset[0])
        assert holding(semblance, SECRET) == []
    assert database["deletions"].count_documents({}) == 0


# Projects


def full_project(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> str:
    """A project with everything that a project can have."""
    group = talked(semblance, workspace)
    finished(semblance, workspace, workspace.analyse(group.id))
    model_server.script = told(failing="build_themes")
    finished(semblance, workspace, workspace.analyse(group.id))
    model_server.script = told()
    handed = workspace.add_stimuli(group.id, [("note.txt", SECRET.encode()), ("pack.png", PNG)])
    assert handed.task
    finished(semblance, workspace, handed.task)
    semblance.store.incoming.put(new_id(), group.id, [SECRET.encode()], semblance.clock())
    finished(semblance, workspace, workspace.recruit(group.project_id, SECRET, 2))
    workspace.open_project(group.project_id)
    session_of_it = workspace.duplicate_focus_group(group.id)
    assert session_of_it.project_id == group.project_id
    return group.project_id


class Killed(BaseException):
    """As if the process ended here."""


def kill() -> None:
    raise Killed


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
                workspace.delete_project(project_id)
            except Killed:
                continue
            break
    assert number > 8
    assert counts(semblance) == before
    assert holding(semblance, SECRET) == []
    assert workspace.me().project_id == ""
    assert semblance.store.usage.spent() == spent
    assert semblance.store.books.check().differences == ()
    with pytest.raises(NotFound, match="no such project"):
        workspace.delete_project(project_id)


@pytest.mark.parametrize("number", [2, 12])
def test_a_sweeper_finishes_what_was_killed(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, number: int
) -> None:
    project_id = full_project(semblance, workspace, model_server)
    with pytest.MonkeyPatch.context() as patched:
        before_the_next_write(patched, kill, number)
        with pytest.raises(Killed):
            workspace.delete_project(project_id)
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
        workspace.delete_focus_group(group.id)
    message = {"_id": "late", "focus_group_id": groups[1].id, "seq": 1}
    database["focus_group_messages"].insert_one(message)
    database["deletions"].update_one({"of": groups[0].id}, {"$set": {"kind": "what nobody knows"}})
    finish_deletions(semblance.store, lambda: semblance.clock() + timedelta(minutes=1))
    assert database["focus_group_messages"].count_documents({}) == 0


def test_the_others_projects_stay(semblance: Semblance, workspace: Workspace) -> None:
    mine, others = talked(semblance, workspace), talked(semblance, semblance.workspace("other"))
    with pytest.raises(SemblanceError):
        workspace.delete_project(others.project_id)
    workspace.delete_project(mine.project_id)
    assert len(semblance.workspace("other").messages(others.id)) == 3
