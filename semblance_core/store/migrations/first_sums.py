"""Makes the sums by hour, and how long answers took, of calls that were recorded before such sums were kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.domain.times import as_utc
from semblance_core.store.document import Document


def complete_sums(database: Database[Document], go_on: Callable[[], None]) -> None:
    """A day whose sums lack something gets them anew from its calls, in one transaction."""
    for day in sorted(_incomplete(database)):
        go_on()
        _add_up(database, day)


def _incomplete(database: Database[Document]) -> set[str]:
    """Days of which there are no sums by hour, or fewer calls in these, or no times of answers."""
    daily, hourly = database["usage_daily"], database["usage_hourly"]
    calls: Document = {"$sum": "$calls"}
    by_day = {row["_id"]: row["calls"] for row in daily.aggregate([{"$group": {"_id": "$day", "calls": calls}}])}
    day_of_hour = {"$substrBytes": ["$hour", 0, len("2026-11-23")]}
    by_hour = {row["_id"]: row["calls"] for row in hourly.aggregate([{"$group": {"_id": day_of_hour, "calls": calls}}])}
    untimed = daily.distinct("day", {"latency_ms": {"$exists": False}})
    return {day for day in by_day.keys() | by_hour.keys() if by_day.get(day) != by_hour.get(day)} | set(untimed)


def _add_up(database: Database[Document], day: str) -> None:
    from semblance_core.domain.usage import UsageEvent
    from semblance_core.store.codec import from_document
    from semblance_core.store.rollups import DAILY, HOURLY, rollup_writes

    begin = as_utc(datetime.fromisoformat(day))
    of_day: Document = {"at": {"$gte": begin, "$lt": begin + timedelta(days=1)}}
    events = [(from_document(UsageEvent, found), 1) for found in database["usage_events"].find(of_day)]
    hours: dict[str, Any] = {"$gte": day, "$lt": f"{day}U"}  # an hour is written as the day, a T, and the hour

    def write(session: ClientSession) -> None:
        for grain, when in ((DAILY, day), (HOURLY, hours)):
            sums = database[grain.collection]
            sums.delete_many({grain.time: when}, session=session)
            if events:
                sums.bulk_write(rollup_writes(grain, events), session=session, ordered=False)

    with database.client.start_session() as session:
        session.with_transaction(write)
