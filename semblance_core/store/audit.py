"""Checks the books: rebuilds rollups and budgets from the events and compares, to the nano-dollar."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pymongo import DeleteOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.domain.figures import BOUNDS_MS
from semblance_core.store.connection import Document
from semblance_core.store.rollups import COUNTS, DAILY, GRAINS, LATENCY_BINS, Grain

SPENT = ("spent_nano_usd", "spent_tokens", "unpriced_calls")
RESERVED = ("reserved_nano_usd", "reserved_tokens")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the events say. where: the rollup or budget; figure: its field; in whole units."""

    collection: str
    where: str
    figure: str
    recorded: int
    rebuilt: int

    def __str__(self) -> str:
        return f"{self.collection} {self.where}: {self.figure} is {self.recorded:,}, the events make {self.rebuilt:,}"


@dataclass(frozen=True, slots=True)
class Audit:
    """What was compared: numbers of events, rollups and budgets, and where they do not agree."""

    events: int
    rollups: int
    budgets: int
    differences: tuple[Difference, ...]


class Books:
    def __init__(self, database: Database[Document]):
        self._client = database.client
        self._events = database["usage_events"]
        self._rollups = {grain: database[grain.collection] for grain in GRAINS}
        self._budgets = database["budgets"]

    def check(self) -> Audit:
        """Compares everything as it was at one moment; calls that are being settled meanwhile do no harm."""
        with self._client.start_session(snapshot=True) as session:
            return self._compared(session)[0]

    def repair(self) -> Audit:
        """Makes rollups and budgets what the events say, and returns what was wrong."""
        with self._client.start_session() as session:
            return session.with_transaction(self._repaired)

    def _repaired(self, session: ClientSession) -> Audit:
        audit, rollups, budgets = self._compared(session)
        wrong = {(difference.collection, difference.where) for difference in audit.differences}
        for grain, collection in self._rollups.items():
            writes: list[Any] = [
                ReplaceOne({"_id": where}, found, upsert=True)
                if (found := rollups[grain].get(where))
                else DeleteOne({"_id": where})
                for name, where in wrong
                if name == grain.collection
            ]
            if writes:
                collection.bulk_write(writes, session=session, ordered=False)
        for where in [where for name, where in wrong if name == "budgets"]:
            user_id, _, month = where.rpartition("/")
            key = {"user_id": user_id, "month": month}
            self._budgets.update_one(
                {"_id": where},
                {"$set": budgets[where], "$setOnInsert": {**key, "holds": {}}},
                upsert=True,
                session=session,
            )
        return audit

    def _compared(self, session: ClientSession) -> tuple[Audit, dict[Grain, dict[str, Document]], dict[str, Document]]:
        accounts = {row["_id"]: row for row in self._budgets.find(session=session)}
        rollups: dict[Grain, dict[str, Document]] = {}
        differences: list[Difference] = []
        compared = 0
        for grain, collection in self._rollups.items():
            recorded = {row["_id"]: row for row in collection.find(session=session)}
            rollups[grain] = {
                grain.id_of(row["_id"]): {**row["_id"], **_figures(row, COUNTS)}
                for row in self._by_rollup(grain, session)
            }
            differences += _differences(grain.collection, recorded, rollups[grain], COUNTS)
            compared += len(recorded)
        in_flight = [call_id for account in accounts.values() for call_id in account.get("holds", {})]
        budgets = {
            f"{row['_id']['user_id']}/{row['_id']['month']}": _figures(row, SPENT)
            for row in self._by_budget(in_flight, session)
        }
        for where, account in accounts.items():
            held = account.get("holds", {}).values()
            budgets.setdefault(where, dict.fromkeys(SPENT, 0))
            budgets[where] |= {
                "reserved_nano_usd": sum(hold["nano_usd"] or 0 for hold in held),
                "reserved_tokens": sum(hold["tokens"]["prompt"] + hold["tokens"]["completion"] for hold in held),
            }
        for row in budgets.values():
            row.update({name: row.get(name, 0) for name in RESERVED})
        differences += _differences("budgets", accounts, budgets, (*SPENT, *RESERVED))
        events = sum(row["calls"] for row in rollups[DAILY].values())
        return Audit(events, compared, len(accounts), tuple(differences)), rollups, budgets

    def _by_rollup(self, grain: Grain, session: ClientSession) -> Iterable[Document]:
        def times(condition: Document) -> Document:
            return {"$sum": {"$cond": [condition, 1, 0]}}

        key: Document = {name: f"${name}" for name in grain.split}
        key[grain.time] = {"$dateToString": {"date": "$at", "format": grain.form}}
        latency_ms = {"$toLong": {"$round": [{"$multiply": ["$latency_s", 1000]}, 0]}}
        edges = (1, *BOUNDS_MS)
        sums: Document = {
            "calls": {"$sum": 1},
            "failed": times({"$ne": ["$status", "ok"]}),
            "estimated": times({"$eq": ["$estimated", True]}),
            "cost_nano_usd": {"$sum": "$cost_nano_usd"},
            "unpriced": times({"$eq": ["$cost_nano_usd", None]}),
            "latency_ms": {"$sum": "$latency_ms"},
        }
        for name, low, high in zip_longest(LATENCY_BINS, edges, BOUNDS_MS):
            within = [{"$gte": ["$latency_ms", low]}, *([{"$lt": ["$latency_ms", high]}] if high else [])]
            sums[name] = times({"$and": within})
        sums |= {
            f"{kind}_tokens": {"$sum": f"$tokens.{kind}"} for kind in ("prompt", "cached", "completion", "reasoning")
        }
        return self._events.aggregate(
            [{"$set": {"latency_ms": latency_ms}}, {"$group": {"_id": key, **sums}}], session=session, allowDiskUse=True
        )

    def _by_budget(self, in_flight: list[str], session: ClientSession) -> Iterable[Document]:
        """By user and month. An event whose hold still stands is counted in the budget as held, not as spent."""
        month = {"$dateToString": {"date": "$at", "format": "%Y-%m"}}
        sums: Document = {
            "_id": {"user_id": "$user_id", "month": month},
            "spent_nano_usd": {"$sum": "$cost_nano_usd"},
            "spent_tokens": {"$sum": {"$add": ["$tokens.prompt", "$tokens.completion"]}},
            "unpriced_calls": {"$sum": {"$cond": [{"$eq": ["$cost_nano_usd", None]}, 1, 0]}},
        }
        settled: list[Document] = [{"$match": {"_id": {"$nin": in_flight}}}] if in_flight else []
        return self._events.aggregate([*settled, {"$group": sums}], session=session, allowDiskUse=True)


def _figures(row: Document, names: Iterable[str]) -> Document:
    return {name: int(row.get(name, 0)) for name in names}


def _differences(
    collection: str, recorded: dict[str, Document], rebuilt: dict[str, Document], names: Iterable[str]
) -> Iterable[Difference]:
    for where in sorted(recorded.keys() | rebuilt.keys()):
        one, other = recorded.get(where, {}), rebuilt.get(where, {})
        for name in names:
            if one.get(name, 0) != other.get(name, 0):
                yield Difference(collection, where, name, one.get(name, 0), other.get(name, 0))
