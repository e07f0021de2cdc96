"""A person steers: in turn, let them discuss, skip, insert, go back, follow-ups, whispers; also while others answer, and after a kill."""

from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.coverage import Coverage, coverage
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.moderate import answer_round
from semblance_core.flows.queued import ask_queued
from semblance_core.workspace import Workspace
from tests.flows.test_queued import NobodyHere, questions
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, discussed, session, with_engine

FIRST, SECOND, THIRD = (
    "When did you last buy oat milk?",
    "What made you choose it?",
    "What is a fair price for a litre?",
)


@pytest.fixture
def alone(workspace: Workspace) -> Workspace:
    """Whose work waits until a test has it done."""
    return with_engine(workspace, NobodyHere())


def settled(semblance: Semblance, workspace: Workspace, group_id: str) -> tuple[FocusGroup, list[Message]]:
    semblance.engine.wait("focus_group", group_id)
    semblance.gateway.batcher.flush()
    return workspace.sessions.get(group_id), workspace.sessions.messages(group_id)


def prompts(model_server: ScriptedServer) -> list[str]:
    return [asked.prompt for asked in model_server.asked]


def test_in_turn_each_hears_those_before_and_at_once_nobody_does(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    words = iter(("Alpha on Monday.", "Bravo on Tuesday.", "Charlie on Friday.") * 3)
    model_server.script = lambda _: Reply(next(words))
    group = session(workspace)
    for in_turn in (False, True, True):
        model_server.forget()
        asked, *replies = asked_round(semblance, workspace, group.id, "How often?", in_turn=in_turn)
        assert (asked.in_turn, {reply.in_turn for reply in replies}) == (in_turn, {in_turn})
        after_question = [prompt.rpartition(f"[{asked.seq}] ")[2] for prompt in prompts(model_server)]
        heard = [sum(reply.text in prompt for reply in replies) for prompt in after_question]
        assert heard == ([0, 1, 2] if in_turn else [0, 0, 0])
        assert [reply.status for reply in replies] == [MessageStatus.SAID] * 3


def test_a_round_in_turn_goes_on_where_its_worker_died(
    semblance: Semblance, alone: Workspace, model_server: ScriptedServer
) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "How often?", in_turn=True)
    groups = semblance.store.focus_groups
    first = groups.claim(group.id, -1.0)
    assert first
    said = groups.pending(group.id)[0]
    assert groups.fill(replace(said, status=MessageStatus.SAID, text="Every Monday, always."))
    claimed = groups.claim(group.id, 30.0)  # the first one's lease is past
    assert claimed
    answer_round(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    assert len(model_server.asked) == 2, "the first answer is not asked for again"
    assert all("Every Monday, always." in prompt for prompt in prompts(model_server))
    assert {message.status for message in groups.messages(group.id)} == {MessageStatus.SAID}


def test_they_discuss_the_question_at_hand_for_so_many_turns(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=4)
    with pytest.raises(InvalidInput, match="Ask something first"):
        workspace.moderation.let_discuss(group.id, 3)
    asked_round(semblance, workspace, group.id, "What about the lid?")
    asked_round(semblance, workspace, group.id, SECOND)
    for turns in (3, 2):
        before = workspace.sessions.get(group.id)
        assert workspace.moderation.let_discuss(group.id, turns).is_discussing
        after, messages = settled(semblance, workspace, group.id)
        new = messages[before.next_seq - 1 :]
        assert [message.role for message in new] == ["persona"] * turns
        assert {message.question for message in new} == {1}
        assert (after.state, after.reason, after.course.turns) == (FocusGroupState.MODERATED, "discussed", 0)
    with pytest.raises(InvalidInput, match="1–40 turns"):
        workspace.moderation.let_discuss(group.id, 41)


def test_only_answers_to_the_guide_s_question_cover_it(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=3)
    first, *others = group.participants
    asked_round(semblance, workspace, group.id, FIRST, to=[first.id])
    on_it = Coverage(1, 0, tuple(person.name for person in others))
    asked_round(semblance, workspace, group.id, "And the lid?")
    assert coverage(workspace.sessions.get(group.id)) == on_it
    workspace.moderation.let_discuss(group.id, 2)
    after, messages = settled(semblance, workspace, group.id)
    assert (coverage(after), after.course.persona_turns) == (on_it, 6)
    assert [message.is_beside for message in messages] == [False] * 2 + [True] * 6
    asked_round(semblance, workspace, group.id, FIRST, to=[others[0].id])
    workspace.moderation.let_discuss(group.id, 1)
    covered = coverage(settled(semblance, workspace, group.id)[0])
    assert covered
    assert covered.answers == 3
    assert others[0].name not in covered.unheard


def test_a_discussion_and_questions_wait_for_one_another(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.3
    group = session(workspace)
    workspace.sessions.post(group.id, "First?")
    assert [each.turns for each in workspace.moderation.let_discuss(group.id, 2).queued] == [2]
    workspace.sessions.post(group.id, "Second?", queues=True, in_turn=True)
    _, messages = settled(semblance, workspace, group.id)
    assert [message.role[0] for message in messages] == list("mppp" + "pp" + "mppp")
    assert (messages[6].text, messages[6].in_turn) == ("Second?", True)
    workspace.moderation.let_discuss(group.id, 2)
    assert workspace.sessions.post(group.id, "Third?", queues=True).queued
    after, messages = settled(semblance, workspace, group.id)
    assert [message.role[0] for message in messages[10:]] == list("pp" + "mppp")
    assert (after.state, after.queued) == (FocusGroupState.MODERATED, ())


def test_a_discussion_ends_where_it_was_to_end_though_its_workers_die(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    semblance.engine.worker.run("focus_group", group.id)
    alone.moderation.let_discuss(group.id, 4)
    epoch = None
    for _ in range(4):  # one worker claims it and dies, another one takes one turn
        assert epoch or semblance.store.focus_groups.claim(group.id, lease_s=-1)
        epoch = semblance.engine.worker.run("focus_group", group.id, epoch, turns=1)
        assert epoch
    assert semblance.engine.worker.run("focus_group", group.id, epoch) is None
    after = alone.sessions.get(group.id)
    assert (after.reason, after.next_seq) == ("discussed", 9)


def test_a_discussion_that_cannot_begin_by_then_stays_with_the_reason(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    alone.moderation.let_discuss(group.id, 2)
    month, groups = semblance.workspace("admin").accounts, semblance.store.focus_groups
    claimed = groups.claim(group.id, 60.0)
    assert claimed
    answer_round(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    month.set_quota("user", UsageQuota(usd=Decimal(0)))
    semblance.engine.worker.run("focus_group", group.id)
    refused = alone.sessions.get(group.id)
    assert [(each.turns, "quota" in each.refused) for each in refused.queued] == [(2, True)]
    month.set_quota("user", UsageQuota())
    alone.sessions.ask_queued(group.id, refused.queued[0].id)
    semblance.engine.worker.run("focus_group", group.id)
    assert alone.sessions.get(group.id).reason == "discussed"


def test_who_goes_back_goes_on_where_they_were(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    for text in (FIRST, SECOND):
        asked_round(semblance, workspace, group.id, text)
    with pytest.raises(InvalidInput, match="asked before"):
        workspace.moderation.go_back(group.id, 2)
    for _ in range(2):
        workspace.moderation.go_back(group.id, 0, in_turn=True)
        now, messages = settled(semblance, workspace, group.id)
        assert (messages[-4].text, messages[-4].question, messages[-4].in_turn) == (FIRST, 0, True)
        assert (now.course.question, now.next_question) == (0, 2)
    assert workspace.moderation.insert(group.id, "Who shops?").guide.questions[2] == "Who shops?"
    workspace.moderation.let_discuss(group.id, 1)
    _, messages = settled(semblance, workspace, group.id)
    assert messages[-1].question == 0
    _, messages = discussed(semblance, workspace, group.id)
    put = [message.question for message in messages if message.feature in ("guide", "moderate")]
    assert put[:1] == [2], "the discussion goes on behind the furthest question, and does not repeat the guide"


def test_each_costs_what_its_estimate_plans(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=4)
    asked_round(semblance, workspace, group.id, FIRST)
    at_once, in_turn = (workspace.sessions.estimate_round(group.id, in_turn=turn) for turn in (False, True))
    assert in_turn.calls == at_once.calls == 4
    assert in_turn.p50_tokens > at_once.p50_tokens
    assert workspace.moderation.estimate_discussing(group.id, 5).calls <= 5
    assert workspace.moderation.estimate_suggesting(group.id).calls == 1
    assert 1 <= workspace.moderation.estimate_whisper(group.id).calls <= 5


def test_what_waits_survives_the_queue_of_a_claimed_session(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, "First?")
    alone.moderation.let_discuss(group.id, 2)
    groups = semblance.store.focus_groups
    claimed = groups.claim(group.id, 30.0)
    assert claimed
    answer_round(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    between = groups.claim(group.id, 30.0, claimed.epoch)
    assert between
    ask_queued(between, semblance.store, semblance.gateway, semblance.clock)
    now = alone.sessions.get(group.id)
    assert (now.is_discussing, now.alone_until, now.queued, questions(alone, group.id)) == (True, 7, (), ["First?"])
