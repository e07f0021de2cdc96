"""Measures of how opinions change between a private ballot before a discussion and one after it. Pure.

Formulas and sources: measures.md, "Opinion shift". None of them says anything by itself: asking twice without a discussion moves
answers as well, so each is shown beside the same figure of a control (compared.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

OPPOSED = 0.75
"""Two people are opposed from this share of the scale's width on: three points of five."""
SAME = 1e-9


def drift(before: Sequence[float], after: Sequence[float]) -> float:
    """Mean change, mean(x¹ − x⁰), in points of the scale; any sign. Raises `ValueError` for nobody (measures.md, "Opinion shift").

    >>> drift([1, 3], [2, 4])
    1.0
    """
    return fmean(last - first for first, last in _pairs(before, after))


def moved(before: Sequence[float], after: Sequence[float]) -> float:
    """Mean size of a change, mean |x¹ − x⁰|, in points from 0. Of the control it is the retest noise (measures.md, "Opinion shift").

    >>> moved([1, 3], [2, 2])
    1.0
    """
    return fmean(abs(last - first) for first, last in _pairs(before, after))


def convergence(before: Sequence[float], after: Sequence[float]) -> float | None:
    """C = 1 − SD(x¹) / SD(x⁰): 1 where all agree afterwards, 0 for the same spread, below 0 where they moved apart.

    None where all gave the same answer before, so that nothing could converge (measures.md, "Opinion shift").

    >>> convergence([1, 5], [2, 4])
    0.5
    """
    pairs = _pairs(before, after)
    spread = pstdev(first for first, _ in pairs)
    return 1 - pstdev(last for _, last in pairs) / spread if spread > SAME else None


def conformity(before: Sequence[float], after: Sequence[float], others: Sequence[float]) -> float | None:
    """The share g of the way to the others that people went: x¹ − x⁰ = g · (m − x⁰), least squares through the origin.

    One step of the Friedkin–Johnsen model (measures.md, "Opinion shift"): 0 for people who keep their view, 1 for people who take over
    the others'. Regression to the mean raises it, so the control's is taken off. None where nobody was away from the others.

    Args:
        before: ballots before.
        after: ballots after, of the same people in the same order.
        others: for each of them the mean public stance m of the others.

    >>> conformity([1, 5], [2, 4], [3, 3])
    0.5
    """
    pairs = _pairs(before, after)
    if len(others) != len(pairs):
        raise ValueError("Each person has one mean of the others.")
    ways = [mean - first for (first, _), mean in zip(pairs, others, strict=True)]
    square = sum(way * way for way in ways)
    if square <= SAME:
        return None
    return sum(way * (last - first) for (first, last), way in zip(pairs, ways, strict=True)) / square


def freed_of_noise(g: float, control: float) -> float | None:
    """Conformity without regression to the mean, (g − g_control) / (1 − g_control); None where the control's is 1.

    Retest noise of variance s² beside a variance V of the ways to the others makes g·V/(V+s²) + s²/(V+s²) of a true g, and
    s²/(V+s²) of the control, which has none: so their difference is too small by the factor 1 − g_control. Our derivation.

    >>> freed_of_noise(0.44, 0.2)
    0.3
    """
    return round((g - control) / (1 - control), 12) if abs(1 - control) > SAME else None


def means_of_others(stances: Sequence[float]) -> list[float]:
    """For each person the mean stance of all others; raises `ValueError` for fewer than two.

    >>> means_of_others([1, 2, 6])
    [4.0, 3.5, 1.5]
    """
    if len(stances) < 2:
        raise ValueError("There are no others.")
    total = sum(stances)
    return [(total - own) / (len(stances) - 1) for own in stances]


@dataclass(frozen=True, slots=True)
class Anchoring:
    """distance: mean |x¹ − stance of the first speaker|, in points. by_chance: its mean where any of them were called first.

    share: of these relabellings that come as near to the ballots or nearer, above 0 to 1; small where the first one drew them.
    """

    distance: float
    by_chance: float
    share: float

    @property
    def nearer(self) -> float:
        """Points by which ballots lie nearer the first speaker than a speaker by chance; below 0 where they lie farther."""
        return self.by_chance - self.distance


def anchoring(after: Sequence[float], stances: Sequence[float], first: int) -> Anchoring | None:
    """Distance of the ballots after from the first speaker's public stance, against relabellings of “first”.

    All relabellings of one group are counted, which draws of some of them (2,000 in measures.md, "Opinion shift") only sample: each
    participant in turn is called first, and the others' ballots are compared with that one's stance. None for fewer than three.

    Args:
        after: ballots after.
        stances: public stances of the same people.
        first: place of the first speaker among them.

    >>> anchoring([2, 2, 2, 5], [2, 3, 4, 5], first=0)
    Anchoring(distance=1.0, by_chance=1.75, share=0.25)
    """
    people = range(len(after))
    if len(stances) != len(after) or first not in people:
        raise ValueError("Each person has a ballot and a stance, and the first speaker is one of them.")
    if len(after) < 3:
        return None
    distances = [fmean(abs(after[one] - stances[called]) for one in people if one != called) for called in people]
    as_near = sum(distance <= distances[first] + SAME for distance in distances)
    return Anchoring(distances[first], fmean(distances), as_near / len(distances))


@dataclass(frozen=True, slots=True)
class Dissent:
    """opposed: pairs far apart in their ballots before; met: of these, pairs that answered each other; voiced: of those, that disagreed."""

    opposed: int
    met: int
    voiced: int

    @property
    def suppressed(self) -> float | None:
        """Share of the pairs that met which never disagreed, 0–1; None where none met."""
        return 1 - self.voiced / self.met if self.met else None


def dissent(
    before: Mapping[str, float],
    width: float,
    met: Collection[frozenset[str]],
    disagreed: Collection[frozenset[str]],
) -> Dissent:
    """Counts pairs with |x⁰ᵢ − x⁰ⱼ| of three quarters of the scale or more (3 of 1–5) that answered each other, and that ever disagreed.

    Even opposed pairs of models rarely end in disagreement (measures.md, "Opinion shift").

    Args:
        before: ballots before by person.
        width: the scale's highest point less its lowest.
        met: pairs that answered each other.
        disagreed: pairs of whom one ever disagreed with the other.

    >>> pair = frozenset(("a", "b"))
    >>> dissent({"a": 1, "b": 5, "c": 3}, 4, met=[pair], disagreed=[]).suppressed
    1.0
    """
    people = sorted(before)
    opposed = [
        frozenset((one, other))
        for place, one in enumerate(people)
        for other in people[place + 1 :]
        if abs(before[one] - before[other]) >= OPPOSED * width - SAME
    ]
    spoke = [pair for pair in opposed if pair in met]
    return Dissent(len(opposed), len(spoke), sum(pair in disagreed for pair in spoke))


def _pairs(before: Sequence[float], after: Sequence[float]) -> list[tuple[float, float]]:
    if not before or len(before) != len(after):
        raise ValueError("Each person has a ballot before and one after, and there is somebody.")
    return list(zip(before, after, strict=True))
