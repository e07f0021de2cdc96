"""Interview rounds over a real database: begun once, held alone, read side by side, analysed as one, stopped, deleted."""

import csv
import io
import json
from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import MOST_INTERVIEWS, RoundConfig
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.discussion.session_list import SessionStatus
from semblance_core.domain.errors import InvalidInput, NotFound, QuotaExceeded
from semblance_core.domain.findings.claims import Check
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.reports.interview_files import answers_csv, round_markdown
from semblance_core.reports.interviews import side_by_side
from semblance_core.reports.report import report_markdown
from semblance_core.workspace import Workspace
from tests.faults.conftest import NobodyHere
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import GUIDE, asked_round, finished, interviewed, with_engine
from tests.surveys import project_with

SIMULATED = RoundConfig("Oat milk alone", parse_guide(GUIDE), "Oat milk", "simulator/instant", seed=7)
PLANNED = "- When did you last buy oat milk?\n  - probe: what else was on the shelf\n- What is a fair price?\n"
COLLECTIONS = ("interview_rounds", "focus_groups", "focus_group_messages", "focus_group_themes", "tasks")


def said(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in messages]


def test_each_is_interviewed_alone_read_side_by_side_and_found_in_one_analysis(
    semblance: Semblance, workspace: Workspace
) -> None:
    project = project_with(workspace, 3)
    estimate = workspace.interviews.estimate(project, SIMULATED)
    held = interviewed(semblance, workspace, project, seed=7)
    now = workspace.interviews.held(held.id)
    assert [each.status for each in now.interviews] == [SessionStatus.ENDED] * 3
    assert [each.group.reason for each in now.interviews if each.group] == ["guide_covered"] * 3
    assert [each.answered for each in now.interviews] == [3, 3, 3]
    for each in now.interviews:
        assert {message.speaker for message in each.messages} == {"Moderator", each.person.name}
        roles = [message.role for message in each.messages]
        assert roles == [*["moderator", "persona"] * (len(roles) // 2), "moderator"], (
            "one answer after each question, then thanks"
        )
        assert not any(
            other.person.name.split()[0] in message.text
            for message in each.messages
            for other in now.interviews
            if other is not each
        )
    spent = workspace.interviews.spent(held.id)
    assert held.estimate
    assert held.estimate.calls == estimate.calls
    assert estimate.p10_tokens
    assert estimate.p10_tokens < spent.tokens.total < estimate.p90_tokens
    assert estimate.p50_tokens < 1.4 * spent.tokens.total

    rows = side_by_side(now)
    assert [row.text for row in rows] == list(held.guide.questions)
    assert all(cell.said for row in rows for cell in row.cells)
    table = list(csv.DictReader(io.StringIO(answers_csv(now).removeprefix("\ufeff"))))
    assert [(row["person"], row["number"]) for row in table] == [
        (each.person.name, str(number)) for each in now.interviews for number in (1, 2, 3)
    ]
    assert {(row["synthetic"], row["simulated"], row["seed"]) for row in table} == {("True", "True", "7")}

    task = finished(semblance, workspace, workspace.interviews.find_themes(held.id))
    assert (task.state, task.error) == (TaskState.DONE, "")
    found = workspace.interviews.themes(held.id)
    assert found
    assert {each.session_id: each.through_seq for each in found.sessions} == {
        each.person.session_id: len(each.messages) for each in now.interviews
    }
    texts = {(each.person.session_id, m.seq): (m.speaker, m.text) for each in now.interviews for m in each.messages}
    quotes = [quote for of in (*found.themes, *found.codes) for quote in of.verbatims]
    assert len({quote.session_id for quote in quotes}) == 3
    for quote in quotes:
        speaker, text = texts[quote.session_id, quote.seq]
        assert (quote.speaker, quote.quote in text) == (speaker, True)
    assert workspace.interviews.find_themes(held.id).id == task.id, "nothing new was said"
    claims = [claim for of in (found, *found.themes) for claim in of.claims]
    assert any(claim.check is Check.SAID for claim in claims)
    for claim in claims:
        assert len(claim.session_ids) == len(claim.seqs)
        assert all(texts[place][0] != "Moderator" for place in claim.places), (
            "its messages are answers, each in its own interview"
        )
    calls = semblance.store.usage.past_calls(found.model, ["check_claims"])
    assert calls["check_claims"], "checking them is on record"
    assert task.estimate
    assert task.estimate.calls >= 5, "coding, forming, summing up, and at least two checks of summaries"
    report = round_markdown(now, found)
    assert "| Claims |" in report
    assert "> Simulated: everybody interviewed is synthetic" in report
    assert "## Method card" in report
    assert f"of session {quotes[0].session_id}" in report

    only = now.interviews[0]
    assert only.group
    assert "Human groups" not in report_markdown(only.group, only.messages, None, [])
    assert workspace.sessions.page(project).total == 0
    assert workspace.sessions.of_project(project) == []
    assert workspace.projects.overview(project).sessions == 0
    assert workspace.interviews.progress(project)[held.id].over == 3


def test_a_persons_interview_is_the_same_again_whoever_else_is_asked(
    semblance: Semblance, workspace: Workspace
) -> None:
    first, second = project_with(workspace, 3), project_with(workspace, 1)
    three = workspace.interviews.held(interviewed(semblance, workspace, first, seed=7).id)
    one = workspace.interviews.held(interviewed(semblance, workspace, second, seed=7).id)
    assert said(three.interviews[0].messages) == said(one.interviews[0].messages)


def test_a_second_click_begins_nothing_and_another_round_is_another(semblance: Semblance, workspace: Workspace) -> None:
    workspace, project = with_engine(workspace, NobodyHere()), project_with(workspace, 2)
    held = workspace.interviews.start(project, SIMULATED)
    assert workspace.interviews.start(project, SIMULATED).id == held.id
    assert workspace.interviews.held(held.id).is_busy
    other = workspace.interviews.start(project, replace(SIMULATED, seed=8))
    assert [each.id for each in workspace.interviews.of_project(project)] == [other.id, held.id]
    assert workspace.interviews.stop_all(held.id) == 2
    assert not workspace.interviews.held(held.id).is_busy
    assert workspace.interviews.continue_all(held.id) == 2
    assert workspace.interviews.held(held.id).is_busy
    semblance.connection.database["interview_rounds"].update_many({}, {"$unset": {"estimate": "", "prompts": ""}})
    assert workspace.interviews.get(held.id).estimate is None, "stored without these fields it opens"
    workspace.interviews.stop_all(held.id)
    workspace.interviews.stop_all(other.id)
    again = with_engine(workspace, NobodyHere())
    assert again.interviews.start(project, SIMULATED).id == held.id, "within a minute"


def test_what_cannot_be_held_is_refused_and_leaves_nothing(semblance: Semblance, workspace: Workspace) -> None:
    project = project_with(workspace, 2)
    with pytest.raises(InvalidInput, match="at least one question"):
        workspace.interviews.start(project, replace(SIMULATED, guide=replace(SIMULATED.guide, sections=())))
    with pytest.raises(InvalidInput, match="shows no stimuli yet"):
        workspace.interviews.start(project, replace(SIMULATED, guide=parse_guide("- Why?\n  - show: a.txt\n")))
    with pytest.raises(InvalidInput, match="Nobody is there"):
        workspace.interviews.start(project, SIMULATED, [])
    with pytest.raises(InvalidInput, match=f"at most {MOST_INTERVIEWS} personas, not 25"):
        workspace.interviews.start(project_with(workspace, 25), SIMULATED)
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(tokens=0))
    with pytest.raises(QuotaExceeded):
        workspace.interviews.start(project, replace(SIMULATED, model=""))
    assert semblance.connection.database["interview_rounds"].count_documents({}) == 0
    assert semblance.connection.database["focus_groups"].count_documents({}) == 0


def test_deleting_a_round_or_its_project_leaves_nothing_of_it(semblance: Semblance, workspace: Workspace) -> None:
    for deletes_project in (False, True):
        project = project_with(workspace, 2)
        held = interviewed(semblance, workspace, project)
        workspace.sessions.delete(held.session_ids[0])
        now = workspace.interviews.held(held.id)
        assert [each.status for each in now.interviews] == [None, SessionStatus.ENDED]
        finished(semblance, workspace, workspace.interviews.find_themes(held.id))
        if deletes_project:
            workspace.projects.delete(project)
        else:
            workspace.interviews.delete(held.id)
        counts = {name: semblance.connection.database[name].count_documents({}) for name in COLLECTIONS}
        assert counts == dict.fromkeys(COLLECTIONS, 0)
        with pytest.raises(NotFound):
            workspace.interviews.get(held.id)


def test_a_person_asks_in_the_session_and_the_model_may_go_on(semblance: Semblance, workspace: Workspace) -> None:
    project = project_with(workspace, 1)
    wanted = replace(SIMULATED, by_person=True, probing=Probing.NONE)
    held = workspace.interviews.start(project, wanted)
    (session_id,) = held.session_ids
    assert workspace.sessions.get(session_id).state is FocusGroupState.MODERATED
    assert held.estimate is None
    for question in (held.guide.questions[0], "And who does the shopping?"):
        workspace.sessions.post(session_id, question)
        semblance.engine.wait("focus_group", session_id)
    now = workspace.interviews.held(held.id)
    assert now.interviews[0].answered == 1
    assert [len(row.cells[0].shown) for row in side_by_side(now)] == [3, 0, 0], (
        "the question in own words is a follow-up"
    )
    assert workspace.interviews.continue_all(held.id) == 1
    semblance.engine.wait("focus_group", session_id)
    now = workspace.interviews.held(held.id)
    assert (now.interviews[0].answered, now.interviews[0].status) == (3, SessionStatus.ENDED)


def test_prompts_read_as_an_interview_and_a_probe_that_is_planned_is_put(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def script(asked: Asked) -> Reply:
        if "Decide what a good interviewer does" in asked.prompt:
            words = {"decision": "probe", "to": "", "words": "What else was on the shelf?", "planned": 1}
            over = {"decision": "close", "to": "", "words": "Did we miss anything? Thank you."}
            return Reply(json.dumps(words if "1. what else was on the shelf" in asked.prompt else over))
        if "Open the interview" in asked.prompt:
            return Reply("Hello Maya. When did you last buy oat milk?")
        return Reply("Last week, at the corner shop.")

    model_server.script = script
    project = project_with(workspace, 1)
    held = interviewed(semblance, workspace, project, guide=PLANNED, model="", probing=Probing.LIGHT)
    (interview,) = workspace.interviews.held(held.id).interviews
    assert [message.text for message in interview.messages if message.role == "moderator"] == [
        "Hello Maya. When did you last buy oat milk?",
        "What else was on the shelf?",
        "What is a fair price?",
        "Did we miss anything? Thank you.",
    ]
    assert len(interview.messages) == 8
    prompts = [asked.prompt for asked in model_server.asked]
    assert not [text for text in prompts if "focus group" in text or "in a group" in text or "Name nobody" in text]
    replies = [text for text in prompts if "who is being interviewed, alone" in text]
    assert len(replies) == 4
    assert 'then asked: "What else was on the shelf?" Answer that alone.' in replies[1]
    assert "asked you" not in replies[0]


def test_two_of_one_name_are_interviewed_and_told_apart_by_a_number(semblance: Semblance, workspace: Workspace) -> None:
    project = workspace.projects.create("Twins", numbered=True).id
    workspace.personas.import_file(project, b"name,age\nMaria Garcia,34\nMaria Garcia,61\n")
    held = interviewed(semblance, workspace, project, seed=7)
    now = workspace.interviews.held(held.id)
    assert [each.person.name for each in now.interviews] == ["Maria Garcia", "Maria Garcia 2"]
    assert {message.speaker for message in now.interviews[1].messages} == {"Moderator", "Maria Garcia 2"}
    finished(semblance, workspace, workspace.interviews.find_themes(held.id))
    assert workspace.interviews.themes(held.id)


def test_without_a_topic_nobody_who_is_interviewed_hears_the_title(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("It is dear.")
    config = RoundConfig("Wave 3 for the client", parse_guide("- What is dear?"), "", "openai/test", by_person=True)
    held = workspace.interviews.start(project_with(workspace, 1), config)
    (session_id,) = held.session_ids
    assert (held.topic, workspace.sessions.get(session_id).topic) == ("", "")
    asked_round(semblance, workspace, session_id, "What is dear?")
    (asked,) = model_server.asked
    assert "What is dear?" in asked.prompt
    assert "Wave 3" not in asked.prompt
