"""What is said before a run, beside what the run then used."""

import json
from decimal import Decimal

import pytest

from semblance_core.analysis.panel import parse_margins
from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import Spent, UsageQuota
from semblance_core.reports.costs import compared_words, estimate_words, fits, left_words
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import asked_round, discussed, finished, session


def assert_near(estimate: Estimate, spent: Spent, factor: float) -> None:
    assert spent.cost_usd
    assert estimate.p50_usd
    assert estimate.p90_usd
    assert float(estimate.p50_usd) / factor < spent.cost_usd < float(estimate.p90_usd) * factor, compared_words(
        estimate, spent
    )


def agreeing(asked: Asked) -> Reply:
    """Everybody says the same, and there is one theme in it."""
    said = "Fine by me, I drink it every day and would not want to miss it."
    quotes = [{"seq": 2, "speaker": "Maya Rao", "quote": "Fine by me"}] * 8
    answers = {
        "code_transcript": {"codes": [{"label": f"code {number}", "verbatims": quotes} for number in range(8)]},
        "build_themes": {"themes": [{"name": "Ease", "summary": said, "code_ids": [0, 1, 2]}] * 3},
    }
    return Reply(json.dumps(answers[asked.feature]) if asked.feature in answers else said * 3)


def test_the_first_run_is_estimated_from_its_prompts_and_later_ones_from_it(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    for number in range(4):
        group = session(workspace, size=5, turn_limit=30)
        foretold = workspace.sessions.estimate_discussion(group.id)
        group, _ = discussed(semblance, workspace, group.id)
        assert group.estimate
        assert (group.estimate.p50_usd, group.estimate.calls) == (foretold.p50_usd, foretold.calls)
        spent = workspace.sessions.discussion_spent(group.id)
        assert spent
        assert bool(foretold.past_calls) == bool(number)
        assert_near(foretold, spent, 2.0 if number == 0 else 1.35)
    assert "from the prompts' size" not in estimate_words(foretold)
    assert "past calls like these" in estimate_words(foretold)


def test_rounds_panels_and_analyses_are_estimated_too(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, size=6)
    one, all_of_them = workspace.sessions.estimate_round(group.id, 1), workspace.sessions.estimate_round(group.id)
    assert all_of_them.calls == 6 * one.calls
    model_server.script = agreeing
    before = workspace.sessions.spent(group.id)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    assert before.calls == 0
    assert_near(all_of_them, workspace.sessions.spent(group.id), 2.0)

    said = workspace.sessions.messages(group.id)[-1]
    code = {"label": "A drink", "verbatims": [{"seq": said.seq, "speaker": said.speaker, "quote": said.text}]}
    theme = {"name": "A drink", "summary": "They drink it. They like it.", "code_ids": [0]}
    answers = {"code_transcript": {"codes": [code] * 8}, "build_themes": {"themes": [theme] * 3}}
    model_server.script = lambda asked: (
        Reply(json.dumps(answers[asked.feature])) if asked.feature in answers else sensible(asked)
    )
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.estimate
    assert_near(task.estimate, workspace.tasks.spent(task.id), 4.0)
    features = [event.feature for event in workspace.sessions.calls(group.id)]
    assert features.count("check_claims") == 4, "three themes and the summary, on record under a name of their own"

    model_server.script = sensible
    margins = parse_margins("gender: women 50%, men 50%")
    foretold = workspace.personas.estimate_recruiting(group.project_id, "Who drinks oat milk?", 6, margins)
    task = finished(
        semblance, workspace, workspace.personas.recruit(group.project_id, "Who drinks oat milk?", 6, margins)
    )
    assert task.estimate
    assert task.estimate.p50_usd == foretold.p50_usd
    assert_near(foretold, workspace.tasks.spent(task.id), 3.0)
    again = workspace.personas.estimate_recruiting(group.project_id, "Who drinks oat milk?", 6, margins)
    assert again.past_calls
    assert_near(again, workspace.tasks.spent(task.id), 1.5)


def test_what_is_left_and_whether_it_is_enough_are_said(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=5, turn_limit=200)
    estimate = workspace.sessions.estimate_discussion(group.id)
    assert left_words(workspace.me.quota()) == ""
    assert fits(estimate, workspace.me.quota())
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=Decimal("0.001"), tokens=10**9))
    assert (
        left_words(workspace.me.quota())
        == "$0.0010 of $0.0010 and 1,000,000,000 of 1,000,000,000 tokens left this month"
    )
    assert not fits(estimate, workspace.me.quota())


@pytest.mark.parametrize("turns", [4, 40, 400])
def test_a_longer_discussion_is_estimated_to_cost_more(semblance: Semblance, workspace: Workspace, turns: int) -> None:
    shorter = workspace.sessions.estimate_discussion(session(workspace, turn_limit=turns).id)
    longer = workspace.sessions.estimate_discussion(session(workspace, turn_limit=2 * turns).id)
    assert longer.p50_tokens > 1.2 * shorter.p50_tokens
