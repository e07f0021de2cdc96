"""Projects: names that no two share, aim and notes, the archive, copies, and what is in them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import LONGEST_AIM
from semblance_core.domain.accounts.project import Event
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.editing import EditConflict
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.store.ids import new_id
from semblance_core.workspace import SessionConfig, Workspace
from tests.studies import GUIDE, asked_round, panel, session


def called(
    semblance: Semblance, project_id: str, user_id: str = "user", cost: Decimal | None = Decimal("0.01")
) -> None:
    now, tokens = semblance.clock(), TokenCounts(9, 0, 3)
    event = UsageEvent(new_id(), user_id, "reply", "m/1", tokens, cost, 0.4, "ok", False, now, project_id)
    with semblance.connection.database.client.start_session() as session_of_database:
        semblance.store.usage.record([event], session_of_database)


@pytest.mark.parametrize("twin", ["Café crème", "  CAFE   CREME ", "cafécrème", "Cafe\u0301 cre\u0300me"])
def test_a_name_that_another_project_has_is_refused_in_words(workspace: Workspace, twin: str) -> None:
    made = workspace.projects.create("Café crème")
    other = workspace.projects.create("Cocoa")
    for attempt in (lambda: workspace.projects.create(twin), lambda: workspace.projects.rename(other.id, twin)):
        with pytest.raises(Conflict, match=r"You already have a project called “Café crème”\. Choose another name\."):
            attempt()
    workspace.projects.archive(made.id)
    with pytest.raises(Conflict, match="“Café crème” in the archive"):
        workspace.projects.create(twin)
    assert workspace.projects.rename(made.id, twin).name == twin.strip()  # its own name is free
    assert workspace.projects.create(twin, numbered=True).name == f"{twin.strip()} (2)"


def test_names_of_others_and_marks_of_other_scripts_are_free(semblance: Semblance, workspace: Workspace) -> None:
    semblance.workspace("other").projects.create("Oats")
    for name in ("Oats", "か", "が", "Oats 2"):
        assert workspace.projects.create(name).name == name


def test_of_two_windows_that_create_the_same_project_one_does(workspace: Workspace) -> None:
    def attempt(name: str) -> bool:
        try:
            workspace.projects.create(name)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, ["Oats", "OATS", "oats", "Öats"])) == 1


def test_an_empty_or_long_name_and_long_texts_are_refused_in_words(workspace: Workspace) -> None:
    project = workspace.projects.create("Oats")
    for name in ("", "   ", "x" * 121):
        with pytest.raises(InvalidInput, match=r"Give the project a name \(up to 120 characters\)"):
            workspace.projects.create(name)
        with pytest.raises(InvalidInput, match="Give the project a name"):
            workspace.projects.rename(project.id, name)
    with pytest.raises(InvalidInput, match="The aim may have 2,000 characters, and this text has 2,001"):
        workspace.projects.describe(project.id, aim="x" * (LONGEST_AIM + 1))


def test_aim_and_notes_are_merged_field_by_field(semblance: Semblance, workspace: Workspace) -> None:
    read = workspace.projects.create("Oats")
    semblance.workspace("admin").projects.describe(read.id, aim="Theirs.", base=read)
    both = workspace.projects.describe(read.id, notes="Mine.", base=read)
    assert (both.aim, both.notes, both.edits["aim"].by, both.edits["notes"].by) == ("Theirs.", "Mine.", "admin", "user")
    with pytest.raises(EditConflict, match="the project's aim"):
        workspace.projects.describe(read.id, aim="Mine.", base=read)


def test_a_project_of_before_has_no_aim_and_is_not_archived(semblance: Semblance, workspace: Workspace) -> None:
    project = workspace.projects.create("Oats")
    added = dict.fromkeys(("aim", "notes", "archived_at", "version", "edits"), "")
    semblance.connection.database["projects"].update_one({"_id": project.id}, {"$unset": added})
    read = workspace.projects.get(project.id)
    assert (read.aim, read.notes, read.archived_at) == ("", "", None)
    assert workspace.projects.describe(read.id, aim="Why?", base=read).aim == "Why?"
    assert workspace.projects.archive(read.id).version == 2


def test_archiving_twice_keeps_the_first_time_and_nothing_is_made_in_its_place(workspace: Workspace) -> None:
    (only,) = workspace.projects.mine()
    workspace.projects.archive(only.id)
    first = workspace.projects.get(only.id)
    assert workspace.projects.archive(only.id) == first
    assert [project.id for project in workspace.projects.mine()] == [only.id]
    assert workspace.projects.unarchive(only.id).archived_at is None


def test_a_copy_has_aim_personas_and_drafts_and_nothing_that_was_said(
    semblance: Semblance, workspace: Workspace
) -> None:
    project = workspace.projects.create("Oats")
    workspace.projects.describe(project.id, aim="Why?", notes="Because.")
    people = [workspace.personas.add(project.id, person) for person in panel(3)]
    set_up = SessionConfig("Breakfast", "Oats", parse_guide(GUIDE), tuple(people))
    group = workspace.sessions.create(project.id, set_up)
    asset = Asset(new_id(), group.id, "user", "a.txt", "text", "text/plain", 1, "0" * 64, semblance.clock())
    assert semblance.store.assets.add(asset, b"A", "A")
    asked_round(semblance, workspace, group.id, "Well?")
    made = semblance.workspace("admin").projects.duplicate(project.id)
    copy = made.project
    assert (copy.name, copy.owner_id, copy.aim, copy.notes) == ("Oats (copy)", "user", "Why?", "")
    assert (made.personas, made.sessions, made.left_out) == (3, 1, 0)
    assert workspace.projects.duplicate(project.id).project.name == "Oats (copy) (2)"
    copied = workspace.personas.of_project(copy.id)
    assert [person.name for person in copied] == [person.name for person in people]
    assert not {person.id for person in copied} & {person.id for person in people}
    (draft,) = workspace.sessions.of_project(copy.id)
    assert (draft.title, draft.state, draft.guide) == ("Breakfast", FocusGroupState.DRAFT, group.guide)
    assert [person.id for person in draft.participants] == [person.id for person in copied]
    assert [each.name for each in workspace.stimuli.of_session(draft.id)] == ["a.txt"]
    assert workspace.sessions.messages(draft.id) == []


def test_a_copy_leaves_out_what_cannot_be_read_and_counts_it(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    workspace.sessions.duplicate(group.id)
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"state": "odd"}})
    made = workspace.projects.duplicate(group.project_id)
    assert (made.sessions, made.left_out) == (1, 1)


def test_a_copy_that_fails_leaves_nothing_behind(
    semblance: Semblance, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = session(workspace)

    def fail(*_: object) -> None:
        raise Conflict("No room.")

    monkeypatch.setattr("semblance_core.workspace.new_projects.copy_stimuli", fail)
    with pytest.raises(Conflict, match="No room"):
        workspace.projects.duplicate(group.project_id)
    assert [project.id for project in semblance.store.projects.of_owner("user")] == [group.project_id]
    assert semblance.connection.database["focus_groups"].count_documents({}) == 1


def test_an_overview_counts_what_is_in_a_project_and_what_it_cost(semblance: Semblance, workspace: Workspace) -> None:
    group, empty = session(workspace), workspace.projects.create("Empty")
    workspace.personas.add(group.project_id, panel(1)[0])
    for user_id, cost in (("user", Decimal("0.01")), ("other", Decimal("0.02")), ("user", None)):
        called(semblance, group.project_id, user_id, cost)
    semblance.workspace("other").projects.create("Theirs")
    for others in ("interview_rounds", "surveys"):
        kept = {"project_id": group.project_id, "created_at": group.created_at}
        semblance.connection.database[others].insert_one({"_id": others, **kept})
    there = {each.project.id: each for each in workspace.projects.overviews()}
    assert list(there) == [empty.id, group.project_id] or list(there) == [group.project_id, empty.id]
    full = there[group.project_id]
    assert full == workspace.projects.overview(group.project_id)
    assert (full.personas, full.sessions, full.panels, full.interviews, full.surveys) == (1, 1, 0, 1, 1)
    assert (full.used.calls, full.used.cost_usd, full.used.unpriced) == (3, Decimal("0.03"), 1)
    assert (there[empty.id].personas, there[empty.id].used.calls) == (0, 0)
    assert there[empty.id].active_at == workspace.projects.get(empty.id).created_at
    workspace.projects.describe(empty.id, notes="Nothing yet.")
    edited = workspace.projects.get(empty.id)
    first = workspace.projects.overviews()[0]
    assert (first.project.id, first.active_at) == (empty.id, edited.edits["notes"].at)


def test_activity_lists_the_newest_events_first(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    workspace.projects.rename(group.project_id, "Oats")
    asked_round(semblance, workspace, group.id, "Well?")
    workspace.projects.archive(group.project_id)
    events = workspace.projects.activity(group.project_id)
    assert {event.what for event in events} == {
        *(Event.CREATED, Event.SET_UP, Event.NAMED, Event.DISCUSSED, Event.ARCHIVED),
    }
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    assert events[0].what is Event.ARCHIVED
    assert replace(events[0], at=group.created_at).by == "User"
    assert len(workspace.projects.activity(group.project_id, 2)) == 2
