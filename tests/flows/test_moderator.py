"""The moderator of an autonomous discussion: opens, follows up, invites, moves on and closes, within its bound of calls."""

import json
from collections.abc import Callable

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import Conflict
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import discussed, session

FIRST, SECOND, THIRD = (
    "When did you last buy oat milk?",
    "What made you choose it?",
    "What is a fair price for a litre?",
)
MISSED, THANKS = "Thank you all. Did we miss anything?", "That was all, and thank you."
Decision = Callable[[Asked], dict[str, str]]


def moderated_by(decide: Decision, opening: str = f"Welcome to all. {FIRST}") -> Callable[[Asked], Reply]:
    """A model whose participants chat, and whose moderator decides so."""

    def script(asked: Asked) -> Reply:
        if asked.schema:
            return Reply(json.dumps(decide(asked)))
        if "Open the session" in asked.prompt:
            return Reply(opening)
        return Reply(chatter(asked.number, 30))

    return script


def probes(asked: Asked) -> dict[str, str]:
    """Follows up wherever it may."""
    if '"probe"' in asked.prompt:
        return {"decision": "probe", "to": "Ben", "words": "Ben, what do you mean by that?"}
    return goes_on(asked)


def goes_on(asked: Asked) -> dict[str, str]:
    if '"close"' in asked.prompt:
        return {"decision": "close", "to": "", "words": MISSED, "thanks": THANKS}
    own = next(question for question in (SECOND, THIRD) if f'The next question: "{question}"' in asked.prompt)
    return {"decision": "move_on", "to": "", "words": f"Thank you. {own}"}


def played(
    semblance: Semblance, workspace: Workspace, probing: Probing, turn_limit: int = 40, **fields: object
) -> tuple[FocusGroup, list[Message]]:
    group = session(workspace, size=4, probing=probing, turn_limit=turn_limit, **fields)
    return discussed(semblance, workspace, group.id)


def asked_by_moderator(messages: list[Message]) -> list[tuple[int | None, str]]:
    return [(message.question, message.text) for message in messages if message.role == "moderator"]


def test_a_discussion_is_opened_followed_up_and_closed(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = moderated_by(probes)
    group, messages = played(semblance, workspace, Probing.LIGHT)
    follow_up = "Ben, what do you mean by that?"
    assert asked_by_moderator(messages) == [
        (0, f"Welcome to all. {FIRST}"),
        (0, follow_up),
        (1, f"Thank you. {SECOND}"),
        (1, follow_up),
        (2, f"Thank you. {THIRD}"),
        (2, follow_up),
        (2, MISSED),
        (2, THANKS),
    ]
    assert (messages[-1].text, messages[-1].model, messages[-2].role) == (THANKS, "", "persona"), "thanks cost no call"
    after = [later.speaker for earlier, later in zip(messages, messages[1:], strict=False) if earlier.text == follow_up]
    assert after == ["Ben Cole"] * 3, "whom the moderator asks, answers"
    assert group.reason == "guide_covered"
    assert len(messages) <= group.turn_limit
    assert group.course.extra_calls <= 0.25 * group.course.persona_turns


def test_without_probing_the_guides_questions_are_all_that_is_put(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = moderated_by(probes)
    group, messages = played(semblance, workspace, Probing.NONE)
    assert [question for question, _ in asked_by_moderator(messages)] == [0, 1, 2]
    assert not any(asked.schema for asked in model_server.asked)
    assert group.course.extra_calls <= 0.15 * group.course.persona_turns


def test_deep_probing_follows_up_twice_and_keeps_turns_for_every_question(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = moderated_by(probes)
    group, messages = played(semblance, workspace, Probing.DEEP, turn_limit=60)
    questions = [question for question, text in asked_by_moderator(messages) if text.startswith("Ben")]
    assert questions[:5] == [0, 0, 1, 1, 2]
    answers = [sum(m.role == "persona" and m.question == number for m in messages) for number in range(3)]
    assert min(answers) >= 6
    assert len(messages) <= group.turn_limit
    assert group.course.extra_calls <= 0.40 * group.course.persona_turns


@pytest.mark.parametrize(
    "decision",
    [
        {"decision": "probe", "to": "Nobody here", "words": "And you, why?"},
        {"decision": "probe", "to": "Ben", "words": "I think oat milk is great."},
        {"decision": "invite", "to": "", "words": "Who else?"},
        {"decision": "move_on", "to": "", "words": "Let us talk about something else."},
        {"decision": "dance", "to": "Ben", "words": "Ben, why?"},
        {},
    ],
    ids=["a stranger", "no question", "nobody", "another question", "an unknown decision", "nothing"],
)
def test_what_cannot_be_put_gives_way_to_the_guides_own_question(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, decision: dict[str, str]
) -> None:
    model_server.script = moderated_by(lambda _: decision, opening="Hello there.")
    group, messages = played(semblance, workspace, Probing.LIGHT)
    asked = asked_by_moderator(messages)
    assert [text for _, text in asked[:3]] == [FIRST, SECOND, THIRD]
    assert len(asked) == (4 if decision.get("words", "").endswith("?") else 3), "a question may still close"
    assert group.reason == "guide_covered"


def test_a_name_is_put_in_front_of_a_follow_up_that_calls_nobody(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    invites = {"decision": "invite", "to": "Ines Falk", "words": "How is it for you?"}
    model_server.script = moderated_by(lambda asked: invites if '"probe"' in asked.prompt else goes_on(asked))
    _, messages = played(semblance, workspace, Probing.LIGHT)
    at = next(at for at, message in enumerate(messages) if message.text == "Ines, How is it for you?")
    assert messages[at + 1].speaker == "Ines Falk"


@pytest.mark.parametrize(
    "words",
    ["Ines, we have not heard from you yet. How is it at your place?", "Ines, tell us about your week.", "And Ines?"],
)
def test_whoever_is_followed_up_answers_whatever_the_words_are(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, words: str
) -> None:
    invites = {"decision": "invite", "to": "Ines", "words": words}
    model_server.script = moderated_by(lambda asked: invites if '"probe"' in asked.prompt else goes_on(asked))
    _, messages = played(semblance, workspace, Probing.LIGHT)
    at = next(at for at, message in enumerate(messages) if message.text == words)
    assert messages[at + 1].speaker == "Ines Falk"
    prompts = [asked.prompt for asked in model_server.asked if f'Moderator asked you: "{words}"' in asked.prompt]
    assert prompts
    assert all("Speak now as Ines Falk." in prompt for prompt in prompts)


def test_the_decision_sees_the_aim_the_question_and_what_deserves_a_follow_up(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def script(asked: Asked) -> Reply:
        if asked.schema:
            return Reply(json.dumps(goes_on(asked)))
        return Reply(f"Welcome. {FIRST}" if "Open the session" in asked.prompt else "No.")

    model_server.script = script
    played(semblance, workspace, Probing.LIGHT, topic="Why people buy oat milk")
    second = [asked.prompt for asked in model_server.asked if asked.schema][1]
    assert "Why people buy oat milk" in second
    assert f'"{SECOND}"' in second
    assert f'"{THIRD}"' in second
    assert "said hardly anything." in second
    quoted = second.partition("<transcript>")[2].partition("</transcript>")[0]
    assert SECOND in quoted
    assert FIRST not in quoted, "only the turns under this question are sent"


def test_how_far_to_probe_is_part_of_the_set_up(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, probing=Probing.DEEP)
    assert workspace.sessions.get(group.id).probing is Probing.DEEP
    copy = workspace.sessions.duplicate(group.id)
    assert copy.probing is Probing.DEEP
    stored = semblance.connection.database["focus_groups"]
    stored.update_one({"_id": group.id}, {"$unset": {"probing": ""}})
    assert workspace.sessions.get(group.id).probing is Probing.NONE, "sessions of earlier versions go on as they began"


def test_a_discussion_that_stopped_in_a_follow_up_goes_on_where_it_was(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = moderated_by(probes)
    group = session(workspace, size=4, probing=Probing.LIGHT)
    workspace.sessions.start(group.id)
    for _ in range(2_000):
        if any(message.text.startswith("Ben, what") for message in workspace.sessions.messages(group.id)):
            break
    try:
        workspace.sessions.stop(group.id)
    except Conflict:
        pytest.fail("the discussion ended before it could be stopped")
    semblance.engine.wait("focus_group", group.id)
    group, messages = discussed(semblance, workspace, group.id)
    asked = [text for _, text in asked_by_moderator(messages)]
    assert asked.count("Ben, what do you mean by that?") == 3
    assert asked[-2:] == [MISSED, THANKS]
