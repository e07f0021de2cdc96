"""Forecasts the cost of a month at its end, as a range: past days resampled by weekday. Pure.

A seasonal bootstrap: each day that is left is drawn from past days of the same weekday, many times over, and the sums'
quantiles are the range (Efron, "Bootstrap methods", Annals of Statistics 7, 1979; that a day resembles those of its own
season is the seasonal naive method of Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., 5.2 and 5.5).
Days are drawn one by one, so where busy days come in runs the true range is wider.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from semblance_core.domain.times import midnight

FEWEST_DAYS = 3
FEWEST_OF_WEEKDAY = 2
MOST_DAYS = 56
DRAWS = 1_000
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Expected cost of the whole month in US dollars: P10 to P90. days: of how many past days it is drawn."""

    low_usd: Decimal
    high_usd: Decimal
    days: int


def month_end(costs: Mapping[date, Decimal], now: datetime, seed: int = 0) -> MonthEnd | None:
    """Forecasts the cost of the current month (UTC) at its end. The last eight weeks count.

    Args:
        costs: US dollars of each day that had calls, today's so far included; days without are free.
        now: aware time, UTC.
        seed: makes the range repeatable.

    Returns:
        P10 to P90, or None where fewer than three whole days are known.

    >>> from semblance_core.domain.times import parse_utc
    >>> steady = {date(2026, 11, day): Decimal(2) for day in range(1, 28)}
    >>> month_end(steady, parse_utc("2026-11-28T12:00Z"))
    MonthEnd(low_usd=Decimal('59.00'), high_usd=Decimal('59.00'), days=27)
    """
    today = now.date()
    first = max(min(costs, default=today), today - timedelta(days=MOST_DAYS))
    past = {first + timedelta(days=number): Decimal(0) for number in range((today - first).days)}
    past |= {day: cost for day, cost in costs.items() if day in past}
    if len(past) < FEWEST_DAYS:
        return None
    spent = sum((cost for day, cost in costs.items() if day.replace(day=1) == today.replace(day=1)), Decimal(0))
    left = 1 - (now - midnight(now)) / timedelta(days=1)
    following = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    days = [today + timedelta(days=number) for number in range((following - today).days)]
    pools = [_pool(past, day) for day in days]
    shares = [left, *[1.0] * (len(days) - 1)]
    rng = random.Random(seed)
    draws = sorted(
        sum(rng.choice(pool) * share for pool, share in zip(pools, shares, strict=True)) for _ in range(DRAWS)
    )
    low, high = (spent + Decimal(round(draws[int(share * (DRAWS - 1))], 9)) for share in (LOW, HIGH))
    cents = Decimal("0.01")
    return MonthEnd(_rounded(low, cents), _rounded(high, cents), len(past))


def _pool(past: Mapping[date, Decimal], day: date) -> list[float]:
    """Costs of the past days of the same weekday; of all past days where there are too few."""
    alike = [float(cost) for known, cost in past.items() if known.weekday() == day.weekday()]
    return alike if len(alike) >= FEWEST_OF_WEEKDAY else [float(cost) for cost in past.values()]


def _rounded(usd: Decimal, cents: Decimal) -> Decimal:
    """To the cent; what is less than that keeps what there is to see."""
    return usd.quantize(cents) if usd >= 1 else usd.quantize(Decimal("0.000001"))
