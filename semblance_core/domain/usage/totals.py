"""Sums of many calls, read from rollups, with binned latencies. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.usage.events import TokenCounts

BOUNDS_MS = (100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, 6400, 9600, 12800, 25600, 51200, 102400)
"""Upper bounds of the bins of latency; one more bin lies above the last."""
BINS = len(BOUNDS_MS) + 1
SPLITS = ("user_id", "project_id", "feature", "model")
"""Fields by which totals can be broken down."""
OTHERS = "\0others"
"""Value for all others of a split, taken together; no name holds this character."""


@dataclass(frozen=True, slots=True)
class UsageTotals:
    """Sums of calls. at: when their bucket of time begins. The four splits: whose and what for, None where not broken down
    by it (and project_id also for calls of no project).

    cost_usd: of the calls whose cost is known; `unpriced` counts the others. latency_bins: how many measured answers took how
    long, by `BOUNDS_MS`; those that were reconstructed are in none.
    """

    at: datetime | None = None
    user_id: str | None = None
    project_id: str | None = None
    feature: str | None = None
    model: str | None = None
    calls: int = 0
    failed: int = 0
    estimated: int = 0
    unpriced: int = 0
    tokens: TokenCounts = field(default_factory=TokenCounts)
    cost_usd: Decimal = Decimal(0)
    latency_bins: tuple[int, ...] = (0,) * BINS

    @property
    def known_cost_usd(self) -> Decimal | None:
        """The cost, or None where nothing of it is known."""
        return None if self.unpriced and not self.cost_usd else self.cost_usd

    @property
    def failure_rate(self) -> float | None:
        """From 0 to 1; None without calls."""
        return self.failed / self.calls if self.calls else None

    def latency_s(self, share: float) -> float | None:
        """Seconds that this share of the measured answers took at most."""
        return latency_quantile_s(self.latency_bins, share)


def total_of(rows: Iterable[UsageTotals]) -> UsageTotals:
    """All of these together, broken down by nothing."""
    all_rows = list(rows)
    return UsageTotals(
        calls=sum(row.calls for row in all_rows),
        failed=sum(row.failed for row in all_rows),
        estimated=sum(row.estimated for row in all_rows),
        unpriced=sum(row.unpriced for row in all_rows),
        tokens=sum((row.tokens for row in all_rows), TokenCounts()),
        cost_usd=sum((row.cost_usd for row in all_rows), Decimal(0)),
        latency_bins=tuple(map(sum, zip(*(row.latency_bins for row in all_rows), strict=True))) or (0,) * BINS,
    )


def latency_bin(milliseconds: int) -> int | None:
    """The bin that an answer's time belongs to; None for one that was not measured.

    >>> latency_bin(99), latency_bin(100), latency_bin(10**6), latency_bin(0)
    (0, 1, 18, None)
    """
    return bisect_right(BOUNDS_MS, milliseconds) if milliseconds > 0 else None


def latency_quantile_s(bins: Sequence[int], share: float) -> float | None:
    """Seconds, read off the bins as if answers lay evenly within each; None where nothing was measured.

    It is off by at most the width of one bin, a third to a half of the value (beyond 13 s: by at most a factor of two);
    answers beyond the last bound count as that bound.

    >>> latency_quantile_s([0, 0, 0, 0, 10, *[0] * 14], 0.5)
    0.35
    """
    wanted, passed = share * sum(bins), 0
    if not sum(bins):
        return None
    for number, count in enumerate(bins):
        if count and passed + count >= wanted:
            if number == len(BOUNDS_MS):
                break
            low = BOUNDS_MS[number - 1] if number else 0
            within = (wanted - passed) / count
            return (low + within * (BOUNDS_MS[number] - low)) / 1000
        passed += count
    return BOUNDS_MS[-1] / 1000
