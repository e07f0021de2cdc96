"""Two workers whose machines' clocks are three hours slow and three hours fast: nobody could tell from what is stored."""

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.store.ids import new_id
from semblance_core.store.usage.ledger import Hold
from semblance_core.workspace import Workspace
from tests.faults.conftest import Tell, assert_whole
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import eventually, session
from tests.zygote import Zygote, kill

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
OFFSETS = ("-3h", "+3h")
NO_FAKETIME = "faketime is not installed here (Debian: faketime)"


@pytest.fixture
def skewed() -> Iterator[list[Zygote]]:
    """One that forks workers with a slow clock, one with a fast clock."""
    if not FAKETIME.exists():
        assert not os.environ.get("CI"), NO_FAKETIME
        pytest.skip(NO_FAKETIME)
    wrong = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"}
    zygotes = [Zygote(wrong | {"FAKETIME": offset}) for offset in OFFSETS]
    yield zygotes
    for zygote in zygotes:
        zygote.__exit__()


def hold_of(semblance: Semblance, lasts_s: float) -> Hold:
    worst = TokenCounts(prompt=90, completion=10)
    hold = Hold(new_id(), "user", semblance.clock(), Decimal("0.01"), worst, "reply", "m/1")
    semblance.store.ledger.hold(hold, UsageQuota(), lasts_s)
    return hold


def test_holds_expire_by_the_databases_clock_whatever_a_workers_own_says(
    skewed: list[Zygote], elsewhere: dict[str, Any], onlooker: tuple[Semblance, Workspace]
) -> None:
    """A slow one would leave what is over held for hours; a fast one would charge calls that are still under way."""
    semblance, workspace = onlooker
    slow, fast = skewed
    lasting = hold_of(semblance, lasts_s=3_600)
    for zygote in (slow, fast):
        over = hold_of(semblance, lasts_s=0.0)
        worker = zygote.start(elsewhere)
        eventually(lambda: workspace.me.quota().held_usd == lasting.usd, within_s=60)
        kill(worker)
        charged = semblance.store.usage.find(over.call_id)
        assert charged
        assert (charged.cost_usd, charged.status) == (Decimal("0.01"), "unknown")
        assert semblance.store.usage.find(lasting.call_id) is None, "its call is still under way"
    assert workspace.me.quota().spent_usd == Decimal("0.02")
    assert semblance.store.reconciliation.check().differences == ()


def test_clocks_that_are_hours_off_change_nothing(
    skewed: list[Zygote],
    elsewhere: dict[str, Any],
    onlooker: tuple[Semblance, Workspace],
    model_server: ScriptedServer,
    tell: Tell,
) -> None:
    semblance, workspace = onlooker
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.1)
    groups = [session(workspace, size=4, turn_limit=30, seed=number).id for number in range(3)]
    began = semblance.store.clock()
    for group_id in groups:
        workspace.sessions.start(group_id)
    slow, fast = (zygote.start(elsewhere) for zygote in skewed)
    eventually(lambda: all(workspace.sessions.get(group_id).next_seq > 5 for group_id in groups), within_s=40)
    # Each has to take over from the other: a lease by either clock would never, or at once, be past.
    for place, worker in enumerate((slow, fast)):
        kill(worker)
        before = [workspace.sessions.get(group_id).next_seq for group_id in groups]
        eventually(
            lambda before=before: (
                any(
                    workspace.sessions.get(group_id).next_seq > seq
                    for group_id, seq in zip(groups, before, strict=True)
                )
                or not any(workspace.sessions.get(group_id).is_busy for group_id in groups)
            ),
            within_s=60,
        )
        skewed[place].start(elsewhere)
    eventually(lambda: not any(workspace.sessions.get(group_id).is_busy for group_id in groups), within_s=60)
    over = semblance.store.clock()
    off = timedelta(0)
    for group_id in groups:
        group, messages = workspace.sessions.get(group_id), workspace.sessions.messages(group_id)
        assert_whole(group, messages)
        for message in messages:
            assert began - timedelta(seconds=1) <= message.at <= over + timedelta(seconds=1)
            off = max(off, message.at - over, began - message.at)
        assert len({message.epoch for message in messages}) <= 4
    events = semblance.store.usage.events(user_id="user")
    assert all(began - timedelta(seconds=1) <= event.at <= over + timedelta(seconds=1) for event in events)
    budgets = semblance.connection.database["budgets"].distinct("month")
    assert set(budgets) <= {month_of(began), month_of(over)}
    tell(
        "clock off by 3 h either way",
        f"two workers, 3 h slow and 3 h fast, taking over from one another: {len(events)} calls and all messages dated within "
        f"{max(0.0, off.total_seconds()):.0f} s of the truth, budgets in the right month",
    )
