"""The confirmation before an account's first run that may cost something: asked once, before anything begins."""

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.workspace import Workspace
from tests.pages.conftest import Visit
from tests.pages.test_personas import Opened, press, texts
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, session

ASKED = "Your first run with a model that costs money"
MODEL = "openai/gpt-4o-mini"


@pytest.fixture
def ws(semblance: Semblance, model_server: ScriptedServer) -> Workspace:
    model_server.script = lambda asked: Reply("Sure.")
    return semblance.workspace("user")


def is_asked(page: AppTest) -> bool:
    return ASKED in texts(page)


def test_a_run_waits_for_the_first_confirmation_and_no_later_one(visit: Visit, ws: Workspace) -> None:
    group, other = session(ws, 2, model=MODEL, turn_limit=4), session(ws, 2, model=MODEL, turn_limit=4)
    page = visit("user", "session", id=group.id)
    for _ in range(2):
        press(page, "Run automatically")
        assert is_asked(page)
        assert f"A discussion of up to 4 turns with {MODEL}: about $" in texts(page).replace("\\", "")
        assert "spending" in texts(page)
    press(page, "Not now")
    assert not is_asked(page)
    assert ws.sessions.get(group.id).state is FocusGroupState.DRAFT
    press(page, "Run automatically")
    press(page, "Start")
    assert ws.sessions.get(group.id).state is not FocusGroupState.DRAFT
    assert ws.me.account().costs_confirmed_at
    page = visit("user", "session", id=other.id)
    press(page, "Run automatically")
    assert not is_asked(page)
    assert ws.sessions.get(other.id).state is not FocusGroupState.DRAFT


def test_a_question_is_asked_once_confirmed_and_else_stays_to_be_sent(
    visit: Visit, semblance: Semblance, ws: Workspace
) -> None:
    group = session(ws, 2, model=MODEL)
    page = visit("user", "session", id=group.id)
    page.chat_input[0].set_value("What do you think?").run()
    assert "“What do you think?” to 2 participants" in texts(page).replace("\\", "")
    press(page, "Not now")
    assert page.chat_input[0].value == "What do you think?"
    assert ws.sessions.get(group.id).next_seq == 1
    page.chat_input[0].set_value("What do you think?").run()
    start = next(button for button in page.button if button.label == "Start")
    start.click().run()
    assert not is_asked(page)
    page.run()
    semblance.engine.wait("focus_group", group.id)
    assert [message.text for message in ws.sessions.messages(group.id)] == ["What do you think?", "Sure.", "Sure."]


def test_the_set_up_s_last_step_asks_too(visit: Visit, ws: Workspace) -> None:
    group = session(ws, 2, model=MODEL, turn_limit=4)
    page = visit("user", "focus_group", id=group.id, step="check")
    press(page, "Run automatically")
    assert is_asked(page)
    assert ws.sessions.get(group.id).state is FocusGroupState.DRAFT
    press(page, "Start")
    assert ws.sessions.get(group.id).state is not FocusGroupState.DRAFT


def test_finding_themes_asks_whoever_begins_it(visit: Visit, semblance: Semblance, ws: Workspace) -> None:
    group = session(ws, 2, model=MODEL)
    asked_round(semblance, ws, group.id, "Why?")
    page = visit("admin", "findings", id=group.id)
    for _ in range(2):
        press(page, "Find themes")
        assert is_asked(page)
    assert "Finding themes in 3 messages" in texts(page)
    assert ws.findings.newest_task(group.id) is None
    press(page, "Start")
    assert ws.findings.newest_task(group.id)
    assert not is_asked(page)


def test_recruiting_says_that_an_unknown_price_is_unknown(opened: Opened, ws: Workspace) -> None:
    project = ws.projects.create("Rice milk")
    state = {f"recruit_brief_{project.id}": "Rice milk drinkers", f"recruit_model_{project.id}": "openai/our-own"}
    page = opened("ui.personas.recruiting.recruit", project.id, **state)
    press(page, "Recruit")
    assert "Recruiting 6 personas with openai/our-own" in texts(page).replace("\\", "")
    assert "Its price is unknown, so the cost is unknown." in texts(page)
    assert not ws.tasks.of_project(project.id, ["recruit"])
    press(page, "Start")
    assert len(ws.tasks.of_project(project.id, ["recruit"])) == 1


def test_nobody_is_asked_for_the_simulator_or_after_a_paid_call(
    visit: Visit, semblance: Semblance, ws: Workspace
) -> None:
    simulated, paid = session(ws, 2, model="simulator/instant"), session(ws, 2, model=MODEL, turn_limit=4)
    assert not ws.me.confirms_cost("simulator/instant")
    asked_round(semblance, ws, simulated.id, "Why?")
    assert ws.me.confirms_cost(MODEL)
    asked_round(semblance, ws, paid.id, "Why?")
    assert not ws.me.confirms_cost(MODEL)
    assert semblance.workspace("admin").me.confirms_cost(MODEL)
