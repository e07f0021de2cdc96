"""Ages within bands such as 25-34 or 65+, spread as in a population, by seed."""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from semblance_core.analysis.panel import age_bounds

FEWER_FROM, LAST = 65, 94
"""Up to the first age all are drawn equally often; beyond it ever fewer, in even steps, to the last one that is drawn at all."""


def drawn_ages(bands: Sequence[str], seed: int) -> list[int]:
    """Draws an age for each person, within the person's band.

    Those of one band are spread over it: each is drawn from a slice of its own, with as many people in each slice. Up to 64
    every age is as likely; from 65 on likelihood falls in even steps to 94, so that of those over 64 about 55% are 65–74, a
    third 75–84 and one in eight older, about as in the population of Europe. Ages beyond 94 come from bands that begin there.

    Args:
        bands: a band for each person, in the panel's order.
        seed: makes the draw repeatable.

    >>> ages = drawn_ages(["25-34"] * 5 + ["65+"] * 5, 1)
    >>> ages == drawn_ages(["25-34"] * 5 + ["65+"] * 5, 1), sorted(ages[:5]), sorted(ages[5:])
    (True, [26, 28, 30, 31, 33], [66, 70, 74, 80, 83])
    """
    places = defaultdict(list)
    for place, band in enumerate(bands):
        places[age_bounds(band)].append(place)
    ages = [0] * len(bands)
    for bounds, own in places.items():
        rng = random.Random(f"ages/{seed}/{bounds[0]}-{bounds[1]}")
        rng.shuffle(own)
        for slice_, place in enumerate(own):
            ages[place] = _age_at((slice_ + rng.random()) / len(own), *bounds)
    return ages


def _age_at(share: float, youngest: int, oldest: int) -> int:
    """The age below which this share of the band's people are, 0–1."""
    ages = range(youngest, (min(oldest, LAST) if youngest <= LAST else oldest) + 1)
    so_far = list(accumulate(max(1, min(1 + LAST - FEWER_FROM, 1 + LAST - age)) for age in ages))
    return ages[min(bisect_right(so_far, share * so_far[-1]), len(ages) - 1)]
