"""The address decides what a page shows, every click counts, and no list takes over what was looked for in another."""

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.findings.theme import Sentiment, Theme, Verbatim
from semblance_core.workspace import Workspace
from tests.pages.conftest import Visit
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, found_themes, panel, session
from ui.app import shell


def widget(page: AppTest, ending: str):  # type: ignore[no-untyped-def]
    """The one whose key ends so."""
    (found,) = [
        each for each in (*page.button_group, *page.selectbox, *page.text_input) if (each.key or "").endswith(ending)
    ]
    return found


def in_address(page: AppTest, name: str) -> str:
    value = page.query_params.get(name, "")
    return value if isinstance(value, str) else value[0]


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def people(semblance: Semblance, ws: Workspace) -> list[str]:
    project_id = ws.projects.mine()[0].id
    return [person.id for person in semblance.store.personas.add(project_id, panel(3), semblance.clock())]


def test_every_click_on_the_views_of_a_panel_is_followed(visit: Visit, people: list[str]) -> None:
    page = visit("user", "personas")
    for view in ("Panel report", "Compare", "Gallery", "Compare", "Panel report", "Gallery"):
        page = widget(page, ":view").set_value(view).run()
        assert widget(page, ":view").value == view
        assert in_address(page, "view") == ("" if view == "Gallery" else view)


def test_every_choice_of_whom_to_compare_is_followed(visit: Visit, people: list[str]) -> None:
    one, two, three = people
    page = visit("user", "personas", view="Compare", a=one, b=two)
    for chosen in (three, one, two, three):
        page = widget(page, ":a").set_value(chosen).run()
        assert (widget(page, ":a").value, widget(page, ":b").value) == (chosen, two)
        assert in_address(page, "a") == chosen


def test_every_choice_of_an_analysis_is_followed(
    visit: Visit, semblance: Semblance, ws: Workspace, model_server: ScriptedServer
) -> None:
    group = session(ws, 2)
    model_server.script = lambda asked: Reply("The price is too high. I buy two cheap ones.")
    asked_round(semblance, ws, group.id, "What do you think?")
    group = ws.sessions.get(group.id)
    quote = Verbatim(2, group.participants[0].name, "The price is too high.", Sentiment.NEGATIVE)
    for name in ("Price", "Cost"):
        found_themes(semblance, group, [Theme(name, "", (quote,))])
    older, newer = (each.analysis_id for each in reversed(ws.findings.analyses(group.id)))
    page = visit("user", "findings", id=group.id)
    for chosen in (older, newer, older, newer):
        page = widget(page, ":analysis").set_value(chosen).run()
        assert widget(page, ":analysis").value == chosen
        earlier = any("earlier analysis" in caption.value for caption in page.caption)
        assert earlier == (chosen == older)


def test_what_was_looked_for_stays_in_its_list_and_its_project(visit: Visit, ws: Workspace, people: list[str]) -> None:
    session(ws, 2)
    page = visit("user", "personas", find="leeds", page="3")
    page.query_params.clear()  # as the browser does on the way to another page
    page.switch_page("../../pages/focus_groups.py").run()
    assert (widget(page, ":find").value, in_address(page, "page")) == ("", "")
    other = ws.projects.create("Another")
    page = visit("user", "personas", find="leeds", project_id=ws.projects.mine()[0].id)
    page = page.selectbox(key=shell.SWITCH).set_value(other.id).run()
    assert (in_address(page, "find"), in_address(page, "project_id")) == ("", other.id)


def test_a_list_opens_in_the_project_that_its_address_names(visit: Visit, ws: Workspace, people: list[str]) -> None:
    first = ws.projects.mine()[0]
    ws.projects.open(ws.projects.create("Another").id)
    page = visit("user", "personas", project_id=first.id)
    assert page.selectbox(key=shell.SWITCH).value == first.id
    assert "3 of 3 personas" in " ".join(caption.value for caption in page.caption)
