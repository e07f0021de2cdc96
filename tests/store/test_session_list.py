"""Sessions as lists show them: found, counted and cut in the server, whatever is in them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.session_list import SessionOrder, SessionSearch, SessionStatus
from semblance_core.store.codec import to_document
from semblance_core.store.sessions.listing import FACES, SessionLists
from semblance_core.workspace import Workspace
from tests.studies import asked_round, panel, session

STATES = {
    SessionStatus.DRAFT: (FocusGroupState.DRAFT, ""),
    SessionStatus.RUNNING: (FocusGroupState.AUTONOMOUS, ""),
    SessionStatus.WAITING: (FocusGroupState.MODERATED, "budget"),
    SessionStatus.PAUSED: (FocusGroupState.MODERATED, "stopped"),
    SessionStatus.MODERATED: (FocusGroupState.MODERATED, ""),
    SessionStatus.ENDED: (FocusGroupState.ENDED, "budget"),
    SessionStatus.RECORDED: (FocusGroupState.MODERATED, "guide_covered"),
}
RECORDED = {"next_seq": 4, "recorded_through": 3}


@pytest.fixture
def lists(semblance: Semblance) -> SessionLists:
    return semblance.store.session_lists


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace, 7, title="Oat milk (1)", topic="Breakfast")


def put(semblance: Semblance, group: FocusGroup, *several: dict[str, object]) -> None:
    """Copies of the session with these fields."""
    copies = [replace(group, id=f"copy-{number}", **fields) for number, fields in enumerate(several)]  # type: ignore[arg-type]
    documents = [to_document(copy) | {"last": [], "lease_until": semblance.clock()} for copy in copies]
    semblance.connection.database["focus_groups"].insert_many(documents)


def titles(lists: SessionLists, group: FocusGroup, search: SessionSearch) -> list[str]:
    return [row.title for row in lists.page(group.project_id, search, 0, 50).rows]


def test_each_session_is_found_in_exactly_one_state(
    semblance: Semblance, lists: SessionLists, group: FocusGroup
) -> None:
    made: list[dict[str, object]] = [
        {"title": name, "state": state, "reason": why} for name, (state, why) in STATES.items()
    ]
    made[-1] |= RECORDED
    put(semblance, group, *made)
    for status in SessionStatus:
        page = lists.page(group.project_id, SessionSearch(statuses=(status,)), 0, 50)
        found = [row.title for row in page.rows if row.id != group.id]
        assert found == [status.value]
        assert {row.status for row in page.rows} == {status}
        assert page.total == len(page.rows) == page.counts[status]
    everything = lists.page(group.project_id, SessionSearch(), 0, 50)
    assert (everything.total, everything.busy) == (8, 1)


def test_words_are_looked_for_as_they_are_in_title_and_topic(
    semblance: Semblance, lists: SessionLists, group: FocusGroup
) -> None:
    put(semblance, group, {"title": "Cola .*", "topic": ""}, {"title": "Lemonade", "topic": "With milk? No. BREAKFAST"})
    assert titles(lists, group, SessionSearch("milk breakfast", order=SessionOrder.TITLE)) == [
        "Lemonade",
        "Oat milk (1)",
    ]
    assert titles(lists, group, SessionSearch(".*")) == ["Cola .*"]
    assert titles(lists, group, SessionSearch("(1)")) == ["Oat milk (1)"]
    counts = lists.page(group.project_id, SessionSearch("cola", (SessionStatus.ENDED,)), 0, 50)
    assert (counts.total, counts.counts[SessionStatus.DRAFT]) == (0, 1)


def test_the_last_one_worked_on_comes_first_in_all_projects(
    semblance: Semblance, workspace: Workspace, lists: SessionLists, group: FocusGroup
) -> None:
    later = semblance.clock() + timedelta(hours=1)
    put(semblance, group, {"title": "Latest", "updated_at": later}, {"title": "Foreign", "owner_id": "other"})
    elsewhere = session(workspace, title="Elsewhere")
    assert [row.title for row in lists.recent("user", 3)] == ["Latest", "Elsewhere", "Oat milk (1)"]
    assert elsewhere.project_id != group.project_id
    assert titles(lists, group, SessionSearch())[0] == "Latest"


def test_a_row_says_how_far_a_session_is_and_what_it_cost(
    semblance: Semblance, workspace: Workspace, lists: SessionLists
) -> None:
    group = session(workspace, 2, model="simulator/v1")
    asked_round(semblance, workspace, group.id, "What do you think of it?")
    (row,) = lists.page(group.project_id, SessionSearch(persona_id="persona-1"), 0, 5).rows
    assert (row.messages, row.participants, row.questions, row.cost_usd) == (3, 2, 3, Decimal(0))
    assert row.simulated
    events = semblance.connection.database["usage_events"]
    event = events.find_one({"focus_group_id": group.id})
    assert event
    events.update_one({"_id": event["_id"]}, {"$set": {"cost_nano_usd": None}})
    (row,) = lists.page(group.project_id, SessionSearch(), 0, 5).rows
    assert row.cost_usd is None
    assert lists.page(group.project_id, SessionSearch(persona_id="persona-7"), 0, 5).rows == ()


def test_a_page_of_a_thousand_sessions_is_read_by_the_index_and_holds_no_whole_participants(
    semblance: Semblance, lists: SessionLists, group: FocusGroup
) -> None:
    put(semblance, group, *({"title": f"Study {number}"} for number in range(1_000)))
    page = lists.page(group.project_id, SessionSearch(), 24, 12)
    assert (len(page.rows), page.total) == (12, 1_001)
    assert [len(row.faces) for row in page.rows] == [FACES] * 12
    assert page.rows[0].participants == 7
    assert page.rows[0].faces[0].backstory  # what a portrait needs
    assert page.rows[0].faces[0].values == ()
    assert panel(1)[0].values
    groups = semblance.connection.database["focus_groups"]
    found = groups.find({"project_id": group.project_id}).sort([("updated_at", -1), ("_id", 1)]).limit(12)
    assert found.explain()["executionStats"]["totalDocsExamined"] == 12
