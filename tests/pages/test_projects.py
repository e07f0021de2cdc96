"""The page of projects as Streamlit runs it, and the switcher beside every page."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.task import Task, TaskState
from semblance_core.workspace import Workspace
from tests.pages.conftest import Called, Opened, Visit
from tests.pages.test_personas import HOSTILE, press, texts
from tests.studies import panel, session
from ui.app import shell
from ui.parts.words import DONE


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def in_address(page: AppTest, name: str) -> str:
    value = page.query_params.get(name, "")
    return value if isinstance(value, str) else value[0]


def links(page: AppTest) -> str:
    return " ".join(f"{link.proto.label} {link.proto.query_string}" for link in page.get("page_link"))


def create(page: AppTest, name: str) -> AppTest:
    (field,) = [each for each in page.sidebar.text_input if each.label == "Name"]
    field.set_value(name)
    (button,) = [each for each in page.sidebar.button if each.label == "Create"]
    return button.click().run()


def test_all_projects_are_cards_and_archived_ones_are_folded_away(visit: Visit, ws: Workspace, called: Called) -> None:
    group = session(ws, title="Breakfast")
    ws.projects.describe(group.project_id, aim="How do people choose?")
    ws.personas.add(group.project_id, panel(1)[0])
    called(2, project_id=group.project_id)
    ws.projects.archive(ws.projects.create("Put away").id)
    page = visit("user", "projects")
    assert not page.exception
    words = texts(page)
    assert "How do people choose?" in words
    assert "1 persona · 1 focus group" in words
    assert "Cost \\$0.02" in words
    assert [each.label for each in page.expander] == ["Archived (1)"]
    assert f"**Oat milk** id={group.project_id}" in links(page)
    assert "**Put away**" not in " ".join(link.proto.label for link in page.columns)
    assert "Put away" not in page.selectbox(key=shell.SWITCH).options


def test_a_project_shows_what_is_in_it(visit: Visit, semblance: Semblance, ws: Workspace, called: Called) -> None:
    group = session(ws, title="Breakfast")
    ws.projects.describe(group.project_id, aim="How do people choose?", notes="Taste first.\nThen price.")
    called(3, project_id=group.project_id)
    now = semblance.clock()
    asked = {"text": "People who cook", "size": 4}
    semblance.store.tasks.add(
        Task("t1", "recruit", "user", group.project_id, asked, now, TaskState.DONE, 4, 4, finished_at=now)
    )
    page = visit("user", "projects", id=group.project_id)
    assert not page.exception
    figures = {each.label: each.value for each in page.metric}
    assert figures == {"Personas": "0", "Focus groups": "1", "Panels": "1", "Cost": "\\$0.0300"}
    words = texts(page)
    for expected in ("How do people choose?", "Taste first.  \nThen price.", "**Breakfast**", "People who cook"):
        assert expected in words
    for event in ("Created the project", "Changed the aim", "Set up a focus group · Breakfast", "Recruited a panel"):
        assert event in words
    assert f"project_id={group.project_id}&run=t1" in links(page)


def test_the_address_opens_the_right_project_whatever_was_open_before(visit: Visit, ws: Workspace) -> None:
    first, second = session(ws), session(ws)
    for group in (first, second, first):
        ws.projects.open((second if group is first else first).project_id)
        for name, query in (
            ("projects", {"id": group.project_id}),
            ("personas", {"project_id": group.project_id}),
            ("focus_groups", {"project_id": group.project_id}),
            ("home", {"project_id": group.project_id}),
            ("session", {"id": group.id}),
            ("focus_group", {"id": group.id}),
        ):
            page = visit("user", name, **query)
            assert not page.exception, name
            assert page.selectbox(key=shell.SWITCH).value == group.project_id, name
            assert in_address(page, "id") == query.get("id", ""), name


def test_an_address_of_a_project_that_one_may_not_see_says_so(
    visit: Visit, semblance: Semblance, ws: Workspace
) -> None:
    theirs = semblance.workspace("other").projects.create("Secret study")
    page = visit("user", "projects", id=theirs.id)
    assert "There is no such project. It may have been deleted." in texts(page)
    assert not page.error
    listed = visit("user", "personas", project_id=theirs.id)
    assert "deleted or belongs to somebody else. You see **My first study** instead." in texts(listed)
    assert "Secret" not in texts(listed)
    looked = visit("admin", "projects", id=theirs.id)
    assert "Project owned by" in texts(looked)


def test_switching_on_a_page_about_one_thing_leads_to_the_chosen_project(visit: Visit, ws: Workspace) -> None:
    group, other = session(ws), ws.projects.create("Another")
    for name, query in (("session", group.id), ("projects", group.project_id)):
        page = visit("user", name, id=query)
        page = page.selectbox(key=shell.SWITCH).set_value(other.id).run()
        assert [each.value for each in page.title] == ["Another"], name
        assert page.selectbox(key=shell.SWITCH).value == other.id


def test_creating_selects_the_new_project_and_draws_another_popover(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "personas")
    before = 0
    page = create(page, "Barley")
    (made,) = [each for each in ws.projects.mine() if each.name == "Barley"]
    assert page.selectbox(key=shell.SWITCH).value == made.id == in_address(page, "project_id")
    assert page.session_state[shell.MADE] == before + 1
    assert [each.value for each in page.title] == ["Personas"]


@pytest.mark.parametrize("name", ["", "   ", "my  FIRST study", "Mỹ first study", "x" * 121])
def test_a_name_that_is_refused_is_refused_in_words_beside_the_page(visit: Visit, ws: Workspace, name: str) -> None:
    page = create(visit("user", "personas"), name)
    assert not page.exception
    (error,) = page.error
    assert ("up to 120" if not name.strip() or len(name) > 120 else "My first study") in error.value
    assert [each.value for each in page.title] == ["Personas"]
    assert len(ws.projects.mine()) == 1


def test_archiving_folds_it_away_and_unarchiving_brings_it_back(visit: Visit, ws: Workspace) -> None:
    first, second = ws.projects.mine()[0], ws.projects.create("Another")
    page = press(visit("user", "projects", id=second.id), "Archive")
    assert ws.projects.get(second.id).archived_at
    assert "Archived on" in texts(page)
    assert page.selectbox(key=shell.SWITCH).options == ["My first study", "Another"]  # it is open
    again = visit("user")
    assert again.selectbox(key=shell.SWITCH).options == ["My first study"]
    assert again.selectbox(key=shell.SWITCH).value == first.id
    press(visit("user", "projects", id=second.id), "Unarchive")
    assert ws.projects.get(second.id).archived_at is None


def test_renaming_to_a_twin_is_refused_beside_the_field(opened: Opened, ws: Workspace) -> None:
    ws.projects.mine()  # makes “My first study”
    project = ws.projects.create("Barley")
    for name, expected in (("MY FIRST STUDY", "My first study"), ("", "Give the project a name")):
        dialog = opened("ui.projects.dialogs.rename", project)
        dialog.text_input[0].set_value(name)
        assert expected in press(dialog, "Save").error[0].value
    dialog = opened("ui.projects.dialogs.rename", project)
    dialog.text_input[0].set_value("BARLEY")
    press(dialog, "Save")
    assert ws.projects.get(project.id).name == "BARLEY"


def test_aim_and_notes_are_edited_and_two_windows_are_told(opened: Opened, semblance: Semblance, ws: Workspace) -> None:
    project = ws.projects.create("Barley")
    dialog = opened("ui.projects.dialogs.describe", project)
    dialog.text_area[0].set_value("Why barley?")
    press(dialog, "Save")
    assert (ws.projects.get(project.id).aim, ws.projects.get(project.id).notes) == ("Why barley?", "")
    later = opened("ui.projects.dialogs.describe", project)  # opened before that was saved
    later.text_area[0].set_value("Who drinks barley?")
    later.text_area[1].set_value("Nobody.")
    later = press(later, "Save")
    assert "You changed the project's aim in another window" in texts(later) + str(
        [each.value for each in later.warning]
    )
    press(later, "Keep mine")
    read = ws.projects.get(project.id)
    assert (read.aim, read.notes) == ("Who drinks barley?", "Nobody.")


def test_a_copy_has_personas_and_drafts_and_is_opened(visit: Visit, ws: Workspace) -> None:
    group = session(ws)
    ws.projects.describe(group.project_id, aim="Why?", notes="Because.")
    page = press(visit("user", "projects", id=group.project_id), "Duplicate")
    assert [each.value for each in page.title] == ["Oat milk (copy)"]
    (copy,) = [each for each in ws.projects.mine() if each.name == "Oat milk (copy)"]
    assert (copy.aim, copy.notes) == ("Why?", "")
    assert [each.title for each in ws.sessions.of_project(copy.id)] == ["Oat milk"]


def test_a_project_is_deleted_after_it_was_said_what_goes_and_what_stays(
    visit: Visit, opened: Opened, semblance: Semblance, ws: Workspace
) -> None:
    group = session(ws, title="Breakfast")
    assert "Delete project" not in labels(visit("user", "focus_groups"))
    assert "Delete project" in labels(visit("user", "projects", id=group.project_id))
    dialog = opened("ui.projects.dialogs.delete", ws.projects.overview(group.project_id))
    assert "its aim and notes, 0 personas and 1 focus group with transcripts" in texts(dialog)
    assert "**Kept:** its costs" in texts(dialog)
    semblance.store.tasks.add(Task("t1", "recruit", "user", group.project_id, {"size": 3}, semblance.clock()))
    dialog = opened("ui.projects.dialogs.delete", ws.projects.overview(group.project_id))
    assert [each.value for each in dialog.warning] == ["1 panel is being recruited; this will stop."]
    assert group.project_id in [project.id for project in ws.projects.mine()]
    dialog = press(dialog, "Delete")
    assert dialog.session_state[DONE] == ["Deleted Oat milk"]
    assert group.project_id not in [project.id for project in ws.projects.mine()]
    assert not visit("user").exception


def test_hostile_names_and_texts_are_shown_as_they_are(visit: Visit, ws: Workspace) -> None:
    project = ws.projects.create(HOSTILE[:100])
    ws.projects.describe(project.id, aim=HOSTILE, notes=HOSTILE)
    for query in ({}, {"id": project.id}):
        page = visit("user", "projects", **query)
        assert not page.exception
        assert "<b>" not in texts(page)
        assert ":red[" not in texts(page) + links(page)


def test_many_projects_are_shown_in_pages_the_last_active_first(
    visit: Visit, semblance: Semblance, ws: Workspace
) -> None:
    for number in range(14):
        semblance.store.projects.add("user", f"Study {number}", semblance.clock() + timedelta(minutes=number))
    page = visit("user", "projects")
    assert "Study 13" in links(page)
    assert "Study 1**" not in links(page)
    assert "Study 1**" in links(visit("user", "projects", page="2"))
