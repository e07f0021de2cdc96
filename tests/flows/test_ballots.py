"""Ballots over a real database and a model over HTTP: put before and after, stored, resumed, compared, deleted, counted."""

import json
import re
from collections import Counter

import pytest

from semblance_core.analysis.shift.compared import Figure
from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.instruments.answers import AnswerState
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.domain.task import TaskState
from semblance_core.flows.ballots.at_end import begin_ballots
from semblance_core.reports.shift.files import ballots_csv, results
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import NAMES, asked_round, discussed, finished, session

BALLOT = """# Oat milk

A carton of oat milk at 1.80.

## How much do you like the idea?
type: scale
low: not at all
high: very much
anchors: appeal

## Which do you drink most?
type: single choice
- Oat milk
- Cow's milk

## Why?
type: open
"""
SAID = "I love it, I think it is a great idea and I want it."


def person(asked: Asked) -> str:
    found = re.search(r"^Name: (.+)$", asked.prompt, re.M)
    assert found
    return found[1]


def is_ballot(asked: Asked) -> bool:
    return "<questions>" in asked.prompt


def heard(asked: Asked) -> bool:
    return "<transcript>" in asked.prompt


def ballot(point: int, number: int = 1) -> dict[str, object]:
    return {
        "answers": [
            {"question": 1, "number": point, "because": "So."},
            {"question": 2, "chosen": ["Oat milk"]},
            {"question": 3, "text": "It is dear."},
        ]
    }


def answering(asked: Asked) -> Reply:
    """People of one to five points who all come to four, once they have heard the others."""
    if not is_ballot(asked):
        return Reply(SAID)
    return Reply(json.dumps(ballot(4 if heard(asked) else 1 + NAMES.index(person(asked)))))


def put_at_end(semblance: Semblance, workspace: Workspace) -> None:
    """What the sweeper does once a session has ended."""
    for task_id in begin_ballots(semblance.store, semblance.clock):
        assert finished(semblance, workspace, workspace.tasks.get(task_id)).state is TaskState.DONE


def test_the_ballot_is_put_before_the_first_turn_and_after_the_last_and_twice_without_any(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering
    group = session(workspace, 5, ballot=BALLOT, turn_limit=8)
    assert workspace.ballots.estimate(group.id).calls >= 20
    discussed(semblance, workspace, group.id)
    kinds = [is_ballot(each) for each in model_server.asked]
    assert kinds[:5] == [True] * 5
    assert True not in kinds[5:]
    talk = [each.prompt for each in model_server.asked[5:]]
    assert not any("It is dear." in prompt for prompt in talk), "no prompt of the discussion holds a ballot"
    put_at_end(semblance, workspace)
    assert begin_ballots(semblance.store, semblance.clock) == []
    after = [each for each in model_server.asked if is_ballot(each) and heard(each)]
    assert sorted(map(person, after)) == sorted(NAMES[:5])
    assert all(SAID in each.prompt for each in after)
    assert sum(is_ballot(each) for each in model_server.asked) == 20
    events = Counter(each.feature for each in workspace.sessions.calls(group.id))
    assert events["ballot"] == 20
    shift = workspace.ballots.shift(group.id)
    assert shift.counts == dict.fromkeys(Wave, 5)
    liked, drunk, why = shift.questions
    assert liked.stances_said
    figures = {each.figure: each for each in liked.figures}
    drift, conformity = figures[Figure.DRIFT], figures[Figure.CONFORMITY]
    assert (drift.discussion, drift.control, drift.people) == (1.0, 0.0, 5)
    assert figures[Figure.CONVERGENCE].discussion == 1.0
    assert conformity.control == 0.0
    assert [each.figure for each in drunk.figures] == [Figure.CHANGED]
    assert why.figures == ()
    assert {flag.value for flag in liked.flags} == {"small_n", "low_variance", "unbenchmarked"}
    rows = ballots_csv(shift).splitlines()
    assert len(rows) == 1 + 60
    told = results(shift)
    assert told["questions"][0]["figures"][1]["discussion"] == 1.0
    with pytest.raises(InvalidInput, match="already"):
        workspace.ballots.put(group.id)


def test_a_failure_stops_nothing_that_was_answered_and_nobody_is_asked_twice(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    wrong = {"answers": [{"question": 1, "number": 9}]}

    def some_fail(asked: Asked) -> Reply:
        if person(asked) == "Ben Cole" and is_ballot(asked):
            return Reply(json.dumps(wrong))
        if person(asked) == "Ines Falk" and is_ballot(asked) and heard(asked):
            return Reply("no key", status=401)
        return answering(asked)

    model_server.script = some_fail
    group = session(workspace, 3, ballot=BALLOT, ballot_control=False)
    asked_round(semblance, workspace, group.id, "Do you like it?")
    before = [cast for cast in semblance.store.ballots.casts(group.id) if cast.wave is Wave.BEFORE]
    states = {cast.persona_id: {answer.state for answer in cast.answers} for cast in before}
    assert states["persona-1"] == {AnswerState.UNUSABLE}, "asked again once, with what was wrong"
    again = [each for each in model_server.asked if is_ballot(each) and person(each) == "Ben Cole"]
    assert len(again) == 2
    assert "question 1: the answer is one whole number from 1 to 5" in again[1].prompt
    with pytest.raises(Exception, match="ended"):
        workspace.ballots.put(group.id)
    workspace.sessions.end(group.id)
    failed = finished(semblance, workspace, workspace.ballots.put(group.id))
    assert failed.state is TaskState.FAILED
    there = semblance.store.ballots.keys(group.id)
    model_server.script = answering
    model_server.asked.clear()
    done = finished(semblance, workspace, workspace.ballots.put(group.id, control=True))
    assert done.state is TaskState.DONE
    assert len(model_server.asked) == 12 - len(there)
    shift = workspace.ballots.shift(group.id)
    assert shift.has_control, "put afterwards"
    assert shift.questions[0].counted == 2, "whoever gave no usable answer is in no figure"


def test_without_a_control_the_result_says_so_and_claims_nothing(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering
    group = session(workspace, 4, ballot=BALLOT, ballot_control=False, turn_limit=6)
    discussed(semblance, workspace, group.id)
    put_at_end(semblance, workspace)
    shift = workspace.ballots.shift(group.id)
    assert not shift.has_control
    assert {each.exceeds for each in shift.questions[0].figures} == {None}
    told = results(shift)["questions"][0]
    assert {each["words"] for each in told["figures"]} == {"No claim without a control."}
    # A session that was opened again and went on is asked anew once it ends; the ballot before stays.
    workspace.sessions.reopen(group.id)
    asked_round(semblance, workspace, group.id, "And the price?")
    workspace.sessions.end(group.id)
    put_at_end(semblance, workspace)
    again = workspace.ballots.shift(group.id)
    assert again.through > shift.through
    assert again.counts[Wave.AFTER] == again.counts[Wave.BEFORE] == 4
    workspace.sessions.delete(group.id)
    assert semblance.store.ballots.keys(group.id) == frozenset()
    with pytest.raises(NotFound):
        workspace.ballots.shift(group.id)


def test_the_simulator_answers_by_its_seed_and_a_ballot_with_mistakes_is_refused(
    semblance: Semblance, workspace: Workspace
) -> None:
    told = []
    for _ in range(2):
        group = session(workspace, 4, ballot=BALLOT, model="simulator/instant", turn_limit=6, seed=3)
        discussed(semblance, workspace, group.id)
        put_at_end(semblance, workspace)
        shift = workspace.ballots.shift(group.id)
        assert shift.counts == dict.fromkeys(Wave, 4)
        told.append([(cast.wave, cast.persona_id, cast.answers) for cast in shift.casts])
    assert told[0] == told[1]
    copied = workspace.sessions.duplicate(group.id)
    assert copied.ballot == group.ballot != ""
    for text, why in (
        ("# Oat milk", "no question"),
        (BALLOT.replace("Why?", "Warum trinken Sie das nicht so gern?"), "English"),
    ):
        with pytest.raises(InvalidInput, match=why):
            session(workspace, 2, ballot=text, model="simulator/instant")
    with pytest.raises(InvalidInput, match="no ballot"):
        workspace.ballots.shift(session(workspace, 2).id)
