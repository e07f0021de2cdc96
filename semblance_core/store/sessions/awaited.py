"""Pending replies: asked for again, given up by a stop, or lost when the process that asked for them died.

The pending message and the busy session are two documents, and a process may die between the two writes. So the sweeper
finds pending replies in sessions that are not busy, and marks them as failed.
"""

from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.sessions.claims import NOT_LOST
from semblance_core.store.sessions.transcript_writer import TranscriptWriter, message_id
from semblance_core.store.sessions.turns import Turns

PENDING = MessageStatus.PENDING.value
FAILED = MessageStatus.FAILED.value
NO_STOP_UNFINISHED: dict[str, Any] = {"stop_unfinished": None}
STOPPED = {"status": MessageStatus.DISCARDED.value, "error": "Stopped before the answer came."}
NOT_ASKED = "The session was stopped before it was asked."
LOST = "The answer never came; ask for it again."


class Awaited:
    def __init__(
        self,
        groups: Collection[Document],
        messages: Collection[Document],
        transcript_writer: TranscriptWriter,
        turns: Turns,
    ):
        self._groups = groups
        self._messages = messages
        self._transcript_writer = transcript_writer
        self._turns = turns

    def reopen(self, group: FocusGroup, messages: Sequence[Message]) -> bool:
        """Makes replies pending again; False where the session is busy or ended, or all of them are there.

        The messages are written first. Were the session made busy first, a worker could claim it, find nothing to do and
        give it back.
        """
        wanted = {"status": PENDING, "error": "", "epoch": group.epoch}
        opened = [message for message in messages if self._opened(message, wanted)]
        if not opened:
            return False
        state = FocusGroupState.MODERATED.value
        free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state, **NO_STOP_UNFINISHED}
        busy = {"pending": len(opened), "lease_until": NO_LEASE, **NOT_LOST}
        if self._groups.update_one(free, {"$set": busy}).matched_count:
            return True
        # A worker that claimed the session meanwhile has put its own epoch on the messages, and answers them.
        for message in opened:
            still = {"_id": message_id(message), "status": PENDING, "epoch": group.epoch}
            self._messages.update_one(still, {"$set": {"status": FAILED, "error": message.error or LOST}})
        return False

    def _opened(self, message: Message, wanted: Document) -> bool:
        absent = {"_id": message_id(message), "status": {"$in": [FAILED, PENDING]}, "epoch": message.epoch}
        return self._messages.update_one(absent, {"$set": wanted}).matched_count == 1

    def taken(self, group_id: str, epoch: int) -> None:
        """Puts the new worker's epoch on the session's pending replies, so that no earlier worker can fill them."""
        self._messages.update_many({"focus_group_id": group_id, "status": PENDING}, {"$set": {"epoch": epoch}})

    def finish_stops(self, group_id: str = "") -> None:
        """Finishes stops before whose last write nothing new begins: their process died, or is just there.

        group_id: in that session; empty: in all.
        """
        which: Document = {"stop_unfinished": {"$exists": True}, **({"_id": group_id} if group_id else {})}
        unfinished = self._groups.find(which, {"last": 1, "stop_unfinished": 1})
        one_by_one(unfinished, self.give_up, "Finishing a stop")

    def give_up(self, stopped: Document) -> None:
        """Finishes a stop: no reply of the session is pending any more.

        Pending replies are discarded. Where the mark of the stop is a text, they fail with it and can be asked for
        again.
        """
        # First the copy of the last messages: a reply that is not in the transcript yet could not be given up there.
        self._transcript_writer.write(stopped.get("last", ()))
        mark = stopped["stop_unfinished"]
        given_up = {"status": FAILED, "error": mark} if isinstance(mark, str) else STOPPED
        self._messages.update_many({"focus_group_id": stopped["_id"], "status": PENDING}, {"$set": given_up})
        if mark != LOST:
            self._hold_questions(stopped["_id"], mark)
        changes: Document = {"$unset": {"stop_unfinished": ""}}
        # Replies that came before the stop count in the course, though no worker finished the round.
        if (found := self._groups.find_one({"_id": stopped["_id"]}, {"course": 1})) and (
            counted := self._turns.recounted(stopped["_id"], found["course"])
        ):
            changes["$set"] = counted
        # Only the mark that was read: another stop may have set its own meanwhile, and finishes itself.
        self._groups.update_one({"_id": stopped["_id"], "stop_unfinished": stopped["stop_unfinished"]}, changes)

    def _hold_questions(self, group_id: str, mark: object) -> None:
        """Keeps the questions that wait, with the reason: after a stop nothing is asked by itself."""
        why = mark if isinstance(mark, str) else NOT_ASKED
        waiting = {"_id": group_id, "queued.refused": "", "stop_unfinished": mark}
        refused = {"$set": {"queued.$[waiting].refused": why}}
        self._groups.update_one(waiting, refused, array_filters=[{"waiting.refused": ""}])

    def give_up_lost(self) -> Sequence[str]:
        """Gives up pending replies in sessions that are not busy; returns the ids of those sessions."""
        waited_for = self._messages.distinct("focus_group_id", {"status": PENDING})
        idle = {"pending": 0, "state": {"$ne": FocusGroupState.AUTONOMOUS.value}, **NO_STOP_UNFINISHED}
        lost: list[str] = []

        def give_up(group_id: str) -> None:
            # Marked like a stop, so that nothing new begins in the session before the last write. The epoch is raised,
            # so that a frozen worker cannot fill the reply that is given up.
            marked = self._groups.find_one_and_update(
                {"_id": group_id, **idle},
                {"$set": {"stop_unfinished": LOST}, "$inc": {"epoch": 1}},
                projection={"last": 1, "stop_unfinished": 1},
                return_document=True,
            )
            if marked:
                self.give_up(marked)
                lost.append(str(group_id))

        one_by_one(waited_for, give_up, "Giving up a lost reply")
        return lost
