"""A moderator changes the guide, takes up a suggestion or whispers while participants discuss."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.moderation.guide_change import ChangeKind
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.workspace import Workspace, config_of
from tests.flows.test_hybrid import FIRST, SECOND, THIRD, prompts
from tests.flows.test_queued import NobodyHere
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, finished, session, with_engine


@pytest.fixture
def alone(workspace: Workspace) -> Workspace:
    """Whose work waits until a test has it done."""
    return with_engine(workspace, NobodyHere())


def test_skipped_and_inserted_questions_are_of_what_is_to_come_and_on_record(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace)
    for change in (workspace.moderation.skip, workspace.moderation.insert):
        with pytest.raises(Conflict, match="has not begun"):
            change(group.id, SECOND)
    asked_round(semblance, workspace, group.id, FIRST)
    assert workspace.moderation.skip(group.id, SECOND).guide.questions == (FIRST, THIRD)
    with pytest.raises(Conflict, match="asked or skipped already"):
        workspace.moderation.skip(group.id, SECOND)
    for text in ("Who  shops?", "And who cooks?", "And who cooks?"):
        workspace.moderation.insert(group.id, text)
    now = workspace.sessions.get(group.id)
    assert now.guide.questions == (FIRST, "And who cooks?", "Who shops?", THIRD)
    assert [section.title for section in now.guide.sections] == ["Habits", "Price"]
    kinds = [(change.kind, change.question, change.after_seq, change.author) for change in now.guide_changes]
    author = workspace.me.account().name
    assert kinds == [
        (ChangeKind.SKIPPED, SECOND, 4, author),
        (ChangeKind.INSERTED, "Who shops?", 4, author),
        (ChangeKind.INSERTED, "And who cooks?", 4, author),
    ]
    assert config_of(now).guide == group.guide, "a copy of the session has the guide as it was set up"
    asked, *_ = asked_round(semblance, workspace, group.id, "And who cooks?")
    assert asked.question == 1
    with pytest.raises(Conflict, match="asked or skipped already"):
        workspace.moderation.skip(group.id, FIRST)


def test_a_change_while_others_answer_leaves_the_question_that_they_answer(
    semblance: Semblance, alone: Workspace
) -> None:
    group = session(alone)
    alone.sessions.post(group.id, FIRST)
    alone.sessions.post(group.id, SECOND, question=1, queues=True)
    assert alone.moderation.insert(group.id, "Who shops?").guide.questions == (FIRST, SECOND, "Who shops?", THIRD)
    with pytest.raises(Conflict, match="asked or skipped"):
        alone.moderation.skip(group.id, SECOND)
    semblance.engine.worker.run("focus_group", group.id)
    messages = alone.sessions.messages(group.id)
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1]
    now = alone.sessions.get(group.id)
    assert now.guide.questions[now.next_question] == "Who shops?"


def test_of_two_changes_at_once_none_is_lost(semblance: Semblance, alone: Workspace) -> None:
    group = session(alone)
    alone.sessions.post(group.id, FIRST)
    semblance.engine.worker.run("focus_group", group.id)
    stale, changes = alone.sessions.get(group.id), semblance.store.focus_groups.guide_changes
    now = alone.moderation.insert(group.id, "Who shops?")
    assert changes.write(stale, stale.guide, None, now.guide_changes[0]) is None
    alone.sessions.post(group.id, "Anything?")
    assert changes.write(now, now.guide, None, now.guide_changes[0]) is None, "somebody spoke meanwhile"


def test_follow_ups_are_suggested_once_for_what_was_said(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace)
    with pytest.raises(InvalidInput, match="Nobody has answered yet"):
        workspace.moderation.suggest(group.id)
    asked_round(semblance, workspace, group.id, FIRST)
    model_server.forget()
    model_server.script = lambda _: Reply('{"questions": ["Why  so?", "Why so?", "", "Which?", "What else?", "Who?"]}')
    task = finished(semblance, workspace, workspace.moderation.suggest(group.id))
    assert workspace.moderation.suggest(group.id).id == task.id
    assert workspace.moderation.suggestions(group.id) == ("Why so?", "Which?", "What else?")
    assert len(model_server.asked) == 1
    assert task.estimate
    assert task.estimate.calls == 1
    other = finished(semblance, workspace, workspace.moderation.suggest(group.id, again=True))
    assert other.id != task.id
    asked_round(semblance, workspace, group.id, "Which?")
    assert workspace.moderation.suggestions(group.id) == (), "somebody has spoken since"


def test_a_model_that_suggests_nothing_is_said_to(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace)
    asked_round(semblance, workspace, group.id, FIRST)
    model_server.script = lambda _: Reply('{"questions": []}')
    task = finished(semblance, workspace, workspace.moderation.suggest(group.id))
    assert task.error == "The model suggested no question. Ask for suggestions again."


def test_a_whisper_is_told_to_the_moderators_next_call_alone(
    semblance: Semblance, alone: Workspace, model_server: ScriptedServer
) -> None:
    secret = "Steer them to the green lid"
    group = session(alone)
    with pytest.raises(Conflict, match="No moderator runs"):
        alone.moderation.whisper(group.id, secret)
    alone.sessions.start(group.id)
    worker = semblance.engine.worker
    held = worker.turn("focus_group", group.id)
    for number, words in enumerate((secret, f"{secret} again"), start=1):
        alone.moderation.whisper(group.id, words)
        for _ in range(3):  # the worker learns of it with its next turn, and the moderator has the one after
            held = worker.turn("focus_group", group.id, held)
        now = alone.sessions.get(group.id)
        assert (now.course.whispers_heard, now.whispers[-1].text) == (number, words)
    told = [prompt for prompt in prompts(model_server) if secret in prompt]
    assert len(told) == 2
    assert all("whispers to you" in prompt for prompt in told)
    messages = alone.sessions.messages(group.id)
    assert [message.role for message in messages].count("moderator") == 3
    assert not any(secret in message.text for message in messages)


def test_a_whisper_waits_where_the_moderators_call_failed(
    semblance: Semblance, alone: Workspace, model_server: ScriptedServer
) -> None:
    group = session(alone)
    alone.sessions.start(group.id)
    epoch = semblance.engine.worker.run("focus_group", group.id, turns=1)
    alone.moderation.whisper(group.id, "The green lid")
    model_server.script = lambda _: Reply("", status=400)
    semblance.engine.worker.run("focus_group", group.id, epoch, turns=1)
    now = alone.sessions.get(group.id)
    assert (now.state, now.reason, now.course.whispers_heard) == (FocusGroupState.MODERATED, "model_failed", 0)
    model_server.script = lambda _: Reply("How is the lid for you?")
    alone.sessions.start(group.id)
    semblance.engine.worker.run("focus_group", group.id, turns=1)
    assert alone.sessions.get(group.id).course.whispers_heard == 1
