"""Rollups of usage events by day and by hour, kept by whoever writes events and read instead of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import midnight
from semblance_core.domain.usage.events import (
    NO_PROJECT,
    TokenCounts,
    UsageEvent,
    UsageFilter,
    from_nano_usd,
    to_nano_usd,
)
from semblance_core.domain.usage.period import HOUR, Bucket, hour_after, hour_of
from semblance_core.domain.usage.totals import OTHERS, SPLITS, UsageTotals, latency_bin
from semblance_core.store.server.document import Document
from semblance_core.store.usage.grains import DAILY, GRAINS, HOURLY, KINDS, LATENCY_BINS, Grain, added_up

COUNTS = (
    *("calls", "failed", "estimated", "unpriced", "cost_nano_usd", "latency_ms"),
    *(f"{kind}_tokens" for kind in KINDS),
    *LATENCY_BINS,
)
"""The counters of a rollup; a missing one is 0."""
WITHOUT_LATENCY = tuple(name for name in COUNTS if not name.startswith("latency"))


class Rollups:
    def __init__(self, database: Database[Document]):
        self._of = {grain: database[grain.collection] for grain in GRAINS}
        self._events = database["usage_events"]

    def add(self, moved: Sequence[tuple[UsageEvent, int]], session: ClientSession) -> None:
        """Adds (or, with −1, takes away) what the events count for."""
        for grain, collection in self._of.items():
            collection.bulk_write(rollup_writes(grain, moved), session=session, ordered=False)

    def drop_empty(self, moved: Sequence[tuple[UsageEvent, int]], session: ClientSession) -> None:
        """Removes those of the events' rollups that count nothing any more."""
        for grain, collection in self._of.items():
            touched = {grain.id_of(grain.key(event)) for event, _ in moved}
            collection.delete_many({"_id": {"$in": sorted(touched)}, "calls": 0}, session=session)

    def figures(
        self,
        where: UsageFilter,
        by: Sequence[str] = (),
        every: Bucket | None = None,
        *,
        among: Sequence[str] = (),
        latency: bool = True,
    ) -> list[UsageTotals]:
        """Sums of these calls, by the splits and buckets of time that are asked for, the oldest first.

        Whole days are read from rollups by day, whole hours at both ends from those by hour, and what is left of an hour, where
        a time zone has half hours, from the calls themselves.
        among: which values of the first split are told apart; the others are `OTHERS` together. latency: whether to add up how
        long answers took too, which is two thirds of the work.
        """
        if where.status or where.other_than or where.token_kind or not set(by) <= set(SPLITS):
            raise InvalidInput("Sums are kept by user, project, feature and model, not by outcome or kind of token.")
        counts = COUNTS if latency else WITHOUT_LATENCY
        sums = _Sums(by, every)
        for part in _parts(where.since, where.until, every):
            group = _group([*by, *([part.grain.time] if every else [])], counts)
            if among:
                group["$group"]["_id"][by[0]] = _told_apart(by[0], among)
            for row in self._read(part, where, group):
                sums.add(row, part.grain)
        return sums.figures()

    def breakdowns(self, where: UsageFilter) -> dict[str, list[UsageTotals]]:
        """Sums of these calls by each split for itself, read at one go, the most calls first; without how long answers took."""
        sums = {split: _Sums([split], None) for split in SPLITS}
        facets: Document = {split: [_group([split], WITHOUT_LATENCY)] for split in SPLITS}
        for part in _parts(where.since, where.until, None):
            (found,) = self._read(part, where, {"$facet": facets})
            for split in SPLITS:
                for row in found[split]:
                    sums[split].add(row, part.grain)
        return {split: found.figures() for split, found in sums.items()}

    def of_projects(self, project_ids: Sequence[str]) -> dict[str, UsageTotals]:
        """Returns the sums of all calls of each of these projects, whosever they counted on; without how long answers took."""
        sums = _Sums(["project_id"], None)
        match = {"$match": {"project_id": {"$in": list(project_ids)}}}
        for row in self._of[DAILY].aggregate([match, _group(["project_id"], WITHOUT_LATENCY)]):
            sums.add(row, DAILY)
        found = {row.project_id: row for row in sums.figures()}
        return {each: found.get(each, UsageTotals(project_id=each)) for each in project_ids}

    def called(self) -> list[Document]:
        """Models that were called: model, calls, calls of unknown cost."""
        grouped = {"_id": "$model", "calls": {"$sum": "$calls"}, "unpriced": {"$sum": "$unpriced"}}
        rows = self._of[DAILY].aggregate([{"$group": grouped}, {"$sort": {"calls": -1, "_id": 1}}])
        return [{"model": row["_id"], "calls": row["calls"], "unpriced": row["unpriced"]} for row in rows]

    def values(self, split: str, user_id: str | None = None) -> list[str]:
        """Returns the values that occur in the rollups, of one user or of all, in order."""
        found = self._of[DAILY].distinct(split, {"user_id": user_id} if user_id else {})
        return sorted(str(value) for value in found if value is not None)

    def _read(self, part: "_Part", where: UsageFilter, group: Document) -> Iterable[Document]:
        match = {"$match": {**part.bounds, **conditions(where)}}
        if not part.of_calls:
            return self._of[part.grain].aggregate([match, group])
        return self._events.aggregate([match, *added_up(part.grain), group], allowDiskUse=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of time as a condition on rollups of a grain, or on the calls themselves."""

    grain: Grain
    bounds: Document
    of_calls: bool = False


class _Sums:
    """Adds up rows of both grains, by these splits and buckets of time."""

    def __init__(self, by: Sequence[str], every: Bucket | None):
        self._by, self._every = by, every
        self._counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)

    def add(self, row: Document, grain: Grain) -> None:
        key = row.pop("_id")
        at = self._every.start(_moment(key[grain.time])) if self._every else None
        self._counts[(at, *(key.get(name) for name in self._by))].update(row)

    def figures(self) -> list[UsageTotals]:
        """The oldest first, and of the same time the most calls first."""
        found = [
            _figures(counts, at, dict(zip(self._by, values, strict=True)))
            for (at, *values), counts in self._counts.items()
        ]
        return sorted(found, key=lambda row: (row.at or datetime.min.replace(tzinfo=UTC), -row.calls))


def _group(keys: Sequence[str], counts: Sequence[str]) -> Document:
    return {"$group": {"_id": {name: f"${name}" for name in keys}, **{name: {"$sum": f"${name}"} for name in counts}}}


def _told_apart(split: str, among: Sequence[str]) -> Document:
    values = [None if value == NO_PROJECT else value for value in among]
    return {"$cond": [{"$in": [f"${split}", values]}, f"${split}", OTHERS]}


def conditions(where: UsageFilter) -> Document:
    """The filter's values, without its time, as the database takes them."""
    wanted = {name: getattr(where, name) for name in SPLITS if getattr(where, name) is not None}
    return wanted | ({"project_id": None} if where.project_id == NO_PROJECT else {})


def rollup_writes(grain: Grain, moved: Iterable[tuple[UsageEvent, int]]) -> list[UpdateOne]:
    """One write a rollup, for all of these events."""
    rollups: dict[str, Counter[str]] = defaultdict(Counter)
    keys: dict[str, Document] = {}
    for event, sign in moved:
        key = grain.key(event)
        found = grain.id_of(key)
        keys[found] = key
        for name, count in _counted(event).items():
            rollups[found][name] += sign * count
    return [
        UpdateOne({"_id": found}, {"$setOnInsert": keys[found], "$inc": dict(counts)}, upsert=True)
        for found, counts in rollups.items()
    ]


def _counted(event: UsageEvent) -> dict[str, int]:
    """Returns the increments of one call to its rollups."""
    latency_ms = round(event.latency_s * 1000)
    bin_of = latency_bin(latency_ms)
    return {
        "calls": 1,
        "failed": int(event.status != "ok"),
        "estimated": int(event.estimated),
        "prompt_tokens": event.tokens.prompt,
        "cached_tokens": event.tokens.cached,
        "completion_tokens": event.tokens.completion,
        "reasoning_tokens": event.tokens.reasoning,
        "cost_nano_usd": 0 if event.cost_usd is None else to_nano_usd(event.cost_usd),
        "unpriced": int(event.cost_usd is None),
        "latency_ms": latency_ms,
        **({} if bin_of is None else {LATENCY_BINS[bin_of]: 1}),
    }


def _parts(since: datetime | None, until: datetime | None, every: Bucket | None) -> list[_Part]:
    """Returns the parts of the time; no call is in two of them."""
    first, last = since and hour_after(since), until and hour_of(until)
    if since and until and first and last and first > last:  # within one hour
        return [_of_calls(since, until)]
    parts = [_of_calls(since, first)] if since and first and since != first else []
    parts += [_of_calls(last, until)] if until and last and until != last else []
    return parts + ([] if first and first == last else _whole_hours(first, last, every))


def _of_calls(since: datetime, until: datetime) -> _Part:
    assert until - since < HOUR
    return _Part(HOURLY, {"at": {"$gte": since, "$lt": until}}, of_calls=True)


def _whole_hours(since: datetime | None, until: datetime | None, every: Bucket | None) -> list[_Part]:
    if every is Bucket.HOUR:
        return [_between(HOURLY, since, until)]
    first = since and (midnight(since) if midnight(since) == since else midnight(since) + timedelta(days=1))
    last = until and midnight(until)
    if first and last and first > last:  # within one day
        return [_between(HOURLY, since, until)]
    parts = [_between(HOURLY, since, first)] if since != first else []
    parts += [_between(DAILY, first, last)] if first is None or first != last else []
    parts += [_between(HOURLY, last, until)] if until != last else []
    return parts


def _between(grain: Grain, since: datetime | None, until: datetime | None) -> _Part:
    bounds = {
        **({"$gte": since.strftime(grain.form)} if since else {}),
        **({"$lt": until.strftime(grain.form)} if until else {}),
    }
    return _Part(grain, {grain.time: bounds} if bounds else {})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" not in text else f"{text}:00").replace(tzinfo=UTC)


def _figures(counts: Counter[str], at: datetime | None, splits: Document) -> UsageTotals:
    return UsageTotals(
        at=at,
        **splits,
        calls=counts["calls"],
        failed=counts["failed"],
        estimated=counts["estimated"],
        unpriced=counts["unpriced"],
        tokens=TokenCounts(**{kind: counts[f"{kind}_tokens"] for kind in KINDS}),
        cost_usd=from_nano_usd(counts["cost_nano_usd"]),
        latency_bins=tuple(counts[name] for name in LATENCY_BINS),
    )
