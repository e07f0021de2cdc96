"""Themes: every quote that is stored stands in the message it cites; what does not is dropped and counted."""

import json
from collections.abc import Sequence
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Sentiment
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import asked_round, finished, session

SAID = "Honestly, the price is too high for me. I would rather buy two cheap ones."


def spoken(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> tuple[FocusGroup, list[Message]]:
    """A session in which everybody said the same two sentences."""
    model_server.script = lambda asked: Reply(SAID)
    group = session(workspace)
    return group, asked_round(semblance, workspace, group.id, "What do you think?")[1:]


def coder(codes: Sequence[dict[str, Any]], themes: Sequence[dict[str, Any]]) -> Any:
    """A model that codes, groups and sums up as told."""

    def script(asked: Asked) -> Reply:
        if asked.feature == "code_transcript":
            return Reply(json.dumps({"codes": codes}))
        if asked.feature == "build_themes":
            return Reply(json.dumps({"themes": themes}))
        return sensible(asked) if asked.schema else Reply("They find it dear.")

    return script


def quoted(message: Message, quote: str, **other: Any) -> dict[str, Any]:
    return {"seq": message.seq, "speaker": message.speaker, "quote": quote} | other


def test_a_theme_keeps_quotes_that_are_there_and_drops_and_counts_the_others(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group, (one, other, third) = spoken(semblance, workspace, model_server)
    verbatims = [
        quoted(one, "the price is too high"),
        quoted(other, "“I would rather buy TWO cheap ones”"),
        quoted(third, "I love the price"),
        quoted(third, "the price is too high", speaker=one.speaker),
        quoted(one, "the price is too high", seq=99),
        quoted(one, ""),
        quoted(one, "What do you think?", seq=1, speaker="User"),
    ]
    model_server.script = coder(
        [{"label": "too dear", "verbatims": verbatims}],
        [{"name": "Price stops them", "summary": "All.", "code_ids": [0]}],
    )
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    assert task.state is TaskState.DONE, task.error
    assert findings is not None
    (theme,) = findings.themes
    assert [(said.seq, said.quote) for said in theme.verbatims] == [
        (one.seq, "the price is too high"),
        (other.seq, "I would rather buy two cheap ones"),
    ]
    assert findings.dropped_quotes == 5
    assert (findings.summary, findings.through_seq) == ("They find it dear.", 4)


def test_quotes_keep_the_sentiment_that_the_model_judged_and_codes_are_kept(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group, (one, other, third) = spoken(semblance, workspace, model_server)
    quote = "the price is too high"
    first = [quoted(one, quote, sentiment="Negative "), quoted(one, quote, sentiment="neutral")]
    second = [quoted(one, quote, sentiment="positive"), quoted(other, quote, sentiment="mixed"), quoted(third, quote)]
    model_server.script = coder(
        [{"label": "too dear", "verbatims": first}, {"label": "dear", "verbatims": second}],
        [{"name": "Price stops them", "summary": "All.", "code_ids": [0, 1]}],
    )
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    assert findings is not None
    assert [said.sentiment for said in findings.themes[0].verbatims] == [Sentiment.NEGATIVE, None, None]
    assert [(code.label, len(code.verbatims)) for code in findings.codes] == [("too dear", 1), ("dear", 3)]


def test_a_theme_without_any_quote_is_dropped_and_counted(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group, (one, *_) = spoken(semblance, workspace, model_server)
    model_server.script = coder(
        [{"label": "too dear", "verbatims": [quoted(one, "too high for me")]}],
        [
            {"name": "Price", "summary": "", "code_ids": [0]},
            {"name": "Made up", "summary": "", "code_ids": []},
            {"name": "Elsewhere", "summary": "", "code_ids": [7, -1]},
        ],
    )
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    assert findings is not None
    assert [theme.name for theme in findings.themes] == ["Price"]
    assert findings.dropped_themes == 2


def test_where_nothing_is_grounded_there_are_no_themes_and_the_summary_says_so(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group, (one, *_) = spoken(semblance, workspace, model_server)
    before = len(model_server.asked)
    model_server.script = coder([{"label": "joy", "verbatims": [quoted(one, "I adore it")]}], [])
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    assert findings is not None
    assert (findings.themes, findings.dropped_quotes) == ((), 1)
    assert "No theme could be traced" in findings.summary
    assert len(model_server.asked) - before == 1


def test_a_session_in_which_nobody_spoke_has_nothing_to_analyse(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    task = finished(semblance, workspace, workspace.findings.analyse(session(workspace).id))
    assert (task.state, task.error) == (
        TaskState.FAILED,
        "Nothing has been said yet, so there are no themes to find.",
    )
    assert model_server.asked == []


def test_an_answer_that_is_not_json_is_asked_for_again(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group, (one, *_) = spoken(semblance, workspace, model_server)
    good = coder(
        [{"label": "too dear", "verbatims": [quoted(one, "too high for me")]}],
        [{"name": "Price", "summary": "", "code_ids": [0]}],
    )
    before = len(model_server.asked)
    model_server.script = lambda asked: Reply("I would rather not.") if asked.number == before else good(asked)
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.DONE, task.error
    events = [event for event in workspace.sessions.calls(group.id) if event.feature == "code_transcript"]
    assert sorted(event.status for event in events) == ["malformed", "ok"]
    assert all(event.tokens.prompt for event in events)


def test_a_model_that_fails_fails_the_analysis_in_words(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    group, _ = spoken(semblance, workspace, model_server)
    model_server.script = lambda asked: Reply("down", status=500)
    task = finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert task.state is TaskState.FAILED
    assert "provider failed" in task.error.lower()
    assert workspace.findings.get(group.id) is None
    assert workspace.findings.newest_task(group.id) == task


def test_a_prompt_never_holds_another_sessions_text(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def canary(asked: Asked) -> Reply:
        return Reply(f"I say canary-{asked.messages[0]['content'].split('topic-')[1][:2]} loud and clear.")

    model_server.script = canary
    groups = [session(workspace, topic=f"topic-{number:02}", size=2) for number in range(10)]
    for group in groups:
        asked_round(semblance, workspace, group.id, "What do you think?")
        asked_round(semblance, workspace, group.id, "And why?")
    for group in groups:
        finished(semblance, workspace, workspace.findings.analyse(group.id))
    for asked in model_server.asked:
        mine = asked.prompt.split("topic-")[1][:2]
        others = [f"{number:02}" for number in range(10) if f"{number:02}" != mine]
        assert not any(f"canary-{other}" in asked.prompt or f"topic-{other}" in asked.prompt for other in others)
