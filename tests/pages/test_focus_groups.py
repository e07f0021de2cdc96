"""The list of focus groups as Streamlit runs it."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.recordings import recordings
from semblance_core.store.codec import to_document
from semblance_core.workspace import Workspace
from tests.pages.conftest import Visit
from tests.pages.test_personas import HOSTILE, Opened, press, texts
from tests.studies import session
from ui.parts.words import DONE


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def group(ws: Workspace) -> FocusGroup:
    return session(ws, 3, title="Oat milk at breakfast", topic="Who pours what")


def many(semblance: Semblance, group: FocusGroup, count: int, **fields: object) -> None:
    copies = [replace(group, id=f"copy-{number}", title=f"Study {number}", **fields) for number in range(count)]  # type: ignore[arg-type]
    documents = [to_document(copy) | {"last": [], "lease_until": semblance.clock()} for copy in copies]
    semblance.connection.database["focus_groups"].insert_many(documents)


def labels(page: AppTest, *wanted: str) -> list[str]:
    shown = [button.label.partition(" ![")[0] for button in page.button]
    return [label for label in shown if label in wanted]


def states(page: AppTest) -> list[str]:
    (control,) = [group for group in page.button_group if (group.key or "").endswith(":state")]
    return list(control.options)


def test_an_empty_list_says_what_to_do(visit: Visit) -> None:
    page = visit("user", "focus_groups")
    assert "No focus groups yet" in texts(page)
    assert "New focus group" in [button.label for button in page.button]


def test_a_list_of_a_thousand_draws_one_page(visit: Visit, semblance: Semblance, group: FocusGroup) -> None:
    many(semblance, group, 1_000)
    page = visit("user", "focus_groups")
    assert not page.exception
    assert states(page)[:2] == ["All 1,001", "Draft 1,001"]
    assert len(labels(page, "Set up")) == 12
    last = visit("user", "focus_groups", page="84")
    assert len(labels(last, "Set up")) == 5
    found = visit("user", "focus_groups", find="study 999")
    assert len(labels(found, "Set up")) == 1
    assert "**Study 999**" in texts(found)


def test_the_state_is_in_the_address_and_counts_stay(visit: Visit, semblance: Semblance, group: FocusGroup) -> None:
    many(semblance, group, 2, state=FocusGroupState.ENDED, next_seq=5)
    page = visit("user", "focus_groups", state="Ended")
    assert labels(page, "Open", "Set up") == ["Open", "Open"]
    assert {"All 3", "Draft 1", "Ended 2", "Running 0"} <= set(states(page))
    (control,) = [group for group in page.button_group if (group.key or "").endswith(":state")]
    page = control.set_value("Draft").run()
    assert page.query_params["state"] in ("Draft", ["Draft"])
    assert labels(page, "Open", "Set up") == ["Set up"]
    assert "No focus groups match" in texts(visit("user", "focus_groups", state="Paused"))


def test_a_copy_is_a_draft_with_the_same_set_up(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    visit("user", "focus_groups").get("menu_button")[0].click("Duplicate").run()
    copy, original = ws.sessions.of_project(group.project_id)
    assert (copy.title, copy.state) == ("Oat milk at breakfast (copy)", FocusGroupState.DRAFT)
    assert (copy.guide, copy.participants, copy.topic) == (original.guide, original.participants, original.topic)


def test_one_is_deleted_only_after_it_was_confirmed(
    visit: Visit, semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    page = visit("user", "focus_groups").get("menu_button")[0].click("Delete").run()
    assert "Delete **Oat milk at breakfast** with its 0 messages, themes and stimuli?" in texts(page)
    assert ws.sessions.of_project(group.project_id)
    (row,) = ws.sessions.page(group.project_id).rows
    assert not Opened(semblance)("ui.session.listing.delete", row).warning
    running = replace(row, state=FocusGroupState.AUTONOMOUS)
    dialog = Opened(semblance)("ui.session.listing.delete", running)
    assert [each.value for each in dialog.warning] == ["It is running; deleting stops it."]
    page = press(dialog, "Delete")
    assert page.session_state[DONE] == ["Deleted Oat milk at breakfast"]
    assert ws.sessions.of_project(group.project_id) == []


def test_hostile_titles_and_topics_are_shown_short_and_as_they_are(visit: Visit, ws: Workspace) -> None:
    session(ws, title=HOSTILE[:60] + "w" * 100, topic=HOSTILE)
    page = visit("user", "focus_groups")
    assert not page.exception
    words = texts(page)
    assert ":red[" not in words
    assert "<b>" not in words
    assert "w" * 100 not in words


def test_a_session_that_cannot_be_read_is_counted_and_the_others_are_listed(
    visit: Visit, semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    ws.sessions.duplicate(group.id)
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"state": "archived"}})
    for name in ("focus_groups", "home"):
        page = visit("user", name)
        assert not page.exception
        assert "1 session could not be read" in " ".join(each.value for each in page.warning)
        assert "Oat milk at breakfast (copy)" in str(texts(page)) + str([button.label for button in page.button])


def test_a_recorded_study_is_called_recorded_wherever_it_is_listed(visit: Visit, ws: Workspace) -> None:
    """Neither paused, though it goes on where somebody asks more, nor simulated, though the simulator would answer then."""
    recorded = ws.examples.open_recording(recordings()[0].name)
    for name, where in (("home", {}), ("focus_groups", {"project_id": recorded.project_id}), ("projects", {})):
        page = visit("user", name, **where)
        shown = texts(page)
        assert ":violet-badge[recorded]" in shown, name
        assert "simulated]" not in shown, name
        assert "[Paused]" not in shown, name
    one = visit("user", "focus_groups", project_id=recorded.project_id)
    assert "Recorded 1" in states(one)
