"""The audit log: written before an action and once more after it, never changed otherwise."""

from contextlib import suppress

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.accounts.audit_log import AuditEntry, AuditFilter, Outcome
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_documents, storable, to_document
from semblance_core.store.server.document import Document


class AuditLog:
    def __init__(self, database: Database[Document]):
        self._entries = database["audit_log"]

    def begin(self, entry: AuditEntry) -> None:
        """Writes the entry; where this fails, nothing was done yet."""
        self._entries.insert_one(to_document(entry))

    def note(self, entry: AuditEntry) -> None:
        """Writes an entry of what needs no end, once for its id."""
        with suppress(DuplicateKeyError):
            self._entries.insert_one(to_document(entry))

    def end(self, entry_id: str, outcome: Outcome, words: str = "") -> None:
        self._entries.update_one({"_id": entry_id}, {"$set": {"outcome": outcome.value, "words": storable(words)}})

    def find(self, where: AuditFilter, skip: int = 0, limit: int = 0) -> Readable[AuditEntry]:
        """These entries, newest first, from number `skip` on; limit: 0 for all."""
        found = self._entries.find(_conditions(where)).sort([("at", DESCENDING), ("_id", DESCENDING)])
        return from_documents(AuditEntry, found.skip(skip).limit(limit))

    def count(self, where: AuditFilter) -> int:
        return self._entries.count_documents(_conditions(where))

    def actors(self) -> list[str]:
        """Everybody who has an entry."""
        return sorted(self._entries.distinct("actor_id"))

    def owners(self) -> list[str]:
        """Everybody whose account or work an entry is about."""
        return sorted(filter(None, self._entries.distinct("owner_id")))


def _conditions(where: AuditFilter) -> Document:
    values = {"actor_id": where.actor_id, "action": where.action, "owner_id": where.owner_id}
    wanted: Document = {name: value for name, value in values.items() if value is not None}
    times = {"$gte": where.since, "$lt": where.until}
    if bounds := {sign: moment for sign, moment in times.items() if moment is not None}:
        wanted["at"] = bounds
    return wanted
