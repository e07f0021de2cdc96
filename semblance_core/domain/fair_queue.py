"""A fair queue: first the work that a person waits for, then the owner with the least under way, then piece of work by piece of work."""

from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
NEAR = 50
"""Among so many pieces of one owner's work, those that have waited the longest, the one with the least under way is next."""


@dataclass(frozen=True, slots=True)
class Place:
    """Place of an item in the queue: its owner, its piece of work, and whether a person waits for it."""

    owner: str
    work: str
    waited_for: bool = True


class FairQueue(Generic[Item]):
    """Items that wait until they may be under way. It takes no lock: its users do.

    Neither kind of work ever keeps the other from going on: work that a person waits for, and unattended work.

    Attributes:
        size: items under way at once; alone, one owner's work has all of them.
        more: a third of size, at least one. Attended work may use as many besides where unattended work fills the size.
        beside: unattended items that may be under way; set by the users of the queue. While there is attended work, as many
            as leave size in all, and at least `more`.
    """

    def __init__(self, size: int):
        self.size = size
        self.more = max(1, size // 3)
        self.beside = size
        self._waiting: dict[bool, dict[str, dict[str, deque[Item]]]] = {True: {}, False: {}}
        self._under_way: Counter[Place] = Counter()
        self._of_owner: Counter[tuple[bool, str]] = Counter()
        self._of_kind: Counter[bool] = Counter()

    def put(self, place: Place, item: Item) -> None:
        works = self._waiting[place.waited_for].setdefault(place.owner, {})
        works.setdefault(place.work, deque()).append(item)

    def take(self) -> tuple[Place, Item] | None:
        """Takes the next item, which is under way until it is `done`; None where nothing waits or nothing may begin."""
        for waited_for in (True, False):
            lane = self._waiting[waited_for]
            if lane and self._may_begin(waited_for):
                owner = min(lane, key=lambda owner: self._of_owner[waited_for, owner])
                works = lane.pop(owner)
                nearest = islice(works, NEAR)
                work = min(nearest, key=lambda work: self._under_way[Place(owner, work, waited_for)])
                items = works.pop(work)
                item = items.popleft()
                if items:
                    works[work] = items  # at the end: the others of this owner come before it again
                if works:
                    lane[owner] = works
                place = Place(owner, work, waited_for)
                self._count(place, 1)
                return place, item
        return None

    def done(self, place: Place) -> None:
        """One item that was taken for this place is not under way any more."""
        self._count(place, -1)

    def remove(self, place: Place, item: Item) -> bool:
        """Returns whether the item still waited there; it does not any more."""
        lane = self._waiting[place.waited_for]
        items = lane.get(place.owner, {}).get(place.work)
        if items is None or item not in items:
            return False
        items.remove(item)
        if not items:
            del lane[place.owner][place.work]
        if not lane[place.owner]:
            del lane[place.owner]
        return True

    @property
    def somebody_waits(self) -> bool:
        """Returns whether anything that a person waits for is under way or in the queue."""
        return bool(self._of_kind[True] or self._waiting[True])

    def clear(self) -> list[Item]:
        """Empties the queue and returns the items that waited."""
        lanes = self._waiting.values()
        waited = [item for lane in lanes for works in lane.values() for items in works.values() for item in items]
        for lane in lanes:
            lane.clear()
        return waited

    def _may_begin(self, waited_for: bool) -> bool:
        awaited, others = self._of_kind[True], self._of_kind[False]
        if waited_for:
            return awaited < self.size and awaited + others < self.size + self.more
        most = max(1, min(self.size, self.beside))
        if awaited or self._waiting[True]:
            most = min(most, max(self.more, self.size - awaited))
        return others < most

    def _count(self, place: Place, by: int) -> None:
        owner = place.waited_for, place.owner
        self._under_way[place] += by
        self._of_owner[owner] += by
        self._of_kind[place.waited_for] += by
        if not self._under_way[place]:
            del self._under_way[place]
        if not self._of_owner[owner]:
            del self._of_owner[owner]
