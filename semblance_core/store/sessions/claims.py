"""Claims on documents: leases by the server's clock, and epochs that fence out earlier workers.

A message through a broker carries the epoch as the handoff epoch. Its receiver claims with it at once, though the lease
of the worker that passed the work on still stands. A claim raises the epoch, so a message that comes twice claims only
once.
"""

from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.server.lease import LEASE_IS_PAST, NO_LEASE, past_for, taken_for

# A lease that was given back is `NO_LEASE`, not a past one. Of reserved work no worker has died: its message was lost.
_RAN_OUT: Document = {
    "$and": [
        {"$gt": ["$lease_until", NO_LEASE]},
        {"$lt": ["$lease_until", "$$NOW"]},
        {"$ne": ["$reserved", True]},
    ]
}
ABANDONED: Document = {
    "abandoned": {"$or": [{"$ifNull": ["$abandoned", False]}, _RAN_OUT]},
    "lost": {"$add": [{"$ifNull": ["$lost", 0]}, {"$cond": [_RAN_OUT, 1, 0]}]},
}
"""abandoned: a worker's lease ran out instead of being given back, so it died or froze and may have left holds behind.

It stays set until those holds are settled, however often the work is claimed before. lost: how many workers in a row
ended so, without storing anything new.
"""
NOT_LOST: Document = {"lost": 0}
"""Set with every write that brings the work on, and where a lease is given back."""


class Claims:
    """Claims on the documents of one collection.

    over: the collection, whose documents have `epoch` and `lease_until`. open_work: the condition of those that need a
    worker.
    """

    def __init__(self, over: Collection[Document], open_work: Document):
        self._documents = over
        self._open = open_work

    def claim(self, work_id: str, lease_s: float, handoff_epoch: int | None = None, **fields: Any) -> Document | None:
        """Claims a document under a new epoch.

        Args:
            handoff_epoch: The epoch under which it was passed on to the caller.
            fields: Fields to set besides.

        Returns:
            The document as claimed, whose `abandoned` tells whether its last worker died or froze; None where there is
            nothing to do or another worker has it.
        """
        mine = {"epoch": {"$add": ["$epoch", 1]}, "reserved": False, **taken_for(lease_s)}
        taken = [{"$set": {**fields, **ABANDONED, **mine}}]
        free = LEASE_IS_PAST if handoff_epoch is None else {"$or": [{"epoch": handoff_epoch}, LEASE_IS_PAST]}
        return self._documents.find_one_and_update(
            {"_id": work_id, "$and": [self._open, free]}, taken, return_document=True
        )

    def reserve(self, work_id: str, lease_s: float) -> int | None:
        """Takes the lease of work without a living worker, for a message that is to bring it to one.

        Returns:
            The handoff epoch for that message; None where the work has a worker or needs none.
        """
        found = self._documents.find_one_and_update(
            {"_id": work_id, "$and": [self._open, LEASE_IS_PAST]},
            [{"$set": {**ABANDONED, **taken_for(lease_s), "reserved": True}}],
            projection={"epoch": 1},
        )
        return int(found["epoch"]) if found else None

    def renew(self, work_id: str, epoch: int, lease_s: float) -> bool:
        """Renews a lease; whether the work is still held under this epoch."""
        return self.renew_all([(work_id, epoch)], lease_s) == 1

    def renew_all(self, held: Sequence[tuple[str, int]], lease_s: float) -> int:
        """Renews leases, by id and epoch, in one write; how many are still held."""
        longer = [{"$set": taken_for(lease_s)}]
        # The epoch stays when a lease is given back, so a renewal that comes after that must not take it again.
        mine = [{"_id": work_id, "epoch": epoch, "lease_until": {"$gt": NO_LEASE}} for work_id, epoch in held]
        writes = [UpdateOne(which, longer) for which in mine]
        return self._documents.bulk_write(writes, ordered=False).matched_count

    def recovered(self, work_id: str, epoch: int) -> None:
        """Notes that the holds which the last worker left behind are settled."""
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": {"abandoned": False}})

    @patiently
    def release(self, work_id: str, epoch: int) -> None:
        """Gives a lease back, so that anybody can claim the work at once; does nothing under an old epoch."""
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": {"lease_until": NO_LEASE, **NOT_LOST}})

    def release_all(self, held: dict[str, int]) -> None:
        """Gives leases back, by id and epoch, in one write."""
        given = {"$set": {"lease_until": NO_LEASE, **NOT_LOST}}
        if writes := [UpdateOne({"_id": work_id, "epoch": epoch}, given) for work_id, epoch in held.items()]:
            self._documents.bulk_write(writes, ordered=False)

    def brought_on(self, work_id: str, epoch: int) -> None:
        """Notes that something new of the work was stored in another document than its own."""
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": NOT_LOST})

    def epoch(self, work_id: str) -> int | None:
        """The current epoch; None where there is no such work."""
        found = self._documents.find_one({"_id": work_id}, {"epoch": 1})
        return found.get("epoch") if found else None

    def left(self, slack_s: float = 0.0) -> dict[str, int]:
        """Unfinished work whose lease is past: id → last epoch.

        Args:
            slack_s: How long leases must be past, because a living worker may renew late.
        """
        found = self._documents.find({"$and": [self._open, past_for(slack_s)]}, {"epoch": 1})
        # A document without a numeric epoch is damaged and cannot be claimed; it must not stop the sweep of the others.
        return {str(each["_id"]): each["epoch"] for each in found if isinstance(each.get("epoch"), int)}
