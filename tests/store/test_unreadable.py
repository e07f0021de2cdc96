"""One document that cannot be read takes no list, page or sweep with it, and is not left out without a word."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.discussion.session_list import SessionOrder, SessionSearch
from semblance_core.domain.errors import Unreadable
from semblance_core.domain.personas.search import PersonaOrder, PersonaSearch
from semblance_core.domain.readable import unread_words
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.flows.resume import resume_paused
from semblance_core.store.ids import new_id
from semblance_core.store.usage.ledger import Hold
from semblance_core.workspace import Workspace
from tests.flows.test_stimuli import LEAFLET
from tests.studies import asked_round, found_themes, panel, session

DAMAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sessions": ("focus_groups", {"state": "archived"}),
    "sessions without people": ("focus_groups", {"participants": None}),
    "sessions without a number": ("focus_groups", {"next_seq": "many"}),
    "sessions with a title that is too long": ("focus_groups", {"title": "x" * 400}),
    "sessions of the year 20,000": ("focus_groups", {}),
    "personas": ("personas", {"name": ["a", "list"]}),
    "personas of an age in words": ("personas", {"age": "old"}),
    "tasks": ("tasks", {"done": "many"}),
    "analyses": ("focus_group_themes", {"themes": "many"}),
    "stimuli": ("assets", {"kind": 7, "size": "large"}),
    "calls": ("usage_events", {"tokens": None}),
    "accounts": ("users", {"role": "emperor"}),
    "entries": ("audit_log", {"outcome": "unclear"}),
    "projects": ("projects", {"name": ""}),
    "sign-ins": ("sign_ins", {"source": {}}),
}


SHOWN_ALL_THE_SAME = ("sessions without people", "sessions with a title that is too long")
"""By lists that do not need what is damaged."""


def lists(semblance: Semblance, project_id: str, group_id: str) -> dict[str, Callable[[], Any]]:
    """What shows what is stored, by the damage that it meets."""
    user, admin = semblance.workspace("user"), semblance.workspace("admin")

    def sessions() -> list[Any]:
        pages = [user.sessions.page(project_id, SessionSearch(order=order)) for order in SessionOrder]
        assert len({page.unread for page in pages}) == 1
        shown = [user.sessions.of_project(project_id), user.sessions.recent()]
        assert all(page.total == len(page.rows) + page.unread for page in pages)
        return shown

    def personas() -> list[Any]:
        assert user.personas.facets(project_id).total == 2
        user.personas.names(project_id)
        found = [user.personas.find(project_id, PersonaSearch(order=order)) for order in PersonaOrder]
        assert {page.unread for page in found} == {1}
        return [
            user.personas.of_project(project_id),
            user.personas.some(project_id, list(user.personas.names(project_id))),
        ]

    def tasks() -> list[Any]:
        assert user.findings.newest_task(group_id)
        return [user.tasks.of_project(project_id), user.tasks.mine()]

    return {
        "sessions": sessions,
        "personas": personas,
        "tasks": tasks,
        "analyses": lambda: [user.findings.analyses(group_id)],
        "stimuli": lambda: [user.stimuli.of_session(group_id)],
        "calls": lambda: [user.usage.mine.calls(), user.sessions.calls(group_id)],
        "accounts": lambda: [admin.accounts.all()],
        "entries": lambda: [admin.audit.find(AuditFilter())[0]],
        "projects": lambda: [user.projects.mine()],
        "sign-ins": lambda: [admin.accounts.sign_ins("other")],
    }


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_that_is_damaged_takes_no_other_with_it_and_is_counted(
    semblance: Semblance, workspace: Workspace, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    collection, fields = DAMAGES[damage]
    what = damage.split()[0]
    group = session(workspace, size=2)
    store, now = semblance.store, semblance.clock()
    if what == "sessions":
        workspace.sessions.duplicate(group.id)
    elif what == "personas":
        store.personas.add(group.project_id, panel(2), now)
    elif what == "tasks":
        for number in range(2):
            at, request = now + timedelta(seconds=number), {"focus_group_id": group.id}
            store.tasks.add(Task(f"{number}", "analyse", "user", group.project_id, request, at))
    elif what == "analyses":
        for number in range(2):
            found_themes(semblance, group, [], analysis_id=f"{number}")
    elif what == "stimuli":
        for name in ("One.txt", "Two.txt"):
            workspace.stimuli.attach(group.id, name, LEAFLET + name.encode())
    elif what == "calls":
        asked_round(semblance, workspace, group.id, "Hello?")
    elif what == "accounts":
        store.users.add(User("zoe", "Zoe", Role.RESEARCHER, now), None)
    elif what == "entries":
        for tokens in (1, 2):
            semblance.workspace("admin").accounts.set_quota("other", UsageQuota(None, tokens))
    elif what == "projects":
        workspace.projects.create("Another")
    elif what == "sign-ins":
        for _ in range(2):
            store.sign_ins.open("other", now)
    show = lists(semblance, group.project_id, group.id)[what]
    documents = semblance.connection.database[collection]
    newest = documents.find_one({"_id": "zoe"} if what == "accounts" else {}, sort=[("$natural", -1)])
    assert newest
    if fields:
        documents.update_one({"_id": newest["_id"]}, {"$set": fields})
    else:
        late = [{"$set": {"created_at": {"$add": ["$created_at", 18_000 * 365 * 86_400_000]}}}]
        documents.update_one({"_id": newest["_id"]}, late)
    with caplog.at_level(logging.WARNING):
        for found in show():
            assert found, "the others are there"
            if damage in SHOWN_ALL_THE_SAME and len(found) > 1:
                continue
            assert found.unread == 1
            assert unread_words(found, "thing") == "1 thing could not be read; the log of the server says which."
    assert str(newest["_id"]) in caplog.text
    assert "x" * 50 not in caplog.text, "no text of what is stored"


def test_what_is_asked_for_itself_is_said_to_be_damaged(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"state": "archived"}})
    with pytest.raises(Unreadable, match="A stored session is damaged"):
        workspace.sessions.get(group.id)


def test_one_damaged_session_does_not_keep_others_from_going_on(semblance: Semblance, workspace: Workspace) -> None:
    groups = [session(workspace) for _ in range(3)]
    waits = {"state": "moderated", "reason": "budget", "needs_nano_usd": 0, "needs_tokens": 0}
    database = semblance.connection.database
    database["focus_groups"].update_many({}, {"$set": waits})
    database["focus_groups"].update_one({"_id": groups[0].id}, {"$set": {"title": "x" * 400}})
    database["users"].insert_one({"_id": "odd", "role": "emperor"})
    database["focus_groups"].update_one({"_id": groups[1].id}, {"$set": {"owner_id": "odd"}})
    resumed = resume_paused(semblance.store, semblance.gateway.prices.price_of, semblance.clock)
    assert resumed == [groups[2].id]


def test_no_sweep_stops_at_one_that_is_damaged(semblance: Semblance, workspace: Workspace) -> None:
    store, database, now = semblance.store, semblance.connection.database, semblance.clock()
    group = session(workspace)
    half_done = {"kept": False, "touched_at": now - timedelta(days=1)}
    database["assets"].insert_many([{"_id": "a", **half_done}, {"_id": "b", "focus_group_id": "gone", **half_done}])
    assert store.assets.sweep(now) == 1

    at = now - timedelta(days=1)
    database["incoming"].insert_many([{"_id": "a"}, {"_id": "b", "focus_group_id": "gone", "files": 0, "at": at}])
    assert store.uploads.sweep(now, now) == 1

    stopped = {"stop_unfinished": True}
    database["focus_groups"].insert_one({"_id": "0", "last": [{"no": "message"}], **stopped})
    database["focus_groups"].update_one({"_id": group.id}, {"$set": stopped})
    store.focus_groups.awaited.finish_stops()
    assert "stop_unfinished" not in database["focus_groups"].find_one({"_id": group.id})  # type: ignore[operator]

    lost = {"focus_group_id": group.id, "seq": 1, "status": "pending"}
    database["focus_group_messages"].insert_one({"_id": f"{group.id}/1", **lost})
    assert store.focus_groups.awaited.give_up_lost() == [group.id]

    database["focus_groups"].insert_one({"_id": "1", "state": "autonomous", "pending": 0, "lease_until": at})
    store.focus_groups.start(store.focus_groups.get(group.id), now)
    assert list(store.focus_groups.claims.left()) == [group.id]

    for name in ("one", "two"):
        hold = Hold(name, "user", now, None, TokenCounts(prompt=10), "reply", "openai/gpt-4o-mini")
        store.ledger.hold(hold, UsageQuota(), -1)
    database["budgets"].update_one({}, {"$set": {"holds.one.at": "never", "holds.zero": {"no": "hold"}}})
    assert store.ledger.settle_expired() == 1
    assert [event.id for event in store.usage.events()] == ["two"]


def test_pages_of_calls_stay_full_where_some_cannot_be_read(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    asked_round(semblance, workspace, group.id, "Hello?")
    newest = workspace.usage.mine.calls()[0]
    semblance.connection.database["usage_events"].update_one({"_id": newest.id}, {"$set": {"tokens": new_id()}})
    found = semblance.store.usage.events(limit=2)
    assert (len(found), found.unread) == (2, 1)
    assert [len(batch) for batch in semblance.store.usage.batches(since=None, until=None, size=1)] == [1, 1, 0]
    assert len(semblance.store.usage.past_calls(newest.model, ["reply"])["reply"]) == 2
