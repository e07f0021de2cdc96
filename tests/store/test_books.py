"""The books: whatever is wrong in them is found and set right, and corrections keep them in agreement."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageQuota
from semblance_core.store.ids import new_id
from semblance_core.store.usage.ledger import Hold
from semblance_core.store.usage.reconciliation import Reconciliation

NOW = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


def called(semblance: Semblance, at: datetime = NOW, usd: str | None = "0.004", **fields: Any) -> UsageEvent:
    """One settled call."""
    hold = Hold(new_id(), "user", at, Decimal("0.01"), TokenCounts(50, 0, 50), "reply", "m/1", "project")
    semblance.store.ledger.hold(hold, UsageQuota(), 60)
    cost = None if usd is None else Decimal(usd)
    event = hold.event(TokenCounts(30, 10, 12, 3), cost, "ok", latency_s=0.1235, estimated=False, error="")
    event = replace(event, **fields)
    semblance.store.ledger.settle(hold, event)
    return event


@pytest.fixture
def events(semblance: Semblance) -> list[UsageEvent]:
    """Calls around the end of a month, of known and unknown cost, failed and estimated."""
    return [
        called(semblance),
        called(semblance, NOW + timedelta(seconds=2), "0.000000001", status="timeout", estimated=True),
        called(semblance, NOW + timedelta(days=1), None, latency_s=0.0005),
        called(semblance, project_id=None, focus_group_id="group", seq=3),
    ]


def agrees(semblance: Semblance) -> bool:
    return semblance.store.reconciliation.check().differences == ()


def test_books_that_agree_are_said_to_agree_also_while_calls_are_in_flight(
    semblance: Semblance, events: list[UsageEvent]
) -> None:
    hold = Hold(new_id(), "user", NOW, Decimal("0.01"), TokenCounts(50, 0, 50), "reply", "m/1")
    semblance.store.ledger.hold(hold, UsageQuota(), 60)
    assert agrees(semblance)
    done = hold.event(TokenCounts(5, 0, 5), Decimal("0.001"), "ok", latency_s=1, estimated=False, error="")
    with semblance.connection.database.client.start_session() as session:
        semblance.store.usage.record([done], session)  # recorded, and its hold still stands
    assert agrees(semblance)
    audit = semblance.store.reconciliation.check()
    assert (audit.events, audit.budgets) == (5, 2)


Spoil = Callable[[Any], object]
DAMAGE: dict[str, Spoil] = {
    "a rollup off by a nano-dollar": lambda db: db["usage_daily"].update_one({}, {"$inc": {"cost_nano_usd": 1}}),
    "a rollup lost": lambda db: db["usage_daily"].delete_one({}),
    "a rollup of nothing": lambda db: db["usage_daily"].insert_one({"_id": "2020-01-01/x", "calls": 2}),
    "a rollup by hour off": lambda db: db["usage_hourly"].update_one({}, {"$inc": {"latency_bin_1": 1}}),
    "a rollup by hour lost": lambda db: db["usage_hourly"].delete_one({}),
    "an event lost": lambda db: db["usage_events"].delete_one({"cost_nano_usd": {"$gt": 0}}),
    "a budget off": lambda db: db["budgets"].update_one({}, {"$inc": {"spent_tokens": -7}}),
    "a budget lost": lambda db: db["budgets"].delete_one({"_id": "user/2026-11"}),
    "a reservation without a hold": lambda db: db["budgets"].update_one({}, {"$inc": {"reserved_nano_usd": 5}}),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_named_and_repaired(semblance: Semblance, events: list[UsageEvent], name: str) -> None:
    DAMAGE[name](semblance.connection.database)
    found = semblance.store.reconciliation.check().differences
    assert found
    assert all(" is " in str(difference) and "the events make" in str(difference) for difference in found)
    assert semblance.store.reconciliation.repair().differences == found
    assert agrees(semblance)


def test_an_amendment_moves_events_rollups_budgets_and_messages_together(
    semblance: Semblance, events: list[UsageEvent]
) -> None:
    messages = semblance.connection.database["focus_group_messages"]
    messages.insert_one({"_id": "group/3", "focus_group_id": "group", "seq": 3, "attempts": 1, "feature": "reply"})
    usage = semblance.store.usage
    first, second, third, fourth = events
    dearer = replace(fourth, cost_usd=Decimal("0.5"))
    known = replace(third, cost_usd=Decimal("0.25"))
    extra = replace(first, id="another", tokens=TokenCounts(1, 0, 1), cost_usd=None)
    assert usage.amend([first, third, fourth], [known, dearer, extra]) == 4
    assert agrees(semblance)
    assert {event.id: event.cost_usd for event in usage.events()} == {
        second.id: second.cost_usd,
        third.id: Decimal("0.25"),
        fourth.id: Decimal("0.5"),
        "another": None,
    }
    assert messages.find_one({"_id": "group/3"})["cost_nano_usd"] == 500_000_000
    status = semblance.store.ledger.status("user", UsageQuota(), "2026-11")
    assert (status.spent_usd, status.unpriced_calls) == (Decimal("0.5"), 1)


def test_an_amendment_of_what_is_not_there_any_more_changes_nothing(
    semblance: Semblance, events: list[UsageEvent]
) -> None:
    stale = replace(events[0], cost_usd=Decimal(7))
    assert semblance.store.usage.amend([stale], [replace(stale, cost_usd=Decimal(8))]) == 0
    assert semblance.store.usage.amend([], [events[1]]) == 0
    assert agrees(semblance)
    assert {event.id for event in semblance.store.usage.events()} == {event.id for event in events}


def test_what_was_used_together_is_summed_up_in_the_server(semblance: Semblance, events: list[UsageEvent]) -> None:
    usage = semblance.store.usage
    assert usage.spent(user_id="nobody").calls == 0
    assert usage.spent().cost_usd is None
    known = usage.spent(focus_group_id="group")
    assert (known.cost_usd, known.calls, known.tokens) == (Decimal("0.004"), 1, TokenCounts(30, 10, 12, 3))


def days_of_calls(semblance: Semblance, days: int = 5) -> None:
    """Calls of several days, written at one go, so without budgets."""
    hold = Hold("", "user", NOW, Decimal(1), TokenCounts(50, 0, 50), "reply", "m/1")
    event = hold.event(TokenCounts(30, 10, 12, 3), Decimal("0.004"), "ok", latency_s=0.5, estimated=False, error="")
    events = [
        replace(event, id=new_id(), at=NOW - timedelta(days=number // 6), project_id=f"project {number % 4}")
        for number in range(days * 6)
    ]
    with semblance.connection.database.client.start_session() as session:
        semblance.store.usage.record(events, session)


def spoil_everything(semblance: Semblance) -> None:
    database = semblance.connection.database
    database["usage_daily"].delete_many({})
    database["usage_hourly"].update_many({}, {"$inc": {"calls": 3, "cost_nano_usd": -2}})
    database["budgets"].update_many({}, {"$inc": {"spent_nano_usd": 11, "spent_tokens": -4, "reserved_tokens": 9}})


def test_a_repair_is_no_transaction_whatever_its_size(semblance: Semblance) -> None:
    """A transaction over everything does not fit into the server's cache, nor into the time that it may take."""
    days_of_calls(semblance)
    spoil_everything(semblance)
    database = semblance.connection.database
    before = database.command("serverStatus")["transactions"]["totalStarted"]
    semblance.store.reconciliation.repair()
    assert database.command("serverStatus")["transactions"]["totalStarted"] == before
    assert agrees(semblance)


class CutOffError(Exception):
    """The process is killed here."""


def test_a_repair_that_is_cut_off_is_begun_again(semblance: Semblance) -> None:
    days_of_calls(semblance)
    spoil_everything(semblance)
    books = Reconciliation(semblance.connection.database, at_once=2)
    for after in range(6):
        said = list[tuple[int, int, str]]()

        def report(done: int, total: int, what: str, said: list[Any] = said, after: int = after) -> None:
            if len(said) == after:
                raise CutOffError
            said.append((done, total, what))

        with pytest.raises(CutOffError):
            books.repair(report)
        assert all(done < total for done, total, _ in said)
    assert 0 < semblance.store.reconciliation.check().wrong < 100, "what was done is done"
    books.repair()
    assert agrees(semblance)


def test_a_repair_is_right_while_calls_are_settled_and_another_repair_goes_on(semblance: Semblance) -> None:
    days_of_calls(semblance)
    spoil_everything(semblance)
    books, done, settled = (
        Reconciliation(semblance.connection.database, at_once=2),
        threading.Event(),
        list[UsageEvent](),
    )

    def settle(number: int) -> None:
        while not done.is_set():
            settled.append(called(semblance, NOW - timedelta(days=number % 5), project_id=f"project {number}"))

    with ThreadPoolExecutor(7) as threads:
        calls = [threads.submit(settle, number) for number in range(4)]
        for repair in [threads.submit(books.repair) for _ in range(3)]:
            repair.result()
        done.set()
        for call in calls:
            call.result()
    assert settled
    assert agrees(semblance)


def test_what_is_wrong_is_counted_whole_and_named_in_part(semblance: Semblance, monkeypatch: Any) -> None:
    monkeypatch.setattr("semblance_core.store.usage.reconciliation.NAMED", 7)
    days_of_calls(semblance)
    spoil_everything(semblance)
    audit = semblance.store.reconciliation.check()
    assert len(audit.differences) == 7
    assert audit.wrong > 100
    assert audit.events == 30


def test_budgets_alone_are_set_right(semblance: Semblance, events: list[UsageEvent]) -> None:
    spoil_everything(semblance)
    semblance.store.reconciliation.repair_budgets()
    assert {difference.collection for difference in semblance.store.reconciliation.check().differences} == {
        "usage_daily",
        "usage_hourly",
    }
