"""The autonomous discussion: it follows the guide, costs what it must, and says why it ended."""

from itertools import pairwise

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.discussion.reasons import REASONS
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.reports.report import method_card
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import asked_round, discussed, eventually, session


def is_reply(asked: Asked) -> bool:
    return "Speak now as" in asked.prompt


def test_a_discussion_puts_every_question_of_the_guide_once_and_in_order(
    semblance: Semblance, workspace: Workspace
) -> None:
    group, messages = discussed(semblance, workspace, session(workspace, size=4, turn_limit=20).id)
    asked = [message for message in messages if message.role == "moderator"]
    assert [message.question for message in asked] == [0, 1, 2]
    assert asked[0].text == group.guide.questions[0]
    assert (group.state, group.reason) == (FocusGroupState.ENDED, "guide_covered")
    assert len(messages) == 20
    assert [message.seq for message in messages] == list(range(1, 21))


@pytest.mark.parametrize("turn_limit", [9, 10, 15, 40, 41])
def test_no_question_is_skipped_where_each_has_room_for_two_answers(
    semblance: Semblance, workspace: Workspace, turn_limit: int
) -> None:
    group, messages = discussed(semblance, workspace, session(workspace, size=3, turn_limit=turn_limit).id)
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1, 2]
    assert group.reason == "guide_covered"
    assert len(messages) <= turn_limit


def test_a_limit_too_small_for_the_guide_ends_at_the_limit(semblance: Semblance, workspace: Workspace) -> None:
    group, messages = discussed(semblance, workspace, session(workspace, turn_limit=4).id)
    assert (group.state, group.reason, len(messages)) == (FocusGroupState.ENDED, "turn_limit", 4)


def test_nobody_speaks_twice_in_a_row(semblance: Semblance, workspace: Workspace) -> None:
    _, messages = discussed(semblance, workspace, session(workspace, size=4, turn_limit=40).id)
    spoke = [message.persona_id for message in messages if message.role == "persona"]
    assert all(one != other for one, other in pairwise(spoke))
    assert len(set(spoke)) == 4


def test_goodbyes_end_it(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> None:
    model_server.script = lambda asked: Reply("Thanks everyone, goodbye!" if is_reply(asked) else "Go on.")
    group, messages = discussed(semblance, workspace, session(workspace).id)
    assert (group.state, group.reason) == (FocusGroupState.ENDED, "goodbyes")
    assert len(messages) == 3


def test_repetition_leads_to_the_next_question_and_pauses_where_none_is_left(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("It is too dear for me, I buy the cheap one every week.")
    group, messages = discussed(semblance, workspace, session(workspace).id)
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1, 2]
    assert (group.state, group.reason) == (FocusGroupState.MODERATED, "repetition")
    assert len(messages) == 12
    model_server.script = lambda asked: Reply(chatter(asked.number, 20))
    group, more = discussed(semblance, workspace, group.id)
    assert (group.state, group.reason) == (FocusGroupState.ENDED, "guide_covered")
    assert len(more) > len(messages)


def test_what_was_repeated_in_a_moderated_round_ends_no_discussion(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("It is too dear for me, I buy the cheap one every week.")
    group = session(workspace, size=4, turn_limit=20)
    asked_round(semblance, workspace, group.id, group.guide.questions[0])
    model_server.script = lambda asked: Reply(chatter(asked.number, 20))
    group, messages = discussed(semblance, workspace, group.id)
    assert (group.state, group.reason) == (FocusGroupState.ENDED, "guide_covered")
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1, 2]


def test_the_guides_question_is_put_whatever_the_moderators_model_says(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    guide = [
        "What comes to mind first?",
        "ab wann zu teuer?",
        "Where do you buy it?",
        "What is a fair price for a litre?",
    ]
    answers = [
        ("I only buy it on offer.", guide[1]),
        (
            "<think>Short.</think>Moderator: Thanks, Ben. Where do you buy it?\nBen Cole: At Lidl.",
            "Thanks, Ben. Where do you buy it?",
        ),
        (
            '```json\n{"question": "Ben, what would be a fair price for a litre?"}\n```',
            "Ben, what would be a fair price for a litre?",
        ),
    ]
    given = iter([text for text, _ in answers])
    model_server.script = lambda asked: Reply(chatter(asked.number, 20) if is_reply(asked) else next(given))
    set_up = session(workspace, guide="\n".join(f"- {each}" for each in guide), turn_limit=48)
    group, messages = discussed(semblance, workspace, set_up.id)
    asked = [message for message in messages if message.role == "moderator"]
    assert [message.text for message in asked] == [guide[0], *(put for _, put in answers)]
    assert [message.question for message in asked] == [0, 1, 2, 3]
    assert all(message.cost_usd and message.attempts == 1 for message in asked[1:])


def test_the_last_question_ends_when_nothing_new_is_said(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    stems = ["price", "taste", "carton", "breakfast", "allergy", "brand", "discount", "habit"]

    def same_few_words(asked: Asked) -> Reply:
        at = asked.number
        return Reply(" ".join(stems[(at * step + at // 8) % 8] for step in (1, 3, 5)) + ".")

    model_server.script = same_few_words
    group, messages = discussed(semblance, workspace, session(workspace, guide="- Why?", turn_limit=100).id)
    assert (group.state, group.reason) == (FocusGroupState.ENDED, "no_new_codes")
    assert len(messages) < 60


def test_a_message_says_which_model_gave_it_where_another_stood_in(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_FALLBACK_MODELS="openai/gpt-4o", SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    fails = {"gpt-4o-mini": Reply("down", status=500)}
    model_server.script = lambda asked: fails.get(asked.model, Reply(chatter(asked.number, 20)))
    group, messages = discussed(semblance, workspace, session(workspace, turn_limit=9).id)
    replies = [message for message in messages if message.role == "persona"]
    assert {message.model for message in replies} == {"openai/gpt-4o"}
    assert all(message.attempts == 2 and message.status is MessageStatus.SAID for message in replies)
    spent = workspace.sessions.spent(group.id)
    assert spent.cost_usd == sum(message.cost_usd or 0 for message in messages)
    stand_ins = [message for message in messages if message.model == "openai/gpt-4o"]
    assert f"{len(stand_ins)} messages by openai/gpt-4o" in method_card(group, messages, None)


def test_a_model_that_fails_three_times_in_a_row_pauses_it(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: Reply("down", status=500)
    group, messages = discussed(semblance, workspace, session(workspace).id)
    assert (group.state, group.reason) == (FocusGroupState.MODERATED, "model_failed")
    assert [message.status for message in messages[1:]] == [MessageStatus.FAILED] * 3
    assert all("failed" in message.error for message in messages[1:])
    assert len(model_server.asked) == 3


def test_a_model_that_refuses_the_key_pauses_it_at_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("no", status=401)
    group, _ = discussed(semblance, workspace, session(workspace).id)
    assert group.reason == "model_failed"
    assert "did not accept the API key" in group.reason_detail
    assert len(model_server.asked) == 1


def test_failures_between_answers_do_not_pause_it(open_platform: OpenPlatform, model_server: ScriptedServer) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: (
        Reply("down", status=500) if asked.number % 3 else Reply(chatter(asked.number, 40))
    )
    group, messages = discussed(semblance, workspace, session(workspace, turn_limit=15).id)
    assert group.reason == "guide_covered"
    assert {message.status for message in messages} == {MessageStatus.SAID, MessageStatus.FAILED}


def test_a_stop_pauses_it_and_it_goes_on_from_there(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.15
    group = session(workspace, turn_limit=12)
    workspace.sessions.start(group.id)
    eventually(lambda: workspace.sessions.get(group.id).next_seq > 4)
    workspace.sessions.stop(group.id)
    stopped = workspace.sessions.get(group.id)
    assert (stopped.state, stopped.reason) == (FocusGroupState.MODERATED, "stopped")
    model_server.latency_s = 0.0
    group, messages = discussed(semblance, workspace, group.id)
    assert group.reason == "guide_covered"
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1, 2]


def test_it_goes_on_right_after_a_stop_that_has_its_last_write_to_make(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace, turn_limit=12)
    half_stopped = {"$set": {"stop_unfinished": True, "reason": "stopped"}, "$inc": {"epoch": 1}}
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, half_stopped)
    group, messages = discussed(semblance, workspace, group.id)
    assert group.reason == "guide_covered"


def test_a_pause_lets_the_turn_under_way_be_said_and_it_goes_on_from_there(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.3
    group = session(workspace, turn_limit=12)
    with pytest.raises(Conflict, match="is not running"):
        workspace.sessions.pause(group.id)
    workspace.sessions.start(group.id)
    eventually(lambda: len(model_server.asked) == 3)
    before = workspace.sessions.get(group.id).next_seq
    workspace.sessions.pause(group.id)
    assert workspace.sessions.get(group.id).pausing
    semblance.engine.wait("focus_group", group.id)
    paused = workspace.sessions.get(group.id)
    assert (paused.state, paused.reason, paused.pausing) == (FocusGroupState.MODERATED, "paused", False)
    assert paused.next_seq == before + 1
    assert len(model_server.asked) == 3
    model_server.latency_s = 0.0
    group, messages = discussed(semblance, workspace, group.id)
    assert group.reason == "guide_covered"
    assert {message.status for message in messages} == {MessageStatus.SAID}


def test_a_person_ends_it_for_good(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    workspace.sessions.end(group.id)
    assert (workspace.sessions.get(group.id).state, workspace.sessions.get(group.id).reason) == (
        "ended",
        "ended_by_user",
    )
    with pytest.raises(InvalidInput, match="has ended"):
        workspace.sessions.start(group.id)


def test_what_was_said_in_moderated_rounds_is_heard_in_the_discussion_that_follows(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(f"moderated-{asked.number} words.")
    group = session(workspace, turn_limit=9)
    asked_round(semblance, workspace, group.id, group.guide.questions[0])
    model_server.script = lambda asked: Reply(chatter(asked.number))
    group, messages = discussed(semblance, workspace, group.id)
    assert "moderated-0 words." in model_server.asked[3].prompt
    assert [message.question for message in messages if message.feature in ("guide", "moderate")] == [1, 2]


def test_it_cannot_start_while_replies_are_under_way(workspace: Workspace, model_server: ScriptedServer) -> None:
    model_server.latency_s = 0.5
    group = session(workspace)
    workspace.sessions.post(group.id, "First?")
    with pytest.raises(Conflict, match="still answering"):
        workspace.sessions.start(group.id)


def test_a_discussion_needs_two_people(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput, match="two participants"):
        workspace.sessions.start(session(workspace, size=1).id)


def test_a_discussion_of_160_turns_stays_frugal(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, words=80))
    long_guide = "".join(f"- Question {number} about buying oat milk?\n" for number in range(10))
    group, messages = discussed(semblance, workspace, session(workspace, size=8, guide=long_guide, turn_limit=160).id)
    assert (group.reason, len(messages)) == ("guide_covered", 160)
    events = workspace.sessions.calls(group.id)
    replies = sorted((event for event in events if event.feature == "reply"), key=lambda event: event.at)
    assert len(replies) == sum(message.role == "persona" for message in messages)
    assert len(events) - len(replies) <= 0.15 * len(replies)

    prompts = [event.tokens.prompt for event in replies]
    assert max(prompts) <= 4_500
    assert max(prompts[80:]) <= 1.1 * max(prompts[20:80])
    cached = sum(event.tokens.cached for event in events)
    assert cached / sum(event.tokens.prompt for event in events) >= 0.7


def test_every_reason_has_words() -> None:
    assert all(words.endswith(".") for words in REASONS.values())
