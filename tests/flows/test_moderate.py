"""A moderated session: a message is put, and everybody asked answers side by side."""

from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.workspace import SessionConfig, Workspace
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import asked_round, eventually, session


def test_every_participant_answers_once_with_one_call_each(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, size=5)
    question, *replies = asked_round(semblance, workspace, group.id, "What do you drink?")
    assert (question.role, question.text, question.speaker) == ("moderator", "What do you drink?", "User")
    assert sorted(reply.speaker for reply in replies) == sorted(person.name for person in group.participants)
    assert [reply.seq for reply in replies] == [2, 3, 4, 5, 6]
    assert {reply.status for reply in replies} == {MessageStatus.SAID}
    assert {reply.reply_to for reply in replies} == {question.seq}
    assert all(reply.text and reply.tokens.completion and reply.cost_usd for reply in replies)
    assert len(model_server.asked) == 5
    assert workspace.sessions.get(group.id).state is FocusGroupState.MODERATED


def test_the_replies_of_a_round_are_asked_for_side_by_side(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 2.0  # longer than a busy machine takes to send five requests
    group = session(workspace, size=5)
    asked_round(semblance, workspace, group.id, "Ready?")
    assert model_server.most_at_once == 5


def test_who_answers_in_the_same_round_does_not_hear_the_others(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(f"unheard-{asked.number}.")
    group = session(workspace)
    asked_round(semblance, workspace, group.id, "First?")
    assert not any("unheard" in asked.prompt for asked in model_server.asked)
    asked_round(semblance, workspace, group.id, "Second?")
    for asked in model_server.asked[3:]:
        assert all(f"unheard-{number}." in asked.prompt for number in range(3))
        assert not any(f"unheard-{number}." in asked.prompt for number in range(3, 6))


def test_a_name_after_an_at_sign_asks_that_participant_alone(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    _, *replies = asked_round(semblance, workspace, group.id, "@Ines, and you? Maya said she buys it weekly.")
    assert [reply.speaker for reply in replies] == ["Ines Falk"]


def test_a_full_name_after_an_at_sign_tells_two_with_one_first_name_apart(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace)
    maya, ben, ines = group.participants
    twins = (maya, replace(ben, name="Maya Cole"), ines)
    workspace.sessions.change(group.id, SessionConfig("Oat milk", "Oat milk", group.guide, twins))
    _, *replies = asked_round(semblance, workspace, group.id, "Well, @Maya Cole, what about you?")
    assert [reply.speaker for reply in replies] == ["Maya Cole"]


def test_participants_can_be_chosen_for_a_message(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    chosen = [group.participants[0].id, group.participants[2].id]
    _, *replies = asked_round(semblance, workspace, group.id, "You two?", to=chosen)
    assert {reply.persona_id for reply in replies} == set(chosen)


def test_a_reply_that_failed_is_a_visible_turn_and_can_be_asked_for_again(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: (
        Reply("overloaded", status=400) if "Speak now as Ben" in asked.prompt else Reply("Sure.")
    )
    group = session(workspace)
    replies = asked_round(semblance, workspace, group.id, "What do you drink?")[1:]
    failed = next(reply for reply in replies if reply.status is MessageStatus.FAILED)
    assert (failed.speaker, failed.text) == ("Ben Cole", "")
    assert "refused" in failed.error
    assert sum(reply.status is MessageStatus.SAID for reply in replies) == 2

    model_server.script = lambda asked: Reply("Oat milk, now that you ask again.")
    workspace.sessions.retry(group.id, failed.seq)
    semblance.engine.wait("focus_group", group.id)
    again = workspace.sessions.messages(group.id, first=failed.seq, last=failed.seq)[0]
    assert (again.status, again.text, again.error) == (MessageStatus.SAID, "Oat milk, now that you ask again.", "")
    assert again.attempts == 2
    assert "Sure." not in model_server.asked[-1].prompt
    assert len(workspace.sessions.messages(group.id)) == 4


def test_only_a_failed_reply_can_be_asked_for_again(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    with pytest.raises(InvalidInput, match="failed"):
        workspace.sessions.retry(group.id, 2)


def test_a_message_during_the_replies_is_refused_and_not_lost_silently(
    workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 1.0
    group = session(workspace)
    workspace.sessions.post(group.id, "First?")
    with pytest.raises(Conflict, match="still answering"):
        workspace.sessions.post(group.id, "Second?")
    assert [message.text for message in workspace.sessions.messages(group.id) if message.role == "moderator"] == [
        "First?"
    ]


def test_stopping_the_replies_discards_those_that_come_late_and_keeps_their_cost(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 1.0
    group = session(workspace)
    workspace.sessions.post(group.id, "First?")
    eventually(lambda: len(model_server.asked) == 3)
    workspace.sessions.stop(group.id)
    assert [message.status for message in workspace.sessions.messages(group.id, first=2)] == [
        MessageStatus.DISCARDED
    ] * 3
    eventually(lambda: semblance.gateway.batcher.flush() or len(workspace.sessions.calls(group.id)) == 3)
    assert [message.text for message in workspace.sessions.messages(group.id, first=2)] == ["", "", ""]
    assert workspace.sessions.get(group.id).reason == "stopped"
    model_server.latency_s = 0.0
    assert len(asked_round(semblance, workspace, group.id, "Again?")) == 4


def test_without_quota_no_call_is_made_and_each_reply_says_why(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal("0.0000001")))
    group = session(workspace)
    replies = asked_round(semblance, workspace, group.id, "What do you drink?")[1:]
    assert all("quota does not allow" in reply.error for reply in replies)
    assert {reply.status for reply in replies} == {MessageStatus.FAILED}
    assert model_server.asked == []


def test_a_long_moderated_session_keeps_its_prompts_bounded(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, words=80))
    group = session(workspace, size=4)
    for number in range(20):
        asked_round(semblance, workspace, group.id, f"Question number {number}?")
    replies = [asked for asked in model_server.asked if "Speak now as" in asked.prompt]
    assert len(replies) == 80
    course = workspace.sessions.get(group.id).course
    assert 0 < course.extra_calls == len(model_server.asked) - len(replies) <= 0.15 * len(replies)
    assert max(len(asked.prompt) for asked in replies) / 4 <= 4_500
    assert course.summary


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001])
def test_a_message_without_words_or_of_book_length_is_refused(workspace: Workspace, text: str) -> None:
    group = session(workspace)
    with pytest.raises(InvalidInput, match="1–4,000"):
        workspace.sessions.post(group.id, text)


def test_an_ended_session_takes_no_message(workspace: Workspace) -> None:
    group = session(workspace)
    workspace.sessions.end(group.id)
    with pytest.raises(InvalidInput, match="has ended"):
        workspace.sessions.post(group.id, "Anyone?")
