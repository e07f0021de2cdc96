"""Participants' turns of a session without their texts, from which its course is counted."""

from contextlib import suppress
from typing import Any

from pymongo.collection import Collection

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.turn_policy import Turn, recounted
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import Unreadable
from semblance_core.store.codec import from_document, to_document, under
from semblance_core.store.server.document import Document

COUNTED = (MessageStatus.SAID.value, MessageStatus.FAILED.value)
FIELDS = {"seq": 1, "persona_id": 1, "question": 1, "status": 1, "text": 1, "is_beside": 1, "_id": 0}


class Turns:
    def __init__(self, messages: Collection[Document]):
        self._messages = messages

    def of(self, group_id: str) -> list[Turn]:
        """The turns that were said or failed, in order."""
        mine = {"focus_group_id": group_id, "role": "persona", "status": {"$in": COUNTED}, "persona_id": {"$ne": None}}
        return [_turn(found) for found in self._messages.find(mine, FIELDS).sort("seq", 1)]

    def words_before(self, group_id: str, persona_id: str, seq: int, most: int) -> list[str]:
        """A participant's words in its last turns before this message, at most so many, oldest first."""
        mine = {
            "focus_group_id": group_id,
            "seq": {"$lt": seq},
            "persona_id": persona_id,
            "status": COUNTED[0],
            "role": "persona",
        }
        found = self._messages.find(mine, {"text": 1, "_id": 0}).sort("seq", -1).limit(most)
        return [document["text"] for document in found][::-1]

    def written_alone(self, group_id: str, persona_id: str, seq: int, most: int) -> list[str]:
        """A participant's last private answers before this message, at most so many, oldest first."""
        mine = {
            "focus_group_id": group_id,
            "seq": {"$lt": seq},
            "persona_id": persona_id,
            "status": COUNTED[0],
            "role": "private",
        }
        found = self._messages.find(mine, {"text": 1, "_id": 0}).sort("seq", -1).limit(most)
        return [document["text"] for document in found][::-1]

    def has_spoken(self, group_id: str) -> bool:
        """Returns whether any participant has said or written something."""
        spoken = {"focus_group_id": group_id, "status": COUNTED[0], "role": {"$in": ["persona", "private"]}}
        return self._messages.find_one(spoken, {"_id": 1}) is not None

    def asked_alone(self, group_id: str, question: int) -> bool:
        """Returns whether this question of the guide was put to be answered alone."""
        asked = {"focus_group_id": group_id, "role": "private", "question": question}
        return self._messages.find_one(asked, {"_id": 1}) is not None

    def recounted(self, group_id: str, course: Document) -> Document:
        """The fields of a stored course, counted anew from the messages; empty for a course that cannot be read."""
        with suppress(Unreadable):
            return under("course", to_document(recounted(from_document(DiscussionState, course), self.of(group_id))))
        return {}


def _turn(found: dict[str, Any]) -> Turn:
    said = found["status"] == MessageStatus.SAID.value
    words = word_count(found["text"]) if said else 0
    is_beside = bool(found.get("is_beside"))
    return Turn(found["seq"], found["persona_id"], found.get("question"), words, said, is_beside)
