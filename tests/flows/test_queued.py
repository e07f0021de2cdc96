"""Questions that are sent while participants answer: they wait, and are asked once, in order, as their author."""

from decimal import Decimal
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.discussion.queued import MOST_QUEUED
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.moderate import answer_round
from semblance_core.flows.queued import ask_queued
from semblance_core.workspace import Workspace
from semblance_core.workspace.posting import posted
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, session, with_engine


class NobodyHere:
    """An engine that does nothing: what is to be done waits for a worker."""

    def submit(self, kind: str, work_id: str) -> None: ...

    def wait(self, kind: str, work_id: str) -> None: ...


def questions(workspace: Workspace, group_id: str) -> list[str]:
    return [message.text for message in workspace.sessions.messages(group_id) if message.role == "moderator"]


def waiting(workspace: Workspace, group_id: str) -> list[str]:
    return [question.text for question in workspace.sessions.get(group_id).queued]


@pytest.fixture
def alone(workspace: Workspace) -> Workspace:
    """Whose work waits until a test has it done."""
    return with_engine(workspace, NobodyHere())


def test_questions_that_are_sent_during_the_replies_are_asked_afterwards_in_order(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.3
    group = session(workspace)
    workspace.sessions.post(group.id, "First?")
    assert workspace.sessions.post(group.id, "@Ines, second?", queues=True).queued
    workspace.sessions.post(group.id, " Third? ", [group.participants[0].id], queues=True)
    assert waiting(workspace, group.id) == ["@Ines, second?", "Third?"]
    semblance.engine.wait("focus_group", group.id)
    messages = workspace.sessions.messages(group.id)
    said = [message.text if message.role == "moderator" else message.speaker for message in messages]
    assert (said[0], said[4:]) == ("First?", ["@Ines, second?", "Ines Falk", "Third?", "Maya Rao"])
    assert {message.status for message in messages} == {MessageStatus.SAID}
    assert {message.author_id for message in messages if message.role == "moderator"} == {"user"}
    after = workspace.sessions.get(group.id)
    assert (after.queued, after.is_busy, after.state) == ((), False, FocusGroupState.MODERATED)


def test_a_question_is_asked_at_once_where_nobody_answers(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    assert workspace.sessions.post(group.id, "First?", queues=True).pending == 3
    semblance.engine.wait("focus_group", group.id)
    assert questions(workspace, group.id) == ["First?"]


def test_a_question_that_is_sent_again_is_taken_once_whether_it_was_asked_waits_or_was_asked_meanwhile(
    semblance: Semblance, alone: Workspace
) -> None:
    group = session(alone)
    for _ in range(2):
        assert alone.sessions.post(group.id, "First?", queues=True, key="a").next_seq == 5
        alone.sessions.post(group.id, "Second?", queues=True, key="b")
        assert waiting(alone, group.id) == ["Second?"]
    semblance.engine.wait("focus_group", group.id)
    for key in "ab":
        alone.sessions.post(group.id, "Late?", queues=True, key=key)
    assert questions(alone, group.id) == ["First?", "Second?"]
    read_before = alone.sessions.get(group.id)
    for key in ("c", "c"):  # by two windows that both read the session before
        posted(alone.sessions._context, alone.me.account(), read_before, "Third?", key=key)
    assert questions(alone, group.id) == ["First?", "Second?", "Third?"]
    with pytest.raises(InvalidInput, match="at most 40"):
        alone.sessions.post(group.id, "Fourth?", key="x" * 41)


def test_a_question_that_waits_can_be_taken_back_until_it_is_asked(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    first, second = (alone.sessions.post(group.id, text, queues=True).queued[-1] for text in ("Second?", "Third?"))
    alone.sessions.take_back(group.id, first.id)
    assert waiting(alone, group.id) == ["Third?"]
    semblance.engine.wait("focus_group", group.id)
    assert questions(alone, group.id) == ["First?", "Third?"]
    for asked in (first, second):
        with pytest.raises(Conflict, match="just now"):
            alone.sessions.take_back(group.id, asked.id)


def test_only_so_many_wait_and_each_must_ask_somebody(alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    for refused in ("", "x" * 4_001, "@Mayo, you?"):
        with pytest.raises(InvalidInput):
            alone.sessions.post(group.id, refused, queues=True)
    for number in range(MOST_QUEUED):
        alone.sessions.post(group.id, f"Question {number}?", queues=True)
    with pytest.raises(Conflict, match="5 questions are in the queue already"):
        alone.sessions.post(group.id, "One more?", queues=True)
    assert len(waiting(alone, group.id)) == MOST_QUEUED


def test_while_a_discussion_runs_by_itself_nothing_is_queued(alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.start(group.id)
    with pytest.raises(Conflict, match="running by itself"):
        alone.sessions.post(group.id, "Now?", queues=True)
    assert waiting(alone, group.id) == []


def test_between_two_rounds_nobody_passes_the_questions_that_wait(semblance: Semblance, alone: Workspace) -> None:
    """The worker died after the round: the session is busy, as if the next question had been asked."""
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    alone.sessions.post(group.id, "Second?", queues=True)
    assert round_answered(semblance, group.id)
    between = alone.sessions.get(group.id)
    assert (between.pending, between.is_busy) == (0, True)
    with pytest.raises(Conflict, match="still answering"):
        alone.sessions.post(group.id, "Pushing in?")
    with pytest.raises(Conflict):
        alone.sessions.start(group.id)
    alone.sessions.post(group.id, "Third?", queues=True)
    assert semblance.store.focus_groups.claims.left() == {group.id: between.epoch}, "the sweeper finds it"
    semblance.engine.worker.run("focus_group", group.id)
    assert questions(alone, group.id) == ["First?", "Second?", "Third?"]


def test_a_worker_that_lost_the_session_asks_nothing(semblance: Semblance, alone: Workspace) -> None:
    """Two claim the session one after the other; only the later may write, and the question is asked once."""
    groups, group = semblance.store.focus_groups, session(alone)
    alone.sessions.post(group.id, "First?")
    alone.sessions.post(group.id, "Second?", queues=True)
    assert round_answered(semblance, group.id)
    late = groups.claim(group.id, lease_s=-1)
    now = groups.claim(group.id, lease_s=60)
    assert late
    assert now
    parts = (semblance.store, semblance.gateway, semblance.clock)
    ask_queued(late, *parts)
    assert questions(alone, group.id) == ["First?"]
    ask_queued(now, *parts)
    ask_queued(now, *parts)
    assert questions(alone, group.id) == ["First?", "Second?"]
    assert waiting(alone, group.id) == []


def test_a_question_that_is_refused_by_then_stays_with_the_reason(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    alone.sessions.post(group.id, "Second?", queues=True)
    assert round_answered(semblance, group.id)
    month = semblance.workspace("admin").accounts
    month.set_quota("user", UsageQuota(usd=Decimal(0)))
    semblance.engine.worker.run("focus_group", group.id)
    refused = alone.sessions.get(group.id)
    assert [(question.text, "quota" in question.refused) for question in refused.queued] == [("Second?", True)]
    assert not refused.is_busy
    month.set_quota("user", UsageQuota())
    alone.sessions.ask_queued(group.id, refused.queued[0].id)
    semblance.engine.worker.run("focus_group", group.id)
    assert questions(alone, group.id) == ["First?", "Second?"]


@pytest.mark.parametrize("how", ["stop", "end"])
def test_who_stops_keeps_the_questions_and_nothing_is_asked_by_itself(
    semblance: Semblance, alone: Workspace, how: str
) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    alone.sessions.post(group.id, "Second?", queues=True)
    getattr(alone.sessions, how)(group.id)
    stopped = alone.sessions.get(group.id)
    assert [(question.text, "stopped" in question.refused) for question in stopped.queued] == [("Second?", True)]
    assert not stopped.is_busy
    semblance.engine.worker.run("focus_group", group.id)
    assert questions(alone, group.id) == ["First?"]
    if how == "end":
        with pytest.raises(Conflict):
            alone.sessions.ask_queued(group.id, stopped.queued[0].id)
    alone.sessions.take_back(group.id, stopped.queued[0].id)


def test_the_question_of_an_account_that_is_disabled_is_not_asked(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    admin = with_engine(semblance.workspace("admin"), NobodyHere())
    admin.sessions.post(group.id, "First?")
    admin.sessions.post(group.id, "Second?", queues=True)
    groups = semblance.connection.database["focus_groups"]
    groups.update_one({"_id": group.id}, {"$set": {"queued.0.author_id": "gone"}})
    semblance.engine.wait("focus_group", group.id)
    (refused,) = workspace.sessions.get(group.id).queued
    assert "disabled or deleted" in refused.refused


def round_answered(semblance: Semblance, group_id: str) -> bool:
    """Has the replies written, and no more, as a worker does that is killed then."""
    groups = semblance.store.focus_groups
    claimed = groups.claim(group_id, lease_s=60)
    assert claimed
    answer_round(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    return not groups.get(group_id).pending


def test_a_session_that_ended_by_itself_takes_another_question(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    asked_round(semblance, workspace, group.id, "First?")
    workspace.sessions.finish_guide(group.id)
    ended = workspace.sessions.get(group.id)
    assert (ended.state, ended.takes_questions, ended.ended_at is None) == (FocusGroupState.ENDED, True, False)
    asked_round(semblance, workspace, group.id, "One thing more?")
    after = workspace.sessions.get(group.id)
    assert (after.state, after.reason, after.ended_at) == (FocusGroupState.MODERATED, "", None)
    assert questions(workspace, group.id) == ["First?", "One thing more?"]


def test_a_session_that_a_person_ended_is_reopened_first(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    with pytest.raises(Conflict, match="has not ended"):
        workspace.sessions.reopen(group.id)
    asked_round(semblance, workspace, group.id, "First?")
    workspace.sessions.end(group.id)
    with pytest.raises(InvalidInput, match="has ended"):
        workspace.sessions.post(group.id, "One thing more?")
    workspace.sessions.reopen(group.id)
    after = workspace.sessions.get(group.id)
    assert (after.state, after.reason, after.ended_at) == (FocusGroupState.MODERATED, "", None)
    asked_round(semblance, workspace, group.id, "One thing more?")


def test_all_that_failed_is_asked_for_again_at_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("overloaded", status=400)
    group = session(workspace)
    asked_round(semblance, workspace, group.id, "First?")
    model_server.script = lambda asked: Reply("Sure.")
    asked_round(semblance, workspace, group.id, "Second?")
    with pytest.raises(InvalidInput):
        workspace.sessions.retry(group.id)
    model_server.script = lambda asked: Reply("overloaded", status=400)
    asked_round(semblance, workspace, group.id, "Third?")
    assert len(workspace.sessions.failed_lately(group.id)) == 3
    model_server.script = lambda asked: Reply("Sure, now.")
    workspace.sessions.retry(group.id)
    semblance.engine.wait("focus_group", group.id)
    assert workspace.sessions.failed_lately(group.id) == []
    replies: list[Any] = [message for message in workspace.sessions.messages(group.id) if message.role == "persona"]
    assert [message.status for message in replies] == [MessageStatus.FAILED] * 3 + [MessageStatus.SAID] * 6


def test_looking_for_lost_replies_leaves_the_questions_alone(semblance: Semblance, alone: Workspace) -> None:
    """The sweeper saw a reply awaited, and looks at its session when the round is over."""
    groups, group = semblance.store.focus_groups, session(alone)
    alone.sessions.post(group.id, "First?")
    alone.sessions.post(group.id, "Second?", queues=True)
    assert round_answered(semblance, group.id)
    messages = semblance.connection.database["focus_group_messages"]
    messages.update_one({"focus_group_id": group.id, "seq": 2}, {"$set": {"status": "pending"}})
    assert groups.awaited.give_up_lost() == [group.id]
    semblance.engine.worker.run("focus_group", group.id)
    assert questions(alone, group.id) == ["First?", "Second?"]
