"""Differences between two arms, over people, with intervals by resampling and chances by permutation. Pure.

They say what other personas of this kind would do, and nothing about real people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from semblance_core.analysis.surveys.resampling import SEED, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The second arm less the first. shift: with the middle 95% of resampled panels. chance: of one as large by relabelling, 0–1.

    people: pairs where the same people are in both arms, else people of both. paired: whether they are the same.
    """

    shift: Interval
    chance: float
    people: int
    paired: bool


def difference(
    first: Mapping[str, float], second: Mapping[str, float], draws: int = DRAWS, seed: int = SEED
) -> Difference | None:
    """The difference of means between two arms; None where one has no answers.

    Args:
        first: figures by person.
        second: of the other arm. Where people are in both, only they count, and each is compared with themselves.
        draws: resampled panels, and relabellings.
        seed: the same seed gives the same interval.

    Paired: mean of dᵢ = second − first; percentile bootstrap over people; signs of dᵢ permuted. Otherwise: difference of means; each arm
    resampled by itself; labels permuted (Efron & Tibshirani 1993, chapters 13 and 15). The chance is (1 + as large)/(1 + draws).

    >>> found = difference({"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 2.0, "b": 3.0, "c": 4.0})
    >>> found.shift, found.people, found.paired
    (Interval(figure=1.0, low=1.0, high=1.0), 3, True)
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    both = sorted(first.keys() & second.keys())
    if both:
        shifts = np.array([second[person] - first[person] for person in both])
        drawn = shifts[rng.integers(0, len(both), (draws, len(both)))].mean(axis=1)
        signs = rng.choice((-1.0, 1.0), (draws, len(both)))
        relabelled, figure, people = (signs * shifts).mean(axis=1), float(shifts.mean()), len(both)
    elif first and second:
        one, other = (np.array([arm[person] for person in sorted(arm)]) for arm in (first, second))
        drawn = _resampled(other, rng, draws) - _resampled(one, rng, draws)
        every = rng.permuted(np.tile(np.concatenate([one, other]), (draws, 1)), axis=1)
        relabelled = every[:, len(one) :].mean(axis=1) - every[:, : len(one)].mean(axis=1)
        figure, people = float(other.mean() - one.mean()), len(one) + len(other)
    else:
        return None
    low, high = np.percentile(drawn, [2.5, 97.5])
    as_large = int((np.abs(relabelled) >= abs(figure) - 1e-12).sum())
    shift = Interval(*(round(float(each), 6) for each in (figure, low, high)))
    return Difference(shift, round((1 + as_large) / (1 + draws), 6), people, bool(both))


def _resampled(values: "NDArray[np.float64]", rng: "np.random.Generator", draws: int) -> "NDArray[np.float64]":
    """Means of so many draws of as many values with replacement."""
    means: NDArray[np.float64] = values[rng.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    return means


def run_noise(runs: Sequence[Sequence[float]]) -> float | None:
    """The largest difference between two runs of one arm, over all arms; None where no arm was run twice.

    >>> run_noise([[3.0, 3.25], [2.0, 2.0, 2.5]])
    0.5
    """
    found = [abs(one - other) for arm in runs for one, other in combinations(arm, 2)]
    return round(max(found), 6) if found else None


def noise_words(shift: Interval, noise: float | None) -> str:
    """The worth of a difference between arms beside that between runs of one arm, as a sentence.

    >>> noise_words(Interval(0.2, -0.1, 0.5), 0.25)
    'Within what a second run of the same arm shows (up to 0.25).'
    """
    if noise is None:
        return "Each arm was run once, so nobody knows what a second run would show."
    if abs(shift.figure) <= noise + 1e-12:
        return f"Within what a second run of the same arm shows (up to {noise:.2f})."
    beside = f"Larger than between two runs of the same arm (up to {noise:.2f})"
    if shift.low <= 0 <= shift.high:
        return f"{beside}, but other personas of this kind may show none."
    return f"{beside}, and not none in resampled panels."
