"""Measures of opinion shift, on planted answers: simulation alone, with fixed seeds."""

import random
from statistics import fmean

import pytest

from semblance_core.analysis.shift.compared import Figure, Placed, changed, compared
from semblance_core.analysis.shift.measures import (
    anchoring,
    conformity,
    convergence,
    dissent,
    drift,
    means_of_others,
    moved,
)

PLANTED = [0.0, 0.3, 1.0]


def clamped(value: float) -> float:
    return float(min(5, max(1, round(value))))


def planted(g: float, noise: float, groups: int = 60, size: int = 8, seed: int = 5) -> list[Placed]:
    """People who go the share g of the way to the others, whose every ballot errs by the noise; the control's only errs."""
    rng, people = random.Random(seed), []
    for _ in range(groups):
        views = [rng.uniform(1, 5) for _ in range(size)]
        for own, mean in zip(views, means_of_others(views), strict=True):
            before, after, first, again = (
                view + rng.gauss(0, noise) for view in (own, own + g * (mean - own), own, own)
            )
            people.append(Placed(before, after, first, again, mean))
    return people


@pytest.mark.parametrize("g", PLANTED)
def test_a_planted_conformity_comes_back(g: float) -> None:
    people = planted(g, noise=0.0)
    own = [each.before for each in people], [each.after for each in people], [each.others or 0 for each in people]
    assert conformity(*own) == pytest.approx(g, abs=1e-9)
    rounded = [clamped(each) for each in own[1]]
    assert conformity(own[0], rounded, own[2]) == pytest.approx(g, abs=0.05), "also of whole points"


@pytest.mark.parametrize("g", PLANTED)
def test_it_comes_back_from_ballots_with_retest_noise_once_the_control_is_taken_off(g: float) -> None:
    people = planted(g, noise=0.6)
    found = {each.figure: each for each in compared(people)}[Figure.CONFORMITY]
    assert found.freed == pytest.approx(g, abs=0.05)
    assert found.discussion is not None
    assert found.control is not None
    assert found.control > 0.1, "regression to the mean alone looks like conformity"
    assert found.exceeds is (g > 0)
    assert found.difference
    assert found.difference.figure == pytest.approx(found.discussion - found.control, abs=1e-6)


def test_nothing_exceeds_a_control_that_moved_as_much() -> None:
    found = compared(planted(0.0, noise=0.6, groups=3, size=6))
    assert {each.figure: each.exceeds for each in found} == dict.fromkeys(
        (Figure.MOVED, Figure.DRIFT, Figure.CONVERGENCE, Figure.CONFORMITY), False
    )


def test_without_a_control_nothing_is_claimed() -> None:
    people = [Placed(1, 4, others=4), Placed(2, 4, others=3.5), Placed(5, 4, 5, 5, 2)]
    assert {each.exceeds for each in compared(people)} == {None}
    assert compared([]) == ()
    assert changed([]) is None
    one = changed([(True, None), (False, None)])
    assert one
    assert (one.discussion, one.control, one.exceeds) == (0.5, None, None)
    both = changed([(True, False)] * 12)
    assert both
    assert (both.discussion, both.control, both.exceeds) == (1.0, 0.0, True)


def test_drift_and_size_of_a_change() -> None:
    assert drift([1, 2, 3], [1, 2, 3]) == moved([1, 2, 3], [1, 2, 3]) == 0
    assert drift([1, 5], [5, 1]) == 0
    assert moved([1, 5], [5, 1]) == 4
    for wrong in (([], []), ([1], [1, 2])):
        with pytest.raises(ValueError, match="somebody"):
            drift(*wrong)


def test_convergence_is_not_defined_where_nothing_could_converge() -> None:
    assert convergence([3, 3, 3], [1, 3, 5]) is None
    assert convergence([1, 5], [3, 3]) == 1
    assert convergence([2, 4], [1, 5]) == -1
    assert conformity([3, 3], [1, 5], [3, 3]) is None
    [about] = [each for each in compared([Placed(3, 3, 3, 3)] * 4) if each.figure is Figure.CONVERGENCE]
    assert (about.discussion, about.difference) == (None, None)


def test_whoever_drew_the_ballots_is_told_from_who_did_not() -> None:
    stances = [1.0, 4.0, 4.5, 5.0, 5.0, 3.5]
    drawn = anchoring([1.0] * 6, stances, first=0)
    assert drawn
    assert drawn.share == pytest.approx(1 / 6)
    assert drawn.nearer > 2
    not_drawn = anchoring([5.0] * 6, stances, first=0)
    assert not_drawn
    assert not_drawn.share == 1
    assert not_drawn.nearer < 0
    assert anchoring([1, 2], [1, 2], first=0) is None
    # Draws of a relabelling come to what all of them do.
    rng, ballots = random.Random(1), [2.0, 2.0, 3.0, 2.0, 5.0, 1.0]
    by = [fmean(abs(b - stances[k]) for i, b in enumerate(ballots) if i != k) for k in range(6)]
    drawn_by_chance = fmean(by[rng.randrange(6)] for _ in range(2_000))
    told = anchoring(ballots, stances, first=2)
    assert told
    assert told.by_chance == pytest.approx(drawn_by_chance, abs=0.06)


def test_dissent_counts_opposed_pairs_that_met() -> None:
    a_b, a_c, b_d = frozenset("ab"), frozenset("ac"), frozenset("bd")
    ballots = {"a": 1.0, "b": 5.0, "c": 4.0, "d": 2.0}
    found = dissent(ballots, 4, met=[a_b, a_c, b_d], disagreed=[a_c])
    assert (found.opposed, found.met, found.voiced) == (3, 3, 1)
    assert found.suppressed == pytest.approx(2 / 3)
    assert dissent(ballots, 10, met=[a_b], disagreed=[]).suppressed is None, "far apart of 1–5, not of 0–10"
    with pytest.raises(ValueError, match="others"):
        means_of_others([1])
