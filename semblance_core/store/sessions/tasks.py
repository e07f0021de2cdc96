"""Tasks, under the same lease and epoch as focus groups: only the last worker that claimed one may write to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.readable import Readable
from semblance_core.domain.task import ATTACH, MADE_BY_TASK, Task, TaskState
from semblance_core.store.codec import from_document, from_documents, to_document, to_values
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.sessions.claims import NOT_LOST, Claims
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere
from semblance_core.store.usage.ledger import Ledger

MOST_PASSED_OVER = 5
"""So many that cannot be read are passed over at most on the way to the newest one."""
OPEN = [TaskState.QUEUED.value, TaskState.RUNNING.value]


class Tasks:
    def __init__(self, database: Database[Document], ledger: Ledger):
        self._ledger = ledger
        self._tasks = database["tasks"]
        self._there = StillThere(database)
        self.claims = Claims(self._tasks, {"state": {"$in": OPEN}})

    def add(self, task: Task) -> Task:
        """Adds a task; returns the one that does the same instead, where that is not over yet, or has the same id.

        Raises `NotFound` where its project, session or interview round is gone.
        """
        of = {"project_id": task.project_id, "group_id": str(task.request.get("focus_group_id", ""))}
        of |= {"round_id": str(task.request.get("round_id", ""))}
        with self._there.adding(lambda: self._tasks.delete_one({"_id": task.id}), **of):
            while not self._is_added(task):  # again where the other one was over between the insert and this look
                if other := self.doing(task.exclusive) or self.find(task.id):
                    return other
        return task

    def _is_added(self, task: Task) -> bool:
        try:
            self._tasks.insert_one({**to_document(task), "lease_until": NO_LEASE})
        except DuplicateKeyError:
            if not task.exclusive:
                raise
            return False
        return True

    def doing(self, exclusive: str) -> Task | None:
        """The unfinished task with this `exclusive`, or None."""
        found = self._tasks.find_one({"exclusive": exclusive, "state": {"$in": OPEN}})
        return from_document(Task, found) if found else None

    def get(self, task_id: str) -> Task:
        if found := self._tasks.find_one({"_id": task_id}):
            return from_document(Task, found)
        raise NotFound("There is no such task.")

    def find(self, task_id: str) -> Task | None:
        found = self._tasks.find_one({"_id": task_id})
        return from_document(Task, found) if found else None

    def of_project(self, project_id: str, kinds: Sequence[str] = (), limit: int = 20) -> Readable[Task]:
        """A project's newest tasks, or those of these kinds, newest first."""
        which: Document = {"project_id": project_id} | ({"kind": {"$in": list(kinds)}} if kinds else {})
        found = self._tasks.find(which).sort("created_at", -1).limit(limit)
        return from_documents(Task, found)

    def under_way(self, owner_id: str, failed_since: datetime, limit: int = 20) -> Readable[Task]:
        """A user's tasks that are not over, and those that failed since then; the newest first."""
        failed = {"state": TaskState.FAILED.value, "finished_at": {"$gte": failed_since}}
        which = {"owner_id": owner_id, "$or": [{"state": {"$in": OPEN}}, failed]}
        found = self._tasks.find(which).sort("created_at", -1).limit(limit)
        return from_documents(Task, found)

    def over(self, owner_id: str, since: datetime, limit: int = 20) -> Readable[Task]:
        """A user's tasks that were done or failed since then, oldest first."""
        states = [TaskState.DONE.value, TaskState.FAILED.value]
        which = {"owner_id": owner_id, "finished_at": {"$gte": since}, "state": {"$in": states}}
        return from_documents(Task, self._tasks.find(which).sort("finished_at", 1).limit(limit))

    def newest(self, kind: str, **request: str) -> Task | None:
        """The newest task of a kind whose request has these values, or None."""
        wanted = {f"request.{name}": value for name, value in request.items()}
        found = self._tasks.find({"kind": kind, **wanted}).sort("created_at", -1).limit(MOST_PASSED_OVER)
        return next(iter(from_documents(Task, found)), None)

    def of_session(self, kind: str, focus_group_id: str, limit: int = 20) -> Readable[Task]:
        """A session's newest tasks of a kind, newest first."""
        which = {"request.focus_group_id": focus_group_id, "kind": kind}
        found = self._tasks.find(which).sort("created_at", -1).limit(limit)
        return from_documents(Task, found)

    def note(self, kind: str, focus_group_id: str) -> None:
        """Marks a session's finished tasks of a kind as read."""
        which = {"request.focus_group_id": focus_group_id, "kind": kind, "state": {"$nin": OPEN}}
        self._tasks.update_many(which, {"$set": {"is_noted": True}})

    def open_of_session(self, kind: str, focus_group_id: str) -> Readable[Task]:
        """A session's tasks of a kind that are not over."""
        which = {"request.focus_group_id": focus_group_id, "kind": kind, "state": {"$in": OPEN}}
        return from_documents(Task, self._tasks.find(which))

    def claim(self, task_id: str, lease_s: float, handoff_epoch: int | None = None) -> Task | None:
        """Claims the task for this worker; None where it is over or another worker has it."""
        found = self.claims.claim(task_id, lease_s, handoff_epoch, state=TaskState.RUNNING.value)
        if found is None:
            return None
        if found["abandoned"]:
            self._ledger.settle_left(found["owner_id"], task_id=task_id)
            self.claims.recovered(task_id, found["epoch"])
        return from_document(Task, found)

    def progress(self, task: Task, *, done: int, total: int, now: str) -> bool:
        """Writes how far the task is; False after a cancel or when another worker took over."""
        # A worker that dies at the same step each time reports the same steps again, so only a further one counts as
        # new.
        furthest = {"$ifNull": ["$furthest", 0]}
        further = {"furthest": {"$max": [furthest, done]}, "lost": _reset_if({"$gt": [done, furthest]})}
        return self._write(task, {"done": done, "total": total, "now": {"$literal": now}, **further})

    def finish(
        self, task: Task, state: TaskState, at: datetime, *, result: dict[str, Any] | None = None, error: str = ""
    ) -> bool:
        fields: Document = {"state": state.value, "finished_at": at, "error": {"$literal": error}, "now": ""}
        if state is TaskState.DONE:
            fields["done"] = "$total"
        if result is not None:
            fields["result"] = {"$literal": to_values(result)}
        return self._write(task, fields)

    def keep(self, task: Task, result: dict[str, Any]) -> bool:
        """Keeps a checkpoint for a later worker; False after a cancel or when another worker took over."""
        # Steps of one pipeline see the fields of the step before; so the old result is put aside to compare with.
        kept = {"result": {"$literal": to_values(result)}, "kept_before": "$result"}
        is_new = {"lost": _reset_if({"$ne": ["$result", "$kept_before"]})}
        return self._write(task, kept, is_new, unset="kept_before")

    def cancel(self, task_id: str, at: datetime) -> bool:
        done = self._tasks.update_one(
            {"_id": task_id, "state": {"$in": OPEN}},
            {"$set": {"state": TaskState.CANCELLED.value, "finished_at": at, "now": ""}, "$inc": {"epoch": 1}},
        )
        return done.modified_count == 1

    def is_held(self, task: Task) -> bool:
        """Returns whether the task is still this worker's: not cancelled, deleted or taken over."""
        return self._tasks.find_one(self._mine(task), {"_id": 1}) is not None

    def delete(self, task_id: str) -> None:
        self._tasks.delete_one({"_id": task_id})

    def end_of_session(self, group_id: str, at: datetime) -> None:
        """Cancels the unfinished tasks of a session that is deleted, and removes its texts from all of its tasks."""
        of_it: list[Document] = [{"request.focus_group_id": group_id}, {"result.focus_group_id": group_id}]
        if group_id.endswith(MADE_BY_TASK):
            of_it.append({"_id": group_id.removesuffix(MADE_BY_TASK)})
        which: Document = {"$or": of_it}
        # Failed ones too: nobody can run them again.
        going = {"state": {"$in": [*OPEN, TaskState.FAILED.value]}}
        cancelled = {"state": TaskState.CANCELLED.value, "finished_at": at}
        self._tasks.update_many({**which, **going}, {"$set": cancelled, "$inc": {"epoch": 1}})
        self._tasks.update_many(which, {"$set": {"result": {}, "error": "", "now": ""}})
        handed_in = {"kind": ATTACH, "request.focus_group_id": group_id}
        self._tasks.update_many(handed_in, {"$set": {"request.files": []}})

    def ids_of_round(self, round_id: str) -> list[str]:
        """Ids of the tasks that an interview round was handed to."""
        return [str(found["_id"]) for found in self._tasks.find({"request.round_id": round_id}, {"_id": 1})]

    def ids_of_project(self, project_id: str) -> list[str]:
        return [str(found["_id"]) for found in self._tasks.find({"project_id": project_id}, {"_id": 1})]

    def open_of_owner(self, owner_id: str) -> list[str]:
        """Ids of a user's tasks that are not over."""
        which = {"owner_id": owner_id, "state": {"$in": OPEN}}
        return [str(found["_id"]) for found in self._tasks.find(which, {"_id": 1})]

    def rerun(self, task_id: str) -> bool:
        """Queues a failed or cancelled task again, with what it kept; False where it is in another state.

        Raises `Conflict` where another one does the same meanwhile.
        """
        over = {"_id": task_id, "state": {"$in": [TaskState.FAILED.value, TaskState.CANCELLED.value]}}
        again: Document = {
            "state": TaskState.QUEUED.value,
            "error": "",
            "now": "",
            "finished_at": None,
            "lease_until": NO_LEASE,
        }
        again |= {"is_noted": False, **NOT_LOST}
        try:
            return self._tasks.update_one(over, {"$set": again, "$inc": {"epoch": 1}}).matched_count == 1
        except DuplicateKeyError:
            raise Conflict("The same was begun anew meanwhile and is under way; wait for that.") from None

    def owned(self, task_id: str) -> Owned[Task]:
        """The task and its project's owner, who is empty for a task of no project."""
        return owned(self._tasks, task_id, "task", Task)

    @patiently
    def _write(self, task: Task, *fields: Document, unset: str = "") -> bool:
        """Sets fields, one pipeline step after the other, then removes `unset`; False where the task is lost."""
        steps: list[Document] = [{"$set": each} for each in fields] + ([{"$unset": unset}] if unset else [])
        return self._tasks.update_one(self._mine(task), steps).matched_count == 1

    def _mine(self, task: Task) -> Document:
        return {"_id": task.id, "epoch": task.epoch, "state": TaskState.RUNNING.value}


def _reset_if(condition: Document) -> Document:
    """The new count of workers lost in a row: 0 where the condition says that something new is stored."""
    return {"$cond": [condition, 0, {"$ifNull": ["$lost", 0]}]}
