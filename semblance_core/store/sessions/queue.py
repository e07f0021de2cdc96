"""Questions that were sent while participants answered; they wait on the session's own document.

While one waits, the session is open work: its worker, or the sweeper after that one died, claims it and asks the question.
"""

from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.queued import MOST_QUEUED, QueuedQuestion
from semblance_core.store.codec import to_values
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.awaited import NO_STOP_UNFINISHED

MODERATED = FocusGroupState.MODERATED.value
QUEUED: dict[str, Any] = {"queued.refused": "", "state": MODERATED, **NO_STOP_UNFINISHED}
"""The condition of sessions in which a question waits."""
ASKS_NEXT: dict[str, Any] = {
    "$and": [{"$eq": ["$state", MODERATED]}, {"$in": ["", {"$ifNull": ["$queued.refused", []]}]}]
}
"""The same as an expression of an aggregation, where no stop is being finished."""
NONE_QUEUED: dict[str, Any] = {"queued.refused": {"$ne": ""}}
KEPT_KEYS = 20


def is_new(key: str) -> dict[str, Any]:
    """The condition of a session that did not take a question with this key yet; of any session without a key."""
    return {"received": {"$ne": key}} if key else {}


def noted(key: str) -> dict[str, Any]:
    """Returns what a `$push` adds where a question with this key is taken."""
    return {"received": {"$each": [key], "$slice": -KEPT_KEYS}} if key else {}


def is_waiting(question: QueuedQuestion) -> dict[str, Any]:
    """The condition of a session in which this question waits."""
    return {"queued": {"$elemMatch": {"id": question.id, "refused": ""}}}


class QuestionQueue:
    def __init__(self, groups: Collection[Document]):
        self._groups = groups

    def add(self, group_id: str, question: QueuedQuestion, at: datetime, key: str = "") -> bool:
        """Adds a question behind the others; False where nobody answers or discusses any more, as many wait as may, or it came before."""
        answering = [{"state": MODERATED, "pending": {"$gt": 0}}, {"state": MODERATED, "queued.refused": ""}]
        discussing = {"state": FocusGroupState.AUTONOMOUS.value, "alone_until": {"$gt": 0}}
        open_ = {"_id": group_id, **NO_STOP_UNFINISHED, "$or": [*answering, discussing]}
        room = {f"queued.{MOST_QUEUED - 1}": {"$exists": False}}
        changes = {"$push": {**to_values({"queued": question}), **noted(key)}, "$set": {"updated_at": at}}
        return self._groups.update_one({**open_, **room, **is_new(key)}, changes).matched_count == 1

    def remove(self, group_id: str, question_id: str) -> bool:
        """Takes a question back; False where it was asked already, or was taken back before."""
        there = {"_id": group_id, "queued.id": question_id}
        return self._groups.update_one(there, {"$pull": {"queued": {"id": question_id}}}).matched_count == 1

    def refuse(self, group_id: str, epoch: int, question: QueuedQuestion, why: str) -> bool:
        """Notes why a question cannot be asked; False where it is gone or the session is another worker's."""
        mine = {"_id": group_id, "epoch": epoch, **is_waiting(question)}
        return self._groups.update_one(mine, {"$set": {"queued.$.refused": why}}).matched_count == 1

    def again(self, group_id: str, question_id: str) -> bool:
        """Lets a refused question wait for its turn again; False where it is gone, or the session takes none."""
        refused = {"queued": {"$elemMatch": {"id": question_id, "refused": {"$ne": ""}}}}
        moderated = {"_id": group_id, "state": MODERATED, **NO_STOP_UNFINISHED}
        changes = {"$set": {"queued.$.refused": ""}}
        return self._groups.update_one({**moderated, **refused}, changes).matched_count == 1
