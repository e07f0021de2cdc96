"""A model codes a session: planted places are found again as far as it gave them, its own stay unconfirmed, made-up quotes are dropped."""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from semblance_core.analysis.agreement.coders import between_coders
from semblance_core.bootstrap import Semblance
from semblance_core.domain.coding.codings import Coding
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.task import TaskState
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.coding.by_model import CodedSpan, code_session
from semblance_core.llm.gateway import Caller
from semblance_core.requests.codebook import AskedCode
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import NAMES, asked_round, finished, session

AT = datetime(2026, 1, 1, tzinfo=UTC)
CODES, MESSAGES, PLANTED, MISSED, WRONG, ALTERED = 12, 400, 300, 60, 40, 25
THINGS = ("bus", "bike", "car", "train", "tram", "walk", "taxi", "scooter", "ferry", "plane", "truck", "sled")
LINE = re.compile(r"^\[(\d+)\] ([^:]+): (.*)$", re.MULTILINE)


def planted() -> tuple[list[Message], dict[int, int]]:
    """400 messages, 300 of which speak of one of twelve things; which one, by message."""
    chance = random.Random(20)
    about = {seq: chance.randrange(CODES) for seq in sorted(chance.sample(range(1, MESSAGES + 1), PLANTED))}
    messages = []
    for seq in range(1, MESSAGES + 1):
        said = f"Well, I take the {THINGS[about[seq]]} at {seq}." if seq in about else f"Nothing to add at {seq}."
        name = NAMES[seq % 6]
        messages.append(Message("g", seq, "persona", name, said, MessageStatus.SAID, "reply", AT))
    return messages, about


def test_planted_places_come_back_with_the_recall_and_precision_that_the_model_has(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    messages, about = planted()
    chance = random.Random(7)
    missed = set(chance.sample(sorted(about), MISSED))
    wrong = set(chance.sample(sorted(set(range(1, MESSAGES + 1)) - set(about)), WRONG))
    altered = set(chance.sample(sorted(set(about) - missed), ALTERED))

    def script(asked: Asked) -> Reply:
        transcript, _, behind = asked.prompt.partition("</transcript>")
        assert "planted" not in asked.prompt
        numbers = {name: int(number) for number, name in re.findall(r"^(\d+)\. (\w+)", behind, re.MULTILINE)}
        codings = []
        for given, speaker, text in LINE.findall(transcript):
            seq = int(given)
            if seq in about and seq not in missed:
                quote = f"take the {THINGS[about[seq]]}"
                codings.append((numbers[THINGS[about[seq]]], seq, speaker, quote))
                if seq in altered:
                    codings.append((numbers[THINGS[about[seq]]], seq, speaker, f"{quote} gladly"))
            if seq in wrong:
                codings.append((numbers[THINGS[seq % CODES]], seq, speaker, text))
        keys = ("code", "seq", "speaker", "quote")
        return Reply(json.dumps({"codings": [dict(zip(keys, each, strict=True)) for each in codings]}))

    model_server.script = script
    group = session(workspace, 6)
    caller = Caller(group.owner_id, group.project_id, group.id)
    ask = CheckpointedModel(semblance.gateway, group.model, caller, {}, lambda answers: None)
    codes = [AskedCode(thing, f"They go by {thing}.") for thing in THINGS]
    with ThreadPoolExecutor(4) as threads:
        found = code_session(group, messages, codes, ask, lambda calls: threads, lambda *said: None)
    assert (found.dropped, found.proposed) == (ALTERED, ())
    texts = {message.seq: message.text for message in messages}
    right = {span for span in found.spans if about.get(span.seq) == span.code}
    assert {texts[span.seq][span.start : span.end] for span in right} == {f"take the {thing}" for thing in THINGS}
    assert len(right) / PLANTED == (PLANTED - MISSED) / PLANTED == 0.8
    assert len(right) / len(found.spans) == (PLANTED - MISSED) / (PLANTED - MISSED + WRONG)
    # The same by the measure of agreement: 2·hits / (planted + given).
    person, model = Author(AT, "dana", "Dana"), Author(AT, "dana", model="m/1")
    truth = [CodedSpan(code, seq, 0, 4) for seq, code in about.items()]
    codings = [
        Coding(f"{who.model}{at}", "p", "g", span.seq, span.start, span.end, THINGS[span.code], who)
        for who, spans in ((person, truth), (model, found.spans))
        for at, span in enumerate(spans)
    ]
    measured = between_coders(codings, THINGS, range(1, MESSAGES + 1), person.key, model.key)
    assert measured.overall.positive.value == pytest.approx(2 * 240 / (300 + 280))
    assert measured.overall.units == CODES * MESSAGES
    assert len(measured.disagreements) == MISSED + WRONG


def test_proposed_codes_and_codings_are_the_model_s_until_somebody_confirms_them(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("It costs far too much for me.")
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "What do you think?")
    with pytest.raises(InvalidInput, match="no code to apply"):
        workspace.coding.by_model(group.id)
    price = workspace.codebook.add(group.project_id, "Price")
    proposal = {"name": " Too  dear ", "definition": "It costs too much.", "when": "A cost is felt."}
    twin = {"name": "PRICE", "definition": "Again."}

    def script(asked: Asked) -> Reply:
        if "You make a codebook" in asked.prompt:
            assert "- Price" in asked.prompt
            return Reply(json.dumps({"codes": [proposal, twin, {"name": ""}]}))
        assert "Too dear: It costs too much." in asked.prompt
        given = {"seq": 2, "speaker": NAMES[0], "quote": "far too much"}
        other = {**given, "speaker": "Somebody"}
        return Reply(json.dumps({"codings": [{**each, "code": code} for each in (given, other) for code in (1, 2, 7)]}))

    model_server.script = script
    estimate = workspace.coding.estimate(group.id, propose=True)
    task = finished(semblance, workspace, workspace.coding.by_model(group.id, propose=True))
    assert (task.state, task.error) == (TaskState.DONE, "")
    assert (task.result["codes"], task.result["codings"], task.result["dropped_quotes"]) == (1, 2, 4)
    assert estimate.calls >= 2
    codes = {code.name: code for code in workspace.codebook.of_project(group.project_id)}
    assert codes.keys() == {"Price", "Too dear"}
    assert (codes["Too dear"].made.model, codes["Too dear"].is_unconfirmed) == (group.model, True)
    codings = workspace.coding.of_session(group.id)
    assert {(each.code_id, each.made.model, each.made.user_id, each.is_unconfirmed) for each in codings} == {
        (code.id, group.model, "user", True) for code in codes.values()
    }
    semblance.gateway.batcher.flush()
    events = semblance.store.usage.events(task_id=task.id)
    assert {event.feature for event in events} == {"code_transcript"}
    assert workspace.codebook.confirm(codes["Too dear"].id).confirmed
    workspace.codebook.undo(group.project_id)
    assert "had the model" in workspace.codebook.undo(group.project_id), "who had it coded takes all of it back at once"
    assert [code.id for code in workspace.codebook.of_project(group.project_id)] == [price.id]
    assert workspace.coding.of_session(group.id) == []


def test_the_simulator_codes_by_words_and_says_that_it_did(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, 3, model="simulator/instant")
    asked_round(semblance, workspace, group.id, "What is a fair price for a litre of oat milk?")
    task = finished(semblance, workspace, workspace.coding.by_model(group.id, propose=True))
    assert not task.error
    codings = workspace.coding.of_session(group.id)
    assert {each.made.model for each in codings} == {"simulator/instant"}
    texts = {message.seq: message for message in workspace.sessions.messages(group.id)}
    assert all(texts[each.seq].role == "persona" for each in codings)
