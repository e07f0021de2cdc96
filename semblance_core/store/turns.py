"""Participants' turns of a session without their texts: what its course is counted from."""

from contextlib import suppress
from typing import Any

from pymongo.collection import Collection

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.agenda import recounted
from semblance_core.domain.errors import Unreadable
from semblance_core.domain.focus_group import Course, MessageStatus, Turn
from semblance_core.store.codec import from_document, to_document, under
from semblance_core.store.connection import Document

COUNTED = (MessageStatus.SAID.value, MessageStatus.FAILED.value)
FIELDS = {"seq": 1, "persona_id": 1, "question": 1, "status": 1, "text": 1, "_id": 0}


class Turns:
    def __init__(self, messages: Collection[Document]):
        self._messages = messages

    def of(self, group_id: str) -> list[Turn]:
        """Those that were taken, said or failed, in order."""
        mine = {"focus_group_id": group_id, "role": "persona", "status": {"$in": COUNTED}, "persona_id": {"$ne": None}}
        return [_turn(found) for found in self._messages.find(mine, FIELDS).sort("seq", 1)]

    def recounted(self, group_id: str, course: Document) -> Document:
        """What a stored course has to be set to, as its messages have it; nothing for one that cannot be read."""
        with suppress(Unreadable):
            return under("course", to_document(recounted(from_document(Course, course), self.of(group_id))))
        return {}


def _turn(found: dict[str, Any]) -> Turn:
    said = found["status"] == MessageStatus.SAID.value
    words = word_count(found["text"]) if said else 0
    return Turn(found["seq"], found["persona_id"], found.get("question"), words, said)
