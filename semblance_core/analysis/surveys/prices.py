"""The price sensitivity meter: curves of four prices a person, and the prices at which they cross. Pure.

Peter van Westendorp, "NSS Price Sensitivity Meter: a new approach to study consumer perception of price", ESOMAR Congress, Venice
1976. The range is the original one: its ends are where “too cheap” meets “not cheap” and “too expensive” meets “not expensive”.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semblance_core.analysis.surveys.resampling import SEED, Interval, how_often

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 500
Prices = tuple[float, float, float, float]
"""One person's too cheap, cheap, expensive and too expensive price."""


@dataclass(frozen=True, slots=True)
class PriceCurves:
    """Shares of people, from 0 to 1, at each price: too_cheap and cheap fall, expensive and too_expensive rise."""

    prices: tuple[float, ...]
    too_cheap: tuple[float, ...]
    cheap: tuple[float, ...]
    expensive: tuple[float, ...]
    too_expensive: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PriceSensitivity:
    """The meter's result. A point is None where its two curves do not cross.

    Attributes:
        people: those who count: all four prices, in their order (equal ones are in order).
        out_of_order: those who gave four prices that contradict each other, and are left out.
        cheapest: point of marginal cheapness (PMC), the lower end of the acceptable range.
        dearest: point of marginal expensiveness (PME), the upper end.
        optimal: optimal price point (OPP): as many find it too cheap as too expensive.
        indifferent: indifference price point (IPP): as many find it cheap as expensive.
    """

    people: int
    out_of_order: int
    curves: PriceCurves
    cheapest: Interval | None
    dearest: Interval | None
    optimal: Interval | None
    indifferent: Interval | None


def price_sensitivity(answers: Sequence[Prices], draws: int = DRAWS, seed: int = SEED) -> PriceSensitivity | None:
    """Curves and crossing points; None where nobody's prices are in order.

    At a price p, the shares are: too cheap #{a ≥ p}/n, cheap #{b ≥ p}/n, expensive #{c ≤ p}/n, too expensive #{d ≤ p}/n, at every price that
    somebody named. Two curves cross where the falling one minus the rising one changes its sign, by a straight line between two
    prices, and in the middle where it is 0 over several. Intervals: the middle 95% of `draws` panels drawn with replacement.

    Three people who say 1/2/3/4, 2/3/4/5 and 3/4/5/6:

    >>> found = price_sensitivity([(1, 2, 3, 4), (2, 3, 4, 5), (3, 4, 5, 6)])
    >>> [point.figure for point in (found.cheapest, found.optimal, found.indifferent, found.dearest)]
    [3.0, 3.5, 3.5, 4.0]
    """
    import numpy as np

    valid = [each for each in answers if each[0] <= each[1] <= each[2] <= each[3]]
    if not valid:
        return None
    given = np.asarray(valid, dtype=float)
    prices = np.unique(given)
    people = len(given)
    at = [given[:, which, None] for which in range(4)]
    over = [(at[0] >= prices), (at[1] >= prices), (at[2] <= prices), (at[3] <= prices)]
    drawn = np.vstack([np.ones(people, dtype=np.float32), how_often(people, draws, seed)])
    too_cheap, cheap, expensive, too_expensive = (drawn @ each.astype(np.float32) / people for each in over)
    curves = (
        tuple(round(float(share), 6) for share in each[0]) for each in (too_cheap, cheap, expensive, too_expensive)
    )
    return PriceSensitivity(
        people,
        len(answers) - people,
        PriceCurves(tuple(map(float, prices)), *curves),
        cheapest=_crossing(prices, too_cheap, 1 - cheap),
        dearest=_crossing(prices, 1 - expensive, too_expensive),
        optimal=_crossing(prices, too_cheap, too_expensive),
        indifferent=_crossing(prices, cheap, expensive),
    )


def _crossing(
    prices: "NDArray[np.float64]", falling: "NDArray[np.floating]", rising: "NDArray[np.floating]"
) -> Interval | None:
    """The price at which the curves of the first row cross, with the percentiles of those of all other rows that do."""
    import numpy as np

    found = [_zero(prices, row) for row in np.round(falling - rising, 6)]
    drawn = [each for each in found[1:] if each is not None]
    if found[0] is None:
        return None
    low, high = np.percentile(drawn, [2.5, 97.5]) if drawn else (found[0], found[0])
    return Interval(*(round(float(each), 6) for each in (found[0], low, high)))


def _zero(prices: "NDArray[np.float64]", difference: "NDArray[np.floating]") -> float | None:
    """The price at which a falling difference is 0; None where it is not."""
    import numpy as np

    none_left = np.flatnonzero(difference <= 0)
    if not len(none_left) or (none_left[0] == 0 and difference[0] < 0):
        return None
    first = int(none_left[0])
    if difference[first] == 0:
        below = np.flatnonzero(difference < 0)
        last = int(below[0]) - 1 if len(below) else len(prices) - 1
        return float(prices[first] + prices[last]) / 2
    before, after = float(difference[first - 1]), float(difference[first])
    return float(prices[first - 1] + (prices[first] - prices[first - 1]) * before / (before - after))
