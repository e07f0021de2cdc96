"""Codebooks and what is coded with them: `codes`, `codings`, `memos`, and the changes that made them (`coding_changes`).

Everything is written by changes: all of one change by one transaction, each thing only where it still has the version that the change
began with. So two people never overwrite each other, and a change can be taken back as a whole.
"""

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from semblance_core.domain.coding.changes import KEPT_CHANGES, Change, Thing, Write, names_in
from semblance_core.domain.coding.codebook import CodebookCode
from semblance_core.domain.coding.codings import Coding, Memo
from semblance_core.domain.errors import NotFound
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere

KINDS: dict[type[Thing], str] = {CodebookCode: "codes", Coding: "codings", Memo: "memos"}
"""The collection of each kind; its name stands in stored changes too."""
BY_NAME: dict[str, type[Thing]] = {name: kind for kind, name in KINDS.items()}
NEWEST = [("at", -1), ("order", -1)]
"""order: tells changes of one moment apart, as this process made them."""
GONE = "The code was deleted meanwhile, so nothing was coded with it."


class _Outdated(Exception):
    """A thing has another version than the change began with, so none of the change is written."""


class Codings:
    def __init__(self, database: Database[Document]):
        self._client = database.client
        self._of = {name: database[name] for name in BY_NAME}
        self._codes, self._codings, self._memos = (database[name] for name in ("codes", "codings", "memos"))
        self._changes = database["coding_changes"]
        self._there = StillThere(database)

    def codes(self, project_id: str) -> Readable[CodebookCode]:
        """A project's codes, in no order of meaning."""
        return from_documents(CodebookCode, self._codes.find({"project_id": project_id}).sort("_id", 1))

    def code(self, code_id: str) -> CodebookCode:
        if found := self._codes.find_one({"_id": code_id}):
            return from_document(CodebookCode, found)
        raise NotFound("There is no such code.")

    def owned_code(self, code_id: str) -> Owned[CodebookCode]:
        """The code and its project's owner."""
        return owned(self._codes, code_id, "code", CodebookCode)

    def of_session(self, group_id: str) -> Readable[Coding]:
        """A session's codings, by message and place."""
        order = [("seq", 1), ("start", 1), ("end", 1), ("_id", 1)]
        return from_documents(Coding, self._codings.find({"focus_group_id": group_id}).sort(order))

    def with_code(self, code_id: str) -> Readable[Coding]:
        """All codings with a code, in whichever session."""
        return from_documents(Coding, self._codings.find({"code_id": code_id}))

    def counts(self, project_id: str) -> dict[str, int]:
        """Numbers of codings by code."""
        group: list[Document] = [
            {"$match": {"project_id": project_id}},
            {"$group": {"_id": "$code_id", "n": {"$sum": 1}}},
        ]
        return {str(each["_id"]): int(each["n"]) for each in self._codings.aggregate(group)}

    def memos(self, project_id: str, group_id: str | None = None) -> Readable[Memo]:
        """Memos, oldest first: of a session, of the codes where the session is empty, of the whole project where it is None."""
        which: Document = {"project_id": project_id}
        if group_id is not None:
            which["focus_group_id"] = group_id
        return from_documents(Memo, self._memos.find(which).sort([("made.at", 1), ("_id", 1)]))

    def owned_memo(self, memo_id: str) -> Owned[Memo]:
        """The memo and its project's owner."""
        return owned(self._memos, memo_id, "memo", Memo)

    def memo(self, memo_id: str) -> Memo:
        if found := self._memos.find_one({"_id": memo_id}):
            return from_document(Memo, found)
        raise NotFound("There is no such memo.")

    def now(self, writes: Iterable[Write]) -> dict[str, Thing]:
        """The things of these writes as they are now, by id; those that are gone are missing."""
        by_kind: dict[type[Thing], list[str]] = {}
        for write in writes:
            by_kind.setdefault(type(write.after or write.before), []).append(write.id)  # type: ignore[arg-type]
        found: dict[str, Thing] = {}
        for kind, ids in by_kind.items():
            found |= {each.id: each for each in from_documents(kind, self._of[KINDS[kind]].find({"_id": {"$in": ids}}))}
        return found

    def apply(self, change: Change, group_id: str = "", undoes: str = "") -> bool:
        """Writes a change whole; False, and nothing is written, where one of its things has another version by now.

        Args:
            change: at least one write.
            group_id: the session that things are added to; empty where they belong to the codebook alone.
            undoes: the id of the change that this one takes back; it is forgotten, and this one is not kept.

        Raises:
            NotFound: the project, the session or a code is gone.
        """
        with self._there.adding(lambda: self._take_out(change), project_id=change.project_id, group_id=group_id):
            try:
                with self._client.start_session() as session:
                    session.with_transaction(lambda within: self._write(change, undoes, within))
            except (_Outdated, DuplicateKeyError):  # the second: the change itself was written before
                return False
        self._without_code(change)
        return True

    def last(self, project_id: str, user_id: str) -> Change | None:
        """The newest change of this person that can be undone, or None."""
        found = self._changes.find_one({"project_id": project_id, "by": user_id}, sort=NEWEST)
        if found is None:
            return None
        writes = tuple(_write_of(each) for each in found["writes"])
        return Change(found["_id"], found["project_id"], found["by"], found["at"], found["words"], writes)

    def delete_of_session(self, group_id: str) -> None:
        """Removes the codings and memos of a session, also from changes that could be undone."""
        of_it = {"focus_group_id": group_id}
        self._codings.delete_many(of_it)
        self._memos.delete_many(of_it)
        self._changes.update_many({"writes.focus_group_id": group_id}, {"$pull": {"writes": of_it}})
        self._changes.delete_many({"writes": {"$size": 0}})

    def delete_of_project(self, project_id: str) -> None:
        """Removes a project's codebook with all that is coded with it."""
        for collection in (self._codes, self._codings, self._memos, self._changes):
            collection.delete_many({"project_id": project_id})

    def _write(self, change: Change, undoes: str, within: ClientSession) -> None:
        by_collection: dict[str, list[Write]] = {}
        for write in change.writes:
            by_collection.setdefault(_collection_of(write), []).append(write)
        for name, writes in by_collection.items():
            wanted = [_as_update(write) for write in writes]
            try:
                done = self._of[name].bulk_write(wanted, session=within)
            except BulkWriteError as failed:
                if any(each.get("code") == 11000 for each in failed.details.get("writeErrors", [])):
                    raise _Outdated from failed
                raise
            except DuplicateKeyError as failed:
                raise _Outdated from failed
            if done.inserted_count + done.matched_count + done.deleted_count < len(wanted):
                raise _Outdated
        if undoes:
            if not self._changes.delete_one({"_id": undoes}, session=within).deleted_count:
                raise _Outdated
            return
        kept = {"project_id": change.project_id, "by": change.by}
        document = {"_id": change.id, **kept, "at": change.at, "words": change.words, "names": names_in(change.writes)}
        document["order"] = ObjectId()
        self._changes.insert_one({**document, "writes": [_stored(write) for write in change.writes]}, session=within)
        older = self._changes.find(kept, {"_id": 1}, session=within).sort(NEWEST).skip(KEPT_CHANGES)
        self._changes.delete_many({"_id": {"$in": [each["_id"] for each in older]}}, session=within)

    def _take_out(self, change: Change) -> None:
        for write in change.writes:
            if write.after:
                self._of[_collection_of(write)].delete_one({"_id": write.id})
        self._changes.delete_one({"_id": change.id})

    def _without_code(self, change: Change) -> None:
        """Keeps a deletion of a code and a coding with it, made at the same moment, from leaving the coding without its code.

        Whoever deletes looks for codings once more, whoever codes looks for the code once more, each after its write.
        """
        gone = [write.id for write in change.writes if isinstance(write.before, CodebookCode) and write.after is None]
        if gone:
            self._codings.delete_many({"code_id": {"$in": gone}})
        coded = [write.after for write in change.writes if isinstance(write.after, Coding)]
        used = {coding.code_id for coding in coded}
        there = {each["_id"] for each in self._codes.find({"_id": {"$in": list(used)}}, {"_id": 1})} if used else used
        if lost := [coding.id for coding in coded if coding.code_id not in there]:
            self._codings.delete_many({"_id": {"$in": lost}})
            raise NotFound(GONE)


def _collection_of(write: Write) -> str:
    return KINDS[type(write.after or write.before)]  # type: ignore[index]


def _as_update(write: Write) -> InsertOne[Document] | UpdateOne | DeleteOne:
    before, after = write.before, write.after
    if before is None:
        assert after
        return InsertOne(to_document(after))
    there = {"_id": before.id, "version": before.version}
    if after is None:
        return DeleteOne(there)
    return UpdateOne(there, {"$set": {name: value for name, value in to_document(after).items() if name != "_id"}})


def _stored(write: Write) -> Document:
    thing: Any = write.after or write.before
    both = {"before": write.before, "after": write.after}
    return {
        "kind": _collection_of(write),
        "focus_group_id": getattr(thing, "focus_group_id", ""),
        **{name: to_document(value) if value else None for name, value in both.items()},
    }


def _write_of(stored: Document) -> Write:
    kind = BY_NAME[stored["kind"]]
    read = [from_document(kind, stored[name]) if stored[name] else None for name in ("before", "after")]
    return Write(read[0], read[1])
