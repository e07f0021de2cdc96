"""The ledger: the quota is never passed, every hold ends, and the rollups agree with the events."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageFilter, UsageQuota
from semblance_core.domain.usage.period import Bucket
from semblance_core.store.ids import new_id
from semblance_core.store.store import store_over
from semblance_core.store.usage.ledger import WITH_HOLDS, Hold, Ledger

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NO_LIMIT = UsageQuota()


@pytest.fixture
def ledger(semblance: Semblance) -> Ledger:
    return semblance.store.ledger


def held(usd: str | None = "0.01", tokens: int = 100, user: str = "user") -> Hold:
    worst = TokenCounts(prompt=tokens // 2, completion=tokens - tokens // 2)
    return Hold(new_id(), user, NOW, None if usd is None else Decimal(usd), worst, "reply", "m/1", "project")


def event_of(hold: Hold, usd: str | None = "0.004", tokens: int = 40, **fields: object) -> UsageEvent:
    counts = TokenCounts(prompt=tokens - 10, cached=min(20, tokens - 10), completion=10, reasoning=3)
    cost = None if usd is None else Decimal(usd)
    event = UsageEvent(hold.call_id, hold.user_id, hold.feature, hold.model, counts, cost, 0.5, "ok", False, NOW)
    return replace(event, project_id=hold.project_id, **fields)  # type: ignore[arg-type]


def figures(ledger: Ledger, user: str = "user") -> tuple[Decimal, Decimal, int, int]:
    status = ledger.status(user, NO_LIMIT, "2026-11")
    return status.spent_usd, status.held_usd, status.spent_tokens, status.held_tokens


def test_a_hold_sets_its_amount_aside_and_settling_exchanges_it_for_the_cost(ledger: Ledger) -> None:
    hold = held()
    ledger.hold(hold, NO_LIMIT, 60)
    assert figures(ledger) == (0, Decimal("0.01"), 0, 100)
    ledger.settle(hold, event_of(hold))
    assert figures(ledger) == (Decimal("0.004"), 0, 40, 0)
    assert ledger.usage.events() == [event_of(hold)]


def test_what_a_process_that_died_left_half_written_is_ended_with_its_holds(
    semblance: Semblance, ledger: Ledger
) -> None:
    """The server would otherwise keep everybody off those documents for a minute."""
    before = held()
    ledger.hold(before, NO_LIMIT, 60)
    ledger.settle(before, event_of(before))
    database = semblance.connection.database
    dead = store_over(database).ledger
    hold = replace(held(), focus_group_id="a session")
    dead.hold(hold, NO_LIMIT, 60)
    dead._session.start_transaction()
    database["usage_daily"].update_many({}, {"$inc": {"calls": 1}}, session=dead._session)

    began = time.monotonic()
    assert ledger.settle_left("user", focus_group_id="another") == 0
    assert ledger.settle_left("user", focus_group_id="a session") == 1
    assert time.monotonic() - began < 10
    assert figures(ledger) == (Decimal("0.014"), 0, 140, 0)
    assert semblance.store.reconciliation.check().differences == ()


def test_settling_again_changes_nothing(ledger: Ledger) -> None:
    hold, other = held(), held()
    ledger.hold_all([hold, other], NO_LIMIT, 60)
    for _ in range(3):
        ledger.settle(hold, event_of(hold))
    assert figures(ledger) == (Decimal("0.004"), Decimal("0.01"), 40, 100)
    ledger.settle_all([(hold, event_of(hold)), (other, event_of(other))])
    assert figures(ledger) == (Decimal("0.008"), 0, 80, 0)
    assert len(ledger.usage.events()) == 2
    (row,) = ledger.usage.rollups.figures(UsageFilter())
    assert (row.calls, row.cost_usd) == (2, Decimal("0.008"))


def test_a_quota_is_met_exactly_and_never_passed_by_a_nano_dollar(ledger: Ledger) -> None:
    quota = UsageQuota(usd=Decimal("0.02"))
    ledger.hold(held(), quota, 60)
    with pytest.raises(QuotaExceeded):
        ledger.hold(held("0.010000001"), quota, 60)
    assert figures(ledger)[1] == Decimal("0.01")
    ledger.hold(held(), quota, 60)
    with pytest.raises(
        QuotaExceeded, match=r"\$0.0200 of \$0.0200 is used this month, and this call may need less than \$0.000001"
    ):
        ledger.hold(held("0.000000001"), quota, 60)


def test_holds_that_do_not_all_fit_leave_none(ledger: Ledger) -> None:
    assert not ledger.hold_all([held(), held(), held()], UsageQuota(usd=Decimal("0.025")), 60)
    assert figures(ledger) == (0, 0, 0, 0)


def test_a_quota_in_tokens_counts_what_is_held_too(ledger: Ledger) -> None:
    quota = UsageQuota(tokens=250)
    ledger.hold(held(None), quota, 60)
    ledger.hold(held(None), quota, 60)
    with pytest.raises(QuotaExceeded, match=r"200 of 250 tokens .*this call may need 100\."):
        ledger.hold(held(None), quota, 60)


def test_users_and_months_have_budgets_of_their_own(ledger: Ledger) -> None:
    quota = UsageQuota(usd=Decimal("0.01"))
    ledger.hold(held(), quota, 60)
    ledger.hold(held(user="other"), quota, 60)
    ledger.hold(replace(held(), at=NOW + timedelta(days=30)), quota, 60)
    assert figures(ledger, "other")[1] == Decimal("0.01")


def test_what_a_dead_worker_held_is_charged_in_full_and_flagged(ledger: Ledger) -> None:
    dead, alive, unpriced = held(), held(), held(None)
    ledger.hold(dead, NO_LIMIT, -1)
    ledger.hold(unpriced, NO_LIMIT, -1)
    ledger.hold(alive, NO_LIMIT, 60)
    assert ledger.settle_expired() == 2
    assert ledger.settle_expired() == 0
    assert figures(ledger) == (Decimal("0.01"), Decimal("0.01"), 200, 100)
    events = {event.id: event for event in ledger.usage.events()}
    assert events.keys() == {dead.call_id, unpriced.call_id}
    assert (events[dead.call_id].status, events[dead.call_id].estimated) == ("unknown", True)
    assert (events[dead.call_id].cost_usd, events[unpriced.call_id].cost_usd) == (Decimal("0.01"), None)
    assert (events[dead.call_id].project_id, events[dead.call_id].model) == ("project", "m/1")


def test_a_worker_that_died_after_its_event_is_charged_what_the_event_says(
    semblance: Semblance, ledger: Ledger
) -> None:
    hold = held()
    ledger.hold(hold, NO_LIMIT, -1)
    ledger.usage.record([event_of(hold)], ledger._session)
    assert ledger.settle_expired() == 1
    assert figures(ledger) == (Decimal("0.004"), 0, 40, 0)
    assert [event.estimated for event in ledger.usage.events()] == [False]


def test_the_rollups_agree_with_the_events_to_the_nano_dollar(ledger: Ledger) -> None:
    holds = [held(user=("user", "other")[number % 2]) for number in range(24)]
    calls = [(hold, event_of(hold, usd=f"0.00000000{number % 9}")) for number, hold in enumerate(holds)]
    calls[3] = (calls[3][0], replace(calls[3][1], cost_usd=None))
    calls[5] = (calls[5][0], replace(calls[5][1], status="timeout", estimated=True, feature="moderate"))
    ledger.hold_all(holds[::2], NO_LIMIT, 60)
    ledger.hold_all(holds[1::2], NO_LIMIT, 60)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ledger.settle_all, [calls[at : at + 5] for at in range(0, 24, 4)]))
    events = ledger.usage.events()
    rows = ledger.usage.rollups.figures(UsageFilter(), by=["user_id", "feature"])
    assert len(events) == 24
    assert sum(row.calls for row in rows) == 24
    assert sum(row.cost_usd for row in rows) == sum(event.cost_usd or 0 for event in events)
    assert sum(row.tokens.prompt for row in rows) == sum(event.tokens.prompt for event in events)
    assert sum(row.tokens.cached for row in rows) == sum(event.tokens.cached for event in events)
    assert (sum(row.failed for row in rows), sum(row.unpriced for row in rows)) == (1, 1)
    assert {(row.user_id, row.feature) for row in rows} == {
        *(("user", "reply"), ("other", "reply"), ("other", "moderate")),
    }


@pytest.mark.parametrize("rollups", ["usage_daily", "usage_hourly"])
def test_an_event_that_was_written_without_its_rollups_is_not_possible(
    semblance: Semblance, ledger: Ledger, rollups: str
) -> None:
    """All are one transaction: where a rollup cannot be written, neither is the event."""
    database = semblance.connection.database
    database.command("collMod", rollups, validator={"calls": {"$lt": 2}})
    one, other = held(), held()
    ledger.hold_all([one, other], NO_LIMIT, 60)
    ledger.settle(one, event_of(one))
    with pytest.raises(Exception, match="validation"):
        ledger.settle(other, event_of(other))
    assert len(ledger.usage.events()) == 1
    database.command("collMod", rollups, validator={})
    ledger.settle(other, event_of(other))
    for every in (Bucket.DAY, Bucket.HOUR):
        assert [row.calls for row in ledger.usage.rollups.figures(UsageFilter(), every=every)] == [2]
    assert len(ledger.usage.events()) == 2


def test_simulated_calls_count_to_nobodys_tokens(semblance: Semblance, ledger: Ledger) -> None:
    quota = UsageQuota(tokens=100)
    simulated = [replace(held("0", tokens=5_000), model="simulator/v1") for _ in range(2)]
    real = held(None, tokens=100)
    ledger.hold_all([*simulated, real], quota, 60)
    assert figures(ledger) == (0, 0, 0, 100)
    with pytest.raises(QuotaExceeded):
        ledger.hold(held(None, tokens=1), quota, 60)
    ledger.hold(replace(held("0", tokens=5_000), model="simulator/v1"), quota, -1)
    for hold in simulated:
        ledger.settle(hold, event_of(hold, "0", 4_000, model=hold.model))
    ledger.settle(real, event_of(real, None, 90))
    assert ledger.settle_expired() == 1, "also what sets nothing aside is found when its worker died"
    assert figures(ledger) == (0, 0, 90, 0)
    assert sum(event.tokens.total for event in ledger.usage.events()) == 90 + 2 * 4_000 + 5_000
    assert semblance.store.reconciliation.check().wrong == 0
    forgotten = replace(ledger.usage.events()[0], id="backfill/x/1", model="simulator/v1")
    ledger.usage.amend([], [forgotten])
    assert semblance.store.reconciliation.check().wrong == 0


@pytest.mark.parametrize("spent", ["0.004", "0.4"])
def test_what_costs_nothing_never_fails_a_quota_in_dollars(ledger: Ledger, spent: str) -> None:
    before = held()
    ledger.hold(before, NO_LIMIT, 60)
    ledger.settle(before, event_of(before, spent))
    for quota in (UsageQuota(usd=Decimal(0)), UsageQuota(usd=Decimal("0.1"))):
        ledger.hold(held("0"), quota, 60)
    nothing = UsageQuota(usd=Decimal(0))
    for refused in ([held("0.000000001")], [held("0"), held("0.000000001")]):
        assert not ledger.hold_all(refused, nothing, 60)
    with pytest.raises(QuotaExceeded):
        ledger.hold(held("0", tokens=100_000), UsageQuota(usd=Decimal(0), tokens=9), 60)


def test_budgets_with_calls_under_way_are_found_by_an_index(semblance: Semblance, ledger: Ledger) -> None:
    ledger.hold(held(), NO_LIMIT, 60)
    plan = semblance.connection.database["budgets"].find({"user_id": "user", **WITH_HOLDS}).explain()
    assert "with_holds" in repr(plan["queryPlanner"]["winningPlan"])
