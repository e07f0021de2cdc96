"""Uncertainty of a mean by resampling the people of a panel. Pure.

It tells how far a figure would move with other personas of the same kind from the same model, and nothing about real people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DRAWS, SEED = 2_000, 20_260_101
CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the middle 95% of what it is in resampled panels; both ends are the figure where there is one person."""

    figure: float
    low: float
    high: float


def resampled_means(rows: Sequence[Sequence[float]], draws: int = DRAWS, seed: int = SEED) -> tuple[Interval, ...]:
    """The mean of each column, with the percentile interval of means of as many rows drawn with replacement.

    The same rows give the same intervals; raises `ValueError` for no rows. (Efron & Tibshirani 1993, percentile bootstrap.)

    >>> resampled_means([[1.0], [1.0]])
    (Interval(figure=1.0, low=1.0, high=1.0),)
    """
    import numpy as np

    if not rows:
        raise ValueError("There is nothing to resample.")
    values = np.asarray(rows, dtype=float)
    people = len(values)
    rng = np.random.default_rng(seed)
    means = []
    left = draws
    while left:
        now = min(left, max(1, CELLS_AT_ONCE // people))
        often = rng.multinomial(people, np.full(people, 1 / people), size=now)
        means.append(often @ values / people)
        left -= now
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5], axis=0)
    figures = values.mean(axis=0)
    return tuple(
        Interval(*(round(float(each), 6) for each in (figure, least, most)))
        for figure, least, most in zip(figures, low, high, strict=True)
    )
