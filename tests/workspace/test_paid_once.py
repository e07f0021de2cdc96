"""Two clicks, two windows, two users: nobody pays twice for the same, and whoever means it can."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import Conflict, UserMistake
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.times import utc_now
from semblance_core.engine.tasks import backfill
from semblance_core.engine.tasks.stored import to_stored
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import asked_round, finished, session

Result = TypeVar("Result")
WINDOWS = 6
CALLS = 5
"""Of an analysis with one theme: codes, themes, the check of the theme, the summary, the check of the summary."""


def at_once(click: Callable[[], Result]) -> list[Result | UserMistake]:
    """What so many windows get that ask at the same moment; what is refused in words is a result, too."""
    together = Barrier(WINDOWS)

    def one(_: int) -> Result | UserMistake:
        together.wait()
        try:
            return click()
        except UserMistake as refused:
            return refused

    with ThreadPoolExecutor(WINDOWS) as windows:
        return list(windows.map(one, range(WINDOWS)))


def themes(asked: Asked) -> Reply:
    """Answers from which an analysis makes one theme."""
    if asked.feature == "code_transcript":
        speaker = asked.prompt.partition("[2] ")[2].partition(":")[0]
        quote = {"seq": 2, "speaker": speaker, "quote": "Fine by me."}
        return Reply(json.dumps({"codes": [{"label": "fine", "verbatims": [quote]}]}))
    if asked.feature == "build_themes":
        return Reply(json.dumps({"themes": [{"name": "Fine", "summary": "It is.", "code_ids": [0]}]}))
    return sensible(asked) if asked.schema else Reply("Fine by me.")


@pytest.fixture
def group(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> FocusGroup:
    """A session in which something was said, without anything asked so far."""
    model_server.script = themes
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "Hello?")
    model_server.forget()
    return workspace.sessions.get(group.id)


def test_an_analysis_asked_for_by_many_windows_at_once_is_one(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    admin = semblance.workspace("admin")
    begun = [*at_once(lambda: workspace.findings.analyse(group.id)), admin.findings.analyse(group.id)]
    assert len({task.id for task in begun}) == 1  # type: ignore[union-attr]
    task = finished(semblance, workspace, begun[0])  # type: ignore[arg-type]
    assert (task.state, task.error) == (TaskState.DONE, "")
    assert len(model_server.asked) == CALLS
    assert len(workspace.findings.analyses(group.id)) == 1


def test_an_analysis_of_all_that_was_said_is_not_paid_for_again_unless_that_is_meant(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    first = finished(semblance, workspace, workspace.findings.analyse(group.id))
    for stale in (
        workspace.findings.analyse(group.id),
        semblance.workspace("admin").findings.analyse(group.id, seen="an earlier one"),
    ):
        assert stale == first
    assert len(model_server.asked) == CALLS
    second = finished(semblance, workspace, workspace.findings.analyse(group.id, seen=first.id))
    assert second.id != first.id
    assert workspace.findings.analyse(group.id, seen=first.id) == second, "somebody else was quicker"
    third = finished(semblance, workspace, workspace.findings.analyse(group.id, again=True))
    assert len(model_server.asked) == 3 * CALLS
    assert [found.analysis_id for found in workspace.findings.analyses(group.id)] == [third.id, second.id, first.id]


def test_what_was_said_since_is_analysed_anew(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    first = finished(semblance, workspace, workspace.findings.analyse(group.id))
    model_server.script = lambda asked: Reply("no", status=400)
    _, failed, _ = asked_round(semblance, workspace, group.id, "And now?")
    assert failed.status is MessageStatus.FAILED
    model_server.script = themes
    second = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert second.id != first.id
    assert workspace.findings.analyse(group.id) == second
    workspace.sessions.retry(group.id, failed.seq)  # the number of the last message stays the same
    semblance.engine.wait("focus_group", group.id)
    assert finished(semblance, workspace, workspace.findings.analyse(group.id)).id not in (first.id, second.id)


def test_a_panel_asked_for_by_many_windows_at_once_is_one(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    project = workspace.projects.create("Panel")
    begun = at_once(lambda: workspace.personas.recruit(project.id, "Anybody", 2))
    (task_id,) = {task.id for task in begun}  # type: ignore[union-attr]
    task = finished(semblance, workspace, workspace.tasks.get(task_id))
    assert task.state is TaskState.DONE
    assert len(workspace.personas.of_project(project.id)) == 2
    assert workspace.personas.recruit(project.id, " Anybody ", 2) == task, "a window that was left open"
    assert len(model_server.asked) == 3
    assert workspace.personas.recruit(project.id, "Anybody", 2, seed=1).id != task.id
    assert workspace.personas.recruit(workspace.projects.create("Another").id, "Anybody", 2).id != task.id
    another = workspace.personas.recruit(project.id, "Anybody", 2, again=True)
    assert finished(semblance, workspace, another).state is TaskState.DONE
    assert another.id != task.id


def test_a_panel_of_a_while_ago_or_that_was_deleted_is_recruited_anew(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    now = [utc_now()]
    semblance = open_platform(clock=lambda: now[0])
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Panel")
    first = finished(semblance, workspace, workspace.personas.recruit(project.id, "Anybody", 2))
    now[0] += timedelta(minutes=9)
    assert workspace.personas.recruit(project.id, "Anybody", 2).id == first.id
    now[0] += timedelta(minutes=2)
    second = finished(semblance, workspace, workspace.personas.recruit(project.id, "Anybody", 2))
    assert second.id != first.id
    workspace.personas.delete_some(project.id, second.result["persona_ids"])
    assert workspace.personas.recruit(project.id, "Anybody", 2).id not in (first.id, second.id)


def test_going_on_is_clicked_by_many_windows_and_done_once(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Panel")
    model_server.script = lambda asked: Reply("down", status=500)
    failed = finished(semblance, workspace, workspace.personas.recruit(project.id, "Anybody", 2))
    assert failed.state is TaskState.FAILED
    model_server.script = sensible
    model_server.forget()
    assert at_once(lambda: workspace.tasks.rerun(failed.id)) == [None] * WINDOWS
    assert finished(semblance, workspace, failed).state is TaskState.DONE
    assert len(model_server.asked) == 3
    with pytest.raises(Conflict, match="Only a failed or cancelled"):
        workspace.tasks.rerun(failed.id)


def test_a_task_that_was_begun_anew_meanwhile_is_not_gone_on_with_as_well(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Panel")
    model_server.script = lambda asked: Reply("down", status=500)
    failed = finished(semblance, workspace, workspace.personas.recruit(project.id, "Anybody", 2))
    model_server.script = lambda asked: Reply(sensible(asked).text, delay_s=60)
    anew = workspace.personas.recruit(project.id, "Anybody", 2)
    with pytest.raises(Conflict, match="begun anew meanwhile"):
        workspace.tasks.rerun(failed.id)
    workspace.tasks.cancel(anew.id)
    workspace.tasks.rerun(failed.id)
    workspace.tasks.cancel(failed.id)


def test_an_example_asked_for_by_many_windows_at_once_is_one(semblance: Semblance, workspace: Workspace) -> None:
    begun = at_once(workspace.examples.make)
    (task,) = [each for each in begun if not isinstance(each, Conflict)]
    assert all(str(each) == "Your example is being made already." for each in begun if isinstance(each, Conflict))
    assert [project.name for project in workspace.projects.mine()] == ["Example: oat milk"]
    done = finished(semblance, workspace, task)  # type: ignore[arg-type]
    assert workspace.examples.make() == done


def test_lost_usage_is_reconstructed_once_however_many_ask(semblance: Semblance) -> None:
    admin = semblance.workspace("admin")
    request = to_stored(backfill.Request(None, None))
    waiting = Task(new_id(), "backfill", "admin", "", request, utc_now(), exclusive="backfill")
    semblance.store.tasks.add(waiting)
    claimed = semblance.store.tasks.claim(waiting.id, 60)
    assert claimed
    assert {task.id for task in at_once(admin.usage.backfill)} == {waiting.id}  # type: ignore[union-attr]
    semblance.store.tasks.finish(claimed, TaskState.DONE, utc_now())
    assert admin.usage.backfill().id != waiting.id


def test_the_same_files_handed_in_by_two_windows_at_once_are_read_once(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace)
    given = [("a.txt", b"What it says."), ("b.txt", b"And more.")]
    tasks = {handed.task.id for handed in at_once(lambda: workspace.stimuli.add(group.id, given)) if handed.task}  # type: ignore[union-attr]
    for task_id in tasks:
        semblance.engine.wait("task", task_id)
    assert sorted(asset.name for asset in workspace.stimuli.of_session(group.id)) == ["a.txt", "b.txt"]
    assert semblance.connection.database["incoming"].count_documents({}) == 0


def test_a_discussion_started_by_many_windows_at_once_runs_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, turn_limit=6)
    assert at_once(lambda: workspace.sessions.start(group.id)) == [None] * WINDOWS
    semblance.engine.wait("focus_group", group.id)
    seqs = [message.seq for message in workspace.sessions.messages(group.id)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_message_sent_by_many_windows_at_once_is_put_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.5
    group = session(workspace)
    sent = at_once(lambda: workspace.sessions.post(group.id, "Hello?"))
    assert sum(isinstance(each, Conflict) for each in sent) == WINDOWS - 1
    semblance.engine.wait("focus_group", group.id)
    assert len(model_server.asked) == 3
