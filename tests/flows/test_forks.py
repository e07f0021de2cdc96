"""Branches of a session over a real database and a model over HTTP: copied, edited, asked, counted, read side by side."""

from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.reports.report import method_rows
from semblance_core.reports.shift.files import method_card
from semblance_core.workspace import Workspace
from tests.flows.test_ballots import BALLOT, answering, is_ballot
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round, discussed, session


def test_branches_keep_the_transcript_up_to_a_message_and_go_on_by_themselves(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering
    group = session(workspace, 3, ballot=BALLOT, turn_limit=9)
    original, said = discussed(semblance, workspace, group.id)
    spent, calls = workspace.sessions.spent(group.id), len(model_server.asked)
    at = next(message.seq for message in said if message.role == "persona" and message.seq > 2)
    branches = workspace.forks.fork(group.id, at, instead="I would never buy it.", branches=2)
    assert len(model_server.asked) == calls, "nothing is asked before somebody asks"
    assert [branch.seed for branch in branches] == [1, 2]
    for number, branch in enumerate(branches, start=1):
        messages = workspace.sessions.messages(branch.id)
        assert [message.seq for message in messages] == list(range(1, at + 1))
        assert [each.text for each in messages[:-1]] == [each.text for each in said[: at - 1]]
        assert messages[-1].text == "I would never buy it."
        assert {each.cost_usd for each in messages} == {Decimal(0)}
        assert workspace.sessions.spent(branch.id).calls == 0
        assert branch.fork
        assert (branch.fork.session_id, branch.fork.seq, branch.fork.branch) == (group.id, at, number)
        assert branch.fork.replaced == said[at - 1].text
        assert branch.state is FocusGroupState.MODERATED
        assert branch.course.persona_turns == sum(each.role == "persona" for each in messages)
        rows = dict(method_rows(branch, messages, None))
        assert f"at message {at}" in rows["Forked"]
    model_server.asked.clear()
    first = branches[0]
    went_on, all_said = discussed(semblance, workspace, first.id)
    assert went_on.state is FocusGroupState.ENDED
    assert len(all_said) > at
    assert not any(is_ballot(each) for each in model_server.asked), "the ballot before is the other session's, copied"
    assert "I would never buy it." in model_server.asked[0].prompt
    shift = workspace.ballots.shift(first.id)
    assert shift.counts[Wave.BEFORE] == 3
    assert "forked from" in method_card(shift)
    assert workspace.sessions.spent(group.id) == spent, "what the copies cost stays where it was made"
    assert workspace.sessions.messages(group.id) == said
    beside = workspace.forks.side_by_side(group.id, at)
    assert [each.id for each in beside.groups] == [group.id, *(branch.id for branch in branches)]
    assert beside.common[-1].seq == at - 1, "the edited message stands in the columns"
    assert [column[0].text for column in beside.after] == [said[at - 1].text, *["I would never buy it."] * 2]
    assert original.fork is None


def test_a_question_is_put_in_other_words_to_everybody_in_each_branch(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "When did you last buy oat milk?")
    asked_round(semblance, workspace, group.id, "What made you choose it?")
    fours = workspace.forks.fork(group.id, 4, instead="Why on earth that one?", branches=2)
    for branch in fours:
        semblance.engine.wait("focus_group", branch.id)
        messages = workspace.sessions.messages(branch.id)
        assert [each.seq for each in messages] == [1, 2, 3, 4, 5, 6]
        assert (messages[3].text, messages[3].question) == ("Why on earth that one?", 1)
        assert {each.status for each in messages} == {MessageStatus.SAID}
        assert branch.fork
        assert branch.fork.kept == 3
    assert workspace.sessions.get(fours[0].id).course.question == 1
    asked = workspace.forks.fork(group.id, 3, ask="And at what price?")
    semblance.engine.wait("focus_group", asked[0].id)
    assert [each.text for each in workspace.sessions.messages(asked[0].id)][3] == "And at what price?"
    assert workspace.forks.branches(group.id) == [workspace.sessions.get(each.id) for each in (asked[0], *fours)], (
        "by message"
    )
    again = workspace.forks.fork(group.id, 4, instead="And why?")
    assert again[0].fork
    assert (again[0].fork.branch, again[0].seed) == (3, 3), "no seed comes twice"
    semblance.engine.wait("focus_group", again[0].id)
    for wrong, why in (
        ({"seq": 99}, "no words"),
        ({"seq": 2, "branches": 13}, "12"),
        ({"seq": 4, "instead": "A?", "ask": "B?"}, "already"),
    ):
        with pytest.raises(InvalidInput, match=why):
            workspace.forks.fork(group.id, **wrong)
