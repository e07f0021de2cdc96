"""What was deleted, in words wherever something of it is left: in usage, at addresses that were kept, in windows that were open."""

import json

import pytest
import streamlit as st

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import UsageChoices
from tests.pages.conftest import Called, Visit
from tests.pages.test_personas import enter, texts
from tests.studies import panel, session
from ui.usage.address import Names

pytestmark = pytest.mark.usefixtures("nothing_kept")


def test_usage_of_what_was_deleted_is_named_and_can_be_chosen(
    visit: Visit, called: Called, semblance: Semblance
) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    kept, gone = user.projects.mine()[0], user.projects.create("Secret study")
    called(2, project_id=gone.id)
    called(1, project_id=kept.id, user_id="other")
    user.projects.delete(gone.id)
    name = f"Deleted project ({gone.id[:8]})"
    for choices in (user.usage.mine.choices(), admin.usage.everybody.choices()):
        assert choices.projects[gone.id] == name
        assert choices.projects[kept.id] == "My first study"
        assert gone.id in Names(choices).options("project")
    for who, page_name in (("user", "usage"), ("admin", "admin_usage")):
        page = visit(who, page_name, project=gone.id)
        assert {each.label: each.value for each in page.metric}["Calls"] == "2"
        assert page.selectbox(key="usage_project").value == gone.id
        assert name in "".join(json.loads(chart.proto.spec).__str__() for chart in page.get("plotly_chart"))

    admin.accounts.delete("other")
    choices = admin.usage.everybody.choices()
    assert choices.users == {"user": "User", "admin": "Admin", "other": "other (deleted)"}
    st.cache_data.clear()
    page = visit("admin", "admin_usage", user="other")
    assert {each.label: each.value for each in page.metric}["Calls"] == "1"
    assert "is not a known user" not in texts(page)
    assert set(page.dataframe[0].value["user"]) == {"other (deleted)"}


def test_a_project_that_one_worked_in_and_that_is_anothers_is_not_said_to_be_deleted(
    called: Called, semblance: Semblance
) -> None:
    others = semblance.workspace("other").projects.create("Theirs")
    called(1, project_id=others.id)
    choices: UsageChoices = semblance.workspace("user").usage.mine.choices()
    assert choices.projects[others.id] == f"Somebody else's project ({others.id[:8]})"
    assert semblance.workspace("admin").usage.everybody.choices().projects[others.id] == "Theirs"


def test_what_cannot_be_read_is_not_said_to_be_deleted(called: Called, semblance: Semblance) -> None:
    database = semblance.connection.database
    project = semblance.workspace("other").projects.create("Odd")
    called(1, project_id=project.id, user_id="other")
    database["users"].update_one({"_id": "other"}, {"$set": {"role": "emperor"}})
    database["projects"].update_one({"_id": project.id}, {"$set": {"created_at": "once"}})
    choices = semblance.workspace("admin").usage.everybody.choices()
    assert (choices.users["other"], choices.projects[project.id]) == ("other", project.id)


def test_an_address_of_what_was_deleted_says_so_and_leads_to_the_list(visit: Visit, semblance: Semblance) -> None:
    user = semblance.workspace("user")
    group = session(user, 2)
    (person,) = enter(semblance, group.project_id, panel(1))
    page = visit("user", "session", id=group.id)
    user.sessions.delete(group.id)
    user.personas.delete(person)
    pages = {name: visit("user", name, id=group.id) for name in ("session", "findings", "focus_group")}
    pages |= {"the window that was open": page.run(), "persona": visit("user", "persona", id=person)}
    for name, gone in pages.items():
        assert not gone.exception, name
        what, to = ("persona", "Personas") if name == "persona" else ("focus group", "Focus groups")
        assert f"There is no such {what}. It may have been deleted." in texts(gone), name
        assert not gone.error, name
        assert to in [link.proto.label for link in gone.main.get("page_link")], name


def test_a_call_for_a_session_that_was_deleted_says_so_and_opens_nothing(
    visit: Visit, called: Called, semblance: Semblance
) -> None:
    user = semblance.workspace("user")
    group = session(user, 2)
    (call,) = called(1, focus_group_id=group.id, seq=2)

    def opened(who: str, page: str) -> tuple[bool, bool]:
        shown = visit(who, page, call=call.id)
        assert "One call" in texts(shown)
        links = [link.proto.label for link in shown.main.get("page_link")]
        return "Open the message" in links, f"deleted session ({group.id})" in texts(shown).replace("\\", "")

    for who, page in (("user", "usage"), ("admin", "admin_usage")):
        assert opened(who, page) == (True, False)
    user.sessions.delete(group.id)
    for who, page in (("user", "usage"), ("admin", "admin_usage")):
        assert opened(who, page) == (False, True)


def test_an_administrator_is_told_whose_it_is_and_nobody_else_is(visit: Visit, semblance: Semblance) -> None:
    user = semblance.workspace("user")
    group = session(user, 2)
    (person,) = enter(semblance, group.project_id, panel(1))
    for page, of, words in (
        ("session", group.id, "Session owned by User"),
        ("findings", group.id, "Session owned by User"),
        ("focus_group", group.id, "Session owned by User"),
        ("persona", person, "Persona owned by User"),
    ):
        assert words in texts(visit("admin", page, id=of)), page
        assert words not in texts(visit("user", page, id=of)), page
