"""Spreads the values of a panel's quota cells, so that traits do not come together by accident. Pure."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product

_PASSES = 4
_MOST_PAIRS = 5_000
_Cell = tuple[int, str, int, str]


def spread(columns: Sequence[list[str]], rng: random.Random) -> None:
    """Swaps values inside columns while that lowers Σ(count − expected)² over the two-way tables of all columns."""
    surplus = dict[_Cell, float]()
    for a, b in combinations(range(len(columns)), 2):
        left, right = Counter(columns[a]), Counter(columns[b])
        counts = Counter(zip(columns[a], columns[b], strict=True))
        for v, w in product(left, right):
            surplus[a, v, b, w] = counts[v, w] - left[v] * right[w] / len(columns[a])
    for _ in range(_PASSES):
        better = False
        for at, column in enumerate(columns):
            for one, two in _pairs(len(column), rng):
                changes = _changes(columns, at, one, two)
                if sum(2 * change * surplus[cell] + 1 for cell, change in changes) < -1e-9:
                    column[one], column[two] = column[two], column[one]
                    for cell, change in changes:
                        surplus[cell] += change
                    better = True
        if not better:
            return


def _changes(columns: Sequence[list[str]], at: int, one: int, two: int) -> list[tuple[_Cell, int]]:
    """Returns the cells of the two-way tables that a swap of two rows in column `at` lowers and raises by one."""
    mine, found = columns[at], list[tuple[_Cell, int]]()
    for other, peer in enumerate(columns):
        if other != at and peer[one] != peer[two] and mine[one] != mine[two]:
            for row, partner, change in ((one, one, -1), (two, two, -1), (one, two, 1), (two, one, 1)):
                cell = (at, mine[row], other, peer[partner])
                found.append((cell if at < other else (cell[2], cell[3], cell[0], cell[1]), change))
    return found


def _pairs(size: int, rng: random.Random) -> list[tuple[int, int]]:
    """All pairs of rows in random order; of a large panel a random part, as chance matters less there."""
    if size**2 > 2 * _MOST_PAIRS:
        return [(rng.randrange(size), rng.randrange(size)) for _ in range(_MOST_PAIRS)]
    return rng.sample(pairs := list(combinations(range(size), 2)), len(pairs))
