"""Usage events, one a call, and their rollups: written together, and corrected together with the budgets."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.domain.readable import Readable
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.estimate import PastCall
from semblance_core.domain.usage.events import (
    BACKFILLED,
    FAILED,
    NO_PROJECT,
    Spent,
    TokenCounts,
    UsageEvent,
    counted_tokens,
    from_nano_usd,
    to_nano_usd,
)
from semblance_core.store.codec import from_document, from_documents, readable, to_document, unreadable
from semblance_core.store.server.document import Document
from semblance_core.store.usage.rollups import Rollups

USED: dict[str, Document] = {
    "fresh": {"$expr": {"$gt": ["$tokens.prompt", "$tokens.cached"]}},
    "cached": {"tokens.cached": {"$gt": 0}},
    "spoken": {"$expr": {"$gt": ["$tokens.completion", "$tokens.reasoning"]}},
    "reasoning": {"tokens.reasoning": {"$gt": 0}},
}
"""Calls that used tokens of a kind."""


class UsageRecords:
    def __init__(self, database: Database[Document]):
        self._client = database.client
        self._events = database["usage_events"]
        self.rollups = Rollups(database)
        self._budgets = database["budgets"]
        self._messages = database["focus_group_messages"]

    # What is written

    def record(self, events: Sequence[UsageEvent], session: ClientSession) -> dict[str, UsageEvent]:
        """Writes the events that are not there yet and adds those to the rollups: both or, if anything fails, neither.

        Returns what is on record now, by id: of a call that somebody else settled before, their event.
        """
        return session.with_transaction(lambda within: self._write(events, within))

    def amend(self, before: Sequence[UsageEvent], after: Sequence[UsageEvent]) -> int:
        """Puts `after` in the place of `before`, in the rollups, the budgets and the messages' own figures too: all or nothing.

        Events are told apart by id: one only in `before` is removed, one only in `after` is added, one in both is replaced.
        Where another process changed one of them meanwhile, or the hold of one still stands, whose cost its worker is about to
        move, nothing is done and 0 is returned, else how many changed.
        """
        with self._client.start_session() as session:
            return session.with_transaction(lambda within: self._amend(before, after, within))

    # What is read

    def find(self, event_id: str) -> UsageEvent | None:
        found = self._events.find_one({"_id": event_id})
        return from_document(UsageEvent, found) if found else None

    def events(
        self,
        *,
        limit: int = 0,
        since: datetime | None = None,
        until: datetime | None = None,
        after: UsageEvent | None = None,
        **where: Any,
    ) -> Readable[UsageEvent]:
        """Usage events, newest first; `where` narrows by user_id, project_id, focus_group_id, task_id, feature, model or status,
        and by other_than and token_kind of `UsageFilter`.

        after: the last one of the page before.
        """
        query = _query(where, since, until)
        if after:
            query["$or"] = [{"at": {"$lt": after.at}}, {"at": after.at, "_id": {"$lt": after.id}}]
        # Not bounded by the server: in the place of one that cannot be read comes the next one, so that pages stay full.
        found = self._events.find(query, batch_size=limit + 1 if limit else 0).sort([("at", -1), ("_id", -1)])
        return from_documents(UsageEvent, found, limit)

    def backfilled(self, since: datetime | None, until: datetime | None, size: int = 200) -> Iterator[list[UsageEvent]]:
        """Events that were reconstructed, not measured, some at a time; those that were given may be removed meanwhile."""
        query = {"_id": {"$regex": f"^{BACKFILLED}"}, **_within(since, until)}
        found = self._events.find(query, batch_size=size).sort("_id", 1)
        while batch := list(islice(found, size)):
            yield from_documents(UsageEvent, batch)

    def past_calls(self, model: str, features: Sequence[str], limit: int = 400) -> dict[str, list[PastCall]]:
        """The newest calls to the model for each feature, reconstructed ones left out."""
        fields = {"tokens": 1, "status": 1, "focus_group_id": 1, "task_id": 1}
        past: dict[str, list[PastCall]] = {}
        for feature in features:
            query = {"model": model, "feature": feature, "_id": {"$not": {"$regex": f"^{BACKFILLED}"}}}
            found = self._events.find(query, fields).sort("at", -1).limit(limit)
            past[feature] = readable(found, _past_call)
        return past

    def batches(
        self, *, since: datetime | None, until: datetime | None, models: Sequence[str] = (), size: int = 200
    ) -> Iterator[list[UsageEvent]]:
        """All events of that time, of these models or of all, oldest first, some at a time."""
        query: Document = {**({"model": {"$in": list(models)}} if models else {}), **_within(since, until)}
        found = self._events.find(query, batch_size=size).sort([("at", 1), ("_id", 1)])
        while batch := list(islice(found, size)):
            yield from_documents(UsageEvent, batch)

    def spent(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        features: Sequence[str] = (),
        **where: Any,
    ) -> Spent:
        """Returns the calls' use together, summed up in the server; its cost is None where any call's is unknown."""
        query = _query(where, since, until)
        if features:
            query["feature"] = {"$in": list(features)}
        kinds = ("prompt", "cached", "completion", "reasoning")
        sums: Document = {kind: {"$sum": f"$tokens.{kind}"} for kind in kinds}
        unpriced = {"$sum": {"$cond": [{"$eq": ["$cost_nano_usd", None]}, 1, 0]}}
        sums |= {"_id": None, "calls": {"$sum": 1}, "cost": {"$sum": "$cost_nano_usd"}, "unpriced": unpriced}
        for row in self._events.aggregate([{"$match": query}, {"$group": sums}]):
            cost = None if row["unpriced"] else from_nano_usd(row["cost"])
            return Spent(TokenCounts(**{kind: row[kind] for kind in kinds}), cost, row["calls"])
        return Spent()

    def _write(self, events: Sequence[UsageEvent], session: ClientSession) -> dict[str, UsageEvent]:
        known = self._known(events, session)
        new = [event for event in events if event.id not in known]
        if new:
            self._events.insert_many([to_document(event) for event in new], session=session)
            self.rollups.add([(event, 1) for event in new], session)
        recorded = {event.id: event for event in new}
        return recorded | {event_id: from_document(UsageEvent, document) for event_id, document in known.items()}

    def _known(self, events: Iterable[UsageEvent], session: ClientSession) -> dict[str, Document]:
        ids = [event.id for event in events]
        return {found["_id"]: found for found in self._events.find({"_id": {"$in": ids}}, session=session)}

    def _amend(self, before: Sequence[UsageEvent], after: Sequence[UsageEvent], session: ClientSession) -> int:
        known = self._known([*before, *after], session)
        there = {event.id for event in before}
        if known.keys() != there or any(from_document(UsageEvent, known[event.id]) != event for event in before):
            return 0
        new = [event for event in after if event.id not in there]
        if self._held([*before, *after], session) or self._told(new, session):
            return 0
        kept = {event.id for event in after}
        writes: list[Any] = [DeleteOne({"_id": event.id}) for event in before if event.id not in kept]
        writes += [UpdateOne({"_id": event.id}, {"$set": to_document(event)}, upsert=True) for event in after]
        if not writes:
            return 0
        self._events.bulk_write(writes, session=session)
        moved = [(event, -1) for event in before] + [(event, 1) for event in after]
        self.rollups.add(moved, session)
        self.rollups.drop_empty(moved, session)
        self._budgets.bulk_write(_budget_writes(moved), session=session)
        self._charge_messages([*before, *after], session)
        return len(writes)

    def _held(self, events: Iterable[UsageEvent], session: ClientSession) -> bool:
        """Returns whether the hold of one of these calls, or of the message that one is made for, still stands."""
        ids = {event.id for event in events}
        made_for = {(event.focus_group_id, event.seq) for event in events if event.seq is not None}
        budgets = {f"{event.user_id}/{month_of(event.at)}" for event in events}
        for budget in self._budgets.find({"_id": {"$in": sorted(budgets)}}, {"holds": 1}, session=session):
            for call_id, hold in budget.get("holds", {}).items():
                if call_id in ids or (hold.get("focus_group_id"), hold.get("seq")) in made_for:
                    return True
        return False

    def _told(self, events: Iterable[UsageEvent], session: ClientSession) -> bool:
        """Returns whether one of these events was reconstructed for a message that has another event by now."""
        made_for = [
            {"focus_group_id": event.focus_group_id, "seq": event.seq}
            for event in events
            if event.id.startswith(BACKFILLED)
        ]
        return bool(made_for) and self._events.find_one({"$or": made_for}, {"_id": 1}, session=session) is not None

    def _charge_messages(self, events: Iterable[UsageEvent], session: ClientSession) -> None:
        """Makes the messages' own figures the sums of their events."""
        touched = {(event.focus_group_id, event.seq) for event in events if event.seq is not None}
        for group_id, seq in touched:
            found = self._events.find({"focus_group_id": group_id, "seq": seq}, session=session)
            events = [from_document(UsageEvent, event) for event in found]
            figures = to_document(sum((Spent(event.tokens, event.cost_usd, 1) for event in events), Spent()))
            # A late reply that a stop discarded had the number that somebody's message has now.
            which: Document = {"focus_group_id": group_id, "seq": seq, "feature": {"$in": ["reply", "moderate"]}}
            if not events:
                which["attempts"] = {"$in": [0, None]}  # what was measured is worth keeping without its events
            fields = {"tokens": figures["tokens"], "cost_nano_usd": figures["cost_nano_usd"]}
            self._messages.update_one(which, {"$set": fields}, session=session)


def _past_call(call: Document) -> PastCall:
    run = str(call.get("task_id") or call.get("focus_group_id") or "")
    try:
        return PastCall(run=run, tokens=TokenCounts(**call["tokens"]), ok=call["status"] == "ok")
    except (KeyError, TypeError) as failed:
        raise unreadable(UsageEvent, call, failed) from None


def _budget_writes(moved: Iterable[tuple[UsageEvent, int]]) -> list[UpdateOne]:
    budgets: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for event, sign in moved:
        budgets[event.user_id, month_of(event.at)].update(
            spent_nano_usd=sign * to_nano_usd(event.cost_usd or Decimal(0)),
            spent_tokens=sign * counted_tokens(event.model, event.tokens),
            unpriced_calls=sign * (event.cost_usd is None),
        )
    return [
        UpdateOne(
            {"_id": f"{user_id}/{month}"},
            {
                "$setOnInsert": {
                    "user_id": user_id,
                    "month": month,
                    "holds": {},
                    "reserved_nano_usd": 0,
                    "reserved_tokens": 0,
                },
                "$inc": dict(counts),
            },
            upsert=True,
        )
        for (user_id, month), counts in budgets.items()
    ]


def _query(where: Mapping[str, Any], since: datetime | None, until: datetime | None) -> Document:
    """The conditions of a filter; `NO_PROJECT` and `FAILED` stand for what has no value of its own. A tuple names several values."""
    query: Document = {name: value for name, value in where.items() if value is not None}
    kind, other_than = query.pop("token_kind", None), query.pop("other_than", ())
    if query.get("project_id") == NO_PROJECT:
        query["project_id"] = None
    if query.get("status") == FAILED:
        query["status"] = {"$ne": "ok"}
    query = {name: {"$in": list(value)} if isinstance(value, tuple) else value for name, value in query.items()}
    if other_than:
        query["$nor"] = [{name: None if value == NO_PROJECT else value} for name, value in other_than]
    return query | (USED[kind] if kind else {}) | _within(since, until)


def _within(since: datetime | None, until: datetime | None) -> Document:
    bounds = {**({"$gte": since} if since else {}), **({"$lt": until} if until else {})}
    return {"at": bounds} if bounds else {}
