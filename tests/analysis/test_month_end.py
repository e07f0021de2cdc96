"""What a month will have cost: a range that holds, from days like those that are left."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from semblance_core.analysis.usage.month_end import month_end

NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


def days(until: date, count: int, cost: str = "1") -> dict[date, Decimal]:
    return {until - timedelta(days=number): Decimal(cost) for number in range(1, count + 1)}


def test_under_three_whole_days_it_is_too_early_to_tell() -> None:
    assert month_end({}, NOW) is None
    assert month_end({NOW.date(): Decimal(3)}, NOW) is None
    assert month_end(days(NOW.date(), 2), NOW) is None
    assert month_end(days(NOW.date(), 3), NOW) is not None


def test_weekends_without_work_are_not_expected_to_cost() -> None:
    worked = {day: cost for day, cost in days(NOW.date(), 56, "10").items() if day.weekday() < 5}
    expected = month_end(worked, NOW)
    assert expected
    # 12 working days of November are over; 0.75 of the 18th and 8 more working days are left.
    assert expected.low_usd == expected.high_usd == Decimal("207.50")


@given(some.integers(0, 10**6), some.integers(3, 60))
def test_the_range_is_in_order_and_never_below_what_is_spent(seed: int, known: int) -> None:
    rng = random.Random(seed)
    costs = {day: Decimal(rng.randrange(10**6)) / 100 for day in days(NOW.date(), known)}
    expected = month_end(costs, NOW, seed)
    assert expected
    spent = sum((cost for day, cost in costs.items() if day.month == NOW.month), Decimal(0))
    assert spent <= expected.low_usd <= expected.high_usd
    assert expected == month_end(costs, NOW, seed)


def test_most_months_end_within_the_range() -> None:
    hits = 0
    for seed in range(60):
        rng = random.Random(seed)
        year = {
            date(2026, 9, 1) + timedelta(days=number): Decimal(str(round(rng.gammavariate(2, 5), 2)))
            for number in range(91)
        }
        known = {day: cost for day, cost in year.items() if day < NOW.date()}
        expected = month_end(known, datetime(2026, 11, 18, tzinfo=UTC), seed)
        assert expected
        ended = sum((cost for day, cost in year.items() if day.month == 11), Decimal(0))
        hits += expected.low_usd <= ended <= expected.high_usd
    assert 40 <= hits <= 57  # 48 of 60 is four of five
