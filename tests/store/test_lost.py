"""Workers that end in the middle of the same work: counted in a row, and forgotten once anything new is stored."""

import time
from collections.abc import Callable
from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.task import Task, TaskState
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.engine.test_workers import NobodyHere
from tests.studies import session, with_engine

GONE_S = 0.002


def given_up(claim: Callable[[float], object]) -> None:
    """A worker claims it and is not heard of again."""
    assert claim(GONE_S)
    time.sleep(5 * GONE_S)


def test_a_session_counts_workers_that_ended_until_a_turn_is_stored(semblance: Semblance, workspace: Workspace) -> None:
    groups = semblance.store.focus_groups
    idle = with_engine(workspace, NobodyHere())
    group = session(idle)
    idle.sessions.start(group.id)

    def claimed(lease_s: float = 60.0) -> FocusGroup:
        found = groups.claim(group.id, lease_s)
        assert found
        return found

    given_up(claimed)
    given_up(claimed)
    held = claimed()
    assert held.lost == 2
    message = replace(_said(held), at=semblance.clock())
    after = groups.commit(held, message, held.course)
    assert after
    groups.claims.release(held.id, held.epoch)
    assert claimed(GONE_S).lost == 0
    time.sleep(5 * GONE_S)
    again = claimed()
    assert again.lost == 1
    groups.claims.release(again.id, again.epoch)
    assert claimed().lost == 0, "what was given back was not lost"
    idle.sessions.stop(group.id)
    given_up_after_start(idle, group.id, claimed)


def given_up_after_start(idle: Workspace, group_id: str, claimed: Callable[[float], FocusGroup]) -> None:
    idle.sessions.start(group_id)
    given_up(claimed)
    given_up(claimed)
    idle.sessions.stop(group_id)
    idle.sessions.start(group_id)
    assert claimed(60.0).lost == 0, "a person began it anew"


def test_a_message_that_got_lost_between_workers_is_no_worker_that_ended(
    semblance: Semblance, workspace: Workspace
) -> None:
    claims = semblance.store.focus_groups.claims
    idle = with_engine(workspace, NobodyHere())
    group = session(idle)
    idle.sessions.start(group.id)
    for _ in range(3):
        assert claims.reserve(group.id, GONE_S) is not None
        time.sleep(5 * GONE_S)
    handoff_epoch = claims.reserve(group.id, 60.0)
    found = semblance.store.focus_groups.claim(group.id, GONE_S, handoff_epoch)
    assert found
    assert found.lost == 0
    time.sleep(5 * GONE_S)
    for _ in range(2):
        claims.reserve(group.id, GONE_S)
        time.sleep(5 * GONE_S)
    taken = semblance.store.focus_groups.claim(group.id, 60.0)
    assert taken
    assert taken.lost == 1, "one worker ended, and two messages got lost"


def test_a_task_counts_workers_that_ended_until_it_is_further_or_keeps_something_new(
    semblance: Semblance, workspace: Workspace
) -> None:
    tasks = semblance.store.tasks
    project = workspace.projects.create("Panel")
    task = Task(new_id(), "recruit", "user", project.id, {}, semblance.clock(), total=3)
    tasks.add(task)

    def claimed(lease_s: float = 60.0) -> Task:
        found = tasks.claim(task.id, lease_s)
        assert found
        return found

    def lost() -> int:
        return tasks.get(task.id).lost

    given_up(claimed)
    given_up(claimed)
    held = claimed()
    tasks.progress(held, done=0, total=3, now="Reading")
    tasks.keep(held, {})
    assert lost() == 2, "it is where every worker before was"
    tasks.progress(held, done=1, total=3, now="Reading")
    assert lost() == 0
    tasks.claims.release(held.id, held.epoch)
    given_up(claimed)
    given_up(claimed)
    held = claimed()
    tasks.progress(held, done=0, total=3, now="Reading again")
    tasks.progress(held, done=1, total=3, now="Reading again")
    assert lost() == 2, "others came as far"
    tasks.keep(held, {"answers": {"one": "Fine."}})
    assert lost() == 0
    tasks.claims.release(held.id, held.epoch)
    given_up(claimed)
    given_up(claimed)
    held = claimed()
    tasks.keep(held, {"answers": {"one": "Fine."}})
    assert lost() == 2
    tasks.finish(held, TaskState.FAILED, semblance.clock(), error="It broke.")
    assert tasks.rerun(task.id)
    assert claimed().lost == 0
    assert tasks.get(task.id).result == {"answers": {"one": "Fine."}}


def test_work_stored_before_this_was_counted_opens_and_counts_from_nothing(
    semblance: Semblance, workspace: Workspace
) -> None:
    idle = with_engine(workspace, NobodyHere())
    group = session(idle)
    idle.sessions.start(group.id)
    task = idle.personas.recruit(idle.projects.create("Panel").id, "Anybody", 2)
    for name in ("focus_groups", "tasks"):
        semblance.connection.database[name].update_many({}, {"$unset": {"lost": "", "furthest": "", "reserved": ""}})
    assert (idle.sessions.get(group.id).lost, idle.tasks.get(task.id).lost) == (0, 0)
    given_up(lambda lease_s: semblance.store.tasks.claim(task.id, lease_s))
    held = semblance.store.tasks.claim(task.id, 60.0)
    assert held
    assert held.lost == 1


def _said(group: FocusGroup) -> Message:
    return Message(
        group.id, group.next_seq, "moderator", "Moderator", "Hello.", MessageStatus.SAID, "guide", group.created_at
    )
