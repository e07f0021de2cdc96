"""Removes data by age, so that a database does not grow without bound: docs/operations.md has the rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo.database import Database

from semblance_core.domain.task import TaskState
from semblance_core.store.server.document import Document

UNFINISHED = [TaskState.FAILED.value, TaskState.CANCELLED.value]
STAY = ["recruit", "example"]
"""Kinds of task that are read as long as their project is there: a panel's target shares, and the newest example."""
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Times that things are kept after they are over.

    partial_results: what a failed or cancelled task had been given so far, from which it could go on. tasks: the tasks
    themselves; finished recruiting and examples stay with their project. audit_log: its entries; None keeps them for ever.
    """

    partial_results: timedelta = timedelta(days=7)
    tasks: timedelta = timedelta(days=90)
    audit_log: timedelta | None = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Pruned:
    """Numbers of removed documents, by kind."""

    partial_results: int = 0
    tasks: int = 0
    audit_entries: int = 0

    def __bool__(self) -> bool:
        return bool(self.partial_results or self.tasks or self.audit_entries)


class Pruning:
    def __init__(self, database: Database[Document]):
        self._tasks = database["tasks"]
        self._audit_log = database["audit_log"]

    def prune(self, now: datetime, retention: Retention) -> Pruned:
        """Removes what is older than its time, at most a thousand of each; to be called again and again."""
        partial: Document = {
            "state": {"$in": UNFINISHED},
            "finished_at": {"$lt": now - retention.partial_results},
            "result": {"$nin": [{}, None]},
        }
        old: Document = {
            "finished_at": {"$lt": now - retention.tasks},
            "$or": [
                {"state": {"$in": UNFINISHED}},
                {"state": TaskState.DONE.value, "kind": {"$nin": STAY}},
            ],
        }
        return Pruned(
            self._tasks.update_many(
                {"_id": {"$in": self._some(partial)}, **partial}, {"$set": {"result": {}}}
            ).modified_count,
            self._tasks.delete_many({"_id": {"$in": self._some(old)}, **old}).deleted_count,
            self._prune_audit_log(now, retention),
        )

    def _some(self, which: Document) -> list[object]:
        return [found["_id"] for found in self._tasks.find(which, {"_id": 1}).limit(MOST_AT_ONCE)]

    def _prune_audit_log(self, now: datetime, retention: Retention) -> int:
        if retention.audit_log is None:
            return 0
        old: Document = {"at": {"$lt": now - retention.audit_log}}
        ids = [found["_id"] for found in self._audit_log.find(old, {"_id": 1}).limit(MOST_AT_ONCE)]
        return self._audit_log.delete_many({"_id": {"$in": ids}}).deleted_count if ids else 0
