"""Usage that nobody recorded is reconstructed once, flagged, and close to what was really used; costs can be repriced."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.usage.events import BACKFILLED, UsageEvent, UsageQuota
from semblance_core.domain.usage.price import ListedPrice, model_price
from semblance_core.flows.costs.backfill import Backfilled, backfill
from semblance_core.flows.costs.reprice import reprice
from semblance_core.store.usage.ledger import Hold
from semblance_core.workspace import Workspace
from tests.conftest import MODEL
from tests.studies import asked_round, discussed, session


@pytest.fixture
def group(semblance: Semblance, workspace: Workspace) -> FocusGroup:
    """A session with a moderated round and 40 autonomous turns, so that its window was cut."""
    group = session(workspace, size=5, turn_limit=40)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    group, _ = discussed(semblance, workspace, group.id)
    semblance.gateway.batcher.flush()
    return group


def run(semblance: Semblance, **options: Any) -> Backfilled:
    gateway = semblance.gateway
    return backfill(semblance.store, gateway.model.count_tokens, gateway.prices.price_of, **options)


def forget_usage(semblance: Semblance, *, own_figures: bool = True) -> list[UsageEvent]:
    """Removes all that was recorded of usage; returns what it was."""
    semblance.gateway.batcher.flush()
    events = semblance.store.usage.events()
    database = semblance.connection.database
    for name in ("usage_events", "usage_daily", "usage_hourly", "budgets"):
        database[name].delete_many({})
    if own_figures:
        nothing = {"prompt": 0, "cached": 0, "completion": 0, "reasoning": 0}
        database["focus_group_messages"].update_many(
            {}, {"$set": {"tokens": nothing, "cost_nano_usd": 0, "attempts": 0}}
        )
    return events


def test_what_was_lost_is_reconstructed_from_the_context_about_right(semblance: Semblance, group: FocusGroup) -> None:
    real = {event.seq: event for event in forget_usage(semblance) if event.seq is not None}
    done = run(semblance)
    events = semblance.store.usage.events()
    assert done.messages == len(events) == len(real)
    assert all(event.estimated and event.id == f"{BACKFILLED}{group.id}/{event.seq}" for event in events)
    assert {(event.seq, event.feature, event.model, event.user_id, event.project_id) for event in events} == {
        (seq, event.feature, event.model, event.user_id, event.project_id) for seq, event in real.items()
    }
    # The scripted provider counts four characters a token, made-up words take the tokeniser more; so this is the form.
    ratios = [event.tokens.prompt / real[event.seq].tokens.prompt for event in events]
    assert max(ratios) < 1.7 * min(ratios), "prompts grow and are cut as they were"
    assert all(0.8 < ratio < 2.2 for ratio in ratios)
    assert semblance.store.reconciliation.check().differences == ()
    messages = semblance.store.focus_groups.messages(group.id)
    assert sum(message.cost_usd or 0 for message in messages) == sum(event.cost_usd or 0 for event in events)


def test_it_is_done_once(semblance: Semblance, group: FocusGroup) -> None:
    assert run(semblance).messages == 0, "everything has usage"
    forget_usage(semblance)
    assert run(semblance, dry_run=True).messages > 30
    assert semblance.store.usage.events() == []
    first = run(semblance)
    events = semblance.store.usage.events()
    assert run(semblance).messages == 0
    assert semblance.store.usage.events() == events
    again = run(semblance, delete_existing=True)
    assert (again.removed, again.messages) == (first.messages, first.messages)
    assert sorted(semblance.store.usage.events(), key=lambda event: event.id) == sorted(
        events, key=lambda event: event.id
    )
    assert semblance.store.reconciliation.check().differences == ()


def test_only_the_messages_of_that_time_are_touched(semblance: Semblance, group: FocusGroup) -> None:
    forget_usage(semblance)
    messages = semblance.store.focus_groups.messages(group.id)
    since, until = messages[10].at, messages[20].at
    run(semblance, since=since, until=until)
    events = semblance.store.usage.events()
    assert events
    assert all(since <= event.at < until for event in events)
    assert run(semblance, since=until + timedelta(days=1)).messages == 0
    rest = run(semblance)
    assert run(semblance).messages == 0
    assert rest.messages + len(events) == len(semblance.store.usage.events())


def test_what_was_measured_is_never_deleted_and_never_doubled(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    measured = semblance.store.usage.events()
    done = run(semblance, delete_existing=True)
    assert (done.removed, done.messages) == (0, 0)
    assert semblance.store.usage.events() == measured


def test_figures_that_messages_still_have_are_taken_before_any_estimate(
    semblance: Semblance, group: FocusGroup
) -> None:
    real = {event.seq: event for event in forget_usage(semblance, own_figures=False) if event.seq is not None}
    run(semblance)
    assert all(event.tokens == real[event.seq].tokens for event in semblance.store.usage.events())
    run(semblance, delete_existing=True)
    assert all(event.tokens == real[event.seq].tokens for event in semblance.store.usage.events())


def test_events_without_message_numbers_are_not_counted_a_second_time(semblance: Semblance, group: FocusGroup) -> None:
    semblance.connection.database["usage_events"].update_many({}, {"$unset": {"seq": ""}})
    assert run(semblance).messages == 0


def test_a_model_without_a_price_is_counted_at_unknown_cost(semblance: Semblance, group: FocusGroup) -> None:
    forget_usage(semblance)
    semblance.connection.database["focus_group_messages"].update_many({}, {"$set": {"model": "openai/nobodys"}})
    done = run(semblance)
    assert done.by_model["openai/nobodys"].cost_usd is None
    assert (
        semblance.store.ledger.status("user", UsageQuota(), f"{semblance.clock():%Y-%m}").unpriced_calls
        == done.messages
    )


def test_a_corrected_price_is_applied_to_what_was_used_and_the_difference_said(
    semblance: Semblance, group: FocusGroup
) -> None:
    usage, prices = semblance.store.usage, semblance.gateway.prices
    before = usage.events()
    long_ago = before[-1].at - timedelta(days=1)
    assert reprice(usage, prices.price_of, since=long_ago) == [], "nothing changed, so nothing is corrected"
    doubled = model_price("0.3", "0.15", "1.2")
    semblance.store.pricing.put(ListedPrice(MODEL, doubled, before[len(before) // 2].at))
    prices.forget()
    (said,) = reprice(usage, prices.price_of, since=long_ago, dry_run=True)
    assert usage.events() == before
    assert reprice(usage, prices.price_of, since=long_ago) == [said]
    assert reprice(usage, prices.price_of, since=long_ago) == []
    after = usage.events()
    changed = [event for event in after if event.at >= before[len(before) // 2].at]
    old = {event.id: event.cost_usd or Decimal(0) for event in before}
    assert said.calls == len(changed)
    assert all(event.cost_usd == doubled.cost_usd(event.tokens) for event in changed)
    assert said.difference_usd == sum((event.cost_usd or 0) - old[event.id] for event in after) > 0
    assert semblance.store.reconciliation.check().differences == ()
    messages = semblance.store.focus_groups.messages(group.id)
    linked = sum(event.cost_usd or 0 for event in after if event.seq is not None)
    assert sum(message.cost_usd or 0 for message in messages) == linked


def test_a_call_that_is_being_settled_is_neither_repriced_nor_counted_a_second_time(
    semblance: Semblance, group: FocusGroup
) -> None:
    """Its event, or its hold, is about to come or to go: whoever moves it meanwhile would move it twice."""
    events = semblance.store.usage.events()
    event = next(event for event in events if event.seq is not None)
    hold = Hold(event.id, event.user_id, event.at, Decimal("0.01"), event.tokens, event.feature, event.model)
    hold = replace(hold, project_id=event.project_id, focus_group_id=event.focus_group_id, seq=event.seq)
    semblance.store.ledger.hold(hold, UsageQuota(), 60)
    semblance.store.pricing.put(
        ListedPrice(MODEL, model_price("0.3", "0.15", "1.2"), events[-1].at - timedelta(days=1))
    )
    semblance.gateway.prices.forget()
    done = reprice(semblance.store.usage, semblance.gateway.prices.price_of, since=events[-1].at - timedelta(days=1))
    assert [(row.in_flight, row.calls) for row in done] == [(1, len(events) - 1)]
    assert semblance.store.usage.find(event.id) == event

    database = semblance.connection.database
    database["usage_events"].delete_many({"seq": event.seq})
    assert run(semblance).messages == 0, "its message's hold still stands"
    semblance.store.ledger.release([hold])
    assert run(semblance).messages == 1


def test_backfilling_beside_a_running_session_counts_nothing_twice(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, size=4, turn_limit=40)
    workspace.sessions.start(group.id)
    while workspace.sessions.get(group.id).is_busy:
        run(semblance)
    semblance.gateway.batcher.flush()
    seqs = [event.seq for event in semblance.store.usage.events() if event.seq is not None]
    assert len(seqs) == len(set(seqs)) > 30
    assert semblance.store.reconciliation.check().differences == ()
