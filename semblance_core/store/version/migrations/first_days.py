"""Brings data of the first versions, of November 2026, into the form that later ones read without looking twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure

from semblance_core.domain.times import as_utc
from semblance_core.store.server.document import Document
from semblance_core.store.version.migrations.first_sums import complete_sums

NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND = 26, 27
UNREAD_INDEXES = {"usage_events": ("user_id_1_at_-1", "at_-1", "focus_group_id_1")}
"""Indexes of those versions that nothing reads any more and every write keeps up."""


def first_days(database: Database[Document], go_on: Callable[[], None]) -> None:
    _name_themes(database, go_on)
    _date_holds(database["budgets"], go_on)
    complete_sums(database, go_on)
    _drop_unread(database)


def _name_themes(database: Database[Document], go_on: Callable[[], None]) -> None:
    """An analysis is named by the task that found it; those versions left that to the driver."""
    themes = database["focus_group_themes"]
    for found in themes.find({"_id": {"$type": "objectId"}}):
        go_on()
        unnamed: ObjectId = found.pop("_id")
        for name in (_task_of(database, found), str(unnamed)):
            if name and _is_kept_as(themes, name, found):
                themes.delete_one({"_id": unnamed})
                break


def _task_of(database: Database[Document], findings: Document) -> str:
    """The task that was done right after it had kept these findings; empty where none is on record."""
    group_id, kept_at = findings["focus_group_id"], findings["created_at"]
    its = {"kind": "analyse", "request.focus_group_id": group_id, "state": "done", "finished_at": {"$gte": kept_at}}
    done = database["tasks"].find_one(its, sort=[("finished_at", 1)])
    if done is None:
        return ""
    between = {"focus_group_id": group_id, "created_at": {"$gt": kept_at, "$lte": done["finished_at"]}}
    return "" if database["focus_group_themes"].find_one(between, {"_id": 1}) else str(done["_id"])


def _is_kept_as(themes: Collection[Document], name: str, findings: Document) -> bool:
    """False where other findings have this name."""
    same = {"_id": name, "created_at": findings["created_at"]}
    try:
        themes.update_one(same, {"$setOnInsert": {**findings, "analysis_id": name}}, upsert=True)
    except DuplicateKeyError:
        return False
    return True


def _date_holds(budgets: Collection[Document], go_on: Callable[[], None]) -> None:
    """A hold says when its call began, which decides the month it counts in; the first ones said the month alone."""
    for budget in budgets.find({"reserved_tokens": {"$gt": 0}}, {"holds": 1, "month": 1}):
        go_on()
        for call_id, hold in budget.get("holds", {}).items():
            there = f"holds.{call_id}"
            undated: Document = {"_id": budget["_id"], there: {"$exists": True}, f"{there}.at": None}
            if hold.get("at") is None:
                budgets.update_one(undated, {"$set": {f"{there}.at": _within(budget["month"], hold["expires_at"])}})


def _within(month: str, moment: datetime) -> datetime:
    """Returns the moment, or the nearest one of that month."""
    first = as_utc(datetime.fromisoformat(f"{month}-01"))
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(milliseconds=1)
    return min(max(moment, first), last)


def _drop_unread(database: Database[Document]) -> None:
    for collection, names in UNREAD_INDEXES.items():
        for name in names:
            try:
                database[collection].drop_index(name)
            except OperationFailure as refused:
                if refused.code not in (NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND):
                    raise
