"""Puts a person's usage under another name: events, rollups and budgets together, a day at a time, so that they agree at any moment."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.domain.usage.events import is_simulated
from semblance_core.store.server.document import Document
from semblance_core.store.usage.grains import DAILY, GRAINS, Grain
from semblance_core.store.usage.rollups import COUNTS

SUMS = ("spent_nano_usd", "spent_tokens", "unpriced_calls", "reserved_nano_usd", "reserved_tokens")


class CallsUnderWay(Exception):
    """A hold of the account stands: what its call costs is about to be moved by whoever settles it."""


class UsageOwner:
    def __init__(self, database: Database[Document]):
        self._client = database.client
        self._events = database["usage_events"]
        self._budgets = database["budgets"]
        self._rollups = {grain: database[grain.collection] for grain in GRAINS}

    def without_texts(self, **of: str) -> None:
        """Takes the words of failures out of events; what they cost, and of which kind the failure was, stays. of: their fields."""
        worded = {"$or": [{"error": {"$gt": ""}}, {"provider_said": {"$gt": ""}}]}
        self._events.update_many({**of, **worded}, {"$set": {"error": "", "provider_said": ""}})

    def move(self, user_id: str, to: str) -> bool:
        """Puts all usage of one name under the other; False where calls are under way, and the rest has to wait.

        May be done again, and goes on where it was cut off.
        """
        with self._client.start_session() as session:
            try:
                for day in sorted(self._rollups[DAILY].distinct("day", {"user_id": user_id})):
                    session.with_transaction(lambda within, day=day: self._move_day(user_id, to, day, within))  # type: ignore[misc]
            except CallsUnderWay:
                return False
        mine = {"_id": {"$regex": f"^{re.escape(user_id)}/"}, "user_id": user_id}
        self._budgets.delete_many({**mine, "holds": {}, **dict.fromkeys(SUMS, 0)})
        return self._budgets.find_one(mine, {"_id": 1}) is None

    def _move_day(self, user_id: str, to: str, day: str, session: ClientSession) -> None:
        budget = self._budgets.find_one({"_id": f"{user_id}/{day[:7]}"}, {"holds": 1}, session=session)
        if budget and budget.get("holds"):
            raise CallsUnderWay
        moved: Counter[str] = Counter()
        tokens = 0
        for grain, collection in self._rollups.items():
            mine: Document = {"user_id": user_id, grain.time: {"$regex": f"^{day}"}}
            rows = list(collection.find(mine, session=session))
            if grain is DAILY:
                for row in rows:
                    moved.update({name: int(row.get(name, 0)) for name in COUNTS})
                    # The simulator's tokens count to nobody's budget, and stand in its rollups all the same.
                    tokens += (
                        0 if is_simulated(row["model"]) else int(row["prompt_tokens"]) + int(row["completion_tokens"])
                    )
            if rows:
                collection.bulk_write(_renamed(grain, rows, to), session=session, ordered=False)
        spent = {
            "spent_nano_usd": moved["cost_nano_usd"],
            "spent_tokens": tokens,
            "unpriced_calls": moved["unpriced"],
        }
        month = day[:7]
        fresh = {"user_id": to, "month": month, "holds": {}, "reserved_nano_usd": 0, "reserved_tokens": 0}
        less = {name: -count for name, count in spent.items()}
        self._budgets.update_one({"_id": f"{user_id}/{month}"}, {"$inc": less}, session=session)
        self._budgets.update_one(
            {"_id": f"{to}/{month}"}, {"$setOnInsert": fresh, "$inc": spent}, upsert=True, session=session
        )
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
        of_day = {"user_id": user_id, "at": {"$gte": begin, "$lt": begin + timedelta(days=1)}}
        self._events.update_many(of_day, {"$set": {"user_id": to}}, session=session)


def _renamed(grain: Grain, rows: Iterable[Document], to: str) -> list[Any]:
    """The same counts under the other name, where there may be some of the same time and kind already."""
    writes: list[Any] = []
    for row in rows:
        key = {name: row[name] for name in grain.split} | {"user_id": to}
        counts = {name: row[name] for name in COUNTS if name in row}
        writes.append(UpdateOne({"_id": grain.id_of(key)}, {"$setOnInsert": key, "$inc": counts}, upsert=True))
        writes.append(DeleteOne({"_id": row["_id"]}))
    return writes
