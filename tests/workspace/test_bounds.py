"""How much of one account's work may be open at once, also where it is begun by many requests at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import Task
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.engine.test_workers import NobodyHere
from tests.studies import session, with_engine


def idle(semblance: Semblance, user: str = "user") -> Workspace:
    return with_engine(semblance.workspace(user), NobodyHere())


def begun(workspace: Workspace, project_id: str) -> str:
    """Begins a panel like no other."""
    try:
        workspace.personas.recruit(project_id, f"Anybody, {new_id()}", 2)
    except Conflict as refused:
        return str(refused)
    return "begun"


def test_sixty_requests_at_once_begin_as_many_panels_as_may_be_and_no_more(open_platform: OpenPlatform) -> None:
    """Two processes, so to speak: what one of them knows the other has to ask the database for."""
    platforms = [open_platform(SEMBLANCE_OPEN_PANELS=3) for _ in range(2)]
    workspaces = [idle(semblance) for semblance in platforms]
    projects = [workspaces[0].projects.create(f"Project {number}").id for number in range(2)]
    with ThreadPoolExecutor(20) as threads:
        said = Counter(threads.map(lambda number: begun(workspaces[number % 2], projects[number // 2 % 2]), range(60)))
    assert said.pop("begun") == 3
    (words,) = said
    assert "3 panels are being recruited already" in words
    assert "cancel one" in words
    assert len([task for project_id in projects for task in workspaces[0].tasks.of_project(project_id)]) == 3


def test_there_is_room_again_once_one_is_over_and_a_failed_one_needs_room_too(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_OPEN_PANELS=1)
    workspace = idle(semblance)
    project = workspace.projects.create("Panel")
    first = workspace.personas.recruit(project.id, "Anybody", 2)
    assert begun(workspace, project.id).startswith("1 panel is being recruited already")
    assert workspace.personas.recruit(project.id, "Anybody", 2).id == first.id, (
        "asked for once more, it is not another one"
    )
    workspace.tasks.cancel(first.id)
    assert begun(workspace, project.id) == "begun"
    with pytest.raises(Conflict, match="1 panel is being recruited"):
        workspace.tasks.rerun(first.id)
    assert begun(idle(semblance, "other"), idle(semblance, "other").projects.create("Panel").id) == "begun"


def test_who_acts_for_somebody_counts_on_that_somebody(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_OPEN_PANELS=2)
    workspace, admin = idle(semblance), idle(semblance, "admin")
    project = workspace.projects.create("Panel")
    assert begun(admin, project.id) == "begun"
    assert begun(workspace, project.id) == "begun"
    assert "2 panels" in begun(admin, project.id)
    assert begun(admin, admin.projects.create("My own").id) == "begun"


def test_other_tasks_are_bounded_too_and_it_is_said_which_are_open(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_OPEN_TASKS=3)
    workspace = idle(semblance)
    group = session(workspace)
    workspace.stimuli.add(group.id, [("one.txt", b"One.")])
    workspace.personas.recruit(group.project_id, "Anybody", 2)
    semblance.store.tasks.add(Task(new_id(), "analyse", "user", group.project_id, {}, semblance.clock()))
    for refused in (
        lambda: workspace.findings.analyse(group.id),
        lambda: workspace.personas.recruit(group.project_id, "Somebody else", 2),
        lambda: workspace.stimuli.add(group.id, [("two.txt", b"Two.")]),
        lambda: workspace.examples.make(),
    ):
        with pytest.raises(Conflict, match=r"3 tasks are under way already .*recruiting: 1.*at most 3"):
            refused()
    assert len(workspace.projects.mine()) == 1, "and no project was made for an example that was not begun"


def test_sessions_that_run_are_bounded_rounds_and_retries_among_them(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_RUNNING_SESSIONS=2)
    workspace = idle(semblance)
    groups = [session(workspace).id for _ in range(12)]

    def started(group_id: str) -> str:
        try:
            workspace.sessions.start(group_id)
        except Conflict as refused:
            return str(refused)
        return "begun"

    with ThreadPoolExecutor(12) as threads:
        said = Counter(threads.map(started, groups))
    assert said.pop("begun") == 2
    (words,) = said
    assert "2 sessions are running already" in words
    running = next(group_id for group_id in groups if workspace.sessions.get(group_id).is_busy)
    waiting = next(group_id for group_id in groups if not workspace.sessions.get(group_id).is_busy)
    with pytest.raises(Conflict, match="2 sessions are running"):
        workspace.sessions.post(waiting, "What do you drink?")
    workspace.sessions.stop(running)
    workspace.sessions.post(waiting, "What do you drink?")
    with pytest.raises(Conflict, match="2 sessions are running"):
        workspace.sessions.start(running)
    messages = semblance.connection.database["focus_group_messages"]
    workspace.sessions.stop(waiting)
    messages.update_many({"focus_group_id": waiting, "status": "discarded"}, {"$set": {"status": "failed"}})
    workspace.sessions.start(running)
    with pytest.raises(Conflict, match="2 sessions are running"):
        workspace.sessions.retry(waiting, 2)


def test_without_bounds_everything_is_begun(open_platform: OpenPlatform) -> None:
    semblance = open_platform(SEMBLANCE_OPEN_PANELS=0, SEMBLANCE_OPEN_TASKS=0, SEMBLANCE_RUNNING_SESSIONS=0)
    workspace = idle(semblance)
    project = workspace.projects.create("Panels")
    assert {begun(workspace, project.id) for _ in range(25)} == {"begun"}


def test_a_process_that_died_while_it_began_something_stands_in_the_way_for_seconds_only(
    semblance: Semblance,
) -> None:
    users = semblance.connection.database["users"]
    users.update_one({"_id": "user"}, [{"$set": {"beginning": "gone", "beginning_until": {"$add": ["$$NOW", 300]}}}])
    workspace = idle(semblance)
    assert begun(workspace, workspace.projects.create("Panel").id) == "begun"
    assert "beginning" not in (users.find_one({"_id": "user"}) or {})
