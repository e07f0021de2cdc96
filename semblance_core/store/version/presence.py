"""Registers this process at the database, so that a migration waits for it, and tells it when it must stop.

The document that says the version also lists the processes at work on it, each with a lease by the server's clock. Joining is one
update that only matches while the version is the one that this process knows and nobody moves it on. A migration is announced first,
in the same document, and waits until the list is empty. So no process writes in an old form into newer data; one
that was frozen looks again before it does anything.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from pymongo.database import Database

from semblance_core.domain.errors import SetupError
from semblance_core.store.ids import new_id
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.version.schema import SCHEMA, read

LEASE_S = 15.0
BEAT_S = 5.0
log = logging.getLogger(__name__)


class Presence:
    """known: the version of the data that this process works on. words: why it must stop, empty while it need not."""

    def __init__(self, database: Database[Document], known: int, steady_s: Callable[[], float] = time.monotonic):
        self.id = new_id()
        self.name = f"{socket.gethostname()}, process {os.getpid()}"
        self.known = known
        self.words = ""
        self._database = database
        self._schema = database[SCHEMA]
        self._steady_s = steady_s
        self._seen_s = float("-inf")
        self._looking = threading.Lock()
        self._left = threading.Event()
        self._stop: Callable[[], object] | None = None

    def join(self) -> bool:
        """Returns whether this process may work; from then on it is known, until it leaves or dies."""
        if not self._renewed():
            return False
        threading.Thread(target=self._beat, name="presence", daemon=True).start()
        return True

    def check(self) -> None:
        """Raises `SetupError` once the data were moved on. Asks the database only where this process slept or was frozen."""
        if self._steady_s() - self._seen_s > LEASE_S:
            self._look()
        if self.words:
            raise SetupError(self.words)

    def when_over(self, stop: Callable[[], object]) -> None:
        """Sets the function called once, in a thread of its own, when this process has to stop; it ends with `leave`."""
        self._stop = stop

    def leave(self) -> None:
        """Writes nothing any more; who moves the data on need not wait for this process."""
        if not self._left.is_set():
            self._left.set()
            if self._steady_s() - self._seen_s > LEASE_S:
                return  # the lease is past, perhaps because the database is away: nobody waits for it
            try:
                self._schema.update_one({"_id": SCHEMA}, {"$unset": {f"processes.{self.id}": ""}})
            except DatabaseFailed as failed:
                log.info("This process could not say that it leaves; its lease runs out: %s", failed)

    def _beat(self) -> None:
        while not self._left.wait(BEAT_S):
            try:
                self._look()
            except DatabaseFailed as failed:
                log.warning("The version of the data could not be read: %s", failed)

    def _look(self) -> None:
        with self._looking:
            if self._left.is_set() or self._renewed():
                return
            # It stays on the list until what it has under way is over.
            there = {"_id": SCHEMA, f"processes.{self.id}": {"$exists": True}}
            self._schema.update_one(there, self._listed())
            if not self.words and (why := self._why()):
                self.words = why
                log.warning("%s", why)
                if self._stop:
                    threading.Thread(target=self._stop, name="stepping back", daemon=True).start()

    def _renewed(self) -> bool:
        at_rest: Document = {"_id": SCHEMA, "version": self.known, "moving": None}
        asked_s = self._steady_s()
        if self.words or not self._schema.update_one(at_rest, self._listed()).matched_count:
            return False
        self._seen_s = asked_s
        return True

    def _listed(self) -> list[Document]:
        """The update that lists this process, and drops those whose leases are past."""
        mine = {"version": self.known, "name": self.name, "until": {"$add": ["$$NOW", int(LEASE_S * 1000)]}}
        others = {"$and": [{"$ne": ["$$this.k", self.id]}, IS_LIVING]}
        kept = {"$filter": {"input": LISTED, "cond": others}}
        return [{"$set": {"processes": {"$arrayToObject": {"$concatArrays": [kept, [{"k": self.id, "v": mine}]]}}}}]

    def _why(self) -> str:
        """Returns why the data are not this process's any more; empty where they are, as after a look at the wrong moment."""
        found = self._schema.find_one({"_id": SCHEMA})
        name = self._database.name
        if found is None:
            return f"The data in {name} were taken away or replaced, so this process stopped working on them. Start it anew."
        stored = read(found, name)
        if stored.version == self.known and stored.moving_to is None:
            return ""
        if stored.is_newer_than(self.known):
            return f"{stored.refusal(name, self.known)} This process has stopped working on them."
        return (
            f"The data in {name} were replaced by older ones, so this process stopped working on them. Start it anew."
        )


LISTED: Document = {"$objectToArray": {"$ifNull": ["$processes", {}]}}
IS_LIVING: Document = {"$gt": ["$$this.v.until", "$$NOW"]}


def living(database: Database[Document]) -> list[str]:
    """Returns the names of the processes at work on the data, of any version."""
    pipeline: list[Any] = [
        {"$match": {"_id": SCHEMA}},
        {"$project": {"living": {"$filter": {"input": LISTED, "cond": IS_LIVING}}}},
    ]
    return sorted(each["v"]["name"] for found in database[SCHEMA].aggregate(pipeline) for each in found["living"])
