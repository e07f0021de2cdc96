"""Agreement of coders beyond chance, on nominal codes. Pure. Rows are units, such as a participant's turn × a code; columns are coders.

None stands for a unit that a coder did not rate. A measure that is not defined says so, with the reason; it is never 0 instead.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Rating = int | str | None
Units = Sequence[Sequence[Rating]]
NO_PAIRS = "no unit was rated by two coders"
ONE_CATEGORY = "all ratings are the same, so chance alone would agree as often"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A measure of agreement, at most 1. value: None where it is not defined; why: the reason then."""

    value: float | None
    why: str = ""


def cohens_kappa(units: Units) -> Coefficient:
    """Cohen's kappa of two coders: (pₒ − pₑ)/(1 − pₑ), with pₑ = Σ of the products of both coders' shares of a category.

    Units that one of them did not rate are left out. Source: Cohen 1960, doi 10.1177/001316446002000104; his table of 200 units with
    three categories gives .492.

    >>> table = {("a", "a"): 88, ("a", "b"): 10, ("a", "c"): 2, ("b", "a"): 14, ("b", "b"): 40, ("b", "c"): 6, \
("c", "a"): 18, ("c", "b"): 10, ("c", "c"): 12}
    >>> round(cohens_kappa([pair for pair, count in table.items() for _ in range(count)]).value, 3)
    0.492
    """
    pairs = [(unit[0], unit[1]) for unit in units if len(unit) == 2 and unit[0] is not None and unit[1] is not None]
    if not pairs:
        return Coefficient(None, NO_PAIRS)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / len(pairs)
    expected = sum(first[category] * second[category] for category in first) / len(pairs) ** 2
    if expected >= 1:
        return Coefficient(None, ONE_CATEGORY)
    return Coefficient((observed - expected) / (1 - expected))


def gwets_ac1(units: Units, categories: int | None = None) -> Coefficient:
    """Gwet's AC1 of any number of coders: (pₐ − pₑ)/(1 − pₑ), with pₑ = Σ π(1 − π)/(q − 1) over q categories, π their mean prevalence.

    With two categories pₑ is 2π(1 − π). pₐ is the mean over units with two ratings or more. Source: Gwet 2008, doi
    10.1348/000711006X126600. The table 118, 5, 2, 0 (Gwet 2002) gives .941, where kappa is −.023; the data of `krippendorffs_alpha`
    give .775 (Gwet 2014, Handbook of Inter-Rater Reliability).

    Args:
        units: the ratings.
        categories: how many there are, 2 for a code that applies or does not; None for those that were used.

    >>> units = [(1, 1)] * 118 + [(1, 0)] * 5 + [(0, 1)] * 2
    >>> round(gwets_ac1(units).value, 3), round(cohens_kappa(units).value, 3)
    (0.941, -0.023)
    """
    rated = [counts for unit in units if (counts := _counted(unit))]
    several = [counts for counts in rated if counts.total() > 1]
    used = {category for counts in rated for category in counts}
    q = max(len(used), categories or 0)
    if not several:
        return Coefficient(None, NO_PAIRS)
    if q < 2:
        return Coefficient(None, ONE_CATEGORY)
    observed = sum(_agreeing(counts) for counts in several) / len(several)
    prevalence = [sum(counts[category] / counts.total() for counts in rated) / len(rated) for category in used]
    expected = sum(share * (1 - share) for share in prevalence) / (q - 1)
    return Coefficient((observed - expected) / (1 - expected))


def krippendorffs_alpha(units: Units) -> Coefficient:
    """Krippendorff's alpha for nominal data, any number of coders, ratings that are missing: 1 − Dₒ/Dₑ.

    Dₒ: the share of pairs within units that differ, each unit's pairs weighed by 1/(its ratings − 1); Dₑ: the share of all pairs that
    differ. Units with one rating are left out. Source: Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, section C: four
    observers, twelve units, gaps; nominal alpha .743.

    >>> observers = ("12332141 2...", "123322412 5.3", ".33323422 51.", "123324412 51.")
    >>> rows = [[int(each) if each.isdigit() else None for each in line.replace(" ", "")] for line in observers]
    >>> units = list(zip(*rows))
    >>> round(krippendorffs_alpha(units).value, 3), round(gwets_ac1(units).value, 3)
    (0.743, 0.775)
    """
    pairable = [counts for unit in units if (counts := _counted(unit)).total() > 1]
    total = Counter[Rating]()
    for counts in pairable:
        total += counts
    n = total.total()
    if not n:
        return Coefficient(None, NO_PAIRS)
    differ_by_chance = (n * n - sum(count * count for count in total.values())) / (n * (n - 1))
    if not differ_by_chance:
        return Coefficient(None, ONE_CATEGORY)
    differ = sum((1 - _agreeing(counts)) * counts.total() for counts in pairable) / n
    return Coefficient(1 - differ / differ_by_chance)


def positive_agreement(units: Units, positive: Rating = 1) -> Coefficient:
    """Agreement on what one coder or more marked: 2a/(2a + b + c) for two; of the pairs with a mark, the share in which both have it.

    Source: Cicchetti and Feinstein 1990, doi 10.1016/0895-4356(90)90159-M; for more coders Σr(r − 1)/Σr(m − 1), with r marks among m
    ratings of a unit (Spitzer and Fleiss 1974).

    >>> round(positive_agreement([(1, 1)] * 40 + [(1, 0)] * 10 + [(0, 1)] * 5 + [(0, 0)] * 45).value, 3)
    0.842
    """
    counted = [counts for unit in units if (counts := _counted(unit)).total() > 1]
    if not counted:
        return Coefficient(None, NO_PAIRS)
    marks = sum(counts[positive] * (counts.total() - 1) for counts in counted)
    if not marks:
        return Coefficient(None, "nobody marked any unit")
    return Coefficient(sum(counts[positive] * (counts[positive] - 1) for counts in counted) / marks)


def _counted(unit: Sequence[Rating]) -> Counter[Rating]:
    return Counter(rating for rating in unit if rating is not None)


def _agreeing(counts: Counter[Rating]) -> float:
    """The share of a unit's pairs of ratings that agree."""
    ratings = counts.total()
    return sum(count * (count - 1) for count in counts.values()) / (ratings * (ratings - 1))
