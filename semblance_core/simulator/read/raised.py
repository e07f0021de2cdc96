"""The thing that a message is about, as another speaker would name it."""

import re
from functools import cache, lru_cache

from semblance_core.simulator.read.concerns import CONCERNS, concerns_in, pool
from semblance_core.simulator.words import words_of


@cache
def _things_by_concern() -> dict[str, tuple[str, ...]]:
    return {
        concern: tuple(thing.strip() for frame in pool(concern, "nouns") for thing in frame.text.split(";"))
        for concern in CONCERNS
    }


@lru_cache(maxsize=1_024)
def noun_raised(text: str) -> str:
    """Returns the thing that a message raised, in its own words with an article; empty where it raised none.

    >>> noun_raised("Nobody reads the small print, and I certainly don't."), noun_raised("Same here.")
    ('the small print', '')
    """
    said = " ".join(words_of(text))
    ranked = sorted(concerns_in(text).items(), key=lambda item: (-item[1], item[0]))
    for concern, _ in ranked:
        for thing in sorted(_things_by_concern()[concern], key=lambda each: (-len(each), each)):
            if thing in said and re.search(rf"\b{re.escape(thing)}\b", said):
                return "everyone at home" if thing == "everyone at home" else f"the {thing}"
    return ""
