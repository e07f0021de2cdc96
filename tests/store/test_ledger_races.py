"""Calls side by side and the ledger: no quota is passed, and nobody is refused for being quick."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageQuota
from semblance_core.store.usage.ledger import Hold, Ledger
from semblance_core.store.usage.ledger_batcher import LedgerBatcher
from tests.store.test_ledger import event_of, figures, held


@pytest.fixture
def ledger(semblance: Semblance) -> Ledger:
    return semblance.store.ledger


@pytest.mark.parametrize("together", [False, True])
def test_32_threads_never_pass_the_quota(semblance: Semblance, together: bool) -> None:
    """Settled + held is at most the quota at every moment, through the ledger itself and through the batcher."""
    ledger, quota = semblance.store.ledger, UsageQuota(usd=Decimal("1"))
    semblance.workspace("admin").accounts.set_quota("user", quota)
    batcher = LedgerBatcher(ledger, semblance.store.users.get)
    over, done = list[Decimal](), threading.Event()
    refused = []

    def watch() -> None:
        while not done.is_set():
            spent, reserved, *_ = figures(ledger)
            if spent + reserved > Decimal(1):
                over.append(spent + reserved)

    def spend(number: int) -> None:
        for turn in range(4):
            hold = held("0.02")
            try:
                batcher.hold(hold, 60) if together else ledger.hold(hold, quota, 60)
            except QuotaExceeded:
                refused.append(hold)
                continue
            event = event_of(hold, usd=f"0.0{1 + (number + turn) % 2}")
            batcher.settle(hold, event) if together else ledger.settle(hold, event)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(spend, range(32)))
    batcher.flush()
    done.set()
    watcher.join()
    assert over == []
    spent, reserved, *_ = figures(ledger)
    assert reserved == 0
    assert Decimal("0.96") <= spent <= 1
    assert refused
    assert spent == sum(event.cost_usd or 0 for event in ledger.usage.events())


class SlowToSettle(Ledger):
    """A database under load: settlements take a moment."""

    def settle_all(self, calls: Sequence[tuple[Hold, UsageEvent]]) -> None:
        time.sleep(0.2)
        super().settle_all(calls)


def test_a_call_that_is_just_over_does_not_stand_in_the_way_of_the_next(semblance: Semblance) -> None:
    """A quota with room for one call at a time grants them one after the other, although settling is not waited for."""
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(tokens=150))
    batcher = LedgerBatcher(
        SlowToSettle(semblance.connection.database, semblance.store.usage), semblance.store.users.get
    )
    for _ in range(3):
        hold = held()
        batcher.hold(hold, 60)
        batcher.settle(hold, replace(event_of(hold), tokens=TokenCounts()))


def test_the_first_calls_of_a_month_are_not_refused_for_racing(semblance: Semblance) -> None:
    ledger = semblance.store.ledger
    for number in range(5):
        start = threading.Barrier(16)

        def hold(_: int, number: int = number, start: threading.Barrier = start) -> None:
            start.wait()
            ledger.hold(held(user=f"user-{number}"), UsageQuota(usd=Decimal("0.16")), 60)

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(hold, range(16)))
        assert figures(ledger, f"user-{number}")[1] == Decimal("0.16")
