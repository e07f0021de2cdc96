"""The fences: what a worker, a person or a process that comes too late writes changes nothing.

Each test here fails once its fence is taken out (`./test.sh tests/faults --mutate` takes them out one at a time).
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.store.ids import new_id
from semblance_core.store.sessions.focus_groups import FocusGroups
from semblance_core.store.usage.ledger import Hold
from tests.studies import eventually, session


@pytest.fixture
def groups(semblance: Semblance) -> FocusGroups:
    return semblance.store.focus_groups


@pytest.fixture
def failed_reply(semblance: Semblance) -> tuple[FocusGroup, Message]:
    """A moderated session whose one reply failed, and that reply."""
    groups, now = semblance.store.focus_groups, semblance.clock()
    group = session(semblance.workspace("user"))
    asked = Message(group.id, 1, "moderator", "User", "Well?", MessageStatus.SAID, "moderated", now)
    reply = Message(group.id, 2, "persona", "Maya Rao", "", MessageStatus.PENDING, "reply", now, persona_id="persona-0")
    group = groups.append(group, [asked, reply], now, state=FocusGroupState.MODERATED, pending=1)
    assert group
    claimed = groups.claim(group.id, 60)
    assert claimed
    failed = replace(reply, status=MessageStatus.FAILED, error="It failed.", epoch=claimed.epoch)
    assert groups.fill(failed)
    assert groups.finish_round(claimed, claimed.course, now)
    return groups.get(group.id), failed


def task_of(semblance: Semblance) -> Task:
    project = semblance.workspace("user").projects.create("Oat milk")
    task = Task(new_id(), "recruit", "user", project.id, {}, semblance.clock())
    semblance.store.tasks.add(task)
    return task


def test_a_worker_that_lost_its_task_writes_nothing_to_it(semblance: Semblance) -> None:
    tasks, now = semblance.store.tasks, semblance.clock()
    task = task_of(semblance)
    late = tasks.claim(task.id, lease_s=0.0)
    eventually(lambda: tasks.claims.left() == {task.id: 1})
    mine = tasks.claim(task.id, lease_s=60)
    assert late
    assert mine
    assert tasks.progress(mine, done=3, total=9, now="Mine")
    assert tasks.keep(mine, {"kept": "mine"})
    before = tasks.get(task.id)

    assert not tasks.progress(late, done=1, total=9, now="Late")
    assert not tasks.keep(late, {"kept": "late"})
    assert not tasks.finish(late, TaskState.DONE, now, result={"kept": "late"})
    assert not tasks.finish(late, TaskState.FAILED, now, error="Late.")
    assert tasks.get(task.id) == before


def test_a_worker_that_lost_its_session_does_not_pause_it(semblance: Semblance, groups: FocusGroups) -> None:
    """It fails in the middle of a turn at the very moment another one has taken the session over."""
    group = session(semblance.workspace("user"))
    assert groups.start(group, semblance.clock())
    taken: list[FocusGroup | None] = []

    def clock() -> datetime:
        if not taken:
            taken.append(groups.claim(group.id, 60, handoff_epoch=groups.get(group.id).epoch))
            raise RuntimeError("the worker's machine is out of order")
        return semblance.clock()

    replace(semblance.engine.worker, clock=clock).run("focus_group", group.id)
    assert taken[0]
    now = groups.get(group.id)
    assert (now.state, now.reason, now.epoch) == (FocusGroupState.AUTONOMOUS, "", taken[0].epoch)


def test_a_reply_is_asked_for_again_only_in_the_session_that_was_looked_at(
    semblance: Semblance, groups: FocusGroups, failed_reply: tuple[FocusGroup, Message]
) -> None:
    group, reply = failed_reply
    assert groups.start(group, semblance.clock())
    assert not groups.reopen(group, reply), "it runs by itself by now"
    assert groups.stop(group.id, semblance.clock(), reason="stopped")
    assert not groups.reopen(group, reply), "it ran and was stopped meanwhile"
    assert groups.message(group.id, reply.seq).status is MessageStatus.FAILED
    assert groups.reopen(groups.get(group.id), reply)


def test_a_reply_is_not_asked_for_again_while_others_are_awaited(
    semblance: Semblance, groups: FocusGroups, failed_reply: tuple[FocusGroup, Message]
) -> None:
    group, reply = failed_reply
    asked = replace(reply, seq=3, role="moderator", status=MessageStatus.SAID, text="And now?", error="")
    waiting = replace(reply, seq=4, status=MessageStatus.PENDING, error="")
    after = groups.append(group, [asked, waiting], semblance.clock(), state=FocusGroupState.MODERATED, pending=1)
    assert after
    assert not groups.reopen(after, reply)
    assert [message.seq for message in groups.pending(group.id)] == [4]


@pytest.mark.parametrize("what", ["reopen", "start"])
def test_nothing_begins_before_a_stop_is_finished(
    semblance: Semblance, groups: FocusGroups, failed_reply: tuple[FocusGroup, Message], what: str
) -> None:
    """Its process died between its two writes: what it left pending is about to be discarded."""
    group, reply = failed_reply
    sessions = semblance.connection.database["focus_groups"]
    sessions.update_one({"_id": group.id}, {"$set": {"stop_unfinished": True}})

    def begin() -> bool:
        return groups.reopen(group, reply) if what == "reopen" else groups.start(group, semblance.clock())

    assert not begin()
    groups.awaited.finish_stops()
    assert begin()


def test_a_discussion_starts_only_from_where_it_was_looked_at(semblance: Semblance, groups: FocusGroups) -> None:
    group = session(semblance.workspace("user"))
    assert groups.start(group, semblance.clock())
    assert not groups.start(group, semblance.clock()), "it runs already"
    assert groups.stop(group.id, semblance.clock(), reason="stopped")
    stopped = groups.get(group.id)
    assert groups.start(stopped, semblance.clock())
    assert groups.stop(group.id, semblance.clock(), reason="stopped")
    assert not groups.start(stopped, semblance.clock()), "somebody started and stopped it meanwhile"
    assert groups.start(groups.get(group.id), semblance.clock())


@pytest.mark.parametrize("what", ["session", "task"])
def test_who_takes_over_settles_at_once_what_the_dead_worker_held(semblance: Semblance, what: str) -> None:
    """Not only when the hold expires: until then its amount would be missing from the quota."""
    store = semblance.store
    if what == "session":
        group = session(semblance.workspace("user"))
        assert store.focus_groups.start(group, semblance.clock())
        claim, of = (lambda lease_s: store.focus_groups.claim(group.id, lease_s)), {"focus_group_id": group.id}
    else:
        task = task_of(semblance)
        claim, of = (lambda lease_s: store.tasks.claim(task.id, lease_s)), {"task_id": task.id}
    assert claim(0.0)
    worst = TokenCounts(prompt=90, completion=10)
    mine = Hold(new_id(), "user", semblance.clock(), Decimal("0.02"), worst, "reply", "m/1", "p", **of)
    other = replace(mine, call_id=new_id(), focus_group_id="another", task_id=None)
    for hold in (mine, other):
        store.ledger.hold(hold, UsageQuota(), lasts_s=3_600)

    eventually(lambda: claim(60))

    status = store.ledger.status("user", UsageQuota(), mine.month)
    assert (status.spent_usd, status.held_usd) == (Decimal("0.02"), Decimal("0.02")), "only what was this one's"
    (event,) = store.usage.events()
    assert (event.id, event.status, event.estimated) == (mine.call_id, "unknown", True)
    assert store.reconciliation.check().differences == ()
