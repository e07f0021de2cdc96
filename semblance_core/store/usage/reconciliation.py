"""Checks the books: adds the events up again, a slice at a time, and compares rollups and budgets, to the nano-dollar.

A slice is a day of rollups or a month of budgets, read as of one moment. What is wrong in it is by how much each figure is off,
and that stays the same while calls are being settled, because whoever settles moves events and figures by the same amount. So
a repair adds the difference to the figure as it is by then, in one update a document: no call waits for it, and one that is
killed leaves what it did right and the rest as it was. `repairs` in a document counts such updates and keeps two repairs at
once from adding the same difference twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from semblance_core.store.server.document import Document
from semblance_core.store.usage.grains import DAILY, GRAINS
from semblance_core.store.usage.rollups import COUNTS
from semblance_core.store.usage.sums import Sums

NAMED = 200
AT_ONCE = 500
TRIES = 5
DUPLICATE = 11000
SPENT = ("spent_nano_usd", "spent_tokens", "unpriced_calls")
RESERVED = ("reserved_nano_usd", "reserved_tokens")
Report = Callable[[int, int, str], None]
"""Hears how many of how many slices are done, and which is next; may raise to stop."""
Compared = tuple[str, Document | None, Document | None]
"""A rollup or budget by its id: as it is recorded, and as the events make it."""


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
class ReconciliationReport:
    """A comparison: the numbers of events, rollups and budgets, and of figures that do not agree.

    differences: the first of those, a few hundred at the most.
    """

    events: int
    rollups: int
    budgets: int
    differences: tuple[Difference, ...] = ()
    wrong: int = 0


class Reconciliation:
    """at_once: how many documents a repair changes by one command."""

    def __init__(self, database: Database[Document], at_once: int = AT_ONCE):
        self._client = database.client
        self._rollups = {grain: database[grain.collection] for grain in GRAINS}
        self._budgets = database["budgets"]
        self._sums = Sums(database)
        self._at_once = at_once

    def check(self, report: Report = lambda *_: None) -> ReconciliationReport:
        """Compares everything, each slice as it was at one moment; calls that are being settled meanwhile do no harm."""
        return self._gone_through(report, repairs=False)

    def repair(self, report: Report = lambda *_: None) -> ReconciliationReport:
        """Makes rollups and budgets what the events say, and returns what was wrong. One that was cut off can be begun again."""
        return self._gone_through(report, repairs=True)

    def repair_days(self, days: Sequence[str], report: Report = lambda *_: None) -> ReconciliationReport:
        """The same for the rollups of these days alone."""
        tally = _Tally()
        for done, day in enumerate(days):
            report(done, len(days), f"figures of {day}")
            self._day(tally, day, repairs=True)
        return tally.audit()

    def repair_budgets(self, report: Report = lambda *_: None) -> ReconciliationReport:
        """The same for the budgets alone."""
        tally = _Tally()
        months = self._sums.months()
        for done, month in enumerate(months):
            report(done, len(months), f"budgets of {month}")
            self._slice(tally, self._budgets, (*SPENT, *RESERVED), partial(self._sums.budgets, month), repairs=True)
        return tally.audit()

    def _gone_through(self, report: Report, *, repairs: bool) -> ReconciliationReport:
        tally, months = _Tally(), self._sums.months()
        total, done = self._sums.days_at_most() + len(months), 0
        for done, day in enumerate(self._sums.days()):
            report(min(done, total), total, f"figures of {day}")
            self._day(tally, day, repairs=repairs)
        for grain, rollups in self._rollups.items():
            self._slice(tally, rollups, COUNTS, partial(self._sums.undated, grain), repairs=repairs)
        for left, month in enumerate(months):
            report(total - len(months) + left, total, f"budgets of {month}")
            self._slice(tally, self._budgets, (*SPENT, *RESERVED), partial(self._sums.budgets, month), repairs=repairs)
        return tally.audit()

    def _day(self, tally: "_Tally", day: str, *, repairs: bool) -> None:
        for grain, rollups in self._rollups.items():
            self._slice(tally, rollups, COUNTS, partial(self._sums.rollups, grain, day), repairs=repairs)

    def _slice(
        self,
        tally: "_Tally",
        collection: Collection[Document],
        names: Sequence[str],
        read: Callable[[ClientSession], Iterable[Compared]],
        *,
        repairs: bool,
    ) -> None:
        for attempt in range(TRIES):
            with self._client.start_session(snapshot=True) as session:
                found = read(session)
                wrong = _wrong(tally.counted(collection.name, found, names) if attempt == 0 else found, names)
                missed = 0
                while batch := list(islice(wrong, self._at_once)):
                    missed += self._set_right(collection, batch, names) if repairs else 0
            if not missed:  # else another repair had some of them in hand: what it left is looked at again
                return

    def _set_right(self, collection: Collection[Document], batch: Sequence[Compared], names: Sequence[str]) -> int:
        """Adds what is missing; how many documents were another repair's meanwhile."""
        writes = [_write(*compared, names) for compared in batch]
        try:
            done = collection.bulk_write(writes, ordered=False)
            applied = done.matched_count + done.upserted_count
        except BulkWriteError as failed:
            if any(error["code"] != DUPLICATE for error in failed.details["writeErrors"]):
                raise
            applied = failed.details["nMatched"] + failed.details["nUpserted"]
        if nothing := [where for where, _, rebuilt in batch if rebuilt is None]:
            collection.delete_many({"_id": {"$in": nothing}, "calls": 0})
        return len(writes) - applied


class _Tally:
    """A running comparison: everything counted, the first differences kept."""

    def __init__(self) -> None:
        self._events = self._rollups = self._budgets = self._wrong = 0
        self._differences: list[Difference] = []

    def counted(self, collection: str, found: Iterable[Compared], names: Sequence[str]) -> Iterator[Compared]:
        for where, recorded, rebuilt in found:
            if collection == "budgets":
                self._budgets += recorded is not None
            else:
                self._rollups += recorded is not None
                self._events += rebuilt["calls"] if rebuilt and collection == DAILY.collection else 0
            for name, (one, other) in _off(recorded, rebuilt, names).items():
                self._wrong += 1
                if len(self._differences) < NAMED:
                    self._differences.append(Difference(collection, where, name, one, other))
            yield where, recorded, rebuilt

    def audit(self) -> ReconciliationReport:
        return ReconciliationReport(self._events, self._rollups, self._budgets, tuple(self._differences), self._wrong)


def _wrong(found: Iterable[Compared], names: Sequence[str]) -> Iterator[Compared]:
    return (compared for compared in found if _off(compared[1], compared[2], names))


def _off(recorded: Document | None, rebuilt: Document | None, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The figures that differ: as recorded, and as the events make them; one that is not there is 0."""
    figures = ((name, int((recorded or {}).get(name) or 0), int((rebuilt or {}).get(name) or 0)) for name in names)
    return {name: (one, other) for name, one, other in figures if one != other}


def _write(where: str, recorded: Document | None, rebuilt: Document | None, names: Sequence[str]) -> UpdateOne:
    """Adds what is missing to a document that no other repair changed since it was read."""
    missing = {name: other - one for name, (one, other) in _off(recorded, rebuilt, names).items()}
    unchanged = recorded["repairs"] if recorded and "repairs" in recorded else {"$exists": False}
    change: Document = {"$inc": {**missing, "repairs": 1}}
    if recorded is None and rebuilt is not None:
        keys = {key: value for key, value in rebuilt.items() if key != "_id" and key not in names}
        change = {"$inc": {**dict.fromkeys(names, 0), **missing, "repairs": 1}, "$setOnInsert": keys}
    return UpdateOne({"_id": where, "repairs": unchanged}, change, upsert=recorded is None)
