"""Whom a question goes to by the names behind @ in it, and the earlier message that it quotes."""

import json
from dataclasses import replace
from threading import Event

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.quote import QUOTE_CHARS, Quote
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.flows.discussion.asked import named
from semblance_core.reports.exports import transcript_csv, transcript_jsonl
from semblance_core.workspace import SessionConfig, Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import asked_round, eventually, session


def with_names(workspace: Workspace, *names: str) -> FocusGroup:
    group = session(workspace, size=len(names))
    people = tuple(replace(person, name=name) for person, name in zip(group.participants, names, strict=True))
    workspace.sessions.change(group.id, SessionConfig("Oat milk", "Oat milk", group.guide, people))
    return workspace.sessions.get(group.id)


def names_in(text: str, group: FocusGroup) -> set[str]:
    return {group.participant(each).name for each in named(text, group.participants)}


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Berg", "Anna Roth"),
        ("María José Núñez", "María"),
        ("山田花子", "山田太郎"),
        ("สมชาย ใจดี", "김민준"),
        ("Zoë O’Neil-Smith", "محمد علي"),
        ("Dr. Ana Lima", "Иван Петров"),
    ],
)
def test_a_name_that_is_offered_behind_an_at_asks_that_participant_alone(
    workspace: Workspace, names: tuple[str, ...]
) -> None:
    group = with_names(workspace, *names)
    for name in names:
        assert names_in(f"@{name} , and you?", group) == {name}
        assert names_in(f"And you, @{name} ?", group) == {name}
    assert names_in("".join(f"@{name} " for name in names) + "what do you think?", group) == set(names)


def test_all_behind_an_at_asks_everyone_also_where_others_are_named(workspace: Workspace) -> None:
    group = with_names(workspace, "Maya Rao", "Ben Cole", "Ines Falk")
    assert names_in("@all what now?", group) == names_in("@Ben and @All, what now?", group)
    assert len(named("@all what now?", group.participants)) == 3


@pytest.mark.parametrize("text", ["Follow us @oatly!", "@home, what do you drink?", "mail a@b.org", "5 @ $3"])
def test_an_at_before_what_is_no_name_is_text_and_everyone_is_asked(
    semblance: Semblance, workspace: Workspace, text: str
) -> None:
    group = session(workspace, size=3)
    asked, *replies = asked_round(semblance, workspace, group.id, text)
    assert asked.text == text
    assert len(replies) == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@Inse, and you?", "Nobody here is called “Inse”. If you mean Ines Falk, write @Ines Falk."),
        ("@Anna, and you?", "“@Anna” may be Anna Berg or Anna Roth. Write the whole name."),
    ],
)
def test_a_misspelt_or_shared_name_asks_nobody(
    workspace: Workspace, model_server: ScriptedServer, text: str, why: str
) -> None:
    group = with_names(workspace, "Anna Berg", "Anna Roth", "Ines Falk")
    with pytest.raises(InvalidInput) as refused:
        workspace.sessions.post(group.id, text)
    assert str(refused.value) == why
    assert workspace.sessions.get(group.id).next_seq == 1
    assert model_server.asked == []


def test_names_in_the_text_come_before_those_chosen_only_where_that_is_asked_for(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace, size=3)
    chosen = [group.participants[0].id]
    _, *by_choice = asked_round(semblance, workspace, group.id, "@Ines, and you?", to=chosen)
    assert [reply.persona_id for reply in by_choice] == chosen
    after = workspace.sessions.post(group.id, "@Ines, and you?", chosen, unless_named=True)
    *_, reply = workspace.sessions.messages(group.id, first=after.next_seq - 1)
    assert (after.pending, reply.speaker) == (1, "Ines Falk")


def test_a_quoted_message_is_kept_with_the_question_prompted_and_exported(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda _: Reply("It splits in coffee.\n\nI mind that.")
    group = session(workspace, size=2)
    _, reply, _ = asked_round(semblance, workspace, group.id, "First?")
    asked, *_ = asked_round(semblance, workspace, group.id, "Why so?", quote=reply.seq)
    assert (asked.text, asked.quote) == ("Why so?", Quote(2, reply.speaker, "It splits in coffee. I mind that."))
    line = f"[4] User: (About message [2] {reply.speaker}: “It splits in coffee. I mind that.”) Why so?"
    assert line in model_server.asked[-1].prompt
    row = json.loads(transcript_jsonl([asked]))
    assert (row["quoted_message"], row["quoted_text"]) == (2, "It splits in coffee. I mind that.")
    assert "2,It splits in coffee. I mind that." in transcript_csv([asked])


def test_a_long_message_is_quoted_with_its_beginning(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=1)
    asked_round(semblance, workspace, group.id, "milk " * 100)
    asked, *_ = asked_round(semblance, workspace, group.id, "Why so?", quote=1)
    assert asked.quote
    assert len(asked.quote.text) <= QUOTE_CHARS
    assert asked.quote.text.endswith("milk …")


def test_what_is_quoted_has_words_and_stands_in_the_session(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda _: Reply(status=401)
    group = session(workspace, size=1)
    asked_round(semblance, workspace, group.id, "First?")
    with pytest.raises(InvalidInput, match="Message 2 has no words to quote"):
        workspace.sessions.post(group.id, "Why so?", quote=2)
    with pytest.raises(NotFound):
        workspace.sessions.post(group.id, "Why so?", quote=99)


def test_a_question_that_waits_keeps_its_quote(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    told = Event()

    def answered(_: Asked) -> Reply:
        told.wait(60)
        return Reply("Sure.")

    model_server.script = answered
    group = session(workspace, size=2)
    workspace.sessions.post(group.id, "First?")
    after = workspace.sessions.post(group.id, "Why so?", queues=True, quote=1)
    assert [question.quote for question in after.queued] == [Quote(1, "User", "First?")]
    told.set()
    eventually(lambda: workspace.sessions.get(group.id).next_seq == 7)
    assert workspace.sessions.messages(group.id, first=4, last=4)[0].quote == Quote(1, "User", "First?")
