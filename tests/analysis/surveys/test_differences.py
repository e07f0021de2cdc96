"""Differences between arms: planted ones come back, none stays none, and runs of an arm say what noise is."""

import random

from semblance_core.analysis.surveys.differences import difference, noise_words, run_noise
from semblance_core.analysis.surveys.resampling import Interval


def people(size: int, shift: float, seed: int, mark: str = "") -> dict[str, float]:
    rng = random.Random(seed)
    return {f"{mark}{person}": rng.gauss(3, 1) + shift for person in range(size)}


def test_a_planted_difference_comes_back_paired_and_unpaired() -> None:
    one = people(200, 0, 1)
    paired = difference(one, {person: value + 0.5 for person, value in one.items()})
    assert paired
    assert (paired.shift.figure, paired.paired, paired.people) == (0.5, True, 200)
    assert paired.chance < 0.01
    other = difference(one, people(200, 0.5, 2, "other"))
    assert other
    assert other.shift.low < 0.5 < other.shift.high
    assert (other.paired, other.people) == (False, 400)
    assert other.chance < 0.01


def test_no_difference_stays_none() -> None:
    found = difference(people(100, 0, 1), people(100, 0, 2, "other"))
    assert found
    assert found.shift.low < 0 < found.shift.high
    assert found.chance > 0.05
    assert difference({}, {"a": 1.0}) is None


def test_the_same_seed_gives_the_same_and_another_nearly() -> None:
    one, two = people(60, 0, 1), people(60, 0.2, 2)
    assert difference(one, two, seed=1) == difference(one, two, seed=1)
    first, second = difference(one, two, seed=1), difference(one, two, seed=2)
    assert first
    assert second
    assert abs(first.shift.low - second.shift.low) < 0.05


def test_words_say_when_a_second_run_shows_as_much() -> None:
    assert run_noise([[3.0], [2.0]]) is None
    assert "nobody knows" in noise_words(Interval(1, 1, 1), None)
    assert noise_words(Interval(-0.5, -1, 0), 0.5).startswith("Within what a second run")
    assert noise_words(Interval(0.6, -0.1, 1.2), 0.5).endswith("may show none.")
    assert noise_words(Interval(0.6, 0.1, 1.2), 0.5).endswith("not none in resampled panels.")
