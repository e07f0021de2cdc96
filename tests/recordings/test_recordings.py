"""Recorded studies: whole, traced, marked, and opened without a model call."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from semblance_core.analysis.grounding import exact_quote
from semblance_core.analysis.scripts import word_count
from semblance_core.bootstrap import Semblance
from semblance_core.conversation.spoken_language import language_of_text
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.reasons import RECORDED
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.flows.costs.backfill import backfill
from semblance_core.flows.open_recording import open_recording
from semblance_core.recordings import Recording, _message, recordings
from semblance_core.reports.beside_people import TalkProfile, beside_people
from semblance_core.reports.exports import personas_json, themes_json, transcript_jsonl
from semblance_core.reports.report import method_card, report_markdown
from tests.conftest import MODEL
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round

RECORDINGS = recordings()


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_a_recording_is_whole_and_every_quote_stands_in_its_message(recording: Recording) -> None:
    assert [message.seq for message in recording.messages] == list(range(1, len(recording.messages) + 1))
    people = {person.id: person.name for person in recording.participants}
    assert all(people[one.persona_id] == one.speaker for one in recording.messages if one.persona_id)
    said = {message.seq: message for message in recording.messages}
    assert recording.findings.themes
    for theme in recording.findings.themes:
        for quote in theme.verbatims:
            assert exact_quote(quote, said) == quote
    for told in (recording.findings, *recording.findings.themes):
        assert all(claim.sentence in told.summary and set(claim.seqs) <= set(said) for claim in told.claims)


OUTSIDE = {
    "commuters": {
        "Turns naming another participant",
        "Turns with a question",
        "The last speaker but one is next",
        "Direct questions without an answer",
    },
    "breakfast": set(),
    "heating": set(),
    "debt": set(),
}
"""What lies outside people's range in each recording (measures.md, "Talk of the recorded studies"); commuters had earlier prompts."""
DEMANDED = {
    "Median words a turn",
    "Turns under 25 words",
    "Unevenness of words (Gini)",
    "Turns naming another participant",
    "Turns with a question",
    "The last speaker but one is next",
    "Direct questions without an answer",
}


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_the_talk_of_recordings_lies_beside_that_of_people_and_each_section_is_followed_up(
    recording: Recording,
) -> None:
    people = {person.id: person for person in recording.participants}
    group = recording.session("g", "p", "user", MODEL, people, recording.messages[-1].at)
    assert group.course.turns <= recording.turn_limit, "what somebody wrote alone is no turn"
    profile, figures = beside_people(group, recording.messages)
    assert profile is TalkProfile.REMOTE_GROUP
    measured = [each for each in figures if each.name in DEMANDED]
    assert len(measured) == len(DEMANDED)
    few_may_ask = {"Turns with a question": "below"}
    outside = {each.name for each in measured if each.verdict not in ("inside", few_may_ask.get(each.name))}
    assert outside == OUTSIDE[recording.name]
    by_moderator = [message for message in recording.messages if message.role == "moderator"]
    put = {message.question: message.seq for message in reversed(by_moderator)}
    asks = [message.seq for message in by_moderator if "?" in message.text]
    closing = {asks[-1], by_moderator[-1].seq}  # what was missed, and thanks
    followed = {
        recording.guide.section_of(message.question or 0).title
        for message in by_moderator
        if message.seq not in {put[message.question], *closing}
    }
    is_from_before = recording.name == "commuters"
    assert followed == (set() if is_from_before else {section.title for section in recording.guide.sections})


def test_the_recording_in_german_is_german_throughout() -> None:
    study = next(each for each in RECORDINGS if each.name == "heating")
    written = [person.backstory for person in study.participants] + [study.findings.summary]
    assert all(language_of_text(text) == "German" for text in written)
    assert language_of_text(" ".join(message.text for message in study.messages)) == "German"


def test_a_recording_opens_as_a_session_without_a_call(semblance: Semblance, model_server: ScriptedServer) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Recorded")
    group = open_recording(RECORDINGS[0], project.id, "user", MODEL, semblance.store, semblance.clock())
    messages = workspace.sessions.messages(group.id)
    assert [message.text for message in messages] == [message.text for message in RECORDINGS[0].messages]
    stored = workspace.sessions.get(group.id)
    assert (stored.course, stored.recorded_through) == (group.course, 34)
    assert {person.origin for person in workspace.personas.of_project(project.id)} == {"recorded"}
    assert (model_server.asked, workspace.sessions.calls(group.id)) == ([], [])
    words = sum(floor.words for floor in group.course.floors.values())
    assert words == sum(word_count(message.text) for message in messages if message.role == "persona")
    (findings,) = workspace.findings.analyses(group.id)
    for made in (report_markdown(group, messages, findings, []), method_card(group, messages, findings)):
        assert "recorded with a language model; their token counts are estimated" in made
    for exported in (transcript_jsonl(messages), themes_json(findings)):
        assert RECORDED in exported
        assert "gpt" not in exported
    assert '"recorded"' in personas_json(workspace.personas.of_project(project.id))


def test_a_recording_that_showed_stimuli_names_them_and_can_go_on_without_the_files(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    first, *others = RECORDINGS[0].messages
    guide = parse_guide("- How do you commute?\n  show: Concept A\n- And?\n  show: Concept B\n")
    recording = replace(RECORDINGS[0], guide=guide, messages=(replace(first, stimuli=("Concept A.pdf",)), *others))
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Recorded")
    group = open_recording(recording, project.id, "user", MODEL, semblance.store, semblance.clock())
    assert workspace.sessions.messages(group.id)[0].stimuli == ("Concept A.pdf",)
    assert workspace.stimuli.plan(group.id)[1] == ()
    assert asked_round(semblance, workspace, group.id, "And?")[0].stimuli == ()
    assert _message({**json.loads(transcript_jsonl([first])), "stimuli": ["Concept A.pdf"]}).stimuli == (
        "Concept A.pdf",
    )
    copied = workspace.sessions.duplicate(group.id)
    with pytest.raises(InvalidInput, match="shows “Concept A”, but no stimulus has this name"):
        workspace.sessions.start(copied.id)


def test_texts_that_were_shown_come_along_and_who_moderates_on_has_them_in_the_prompt(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Recorded")
    study = next(each for each in RECORDINGS if each.name == "breakfast")
    group = open_recording(study, project.id, "user", MODEL, semblance.store, semblance.clock())
    (asset,) = workspace.stimuli.of_session(group.id)
    assert (asset.name, workspace.stimuli.text(asset.id)) == ("Morning Pot.txt", study.stimuli[0].text)
    alone = [message for message in workspace.sessions.messages(group.id) if message.role == "private"]
    assert {message.speaker for message in alone} == {person.name for person in study.participants}
    asked_round(semblance, workspace, group.id, "Would you take one along?")
    replies = [asked for asked in model_server.asked if "Speak now as" in asked.prompt]
    assert len(replies) == len(study.participants)
    for asked in replies:
        assert "Take one out before bed" in asked.prompt
        told = [message.speaker for message in alone if message.text[:40] in asked.prompt]
        assert len(told) == 1
        assert f"Speak now as {told[0]}" in asked.prompt


def test_who_moderates_on_asks_the_model_at_hand_and_the_report_says_from_where(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Recorded")
    group = open_recording(RECORDINGS[0], project.id, "user", MODEL, semblance.store, semblance.clock())
    asked_round(semblance, workspace, group.id, "And in winter?")
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert len(messages) == 34 + 1 + 6
    assert {message.model for message in messages[35:]} == {MODEL}
    assert f"Messages from 35 on were made by {MODEL}" in method_card(group, messages, None)
    found = backfill(semblance.store, lambda *_: pytest.fail("nothing is counted"), lambda *_: None)
    assert found.messages == 0, "a recording is not taken for calls whose usage was lost"


def test_clicks_at_once_open_one_project(semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    name = RECORDINGS[0].name
    with ThreadPoolExecutor(3) as threads:
        rows = list(threads.map(lambda _: workspace.examples.open_recording(name), range(3)))
    assert len({row.id for row in rows}) == 1
    assert len([each for each in workspace.projects.mine() if each.name.startswith("Recorded")]) == 1
    assert workspace.examples.open_recording(name).id == rows[0].id
    assert semblance.workspace("other").examples.opened_recordings() == []
    workspace.sessions.delete(rows[0].id)
    assert workspace.examples.open_recording(name).id != rows[0].id
    with pytest.raises(NotFound, match="no such recorded study"):
        workspace.examples.open_recording("../secrets")
