"""Sessions as lists show them: found, counted and cut to what is shown by the database's server."""

import re
from typing import Any

from pymongo.collation import Collation
from pymongo.database import Database

from semblance_core.domain.focus_group import WAITING, FocusGroupState
from semblance_core.domain.session_list import (
    SessionOrder,
    SessionPage,
    SessionRow,
    SessionSearch,
    SessionStatus,
    status_of,
)
from semblance_core.domain.usage import from_nano_usd
from semblance_core.store.codec import from_document, storable
from semblance_core.store.connection import Document
from semblance_core.store.focus_groups import BUSY

FACES = 5
MOST_WORDS = 8
MODERATED = FocusGroupState.MODERATED.value
_ORDERS: dict[SessionOrder, list[tuple[str, int]]] = {
    SessionOrder.ACTIVE: [("updated_at", -1), ("_id", 1)],
    SessionOrder.NEWEST: [("created_at", -1), ("_id", 1)],
    SessionOrder.TITLE: [("title", 1), ("_id", 1)],
}
_WHERE: dict[SessionStatus, Document] = {
    SessionStatus.DRAFT: {"state": FocusGroupState.DRAFT.value},
    SessionStatus.RUNNING: {"state": FocusGroupState.AUTONOMOUS.value},
    SessionStatus.WAITING: {"state": MODERATED, "reason": {"$in": list(WAITING)}},
    SessionStatus.PAUSED: {"state": MODERATED, "reason": {"$nin": ["", *WAITING]}},
    SessionStatus.MODERATED: {"state": MODERATED, "reason": ""},
    SessionStatus.ENDED: {"state": FocusGroupState.ENDED.value},
}
_KEPT = ("project_id", "title", "topic", "state", "reason", "reason_detail", "simulated", "turn_limit", "pending")
_FACE = ("id", "name", "age", "gender", "backstory", "way_of_speaking")
_SHOWN: Document = {
    **dict.fromkeys((*_KEPT, "created_at", "updated_at", "next_seq"), 1),
    "turns": "$course.turns",
    "questions": {"$sum": {"$map": {"input": "$guide.sections", "in": {"$size": "$$this.questions"}}}},
    "people": {"$size": "$participants"},
    "faces": {
        "$map": {"input": {"$slice": ["$participants", FACES]}, "in": {name: f"$$this.{name}" for name in _FACE}}
    },
}


class SessionLists:
    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]
        self._events = database["usage_events"]

    def page(self, project_id: str, search: SessionSearch, skip: int, limit: int) -> SessionPage:
        """What the search finds in a project, from number `skip` on, at most `limit` of them."""
        scope = _conditions(project_id, search)
        counts, busy = self._counts(scope)
        wanted = search.statuses or tuple(SessionStatus)
        narrowed = {"$and": [scope, {"$or": [_WHERE[status] for status in wanted]}]} if search.statuses else scope
        rows = self._rows(narrowed, search.order, skip, limit)
        return SessionPage(rows, sum(counts[status] for status in wanted), counts, busy)

    def recent(self, owner_id: str, limit: int) -> tuple[SessionRow, ...]:
        """The sessions of all of somebody's projects that were last worked on."""
        return self._rows({"owner_id": owner_id}, SessionOrder.ACTIVE, 0, limit)

    def ids_of_project(self, project_id: str) -> list[str]:
        return [str(found["_id"]) for found in self._groups.find({"project_id": project_id}, {"_id": 1})]

    def busy_of_owner(self, owner_id: str) -> list[str]:
        """Ids of a user's sessions that a worker has something to do for, or that wait to go on by themselves."""
        going_on = {"$or": [BUSY, {"reason": {"$in": list(WAITING)}}]}
        return [str(found["_id"]) for found in self._groups.find({"owner_id": owner_id, **going_on}, {"_id": 1})]

    def models(self, owner_id: str) -> list[str]:
        """The models of somebody's sessions, in the order of the alphabet."""
        return sorted(self._groups.distinct("model", {"owner_id": owner_id}))

    def _rows(self, where: Document, order: SessionOrder, skip: int, limit: int) -> tuple[SessionRow, ...]:
        found = self._groups.find(where, _SHOWN).sort(_ORDERS[order]).skip(skip).limit(limit)
        if order is SessionOrder.TITLE:
            found = found.collation(Collation("en", strength=2))
        documents = list(found)
        costs = self._costs([document["_id"] for document in documents if document["next_seq"] > 1])
        return tuple(_row(document, costs) for document in documents)

    def _counts(self, where: Document) -> tuple[dict[SessionStatus, int], int]:
        by = {"state": "$state", "reason": "$reason"}
        has_work = {"$or": [{"$gt": ["$pending", 0]}, {"$eq": ["$state", FocusGroupState.AUTONOMOUS.value]}]}
        group = {"_id": by, "all": {"$sum": 1}, "busy": {"$sum": {"$cond": [has_work, 1, 0]}}}
        counts, busy = dict.fromkeys(SessionStatus, 0), 0
        for found in self._groups.aggregate([{"$match": where}, {"$group": group}]):
            counts[status_of(FocusGroupState(found["_id"]["state"]), found["_id"]["reason"])] += found["all"]
            busy += found["busy"]
        return counts, busy

    def _costs(self, group_ids: list[str]) -> dict[str, int | None]:
        """Nano-dollars by session; None where any call's cost is not known. Sessions without a call are not there."""
        if not group_ids:
            return {}
        unpriced = {"$sum": {"$cond": [{"$eq": ["$cost_nano_usd", None]}, 1, 0]}}
        sums = {"_id": "$focus_group_id", "cost": {"$sum": "$cost_nano_usd"}, "unpriced": unpriced}
        found = self._events.aggregate([{"$match": {"focus_group_id": {"$in": group_ids}}}, {"$group": sums}])
        return {row["_id"]: None if row["unpriced"] else row["cost"] for row in found}


def _conditions(project_id: str, search: SessionSearch) -> Document:
    every: list[dict[str, Any]] = [{"project_id": project_id}]
    for word in storable(search.text).replace("\0", " ").split()[:MOST_WORDS]:
        found = {"$regex": re.escape(word[:100]), "$options": "i"}
        every.append({"$or": [{"title": found}, {"topic": found}]})
    if search.persona_id:
        every.append({"participants.id": search.persona_id})
    return {"$and": every}


def _row(document: Document, costs: dict[str, int | None]) -> SessionRow:
    cost = costs.get(document["_id"], 0)
    made = {
        "participants": document["people"],
        "messages": document["next_seq"] - 1,
        "active_at": document.get("updated_at") or document["created_at"],
        "cost_usd": None if cost is None else from_nano_usd(cost),
    }
    return from_document(SessionRow, document | made)
