"""Who works on a document: leases by the server's clock, epochs that fence out whoever had it before.

An epoch is also a baton: a message through a broker carries it, and whoever brings it claims at once, though the lease of
the worker that passed it on still stands. A claim raises the epoch, so a message that comes twice is of no use the second time.
"""

from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from semblance_core.store.connection import Document
from semblance_core.store.failures import patiently
from semblance_core.store.lease import LEASE_IS_PAST, NO_LEASE, past_for, taken_for

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
"""Whether a worker's lease ran out instead of being given back: it died or froze, and may have left holds behind.

lost: how often in a row it did, without anything new being stored in between.
"""
NOT_LOST: Document = {"lost": 0}
"""Set with whatever is stored that brings the work on, and where a lease is given back."""


class Claims:
    """over: a collection whose documents have `epoch` and `lease_until`; open_work: which of them need a worker."""

    def __init__(self, over: Collection[Document], open_work: Document):
        self._documents = over
        self._open = open_work

    def claim(self, work_id: str, lease_s: float, baton: int | None = None, **fields: Any) -> Document | None:
        """The document, now the caller's with a new epoch; None where there is nothing to do or another worker has it.

        baton: the epoch under which it was passed on. fields: what to set besides. Its `abandoned` says whether who had it
        before died or froze.
        """
        mine = {"epoch": {"$add": ["$epoch", 1]}, "reserved": False, **taken_for(lease_s)}
        taken = [{"$set": {**fields, **ABANDONED, **mine}}]
        free = LEASE_IS_PAST if baton is None else {"$or": [{"epoch": baton}, LEASE_IS_PAST]}
        return self._documents.find_one_and_update(
            {"_id": work_id, "$and": [self._open, free]}, taken, return_document=True
        )

    def reserve(self, work_id: str, lease_s: float) -> int | None:
        """The baton of work that no living worker has, and that is nobody else's for so long; None where there is none."""
        found = self._documents.find_one_and_update(
            {"_id": work_id, "$and": [self._open, LEASE_IS_PAST]},
            [{"$set": {**ABANDONED, **taken_for(lease_s), "reserved": True}}],
            projection={"epoch": 1},
        )
        return int(found["epoch"]) if found else None

    def renew(self, work_id: str, epoch: int, lease_s: float) -> bool:
        """Whether it is still held under this epoch; one that was given back meanwhile is not taken again."""
        return self.renew_all([(work_id, epoch)], lease_s) == 1

    def renew_all(self, held: Sequence[tuple[str, int]], lease_s: float) -> int:
        """The same for many, by id and epoch, in one go; how many are still held."""
        longer = [{"$set": taken_for(lease_s)}]
        mine = [{"_id": work_id, "epoch": epoch, "lease_until": {"$gt": NO_LEASE}} for work_id, epoch in held]
        writes = [UpdateOne(which, longer) for which in mine]
        return self._documents.bulk_write(writes, ordered=False).matched_count

    def recovered(self, work_id: str, epoch: int) -> None:
        """Notes that what the worker left behind that had it before is settled."""
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": {"abandoned": False}})

    @patiently
    def release(self, work_id: str, epoch: int) -> None:
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": {"lease_until": NO_LEASE, **NOT_LOST}})

    def release_all(self, held: dict[str, int]) -> None:
        """Gives these back, by id and epoch, in one go."""
        given = {"$set": {"lease_until": NO_LEASE, **NOT_LOST}}
        if writes := [UpdateOne({"_id": work_id, "epoch": epoch}, given) for work_id, epoch in held.items()]:
            self._documents.bulk_write(writes, ordered=False)

    def brought_on(self, work_id: str, epoch: int) -> None:
        """Notes that something new of it is stored, for work that keeps this elsewhere than in its own document."""
        self._documents.update_one({"_id": work_id, "epoch": epoch}, {"$set": NOT_LOST})

    def epoch(self, work_id: str) -> int | None:
        """The epoch that holds by now; None where there is no such work."""
        found = self._documents.find_one({"_id": work_id}, {"epoch": 1})
        return found.get("epoch") if found else None

    def left(self, slack_s: float = 0.0) -> dict[str, int]:
        """What needs a worker and has no living one: ids, with the epoch of who had it last.

        slack_s: how long leases must be past, for living workers that could not renew them in time.
        """
        found = self._documents.find({"$and": [self._open, past_for(slack_s)]}, {"epoch": 1})
        # Without a number it is damaged: nobody could claim it, and the others need not wait for that.
        return {str(each["_id"]): each["epoch"] for each in found if isinstance(each.get("epoch"), int)}
