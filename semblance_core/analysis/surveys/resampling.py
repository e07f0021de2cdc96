"""Uncertainty of a mean by resampling the people of a panel. Pure.

It tells how far a figure would move with other personas of the same kind from the same model, and nothing about real people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS, SEED = 2_000, 20_260_101


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
    means = how_often(people, draws, seed) @ values / people
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    figures = values.mean(axis=0)
    return tuple(
        Interval(*(round(float(each), 6) for each in (figure, least, most)))
        for figure, least, most in zip(figures, low, high, strict=True)
    )


@lru_cache(4)
def how_often(people: int, draws: int, seed: int) -> "NDArray[np.float32]":
    """The number of times that each of so many people is in each resampled panel; all questions of a survey share the draws."""
    import numpy as np

    rng = np.random.default_rng(seed)
    often = rng.multinomial(people, np.full(people, 1 / people), size=draws)
    return often.astype(np.float32)
