"""Open work by account, begun one piece at a time so that parallel requests cannot pass a bound together."""

import random
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pymongo import WriteConcern
from pymongo.database import Database

from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.fair_queue import Place
from semblance_core.domain.task import is_waited_for
from semblance_core.store.server.document import Document
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.sessions.focus_groups import BUSY
from semblance_core.store.sessions.queue import ASKS_NEXT
from semblance_core.store.sessions.tasks import OPEN

WITHIN_S = 10.0
"""Longest time for beginning something. The lock of a process that died is free after this."""
LOOKS_S = 0.02


class OpenWork:
    def __init__(self, database: Database[Document]):
        # The lock means nothing after a crash, so its write need not wait for the disk.
        self._users = database.get_collection("users", write_concern=WriteConcern(1))
        self._groups = database["focus_groups"]
        self._tasks = database["tasks"]
        self._here: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def place_of_session(self, group_id: str) -> Place:
        """The session's owner, and whether a person waits for replies in it."""
        if found := self._groups.find_one({"_id": group_id}, {"owner_id": 1, "pending": 1, "asks_next": ASKS_NEXT}):
            return Place(found["owner_id"], group_id, found["pending"] > 0 or found["asks_next"])
        raise NotFound("There is no such focus group.")

    def place_of_task(self, task_id: str) -> Place:
        """The task's owner, and whether a person waits for it."""
        found = self._tasks.find_one({"_id": task_id}, {"owner_id": 1, "kind": 1, "total": 1, "estimate.calls": 1})
        if not found:
            raise NotFound("There is no such task.")
        calls = int((found.get("estimate") or {}).get("calls") or found["total"])
        return Place(found["owner_id"], task_id, is_waited_for(found["kind"], calls))

    def sessions(self, owner_id: str, *, besides: str) -> int:
        """Returns the number of other sessions of this owner that run by themselves or wait for replies."""
        which = {"owner_id": owner_id, "_id": {"$ne": besides}}
        return self._groups.count_documents({"$or": [{**which, **busy} for busy in BUSY["$or"]]})

    def tasks(self, project_ids: Sequence[str]) -> list[str]:
        """The kind of each task of these projects that is not over."""
        which = {"project_id": {"$in": list(project_ids)}, "state": {"$in": OPEN}}
        return [str(found["kind"]) for found in self._tasks.find(which, {"kind": 1})]

    @contextmanager
    def one_at_a_time(self, user_id: str) -> Iterator[None]:
        """Keeps all others from beginning anything for this account meanwhile; raises `Conflict` after 10 s."""
        here = self._here[user_id]  # threads of this process wait here, without asking the database again and again
        if not here.acquire(timeout=WITHIN_S):
            raise Conflict(_CROWDED)
        try:
            token = self._taken(user_id)
            try:
                yield
            finally:
                mine = {"_id": user_id, "beginning": token}
                self._users.update_one(mine, {"$unset": {"beginning": "", "beginning_until": ""}})
        finally:
            here.release()

    def _taken(self, user_id: str) -> str:
        token = secrets.token_hex(8)
        free = {"$expr": {"$lt": [{"$ifNull": ["$beginning_until", NO_LEASE]}, "$$NOW"]}}
        until = {"$add": ["$$NOW", int(WITHIN_S * 1000)]}
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            taking = [{"$set": {"beginning": token, "beginning_until": until}}]
            if self._users.update_one({"_id": user_id, **free}, taking).matched_count:
                return token
            time.sleep(LOOKS_S * (0.5 + random.random()))
        raise Conflict(_CROWDED)


_CROWDED = "Too many things are being begun for this account at the same moment; try again."
