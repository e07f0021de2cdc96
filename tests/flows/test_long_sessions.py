"""Long sessions and small models: an analysis of 2,000 turns leaves no code behind, and a prompt that is too long is shortened once."""

import json
import re
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.task import TaskState
from semblance_core.flows.requests.coding import CHUNK_TOKENS, THEMES_TOKENS
from semblance_core.store.codec import to_document
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, finished, session

QUOTED = re.compile(r"^\[(\d+)\] ([^:]+): (.*)$", re.MULTILINE)
CODE_LINE = re.compile(r"^(\d+)\. (\w+)", re.MULTILINE)


def talked(semblance: Semblance, workspace: Workspace, turns: int, **fields: Any) -> FocusGroup:
    """A session in which so many turns were taken, as the database has it."""
    group = session(workspace, 8, **fields)
    at = semblance.clock()
    messages = []
    for seq in range(1, turns + 1):
        person = group.participants[seq % 8]
        asks = seq % 40 == 1
        role, speaker = ("moderator", "Moderator") if asks else ("persona", person.name)
        text = "What do you think?" if asks else chatter(seq, 60)
        message = Message(
            *(group.id, seq, role, speaker, text, MessageStatus.SAID, "reply", at),
            persona_id=None if asks else person.id,
            question=0,
        )
        messages.append({"_id": f"{group.id}/{seq}", **to_document(message)})
    database = semblance.connection.database
    database["focus_group_messages"].insert_many(messages)
    database["focus_groups"].update_one({"_id": group.id}, {"$set": {"next_seq": turns + 1, "state": "moderated"}})
    return workspace.sessions.get(group.id)


class Analyst:
    """Codes and groups whatever it is given, and cuts what is longer than it may be. holds: the codes that a group stands for."""

    def __init__(self, takes: int = 10**9):
        self.holds: dict[str, frozenset[str]] = {}
        self.top: list[frozenset[str]] = []
        self.takes = takes
        self.coded = 0
        self.read: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        if tokens_at_most(asked.prompt) * 0.75 + asked.max_tokens > self.takes:
            return Reply(
                f"This model's maximum context length is {self.takes} tokens. However, you requested more.", status=400
            )
        if asked.feature == "code_transcript":
            return self._cut(asked, {"codes": self._codes(asked)})
        if asked.feature == "build_themes":
            return self._cut(asked, {"themes": self._themes(asked)})
        return sensible(asked) if asked.schema else Reply("They find it dear.")

    def _codes(self, asked: Asked) -> list[dict[str, Any]]:
        self.read.update(seq for seq, *_ in QUOTED.findall(asked.prompt))
        said = [found for found in QUOTED.findall(asked.prompt) if found[1] != "Moderator"]
        most = int(re.findall(r"at most (\d+) codes", asked.prompt)[0])
        codes = []
        for _ in range(most):
            seq, speaker, text = said[self.coded % len(said)]
            label = f"code{self.coded}"
            self.coded += 1
            self.holds[label] = frozenset({label})
            codes.append(
                {
                    "label": label,
                    "verbatims": [{"seq": int(seq), "speaker": speaker, "quote": text, "sentiment": "neutral"}] * 2,
                }
            )
        return codes

    def _themes(self, asked: Asked) -> list[dict[str, Any]]:
        items = CODE_LINE.findall(asked.prompt)
        themes = []
        for start in range(min(6, len(items))):
            own = items[start::6]
            name = f"group{len(self.holds)}"
            self.holds[name] = frozenset().union(*(self.holds[label] for _, label in own))
            themes.append({"name": name, "summary": chatter(start, 40), "code_ids": [int(number) for number, _ in own]})
        self.top = [self.holds[theme["name"]] for theme in themes]
        return themes

    def _cut(self, asked: Asked, answer: dict[str, Any]) -> Reply:
        text = json.dumps(answer)
        most = asked.max_tokens * 4
        return Reply(text[:most], finish_reason="length" if len(text) > most else "stop")


def test_an_analysis_of_two_thousand_turns_leaves_no_code_behind_and_cuts_nothing(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = talked(semblance, workspace, 2_000)
    model_server.script = analyst = Analyst()
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.DONE, task.error
    findings = workspace.findings.get(group.id)
    assert findings is not None
    assert analyst.coded > 300
    assert {code.label for code in findings.codes} == {f"code{number}" for number in range(analyst.coded)}
    assert frozenset().union(*analyst.top) == {code.label for code in findings.codes}
    assert sum(map(len, analyst.top)) == analyst.coded
    assert len(findings.themes) == 6
    assert all(len(theme.verbatims) == 8 for theme in findings.themes)
    assert {event.status for event in workspace.sessions.calls(group.id)} == {"ok"}
    for asked in model_server.asked:
        assert tokens_at_most(asked.prompt) <= max(CHUNK_TOKENS, THEMES_TOKENS) + 1_500
    assert len(analyst.read) == 2_000


def test_an_analysis_goes_on_in_smaller_parts_where_a_model_takes_little(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = talked(semblance, workspace, 300, model="openai/small")
    model_server.script = analyst = Analyst(takes=8_192)
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.DONE, task.error
    assert len(analyst.read) == 300
    assert frozenset().union(*analyst.top) == {f"code{number}" for number in range(analyst.coded)}


def test_a_coding_answer_that_is_cut_is_asked_for_in_halves(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = talked(semblance, workspace, 60)
    analyst = Analyst()
    lines: list[int] = []

    def script(asked: Asked) -> Reply:
        if asked.feature == "code_transcript":
            lines.append(len(QUOTED.findall(asked.prompt)))
            if lines[-1] > 40:
                return Reply('{"codes": [{"label": "a', finish_reason="length")
        return analyst(asked)

    model_server.script = script
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.DONE, task.error
    assert sum(count for count in lines if count <= 40) == 60


# Prompts that are too long


def small(takes: int) -> Any:
    def script(asked: Asked) -> Reply:
        if tokens_at_most(asked.prompt) * 0.75 + asked.max_tokens > takes:
            words = f"This model's maximum context length is {takes} tokens. However, you requested 20000 tokens."
            return Reply(words, status=400)
        return sensible(asked)

    return script


@pytest.mark.parametrize("mode", ["moderated", "autonomous"])
def test_a_reply_that_is_too_long_for_a_model_is_asked_for_with_a_shorter_window(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, mode: str
) -> None:
    group = talked(semblance, workspace, 24, model="openai/small", turn_limit=60)
    model_server.script = small(2_000)
    if mode == "moderated":
        replies = asked_round(semblance, workspace, group.id, "And in the end?", to=[group.participants[0].id])[1:]
    else:
        workspace.sessions.start(group.id)
        semblance.engine.wait("focus_group", group.id)
        replies = [message for message in workspace.sessions.messages(group.id, first=25) if message.role == "persona"]
    assert replies
    assert {reply.status for reply in replies} == {MessageStatus.SAID}, [reply.error for reply in replies]
    refused = [event for event in workspace.sessions.calls(group.id) if event.status == "too_long"]
    assert len(refused) == 1
    if mode == "moderated":
        assert replies[0].attempts == 2
        assert "And in the end?" in model_server.asked[-1].prompt


def test_a_prompt_that_cannot_be_short_enough_fails_in_words_after_two_requests(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform()
    workspace = semblance.workspace("user")
    group = session(workspace, model="openai/small", topic="Oat milk. " * 300)
    model_server.script = small(600)
    (reply,) = asked_round(semblance, workspace, group.id, "Well?", to=[group.participants[0].id])[1:]
    assert reply.status is MessageStatus.FAILED
    assert "too long for this model" in reply.error
    assert "larger context window" in reply.error
    assert len(model_server.asked) == 2
