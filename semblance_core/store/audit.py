"""Checks the books: rebuilds rollups and budgets from the events and compares, to the nano-dollar."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.store.connection import Document
from semblance_core.store.usage import SPLIT, rollup_id

COUNTS = (
    *("calls", "failed", "estimated", "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens"),
    *("cost_nano_usd", "unpriced", "latency_ms"),
)
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
        self._daily = database["usage_daily"]
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
        daily: list[Any] = []
        for where in {difference.where for difference in audit.differences if difference.collection == "usage_daily"}:
            found = rollups.get(where)
            daily.append(
                UpdateOne({"_id": where}, {"$set": found}, upsert=True) if found else DeleteOne({"_id": where})
            )
        if daily:
            self._daily.bulk_write(daily, session=session)
        for where in {difference.where for difference in audit.differences if difference.collection == "budgets"}:
            user_id, _, month = where.rpartition("/")
            key = {"user_id": user_id, "month": month}
            self._budgets.update_one(
                {"_id": where},
                {"$set": budgets[where], "$setOnInsert": {**key, "holds": {}}},
                upsert=True,
                session=session,
            )
        return audit

    def _compared(self, session: ClientSession) -> tuple[Audit, dict[str, Document], dict[str, Document]]:
        recorded = {row["_id"]: row for row in self._daily.find(session=session)}
        accounts = {row["_id"]: row for row in self._budgets.find(session=session)}
        rollups = {rollup_id(row["_id"]): {**row["_id"], **_figures(row, COUNTS)} for row in self._by_rollup(session)}
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
        differences = (
            *_differences("usage_daily", recorded, rollups, COUNTS),
            *_differences("budgets", accounts, budgets, (*SPENT, *RESERVED)),
        )
        events = sum(row["calls"] for row in rollups.values())
        return Audit(events, len(recorded), len(accounts), differences), rollups, budgets

    def _by_rollup(self, session: ClientSession) -> Iterable[Document]:
        def times(condition: Document) -> Document:
            return {"$sum": {"$cond": [condition, 1, 0]}}

        key: Document = {name: f"${name}" for name in SPLIT if name != "day"}
        key = {"day": {"$dateToString": {"date": "$at", "format": "%Y-%m-%d"}}, **key}
        sums: Document = {
            "calls": {"$sum": 1},
            "failed": times({"$ne": ["$status", "ok"]}),
            "estimated": times({"$eq": ["$estimated", True]}),
            "cost_nano_usd": {"$sum": "$cost_nano_usd"},
            "unpriced": times({"$eq": ["$cost_nano_usd", None]}),
            "latency_ms": {"$sum": {"$toLong": {"$round": [{"$multiply": ["$latency_s", 1000]}, 0]}}},
        }
        sums |= {
            f"{kind}_tokens": {"$sum": f"$tokens.{kind}"} for kind in ("prompt", "cached", "completion", "reasoning")
        }
        return self._events.aggregate([{"$group": {"_id": key, **sums}}], session=session, allowDiskUse=True)

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
