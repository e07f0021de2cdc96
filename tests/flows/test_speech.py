"""What is stored as said, in sessions: a participant's own words, asked of the right one, quoted in any script."""

import json
from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.personas.persona import Persona
from semblance_core.workspace import SessionConfig, Workspace
from semblance_core.workspace.session_config import config_of
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import asked_round, discussed, finished, session

SCRIPT = "Not for me, really.\n\nModerator: And you, Ben?\nBen Cole: I would buy it at once!"
JAPANESE = (
    "正直に言うと、この値段は高すぎると思うので買いません。子供が味を嫌がったので、もう一度買うつもりはないです。"
)


def of(workspace: Workspace, *names: str) -> FocusGroup:
    project = workspace.projects.create("Oat milk", numbered=True)
    people = tuple(Persona(name, backstory="Shops on the way home.") for name in names)
    return workspace.sessions.create(project.id, SessionConfig("Oat milk", "Oat milk", parse_guide("- Why?"), people))


def test_other_peoples_lines_are_not_stored_as_a_participants_words(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(SCRIPT)
    group = session(workspace, size=3)
    (_, reply) = asked_round(semblance, workspace, group.id, "Would you buy it?", to=["persona-0"])
    assert (reply.text, reply.status, reply.attempts) == ("Not for me, really.", MessageStatus.SAID, 1)


def test_a_reply_that_is_no_speech_twice_is_failed_in_words_with_its_cost(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("Ben Cole: I would buy it at once!")
    group = session(workspace, size=3)
    (_, reply) = asked_round(semblance, workspace, group.id, "Would you buy it?", to=["persona-0"])
    assert (reply.status, reply.text, reply.attempts) == (MessageStatus.FAILED, "", 2)
    assert reply.error == "The model's answer holds only what others say, and no words of Maya Rao."
    assert reply.cost_usd


def test_a_refusal_fails_one_turn_and_the_discussion_goes_on(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def refused_once(asked: Asked) -> Reply:
        return Reply(None, refusal="I cannot help with that.") if asked.number == 0 else Reply(chatter(asked.number))

    model_server.script = refused_once
    group, messages = discussed(semblance, workspace, session(workspace, size=3, turn_limit=12).id)
    (failed,) = (message for message in messages if message.status is MessageStatus.FAILED)
    assert failed.error == "The model refused to answer: “I cannot help with that.”"
    assert failed.attempts == 1
    assert failed.cost_usd
    assert group.state is FocusGroupState.ENDED


def test_whom_a_message_names_is_asked_in_any_script(semblance: Semblance, workspace: Workspace) -> None:
    group = of(workspace, "Maria", "Maria José", "山田花子", "김민수", "مريم حسن")
    for text, name in (
        ("@Maria José, and you?", "Maria José"),
        ("@Maria, and you?", "Maria"),
        ("@山田花子さん、どうですか", "山田花子"),
        ("@민수씨 어떠세요?", "김민수"),
        ("@مريم، ما رأيك؟", "مريم حسن"),
    ):
        (_, reply) = asked_round(semblance, workspace, group.id, text)
        assert reply.speaker == name, text


def test_quotes_inside_japanese_sentences_become_themes(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    quotes = [
        {"seq": 2, "speaker": "山田花子", "quote": quote} for quote in ("この値段は高すぎる", "子供が味を嫌がった")
    ]

    def answered(asked: Asked) -> Reply:
        if asked.feature == "code_transcript":
            return Reply(json.dumps({"codes": [{"label": "値段", "verbatims": quotes}]}))
        if asked.feature == "build_themes":
            return Reply(json.dumps({"themes": [{"name": "値段", "summary": "高い。", "code_ids": [0]}]}))
        return Reply(JAPANESE if "Speak now as" in asked.prompt else "高いという話でした。")

    model_server.script = answered
    group = of(workspace, "山田花子")
    asked_round(semblance, workspace, group.id, "どうですか。")
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    assert findings, task.error
    assert [said.quote for said in findings.themes[0].verbatims] == ["この値段は高すぎる", "子供が味を嫌がった"]
    assert findings.dropped_quotes == 0


@pytest.mark.parametrize(
    "pair",
    [("Maria Garcia", "Maria Garcia"), ("Maria Garcia", "maria  garcía"), ("Anna", "Аnna")],
    ids=["same", "accent", "look-alike"],
)
def test_two_who_cannot_be_told_apart_take_part_with_a_number(workspace: Workspace, pair: tuple[str, str]) -> None:
    numbered = [pair[0], f"{pair[1]} 2"]
    assert [person.name for person in of(workspace, *pair).participants] == numbered
    group = of(workspace, "Lena Vogt", "Ben Cole")
    twice = tuple(replace(person, name=name) for person, name in zip(group.participants, pair, strict=True))
    changed = workspace.sessions.change(group.id, SessionConfig("Oat milk", "Oat milk", parse_guide("- Why?"), twice))
    assert [person.name for person in changed.participants] == numbered


def test_two_windows_that_each_add_one_of_a_name_keep_both(workspace: Workspace) -> None:
    group = of(workspace, "Lena Vogt", "Ben Cole")
    base = config_of(group)
    for number in range(2):
        anna = Persona("Anna Kern", age=30 + number, id=f"anna{number}")
        workspace.sessions.change(group.id, replace(base, participants=(*base.participants, anna)), base)
    names = [person.name for person in workspace.sessions.get(group.id).participants]
    assert names == ["Lena Vogt", "Ben Cole", "Anna Kern", "Anna Kern 2"]
