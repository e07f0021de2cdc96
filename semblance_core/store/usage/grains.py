"""The fields that usage is summed by, day and hour, and the pipeline that makes such sums of the calls."""

from dataclasses import dataclass
from itertools import zip_longest

from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.totals import BINS, BOUNDS_MS
from semblance_core.store.server.document import Document

KINDS = ("prompt", "cached", "completion", "reasoning")
LATENCY_BINS = tuple(f"latency_bin_{number}" for number in range(BINS))


@dataclass(frozen=True, slots=True)
class Grain:
    """A collection of rollups. time: the field that says when, as `form` writes it, which sorts by time."""

    collection: str
    time: str
    form: str

    @property
    def split(self) -> tuple[str, ...]:
        return (self.time, "user_id", "project_id", "feature", "model")

    def key(self, event: UsageEvent) -> Document:
        """Returns the key of the event's rollup."""
        values = (event.at.strftime(self.form), event.user_id, event.project_id, event.feature, event.model)
        return dict(zip(self.split, values, strict=True))

    def id_of(self, row: Document) -> str:
        return "/".join(str(row[name]) for name in self.split)


DAILY = Grain("usage_daily", "day", "%Y-%m-%d")
HOURLY = Grain("usage_hourly", "hour", "%Y-%m-%dT%H")
GRAINS = (DAILY, HOURLY)


def added_up(grain: Grain) -> list[Document]:
    """The steps that make rollups of a grain out of calls, in the order of their ids."""
    time = {"$dateToString": {"date": "$at", "format": grain.form}}
    name: list[object] = [time]
    for field in grain.split[1:]:
        name += ["/", {"$ifNull": [f"${field}", "None"]}]
    keys: Document = {field: {"$first": {"$ifNull": [f"${field}", None]}} for field in grain.split[1:]}
    keys[grain.time] = {"$first": time}
    latency_ms = {"$toLong": {"$round": [{"$multiply": ["$latency_s", 1000]}, 0]}}
    return [
        {"$set": {"latency_ms": latency_ms}},
        {"$group": {"_id": {"$concat": name}, **keys, **_counts()}},
        {"$sort": {"_id": 1}},
    ]


def _counts() -> Document:
    sums: Document = {
        "calls": {"$sum": 1},
        "failed": times({"$ne": ["$status", "ok"]}),
        "estimated": times({"$eq": ["$estimated", True]}),
        "cost_nano_usd": {"$sum": "$cost_nano_usd"},
        "unpriced": times({"$eq": ["$cost_nano_usd", None]}),
        "latency_ms": {"$sum": "$latency_ms"},
    }
    for name, low, high in zip_longest(LATENCY_BINS, (1, *BOUNDS_MS), BOUNDS_MS):
        within = [{"$gte": ["$latency_ms", low]}, *([{"$lt": ["$latency_ms", high]}] if high else [])]
        sums[name] = times({"$and": within})
    return sums | {f"{kind}_tokens": {"$sum": f"$tokens.{kind}"} for kind in KINDS}


def times(condition: Document) -> Document:
    """Returns the expression that counts the documents for which this is so."""
    return {"$sum": {"$cond": [condition, 1, 0]}}
