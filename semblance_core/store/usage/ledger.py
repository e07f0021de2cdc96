"""The ledger: budgets by user and month, holds for calls under way, and the exchange of holds for costs.

One update takes a hold, and matches only while spent + held + amount stays within the quota. So the quota is never
passed, however many threads and processes race. Settling writes the usage event first (once, by the call's id) and then
exchanges the hold for the call's cost. A process that dies in between leaves a hold, which `settle_expired` exchanges
for its full amount, flagged as estimated.

A hold is the worst case only where the provider keeps the bound of the answer. Of a model whose provider is not known
yet to keep it (`ModelBounds`), a budget has one call at a time under way, so that at most one call goes beyond its
hold.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure

from semblance_core.domain.accounts.account import User
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.times import as_utc
from semblance_core.domain.usage.events import (
    QuotaStatus,
    UsageEvent,
    UsageQuota,
    counted_tokens,
    from_nano_usd,
    limits_for,
    to_nano_usd,
)
from semblance_core.domain.usage.money import money
from semblance_core.domain.usage.served import UNKNOWN
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.usage.answer_bounds import ModelBounds
from semblance_core.store.usage.holds import Hold as Hold
from semblance_core.store.usage.records import UsageRecords
from semblance_core.store.usage.trial import NONE_ON_TRIAL, entry_of, may_begin

WITH_HOLDS: Document = {"month": {"$gt": ""}, "holds": {"$gt": {}}}
"""Budgets with calls under way, in the form that their index serves."""


class Ledger:
    def __init__(self, database: Database[Document], usage: UsageRecords):
        self._database = database
        self._budgets = database["budgets"]
        self.usage = usage
        self.bounds = ModelBounds(database)
        self._session = database.client.start_session()
        self._settling = threading.Lock()

    def hold(self, hold: Hold, quota: UsageQuota, lasts_s: float) -> None:
        """Sets the hold's amount aside, or raises `QuotaExceeded` and leaves everything as it was."""
        if not self.hold_all([hold], quota, lasts_s):
            raise self._refusal(hold, quota)

    def hold_on_trial(self, hold: Hold, quota: UsageQuota, lasts_s: float) -> bool:
        """Takes a hold for a model on trial; False while another such call of the user is under way."""
        for _ in range(2):  # again, because the other call may end between the write and the look
            if self.hold_all([hold], quota, lasts_s, on_trial=True):
                return True
            if not self._budgets.find_one({"_id": hold.budget_id, "$expr": NONE_ON_TRIAL}, {"_id": 1}):
                return False
        raise self._refusal(hold, quota)

    def hold_all(self, holds: Sequence[Hold], quota: UsageQuota, lasts_s: float, *, on_trial: bool = False) -> bool:
        """Sets the amounts of one user's holds aside by one write; False where they do not all fit, and none is taken.

        Args:
            on_trial: For one hold: False as well while another hold on trial keeps its call from beginning (trial.py).
        """
        nano = sum(to_nano_usd(hold.usd or Decimal(0)) for hold in holds)
        tokens = sum(hold.limits_tokens for hold in holds)
        limits = [limits_for(quota, hold.model, hold.usd) for hold in holds]
        fits: list[Document] = [may_begin(hold, each) for hold, each in zip(holds, limits, strict=True) if on_trial]
        if quota.usd is not None and any(each.usd is not None for each in limits):
            fits.append({"$lte": [{"$add": ["$spent_nano_usd", "$reserved_nano_usd", nano]}, to_nano_usd(quota.usd)]})
        if quota.tokens is not None and any(each.tokens is not None for each in limits):
            fits.append({"$lte": [{"$add": ["$spent_tokens", "$reserved_tokens", tokens]}, quota.tokens]})
        fields: Document = {
            "reserved_nano_usd": {"$add": ["$reserved_nano_usd", nano]},
            "reserved_tokens": {"$add": ["$reserved_tokens", tokens]},
        }
        times = {"taken_at": "$$NOW", "expires_at": {"$add": ["$$NOW", int(lasts_s * 1000)]}}
        for hold in holds:
            entry = {key: value for key, value in to_document(hold).items() if key not in ("call_id", "user_id")}
            entry["settled_in"] = self._session.session_id["id"]  # for `_end_transactions`, if this process dies
            entry |= entry_of(hold) if on_trial else {}
            fields[f"holds.{hold.call_id}"] = {"$mergeObjects": [{"$literal": entry}, times]}
        budget_id = holds[0].budget_id
        condition: Document = {"_id": budget_id, **({"$expr": {"$and": fits}} if fits else {})}
        if self._budgets.update_one(condition, [{"$set": fields}]).matched_count:
            return True
        # The budget has no room, or does not exist before the month's first call. Both look alike to the update, so it
        # is opened and tried once more.
        self._open_budget(budget_id, holds[0].user_id, holds[0].month)
        return self._budgets.update_one(condition, [{"$set": fields}]).matched_count == 1

    def settle(self, hold: Hold, event: UsageEvent) -> None:
        """Records the call and exchanges its hold for its cost; a second time changes nothing."""
        self.settle_all([(hold, event)])

    def settle_all(self, calls: Sequence[tuple[Hold, UsageEvent]]) -> None:
        """Settles many calls with few writes; a second time changes nothing."""
        self.bounds.learn(calls)  # first: the next call on trial begins when this hold ends, and needs the bound then
        with self._settling:  # a driver session serves one thread at a time
            recorded = self.usage.record([event for _, event in calls], self._session)
        by_budget: dict[str, list[tuple[Hold, UsageEvent]]] = defaultdict(list)
        for hold, event in calls:
            by_budget[hold.budget_id].append((hold, recorded[event.id]))
        for budget_id, together in by_budget.items():
            if not self._exchange(budget_id, together):  # one of them was settled by a sweeper: each by itself
                for call in together:
                    self._exchange(budget_id, [call])

    def release(self, holds: Sequence[Hold]) -> None:
        """Takes back holds whose calls were never made; does nothing for those that are gone."""
        for hold in holds:
            there = f"holds.{hold.call_id}"
            self._budgets.update_one(
                {"_id": hold.budget_id, there: {"$exists": True}},
                {"$unset": {there: ""}, "$inc": _reserved([hold], -1)},
            )

    def settle_expired(self) -> int:
        """Settles expired holds, which dead workers left behind, at their full amount; returns how many."""
        # By the server's clock, because the clock of this machine may be hours off. A command's answer has naive times,
        # whatever the client is set to.
        server_now = as_utc(self._database.client.admin.command("hello")["localTime"])
        return self._settle_where({}, lambda entry: entry["expires_at"] < server_now)

    def settle_left(self, user_id: str, **of: str | None) -> int:
        """Settles the holds of a session or task that another worker takes over; returns how many.

        A call of the earlier worker that comes back after all finds its hold gone and changes nothing.

        Args:
            of: Fields that the holds must have.
        """
        return self._settle_where(
            {"user_id": user_id}, lambda entry: all(entry.get(name) == value for name, value in of.items())
        )

    def _settle_where(self, budgets: Document, is_left: Callable[[Document], bool]) -> int:
        left: list[tuple[str, str, Document]] = []

        def look_at(budget: Document) -> None:
            one_by_one(
                budget.get("holds", {}).items(),
                lambda hold: left.append((budget["user_id"], *hold)) if is_left(hold[1]) else None,
                "Looking at a hold",
            )

        one_by_one(self._budgets.find({**budgets, **WITH_HOLDS}), look_at, "Looking at a budget")
        # Once for all, before any is settled: a dead process's open transaction would block each write to its
        # documents.
        self._end_transactions({entry["settled_in"] for _, _, entry in left if "settled_in" in entry})
        settled: list[str] = []

        def settle(found: tuple[str, str, Document]) -> None:
            user_id, call_id, entry = found
            hold = from_document(Hold, {**entry, "call_id": call_id, "user_id": user_id})
            self._take_on(hold)
            self.settle(hold, self._event_of(hold))
            settled.append(call_id)

        one_by_one(left, settle, "Settling a hold")
        return len(settled)

    def _take_on(self, hold: Hold) -> None:
        """Puts this process's session on the hold, for the next process that settles it if this one dies too."""
        there = f"holds.{hold.call_id}"
        mine = {f"{there}.settled_in": self._session.session_id["id"]}
        self._budgets.update_one({"_id": hold.budget_id, there: {"$exists": True}}, {"$set": mine})

    def _end_transactions(self, sessions: Iterable[Any]) -> None:
        """Ends open transactions of dead processes, which would lock their documents for a minute.

        A process that is alive after all repeats its transaction.
        """
        mine = self._session.session_id["id"]
        if others := [{"id": session} for session in sessions if session != mine]:
            with suppress(OperationFailure):  # without the right to do that, the minute has to pass
                self._database.client.admin.command("killSessions", others)

    def status(self, user_id: str, quota: UsageQuota, month: str) -> QuotaStatus:
        return _status(quota, self._budgets.find_one({"_id": f"{user_id}/{month}"}, {"holds": 0}) or {})

    def statuses(self, users: Sequence[User], month: str) -> list[tuple[User, QuotaStatus]]:
        """These users with their quota status, by one read."""
        names = [f"{user.id}/{month}" for user in users]
        found = {budget["_id"]: budget for budget in self._budgets.find({"_id": {"$in": names}}, {"holds": 0})}
        return [(user, _status(user.quota, found.get(name, {}))) for user, name in zip(users, names, strict=True)]

    def check_left(self, user_id: str, quota: UsageQuota, month: str) -> None:
        """Raises `QuotaExceeded` where the quota is used up, so that nothing begins that can only fail."""
        status = self.status(user_id, quota, month)
        no_money = quota.usd is not None and status.spent_usd >= quota.usd
        no_tokens = quota.tokens is not None and status.spent_tokens >= quota.tokens
        if no_money or no_tokens:
            raise QuotaExceeded(_over_quota(status, 0, 0))

    def _refusal(self, hold: Hold, quota: UsageQuota) -> QuotaExceeded:
        usd, tokens = hold.usd or Decimal(0), hold.tokens.total
        words = _over_quota(self.status(hold.user_id, quota, hold.month), to_nano_usd(usd), tokens)
        return QuotaExceeded(words, needs_usd=usd, needs_tokens=tokens)

    def _open_budget(self, budget_id: str, user_id: str, month: str) -> None:
        empty = {
            "spent_nano_usd": 0,
            "reserved_nano_usd": 0,
            "spent_tokens": 0,
            "reserved_tokens": 0,
            "unpriced_calls": 0,
        }
        fresh = {"user_id": user_id, "month": month, "holds": {}, **empty}
        with suppress(DuplicateKeyError):  # another thread opened it at the same moment
            self._budgets.update_one({"_id": budget_id}, {"$setOnInsert": fresh}, upsert=True)

    def _exchange(self, budget_id: str, calls: Sequence[tuple[Hold, UsageEvent]]) -> bool:
        """Exchanges holds for their calls' costs by one write; False, with nothing written, where one is gone."""
        costs = [event.cost_usd for _, event in calls]
        # Matches only while all holds are there, so that no call is counted twice.
        there = {f"holds.{hold.call_id}": {"$exists": True} for hold, _ in calls}
        done = self._budgets.update_one(
            {"_id": budget_id, **there},
            {
                "$unset": dict.fromkeys(there, ""),
                "$inc": {
                    **_reserved([hold for hold, _ in calls], -1),
                    "spent_nano_usd": sum(to_nano_usd(cost) for cost in costs if cost is not None),
                    "spent_tokens": sum(counted_tokens(event.model, event.tokens) for _, event in calls),
                    "unpriced_calls": costs.count(None),
                },
            },
        )
        return done.matched_count == 1

    def _event_of(self, hold: Hold) -> UsageEvent:
        """The call's event if its worker wrote one before it died, else one that charges the full hold."""
        if written := self.usage.find(hold.call_id):
            return written
        died = "The worker died during this call; its outcome is not known, so all that was held is charged."
        return hold.event(hold.tokens, hold.usd, "unknown", latency_s=0.0, estimated=True, error=died, served=UNKNOWN)


def _reserved(holds: Sequence[Hold], sign: int) -> dict[str, int]:
    return {
        "reserved_nano_usd": sign * sum(to_nano_usd(hold.usd or Decimal(0)) for hold in holds),
        "reserved_tokens": sign * sum(hold.limits_tokens for hold in holds),
    }


def _status(quota: UsageQuota, budget: Document) -> QuotaStatus:
    return QuotaStatus(
        quota=quota,
        spent_usd=from_nano_usd(budget.get("spent_nano_usd", 0)),
        held_usd=from_nano_usd(budget.get("reserved_nano_usd", 0)),
        spent_tokens=budget.get("spent_tokens", 0),
        held_tokens=budget.get("reserved_tokens", 0),
        unpriced_calls=budget.get("unpriced_calls", 0),
    )


def _over_quota(status: QuotaStatus, nano: int, tokens: int) -> str:
    needs = []
    if status.quota.usd is not None:
        more = f", and this call may need {money(from_nano_usd(nano))}" if nano else ""
        needs.append(f"{money(status.used_usd)} of {money(status.quota.usd)} is used this month{more}")
    if status.quota.tokens is not None:
        more = f", and this call may need {tokens:,}" if tokens else ""
        needs.append(f"{status.used_tokens:,} of {status.quota.tokens:,} tokens are used this month{more}")
    return f"Your usage quota does not allow another call: {'; '.join(needs)}. An administrator can raise it."
