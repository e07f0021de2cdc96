"""Sums of the events beside the rollups on record, a slice at a time: both are read in order, neither is held whole."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from semblance_core.domain.times import midnight
from semblance_core.domain.usage.events import SIMULATED, to_nano_usd
from semblance_core.store.codec import from_document
from semblance_core.store.server.document import Document
from semblance_core.store.usage.grains import GRAINS, Grain, added_up, times
from semblance_core.store.usage.holds import Hold

LAST = chr(0x10FFFF)
DATED = r"^\d{4}-\d{2}-\d{2}"
Beside = Iterator[tuple[str, Document | None, Document | None]]
"""Ids in order, each with what is on record of it and with what the events make of it."""


class Sums:
    def __init__(self, database: Database[Document]):
        self._events = database["usage_events"]
        self._rollups = {grain: database[grain.collection] for grain in GRAINS}
        self._budgets = database["budgets"]

    # Which slices there are

    def days(self) -> Iterator[str]:
        """All days of events and of rollups, in order."""
        found = heapq.merge(self._days_of_events(), *(map(self._days_of, self._rollups.values())))
        return (day for day, _ in groupby(found))

    def days_at_most(self) -> int:
        """From the first event to the last one."""
        ends = [self._events.find_one({}, {"at": 1}, sort=[("at", order)]) for order in (1, -1)]
        return (ends[1]["at"] - ends[0]["at"]).days + 2 if ends[0] and ends[1] else 0

    def months(self) -> list[str]:
        """All months of events and of budgets, in order."""
        found = {str(month) for month in self._budgets.distinct("month")}
        since = datetime.min.replace(tzinfo=UTC)
        while event := self._events.find_one({"at": {"$gte": since}}, {"at": 1}, sort=[("at", 1)]):
            since = _next_month(event["at"])
            found.add(f"{event['at']:%Y-%m}")
        return sorted(found)

    def _days_of_events(self) -> Iterator[str]:
        since = datetime.min.replace(tzinfo=UTC)
        while event := self._events.find_one({"at": {"$gte": since}}, {"at": 1}, sort=[("at", 1)]):
            yield f"{event['at']:%Y-%m-%d}"
            since = midnight(event["at"]) + timedelta(days=1)

    def _days_of(self, rollups: Collection[Document]) -> Iterator[str]:
        after = ""
        while row := rollups.find_one({"_id": {"$gt": after, "$regex": DATED}}, {"_id": 1}, sort=[("_id", 1)]):
            yield row["_id"][:10]
            after = row["_id"][:10] + LAST

    # What is in a slice

    def rollups(self, grain: Grain, day: str, session: ClientSession) -> Beside:
        """The rollups of a day."""
        of_day = {"_id": {"$gte": day, "$lt": day + LAST}}
        recorded = self._rollups[grain].find(of_day, session=session).sort("_id", 1)
        return _side_by_side(recorded, self._added_up(grain, day, session))

    def undated(self, grain: Grain, session: ClientSession) -> Beside:
        """Rollups of no day at all, which no event can have made."""
        for row in self._rollups[grain].find({"_id": {"$not": {"$regex": DATED}}}, session=session):
            yield row["_id"], row, None

    def budgets(self, month: str, session: ClientSession) -> Beside:
        """The budgets of a month; what their holds set aside is what is reserved."""
        in_flight = [
            call_id
            for budget in self._budgets.find({"month": month, "holds": {"$gt": {}}}, {"holds": 1}, session=session)
            for call_id in budget["holds"]
        ]
        recorded = self._budgets.find({"month": month}, session=session).sort("_id", 1)
        for where, budget, spent in _side_by_side(recorded, self._spent(month, in_flight, session)):
            user_id = where.rpartition("/")[0]
            empty = {"user_id": user_id, "month": month, "holds": {}}
            yield where, budget, empty | (spent or {}) | (_reserved(user_id, budget) if budget else {})

    def _added_up(self, grain: Grain, day: str, session: ClientSession) -> Iterable[Document]:
        """Returns a day's rollups as its events make them."""
        since = None
        with suppress(ValueError):  # a rollup of a day that no calendar has
            since = datetime.fromisoformat(day).replace(tzinfo=UTC)
        if since is None:
            return ()
        within = {"$gte": since, "$lt": since + timedelta(days=1)}
        pipeline: list[Document] = [{"$match": {"at": within}}, *added_up(grain)]
        return self._events.aggregate(pipeline, session=session, allowDiskUse=True)

    def _spent(self, month: str, in_flight: list[str], session: ClientSession) -> Iterable[Document]:
        """By user. An event whose hold still stands is counted in the budget as held, not as spent."""
        try:
            since = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
        except ValueError:
            return ()
        is_simulated = {"$eq": [{"$indexOfBytes": ["$model", SIMULATED]}, 0]}
        sums: Document = {
            "_id": {"$concat": ["$user_id", "/", month]},
            "spent_nano_usd": {"$sum": "$cost_nano_usd"},
            "spent_tokens": {"$sum": {"$cond": [is_simulated, 0, {"$add": ["$tokens.prompt", "$tokens.completion"]}]}},
            "unpriced_calls": times({"$eq": ["$cost_nano_usd", None]}),
        }
        settled: Document = {"at": {"$gte": since, "$lt": _next_month(since)}}
        settled |= {"_id": {"$nin": in_flight}} if in_flight else {}
        pipeline: list[Document] = [{"$match": settled}, {"$group": sums}, {"$sort": {"_id": 1}}]
        return self._events.aggregate(pipeline, session=session, allowDiskUse=True)


def _side_by_side(recorded: Iterable[Document], rebuilt: Iterable[Document]) -> Beside:
    """Documents of the same id together; both come in the order of their ids."""
    tagged = heapq.merge(
        ((row["_id"], "recorded", row) for row in recorded),
        ((row["_id"], "rebuilt", row) for row in rebuilt),
        key=lambda each: each[0],
    )
    for where, both in groupby(tagged, key=lambda each: each[0]):
        found = {kind: row for _, kind, row in both}
        yield where, found.get("recorded"), found.get("rebuilt")


def _reserved(user_id: str, budget: Document) -> Document:
    holds = [
        from_document(Hold, {**entry, "call_id": call_id, "user_id": user_id})
        for call_id, entry in budget.get("holds", {}).items()
    ]
    return {
        "reserved_nano_usd": sum(to_nano_usd(hold.usd) for hold in holds if hold.usd is not None),
        "reserved_tokens": sum(hold.limits_tokens for hold in holds),
    }


def _next_month(moment: datetime) -> datetime:
    first = midnight(moment).replace(day=1)
    return (first + timedelta(days=32)).replace(day=1)
