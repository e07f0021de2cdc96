"""Makes the sums by hour, and how long answers took, of calls that were recorded before such sums were kept."""

from collections.abc import Callable

from pymongo.database import Database

from semblance_core.store.server.document import Document


def complete_sums(database: Database[Document], go_on: Callable[[], None]) -> None:
    """A day whose sums lack something gets what is missing, however many calls it had."""
    from semblance_core.store.usage.reconciliation import Reconciliation

    Reconciliation(database).repair_days(sorted(_incomplete(database)), lambda *_: go_on())


def _incomplete(database: Database[Document]) -> set[str]:
    """Days of which there are no sums by hour, or fewer calls in these, or no times of answers."""
    daily, hourly = database["usage_daily"], database["usage_hourly"]
    calls: Document = {"$sum": "$calls"}
    by_day = {row["_id"]: row["calls"] for row in daily.aggregate([{"$group": {"_id": "$day", "calls": calls}}])}
    day_of_hour = {"$substrBytes": ["$hour", 0, len("2026-11-23")]}
    by_hour = {row["_id"]: row["calls"] for row in hourly.aggregate([{"$group": {"_id": day_of_hour, "calls": calls}}])}
    untimed = daily.distinct("day", {"latency_ms": {"$exists": False}})
    return {day for day in by_day.keys() | by_hour.keys() if by_day.get(day) != by_hour.get(day)} | set(untimed)
