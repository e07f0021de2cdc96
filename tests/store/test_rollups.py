"""Rollups say what the events say: for any period, filter and break-down, and after any correction."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import as_utc, asked_time
from semblance_core.domain.usage.events import NO_PROJECT, TokenCounts, UsageEvent, UsageFilter
from semblance_core.domain.usage.period import Bucket, period_of
from semblance_core.domain.usage.totals import OTHERS, SPLITS, latency_bin, total_of

START = datetime(2026, 11, 27, 20, tzinfo=UTC)
NUMBERS = count()
MANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
TOKENS = some.builds(lambda prompt, cached: TokenCounts(prompt + cached, cached, 7, 3), *[some.integers(0, 900)] * 2)
MINUTES = some.integers(0, 5 * 24 * 60)
EVENTS = some.builds(
    UsageEvent,
    id=some.builds(lambda: f"call-{next(NUMBERS)}"),
    user_id=some.sampled_from(["user", "other"]),
    feature=some.sampled_from(["reply", "moderate"]),
    model=some.sampled_from(["openai/gpt-4o-mini", "m/1"]),
    tokens=TOKENS,
    cost_usd=some.one_of(some.none(), some.integers(0, 10**7).map(lambda nano: Decimal(nano) / 10**9)),
    latency_s=some.one_of(some.just(0.0), some.floats(0.0004, 200)),
    status=some.sampled_from(["ok", "ok", "timeout"]),
    estimated=some.booleans(),
    at=some.builds(lambda minutes: START + timedelta(minutes=minutes), MINUTES),
    project_id=some.sampled_from([None, "p1", "p2"]),
)
PERIODS = some.builds(
    lambda since, minutes: period_of(START + timedelta(minutes=since), START + timedelta(minutes=since + minutes)),
    MINUTES,
    some.integers(1, 5 * 24 * 60),
)
FILTERS = some.builds(
    lambda period, **fields: UsageFilter(period and period.since, period and period.until, **fields),
    some.one_of(some.none(), PERIODS),
    user_id=some.sampled_from([None, "user"]),
    project_id=some.sampled_from([None, "p1", NO_PROJECT]),
    feature=some.sampled_from([None, None, "reply"]),
)


def written(semblance: Semblance, events: list[UsageEvent]) -> None:
    for name in ("usage_events", "usage_daily", "usage_hourly"):
        semblance.connection.database[name].delete_many({})
    with semblance.connection.database.client.start_session() as session:
        semblance.store.usage.record(events, session)


def added_up(events: list[UsageEvent], by: list[str], every: Bucket | None) -> dict[Any, tuple[Any, ...]]:
    groups: dict[Any, list[UsageEvent]] = defaultdict(list)
    for event in events:
        groups[(every and every.start(event.at), *(getattr(event, name) for name in by))].append(event)
    return {key: facts(own) for key, own in groups.items()}


def facts(events: list[UsageEvent]) -> tuple[Any, ...]:
    bins = [latency_bin(round(event.latency_s * 1000)) for event in events]
    return (
        len(events),
        sum(event.status != "ok" for event in events),
        sum(event.estimated for event in events),
        sum(event.cost_usd is None for event in events),
        sum((event.cost_usd or Decimal(0) for event in events), Decimal(0)),
        sum((event.tokens for event in events), TokenCounts()),
        tuple(bins.count(number) for number in range(19)),
    )


@MANY
@given(
    events=some.lists(EVENTS, max_size=30),
    where=FILTERS,
    by=some.lists(some.sampled_from(SPLITS), unique=True, max_size=2),
    every=some.sampled_from([None, *Bucket]),
)
def test_figures_are_what_the_events_add_up_to(
    semblance: Semblance, events: list[UsageEvent], where: UsageFilter, by: list[str], every: Bucket | None
) -> None:
    written(semblance, events)
    found = semblance.store.usage.rollups.figures(where, by, every)
    fields = {name: getattr(where, name) for name in ("since", "until", "user_id", "project_id", "feature")}
    meant = semblance.store.usage.events(**fields)
    assert {
        (row.at, *(getattr(row, name) for name in by)): (
            *(row.calls, row.failed, row.estimated, row.unpriced, row.cost_usd, row.tokens, row.latency_bins),
        )
        for row in found
    } == added_up(meant, by, every)


@MANY
@given(
    events=some.lists(EVENTS, max_size=30),
    where=FILTERS,
    among=some.lists(some.sampled_from([None, "p1", "p2"]), min_size=1),
)
def test_values_that_are_not_told_apart_are_one(
    semblance: Semblance, events: list[UsageEvent], where: UsageFilter, among: list[str | None]
) -> None:
    """And what is read at one go, by each split for itself, is what is read split by split."""
    written(semblance, events)
    rollups = semblance.store.usage.rollups
    asked = [NO_PROJECT if project is None else project for project in among]
    apart = rollups.figures(where, ["project_id"], Bucket.DAY, latency=False)
    together: dict[Any, list[Any]] = defaultdict(list)
    for row in apart:
        together[row.at, row.project_id if row.project_id in among else OTHERS].append(row)
    found = rollups.figures(where, ["project_id"], Bucket.DAY, among=asked, latency=False)
    assert {(row.at, row.project_id): replace(row, at=None, project_id=None) for row in found} == {
        key: total_of(rows) for key, rows in together.items()
    }
    for split, rows in rollups.breakdowns(where).items():
        by_split = rollups.figures(where, [split], latency=False)
        assert sorted(rows, key=repr) == sorted(by_split, key=repr)


def test_the_hours_at_both_ends_of_a_period_count_and_none_beyond_them(semblance: Semblance) -> None:
    day = datetime(2026, 11, 27, tzinfo=UTC)
    call = UsageEvent("", "user", "reply", "m/1", TokenCounts(9, 0, 3), Decimal(1), 0.4, "ok", False, day)
    times = [day + timedelta(minutes=minutes) for minutes in range(0, 4 * 24 * 60, 30)]
    written(semblance, [replace(call, id=f"{at:%d%H%M}", at=at) for at in times])
    for since, until in ((5, 80), (24, 80), (5, 72), (24, 72), (5, 9), (24, 25), (23, 25), (47, 48)):
        first, end = day + timedelta(hours=since), day + timedelta(hours=until)
        for every in (None, *Bucket):
            found = semblance.store.usage.rollups.figures(UsageFilter(first, end), every=every)
            assert sum(row.calls for row in found) == 2 * (until - since), (since, until, every)


ZONES = ("+05:30", "+03:30", "+09:30", "-03:30", "+05:45", "+08:45", "+12:45", "+00:00")
"""India, Iran, Adelaide, Newfoundland, Nepal, Eucla, Chatham."""


def test_what_adjoins_in_any_time_zone_counts_each_call_once_and_as_the_calls_themselves_do(
    semblance: Semblance,
) -> None:
    """The page reads sums, the API the calls: both say the same, and parts add up to the whole."""
    call = UsageEvent("", "user", "reply", "m/1", TokenCounts(9, 0, 3), Decimal(1), 0.4, "ok", False, START)
    late = [datetime(2026, 11, 29, 8, 30, 1, tzinfo=UTC)] * 86
    spread = [START + timedelta(minutes=7 * number) for number in range(400)]
    spread = [at for at in spread if abs(at - late[0]) > timedelta(hours=1)]
    written(semblance, [replace(call, id=f"{number}", at=at) for number, at in enumerate([*spread, *late])])
    rollups = semblance.store.usage.rollups

    def counted(since: datetime, until: datetime) -> int:
        period = period_of(since, until)
        where = UsageFilter(period.since, period.until)
        counts = {sum(row.calls for row in rollups.figures(where, every=every)) for every in (None, *Bucket)}
        counts |= {sum(row.calls for row in rows) for rows in rollups.breakdowns(where).values()}
        counts.add(semblance.store.usage.spent(since=as_utc(since), until=as_utc(until)).calls)
        assert len(counts) == 1, (since, until, counts)
        return counts.pop()

    halves = [asked_time(f"2026-11-29T{clock}+05:30") for clock in ("13:30", "14:00", "14:30")]
    assert [counted(*pair) for pair in pairwise(halves)] == [0, 86]
    for zone in ZONES:
        days = [asked_time(f"2026-11-{day}T00:00{zone}") for day in (27, 28, 29, 30)]
        assert sum(counted(*pair) for pair in pairwise(days)) == counted(days[0], days[-1]), zone
        quarters = [days[2] + timedelta(minutes=15 * number) for number in range(97)]
        assert sum(counted(*pair) for pair in pairwise(quarters[::7])) == counted(quarters[0], quarters[91]), zone
    # Days of 23 and of 25 hours, where clocks are set forward and back.
    for days in (
        ["2026-11-28T00:00+01:00", "2026-11-29T00:00+02:00", "2026-11-30T00:00+02:00"],
        ["2026-11-28T00:00+10:30", "2026-11-29T00:00+09:30", "2026-11-30T00:00+09:30"],
    ):
        first, second, third = map(asked_time, days)
        assert counted(first, second) + counted(second, third) == counted(first, third)


@MANY
@given(events=some.lists(EVENTS, min_size=1, max_size=20), data=some.data())
def test_corrections_leave_rollups_what_the_events_say(
    semblance: Semblance, events: list[UsageEvent], data: some.DataObject
) -> None:
    written(semblance, events)
    moved = data.draw(some.lists(some.sampled_from(events), unique_by=lambda event: event.id))
    after = [replace(event, cost_usd=Decimal("0.25"), latency_s=0.7) for event in moved if data.draw(some.booleans())]
    assert semblance.store.usage.amend(moved, after) == len(moved)
    wrong = semblance.store.reconciliation.check().differences
    assert [each for each in wrong if each.collection != "budgets"] == []
    empty = {"calls": {"$lte": 0}}
    assert not any(semblance.connection.database[name].find_one(empty) for name in ("usage_daily", "usage_hourly"))


def test_events_of_before_there_were_rollups_by_hour_get_them_by_repair(semblance: Semblance) -> None:
    at = START + timedelta(minutes=30)
    event = UsageEvent("call", "user", "reply", "m/1", TokenCounts(9, 0, 3), None, 0.45, "ok", False, at)
    written(semblance, [event])
    database = semblance.connection.database
    rollups = semblance.store.usage.rollups
    database["usage_hourly"].drop()
    database["usage_daily"].update_many({}, {"$unset": {"latency_bin_5": ""}})
    assert rollups.figures(UsageFilter(), every=Bucket.HOUR) == []
    assert semblance.store.reconciliation.check().differences
    semblance.store.reconciliation.repair()
    (by_hour,) = rollups.figures(UsageFilter(), every=Bucket.HOUR)
    (by_day,) = rollups.figures(UsageFilter(), every=Bucket.DAY)
    assert replace(by_hour, at=by_day.at) == by_day
    assert by_hour.latency_s(1.0) == 0.6
    assert rollups.values("model") == ["m/1"]


def test_sums_by_outcome_are_refused_not_guessed(semblance: Semblance) -> None:
    with pytest.raises(InvalidInput, match="not by outcome"):
        semblance.store.usage.rollups.figures(UsageFilter(status="timeout"))
    with pytest.raises(InvalidInput, match="by user, project, feature and model"):
        semblance.store.usage.rollups.figures(UsageFilter(), by=["task_id"])
