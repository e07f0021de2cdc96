"""Measures of how evenly speakers share the talk."""

import math
from collections.abc import Sequence

from semblance_core.domain.errors import InvalidInput

HUMAN_GINI = (0.10, 0.32)
"""Gini of words a speaker in five human focus groups, lowest and highest (measures.md, lesson 7; UCL 2026)."""


def gini(values: Sequence[float]) -> float:
    """Returns the Gini coefficient of words a speaker.

    Formula: Σ(2i − n − 1)·xᵢ / (n·Σx) over x sorted upwards, i from 1. Human groups have .10–.32, synthetic ones
    .07–.09 (measures.md, lesson 7).

    Args:
        values: words of each speaker, at least one value, none negative.

    Returns:
        0 (all the same) to 1 − 1/n (one speaks alone). All zero counts as 0.

    Raises:
        InvalidInput: there are no values, or one is negative.

    >>> gini([10, 10, 10, 10]), gini([0, 0, 0, 100])
    (0.0, 0.75)
    """
    total = _checked_total(values)
    n = len(values)
    if total == 0:
        return 0.0
    return max(0.0, math.fsum((2 * i - n - 1) * x for i, x in enumerate(sorted(values), start=1)) / (n * total))


def normalised_entropy(values: Sequence[float]) -> float:
    """Returns the entropy of the speakers' shares of words over its maximum.

    Formula: −Σ p ln p / ln n with p = x/Σx (measures.md, "speaker balance").

    Args:
        values: words of each speaker, at least one value, none negative.

    Returns:
        1 (all the same) to 0 (one speaks alone). All zero, or one speaker only, counts as 1: nobody has more than another.

    Raises:
        InvalidInput: there are no values, or one is negative.

    >>> normalised_entropy([10, 10]), normalised_entropy([0, 100]), round(normalised_entropy([1, 3]), 3)
    (1.0, 0.0, 0.811)
    """
    total = _checked_total(values)
    if total == 0 or len(values) == 1:
        return 1.0
    shares = [value / total for value in values if value > 0]
    return abs(math.fsum(share * math.log(share) for share in shares)) / math.log(len(values))


def _checked_total(values: Sequence[float]) -> float:
    if not values:
        raise InvalidInput("Balance needs at least one speaker.")
    if not all(math.isfinite(value) and value >= 0 for value in values):
        raise InvalidInput("Words a speaker cannot be negative.")
    return math.fsum(values)
