"""How long a reply is to be: drawn before the call, from the persona's own distribution.

Human focus groups have short and uneven turns: median about 49 words, 34% of them under 25 words. Synthetic ones in the
same study had a median of about 240 words and no turn under 25 (measures.md, lesson 7; UCL 2026, five human groups
re-simulated 30 times). A model left to itself does not vary its length, so the length is a part of what it is asked.
"""

import math
import random
from statistics import NormalDist

from semblance_core.domain.persona import Persona

FEWEST_WORDS = 3
MOST_WORDS = 180
MIDDLE_MEDIAN_WORDS = 60.0
"""Median at talkativeness 50 before the distribution is cut off at the bounds; about 42 after."""
SPREAD = 1.35
"""Standard deviation of the natural logarithm of the words, around one persona's median."""
TRAIT_SLOPE = 0.7
"""The logarithm of the median changes by this much over 40 points of talkativeness."""


def draw_words(persona: Persona, rng: random.Random) -> int:
    """Words that the persona's next reply should have: 3–180, from a log-normal distribution cut off at these bounds.

    ln(words) ~ Normal(ln 60 + 0.7 · (talkativeness − 50)/40, 1.35), drawn through the inverse of its distribution
    function, so that one draw of `rng` is one length and no length piles up at a bound. The three constants are ours:
    a panel with talkativeness uniform over 10–90 gets a median of 43 words and 31% of turns under 25 (human: 49, 34%).

    >>> draw_words(Persona("Maya", talkativeness=50), random.Random(7)) in range(3, 181)
    True
    """
    median = MIDDLE_MEDIAN_WORDS * math.exp(TRAIT_SLOPE * (persona.talkativeness - 50) / 40)
    log_words = NormalDist(math.log(median), SPREAD)
    low, high = log_words.cdf(math.log(FEWEST_WORDS)), log_words.cdf(math.log(MOST_WORDS))
    words = round(math.exp(log_words.inv_cdf(low + rng.random() * (high - low))))
    return min(MOST_WORDS, max(FEWEST_WORDS, words))
