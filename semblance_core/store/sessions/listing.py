"""Sessions as lists show them: found, counted and cut to what is shown by the database's server."""

import re
from datetime import datetime
from typing import Any

from pymongo.collation import Collation
from pymongo.database import Database

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.reasons import AS_ASKED, BY_PERSON, WAITING
from semblance_core.domain.discussion.session_list import (
    SessionOrder,
    SessionPage,
    SessionRow,
    SessionSearch,
    SessionStatus,
    status_of,
)
from semblance_core.domain.readable import Readable
from semblance_core.domain.usage.events import from_nano_usd
from semblance_core.store.codec import from_document, from_documents, readable, storable
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.focus_groups import BUSY
from semblance_core.store.sessions.queue import ASKS_NEXT

FACES = 5
KNOWN = frozenset(state.value for state in FocusGroupState)
MOST_WORDS = 8
MODERATED = FocusGroupState.MODERATED.value
_ORDERS: dict[SessionOrder, list[tuple[str, int]]] = {
    SessionOrder.ACTIVE: [("updated_at", -1), ("_id", 1)],
    SessionOrder.NEWEST: [("created_at", -1), ("_id", 1)],
    SessionOrder.TITLE: [("title", 1), ("_id", 1)],
}
_IS_RECORDING: Document = {
    "$cond": [
        {"$and": [{"$isNumber": "$recorded_through"}, {"$gt": ["$recorded_through", 0]}]},
        {"$eq": ["$next_seq", {"$add": [{"$cond": [{"$isNumber": "$recorded_through"}, "$recorded_through", 0]}, 1]}]},
        False,
    ]
}
"""An expression: nothing stands in a session but a recording."""
_ELSE: Document = {"state": MODERATED, "$expr": {"$not": [_IS_RECORDING]}}
_WHERE: dict[SessionStatus, Document] = {
    SessionStatus.DRAFT: {"state": FocusGroupState.DRAFT.value},
    SessionStatus.RUNNING: {"state": FocusGroupState.AUTONOMOUS.value},
    SessionStatus.WAITING: {"state": MODERATED, "reason": {"$in": list(WAITING)}},
    SessionStatus.PAUSED: {**_ELSE, "reason": {"$nin": ["", *AS_ASKED, *WAITING]}},
    SessionStatus.MODERATED: {**_ELSE, "reason": {"$in": ["", *AS_ASKED]}},
    SessionStatus.ENDED: {"state": FocusGroupState.ENDED.value},
    SessionStatus.RECORDED: {"state": MODERATED, "reason": {"$nin": list(WAITING)}, "$expr": _IS_RECORDING},
}
NO_INTERVIEW: Document = {"round_id": {"$in": [None, ""]}}
"""A round of interviews is one row of a list of its own."""
_KEPT = (
    "project_id",
    "title",
    "topic",
    "state",
    "reason",
    "reason_detail",
    "simulated",
    "recorded_through",
    "turn_limit",
    "pending",
)
_FACE = ("id", "name", "age", "gender", "backstory", "way_of_speaking")


def _list(field: str) -> Document:
    """A list as it is stored, and an empty one for anything else: the server would refuse the whole page."""
    return {"$cond": [{"$isArray": field}, field, []]}


_SHOWN: Document = {
    **dict.fromkeys((*_KEPT, "created_at", "updated_at", "next_seq"), 1),
    "turns": "$course.turns",
    "asks_next": ASKS_NEXT,
    "questions": {"$sum": {"$map": {"input": _list("$guide.sections"), "in": {"$size": _list("$$this.questions")}}}},
    "people": {"$size": _list("$participants")},
    "faces": {
        "$map": {"input": {"$slice": [_list("$participants"), FACES]}, "in": {name: f"$$this.{name}" for name in _FACE}}
    },
}


class SessionLists:
    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]
        self._events = database["usage_events"]

    def waiting(self) -> Readable[FocusGroup]:
        """Sessions that wait for room in their owner's quota, or for a price."""
        return from_documents(FocusGroup, self._groups.find(_WHERE[SessionStatus.WAITING], {"last": 0}))

    def page(self, project_id: str, search: SessionSearch, skip: int, limit: int) -> SessionPage:
        """Sessions of a project that the search finds, from number `skip` on, at most `limit` of them."""
        scope = _conditions(project_id, search)
        counts, busy, unknown = self._counts(scope)
        wanted = search.statuses or tuple(SessionStatus)
        narrowed = {"$and": [scope, {"$or": [_WHERE[status] for status in wanted]}]} if search.statuses else scope
        rows = self._rows(narrowed, search.order, skip, limit)
        total = sum(counts[status] for status in wanted) + (0 if search.statuses else unknown)
        return SessionPage(tuple(rows), total, counts, busy, rows.unread)

    def over(self, owner_id: str, since: datetime, limit: int = 20) -> Readable[FocusGroup]:
        """An account's sessions that ended or paused by themselves since then, the first one first."""
        which = {"owner_id": owner_id, "updated_at": {"$gte": since}, "paused_at": {"$gte": since}}
        which |= {"reason": {"$nin": ["", *BY_PERSON]}, **NO_INTERVIEW}
        return from_documents(FocusGroup, self._groups.find(which).sort("updated_at", 1).limit(limit))

    def title(self, group_id: str) -> str:
        """The title of a session; empty where it is gone."""
        found = self._groups.find_one({"_id": group_id}, {"title": 1})
        return str(found.get("title", "")) if found else ""

    def recent(self, owner_id: str, limit: int) -> Readable[SessionRow]:
        """The sessions of all of somebody's projects that were last worked on."""
        return self._rows({"owner_id": owner_id, **NO_INTERVIEW}, SessionOrder.ACTIVE, 0, limit)

    def recorded(self, owner_id: str) -> Readable[SessionRow]:
        """The owner's sessions that a recording brought, the oldest first."""
        where = {"owner_id": owner_id, "recorded_through": {"$gt": 0}}
        found = self._rows(where, SessionOrder.NEWEST, 0, 0)
        return found.instead(reversed(found))

    def ids_of_project(self, project_id: str) -> list[str]:
        return [str(found["_id"]) for found in self._groups.find({"project_id": project_id}, {"_id": 1})]

    def busy_of_owner(self, owner_id: str) -> list[str]:
        """Ids of a user's sessions that a worker has something to do for, or that wait to go on by themselves."""
        going_on = {"$or": [BUSY, {"reason": {"$in": list(WAITING)}}]}
        return [str(found["_id"]) for found in self._groups.find({"owner_id": owner_id, **going_on}, {"_id": 1})]

    def models(self, owner_id: str) -> list[str]:
        """The models of somebody's sessions, in the order of the alphabet."""
        return sorted(self._groups.distinct("model", {"owner_id": owner_id}))

    def _rows(self, where: Document, order: SessionOrder, skip: int, limit: int) -> Readable[SessionRow]:
        found = self._groups.find(where, _SHOWN).sort(_ORDERS[order]).skip(skip).limit(limit)
        if order is SessionOrder.TITLE:
            found = found.collation(Collation("en", strength=2))
        documents = list(found)
        costs = self._costs([document["_id"] for document in documents if document.get("next_seq") != 1])
        return readable(documents, lambda document: _row(document, costs))

    def _counts(self, where: Document) -> tuple[dict[SessionStatus, int], int, int]:
        """Returns the number of sessions by status, of those with work, and of those in an unknown state."""
        by = {"state": "$state", "reason": "$reason", "is_recording": _IS_RECORDING}
        running = {"$eq": ["$state", FocusGroupState.AUTONOMOUS.value]}
        has_work = {"$or": [{"$gt": ["$pending", 0]}, running, ASKS_NEXT]}
        group = {"_id": by, "all": {"$sum": 1}, "busy": {"$sum": {"$cond": [has_work, 1, 0]}}}
        counts, busy, unknown = dict.fromkeys(SessionStatus, 0), 0, 0
        for found in self._groups.aggregate([{"$match": where}, {"$group": group}]):
            state, reason = found["_id"].get("state"), found["_id"].get("reason")
            if isinstance(state, str) and state in KNOWN and isinstance(reason, str):
                counts[status_of(FocusGroupState(state), reason, found["_id"]["is_recording"])] += found["all"]
                busy += found["busy"]
            else:
                unknown += found["all"]
        return counts, busy, unknown

    def _costs(self, group_ids: list[str]) -> dict[str, int | None]:
        """Nano-dollars by session; None where any call's cost is not known. Sessions without a call are not there."""
        if not group_ids:
            return {}
        unpriced = {"$sum": {"$cond": [{"$eq": ["$cost_nano_usd", None]}, 1, 0]}}
        sums = {"_id": "$focus_group_id", "cost": {"$sum": "$cost_nano_usd"}, "unpriced": unpriced}
        found = self._events.aggregate([{"$match": {"focus_group_id": {"$in": group_ids}}}, {"$group": sums}])
        return {row["_id"]: None if row["unpriced"] else row["cost"] for row in found}


def _conditions(project_id: str, search: SessionSearch) -> Document:
    every: list[dict[str, Any]] = [{"project_id": project_id, **NO_INTERVIEW}]
    for word in storable(search.text).replace("\0", " ").split()[:MOST_WORDS]:
        found = {"$regex": re.escape(word[:100]), "$options": "i"}
        every.append({"$or": [{"title": found}, {"topic": found}]})
    if search.persona_id:
        every.append({"participants.id": search.persona_id})
    return {"$and": every}


def _row(document: Document, costs: dict[str, int | None]) -> SessionRow:
    cost, next_seq = costs.get(document["_id"], 0), document.get("next_seq")
    made = {
        "participants": document["people"],
        "messages": next_seq - 1 if isinstance(next_seq, int) else None,
        "active_at": document.get("updated_at") or document.get("created_at"),
        "cost_usd": None if cost is None else from_nano_usd(cost),
    }
    return from_document(SessionRow, document | made)
