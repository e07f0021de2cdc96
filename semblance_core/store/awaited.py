"""Replies that were asked for and are not there: asked for again, given up by a stop, or lost with whoever asked.

A reply is awaited by its message, and its session is busy by its own document: two writes, with whatever may happen between
them. So a reply that is awaited in a session that is not busy is found by the sweeper, and says that it failed.
"""

from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection

from semblance_core.domain.focus_group import FocusGroup, FocusGroupState, Message, MessageStatus
from semblance_core.store.claims import NOT_LOST
from semblance_core.store.connection import Document
from semblance_core.store.copies import Copies
from semblance_core.store.failures import one_by_one
from semblance_core.store.lease import NO_LEASE
from semblance_core.store.turns import Turns

PENDING = MessageStatus.PENDING.value
FAILED = MessageStatus.FAILED.value
NO_STOP_UNFINISHED: dict[str, Any] = {"stop_unfinished": None}
STOPPED = {"status": MessageStatus.DISCARDED.value, "error": "Stopped before the answer came."}
LOST = "The answer never came; ask for it again."


class Awaited:
    def __init__(self, groups: Collection[Document], messages: Collection[Document], copies: Copies, turns: Turns):
        self._groups = groups
        self._messages = messages
        self._copies = copies
        self._turns = turns

    def reopen(self, group: FocusGroup, message: Message) -> bool:
        """Makes a reply awaited again; False where the session is busy or ended, or the reply is there.

        The message first: a session that is made busy first could be found, and given back, by a worker before there is
        anything to do.
        """
        named = {"_id": f"{message.focus_group_id}/{message.seq}"}
        wanted = {"status": PENDING, "error": "", "epoch": group.epoch}
        absent = {**named, "status": {"$in": [FAILED, PENDING]}, "epoch": message.epoch}
        if not self._messages.update_one(absent, {"$set": wanted}).matched_count:
            return False
        state = FocusGroupState.MODERATED.value
        free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state, **NO_STOP_UNFINISHED}
        if self._groups.update_one(free, {"$set": {"pending": 1, "lease_until": NO_LEASE, **NOT_LOST}}).matched_count:
            return True
        # A worker that took the session meanwhile has made it its own, and answers it.
        still = {**named, "status": PENDING, "epoch": group.epoch}
        self._messages.update_one(still, {"$set": {"status": FAILED, "error": message.error or LOST}})
        return False

    def taken(self, group_id: str, epoch: int) -> None:
        """Makes the replies that a session awaits its worker's own."""
        self._messages.update_many({"focus_group_id": group_id, "status": PENDING}, {"$set": {"epoch": epoch}})

    def finish_stops(self) -> None:
        """Finishes the stops whose process died before their last write; until then nothing new begins there."""
        unfinished = self._groups.find({"stop_unfinished": {"$exists": True}}, {"last": 1, "stop_unfinished": 1})
        one_by_one(unfinished, self.give_up, "Finishing a stop")

    def give_up(self, stopped: Document) -> None:
        """Finishes a stop: nothing is awaited in the session any more.

        Replies that were are discarded; where the mark of the stop is words, they have failed with them, and can be asked for again.
        """
        self._copies.write(stopped.get("last", ()))
        mark = stopped["stop_unfinished"]
        given_up = {"status": FAILED, "error": mark} if isinstance(mark, str) else STOPPED
        self._messages.update_many({"focus_group_id": stopped["_id"], "status": PENDING}, {"$set": given_up})
        changes: Document = {"$unset": {"stop_unfinished": ""}}
        # What a round had answered by then counts, though no worker finished it.
        if (found := self._groups.find_one({"_id": stopped["_id"]}, {"course": 1})) and (
            counted := self._turns.recounted(stopped["_id"], found["course"])
        ):
            changes["$set"] = counted
        self._groups.update_one({"_id": stopped["_id"], "stop_unfinished": stopped["stop_unfinished"]}, changes)

    def give_up_lost(self) -> Sequence[str]:
        """Gives up what is awaited in sessions that are not busy, and says which these were."""
        waited_for = self._messages.distinct("focus_group_id", {"status": PENDING})
        idle = {"pending": 0, "state": {"$ne": FocusGroupState.AUTONOMOUS.value}, **NO_STOP_UNFINISHED}
        lost: list[str] = []

        def give_up(group_id: str) -> None:
            # Like a stop: from this write on until the last one nothing new begins in the session.
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
