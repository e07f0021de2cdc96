"""Reads across transcripts: news for open windows, searches, and the sessions in which models spoke."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.store.codec import from_document
from semblance_core.store.server.document import Document

WAIT_MS = 500
"""The server keeps a request for changes open for so long while there are none."""


class Transcripts:
    def __init__(self, database: Database[Document]):
        self._database = database
        self._messages = database["focus_group_messages"]
        self._groups = database["focus_groups"]

    def news(self, group_id: str, after: int, open_seqs: Sequence[int], limit: int = 200) -> list[Message]:
        """Messages after that one, and those of `open_seqs` as they are now, in order."""
        query: Document = {
            "focus_group_id": group_id,
            "$or": [{"seq": {"$gt": after}}, {"seq": {"$in": list(open_seqs)}}],
        }
        found = self._messages.find(query).sort("seq", 1).limit(limit)
        return [from_document(Message, document) for document in found]

    def search(self, group_id: str, text: str, limit: int) -> list[Message]:
        """Messages that were said and hold the text, upper or lower case, in order."""
        pattern = {"$regex": re.escape(text), "$options": "i"}
        query = {"focus_group_id": group_id, "status": MessageStatus.SAID.value, "text": pattern}
        return [from_document(Message, found) for found in self._messages.find(query).sort("seq", 1).limit(limit)]

    def spoken(self, group_id: str) -> list[int]:
        """The numbers of the messages that participants said, in order; their texts are not read."""
        query = {"focus_group_id": group_id, "role": "persona", "status": MessageStatus.SAID.value}
        return [int(found["seq"]) for found in self._messages.find(query, {"_id": 0, "seq": 1}).sort("seq", 1)]

    def is_changed_since(self, group_id: str, at: datetime) -> bool:
        """Returns whether a message was written after that, or a failed reply was given."""
        return self._messages.find_one({"focus_group_id": group_id, "at": {"$gt": at}}, {"_id": 1}) is not None

    def spoken_in(self, since: datetime | None, until: datetime | None) -> list[str]:
        """Ids of sessions in which a model said something in that time."""
        bounds = {**({"$gte": since} if since else {}), **({"$lt": until} if until else {})}
        query: dict[str, Any] = {"status": MessageStatus.SAID.value, "feature": {"$in": ["reply", "moderate"]}}
        groups = self._messages.distinct("focus_group_id", {**query, **({"at": bounds} if bounds else {})})
        there = self._groups.find({"_id": {"$in": groups}}, {"_id": 1}).sort("_id", 1)
        return [str(found["_id"]) for found in there]

    def changes(self) -> Iterator[str | None]:
        """Ids of sessions in which something changed, as it does; None about twice a second where nothing did."""
        collections = {"$in": ["focus_groups", "focus_group_messages"]}
        pipeline: list[Document] = [{"$match": {"ns.coll": collections}}, {"$project": {"documentKey": 1}}]
        with self._database.watch(pipeline, max_await_time_ms=WAIT_MS) as stream:
            yield None
            while stream.alive:
                change = stream.try_next()
                key = str(change.get("documentKey", {}).get("_id", "")) if change else ""
                yield key.partition("/")[0] or None
