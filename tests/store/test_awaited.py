"""A reply that is asked for again is never awaited for ever, whatever happens between the writes that ask for it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pymongo.collection import Collection

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import UserMistake
from semblance_core.engine.sweep import Sweeper
from semblance_core.workspace import Workspace
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, eventually, session


class Killed(BaseException):
    """As if the process ended here."""


@pytest.fixture
def at_write(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], object]], None]:
    """`at_write(1, happens)`: something happens right before this thread's second update."""
    real = Collection.update_one

    def prepare(number: int, happens: Callable[[], object]) -> None:
        left, here = [number], threading.get_ident()

        def update_one(self: Any, *given: Any, **named: Any) -> Any:
            if threading.get_ident() == here:
                left[0] -= 1
                if left[0] == -1:
                    happens()
            return real(self, *given, **named)

        monkeypatch.setattr(Collection, "update_one", update_one)

    return prepare


@pytest.fixture
def failed(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> tuple[FocusGroup, Message]:
    """A round of two, one of whose replies failed."""
    model_server.script = lambda asked: Reply("no", status=400) if asked.number == 0 else Reply("Fine by me.")
    group = session(workspace, size=2)
    replies = asked_round(semblance, workspace, group.id, "Hello?")
    (reply,) = (message for message in replies if message.status is MessageStatus.FAILED)
    return workspace.sessions.get(group.id), reply


def sweep(semblance: Semblance) -> None:
    """One sweep, whose work is done when this returns."""
    sweeper = Sweeper(semblance.engine.worker, semblance.engine.worker.run, 1.0)
    for step in (sweeper._finish_stops, sweeper._give_up_lost, sweeper._resume, sweeper._take_up):
        step()


def kill(_: Semblance, __: str) -> None:
    raise Killed


HAPPENS: dict[str, Callable[[Semblance, str], object]] = {
    "a worker is woken up": lambda semblance, group_id: semblance.engine.worker.run("focus_group", group_id),
    "a sweep": lambda semblance, _: sweep(semblance),
    "a stop": lambda semblance, group_id: semblance.workspace("user").sessions.stop(group_id),
    "the end": lambda semblance, group_id: semblance.workspace("user").sessions.end(group_id),
    "another question": lambda semblance, group_id: semblance.workspace("user").sessions.post(group_id, "And?"),
    "the process is killed": kill,
}


@pytest.mark.parametrize("what", HAPPENS)
@pytest.mark.parametrize("write", [0, 1])
def test_a_reply_that_is_asked_for_again_is_never_awaited_for_ever(
    semblance: Semblance,
    workspace: Workspace,
    failed: tuple[FocusGroup, Message],
    at_write: Callable[[int, Callable[[], object]], None],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    write: int,
) -> None:
    group, reply = failed
    at_write(write, lambda: HAPPENS[what](semblance, group.id))
    try:
        workspace.sessions.retry(group.id, reply.seq)
    except (UserMistake, Killed):
        pass
    monkeypatch.undo()
    semblance.engine.wait("focus_group", group.id)
    sweep(semblance)
    semblance.engine.wait("focus_group", group.id)

    now = {message.seq: message for message in workspace.sessions.messages(group.id)}
    assert MessageStatus.PENDING not in {message.status for message in now.values()}
    assert not workspace.sessions.get(group.id).is_busy
    if now[reply.seq].status is MessageStatus.FAILED and what != "the end":
        assert now[reply.seq].error
        workspace.sessions.retry(group.id, reply.seq)
        semblance.engine.wait("focus_group", group.id)
        assert workspace.sessions.messages(group.id)[reply.seq - 1].text == "Fine by me."


@pytest.fixture
def stuck(semblance: Semblance, failed: tuple[FocusGroup, Message]) -> tuple[FocusGroup, Message]:
    """As earlier versions could leave it: a reply is awaited, and its session is not busy."""
    group, reply = failed
    messages = semblance.connection.database["focus_group_messages"]
    waits = {"status": MessageStatus.PENDING.value, "error": ""}
    assert messages.update_one({"_id": f"{group.id}/{reply.seq}"}, {"$set": waits}).modified_count == 1
    return failed


def test_a_reply_that_nobody_works_on_says_so_after_a_sweep(
    semblance: Semblance, workspace: Workspace, stuck: tuple[FocusGroup, Message]
) -> None:
    group, reply = stuck
    sweep(semblance)
    now = semblance.store.focus_groups.message(group.id, reply.seq)
    assert (now.status, now.error) == (MessageStatus.FAILED, "The answer never came; ask for it again.")
    workspace.sessions.retry(group.id, reply.seq)
    semblance.engine.wait("focus_group", group.id)
    assert semblance.store.focus_groups.message(group.id, reply.seq).text == "Fine by me."


def test_a_reply_that_nobody_works_on_can_be_asked_for_before_a_sweep(
    semblance: Semblance, workspace: Workspace, stuck: tuple[FocusGroup, Message]
) -> None:
    group, reply = stuck
    workspace.sessions.retry(group.id, reply.seq)
    semblance.engine.wait("focus_group", group.id)
    assert semblance.store.focus_groups.message(group.id, reply.seq).text == "Fine by me."


def test_a_sweep_leaves_replies_alone_that_are_worked_on(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, size=2)
    model_server.latency_s = 1.0
    workspace.sessions.post(group.id, "Hello?")
    eventually(lambda: len(model_server.asked) == 2)
    assert semblance.store.focus_groups.awaited.give_up_lost() == []
    semblance.engine.wait("focus_group", group.id)
    assert [each.status for each in workspace.sessions.messages(group.id)] == [MessageStatus.SAID] * 3


def test_a_reply_that_was_lost_in_a_session_that_ended_is_not_awaited_either(
    semblance: Semblance, workspace: Workspace, stuck: tuple[FocusGroup, Message]
) -> None:
    group, reply = stuck
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"state": "ended"}})
    assert semblance.store.focus_groups.awaited.give_up_lost() == [group.id]
    assert workspace.sessions.messages(group.id)[reply.seq - 1].status is MessageStatus.FAILED
