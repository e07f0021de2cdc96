"""Rating by similarity: from a person's own words to a distribution over the points of anchored statements. Pure.

Formula, anchors and limits: measures.md, “Rating by similarity”.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from semblance_core.domain.instruments.anchors import AnchorSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TF_IDF = "TF-IDF (words and pairs of words, negations marked)"
"""The name of the rater, which stands in every result that it made."""
LEAST_COSINE = 0.1
"""A text that is no nearer than this to any statement shares too few words with them to be rated."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?]")
_NEGATIONS = frozenset({"not", "no", "never", "nothing", "neither", "nor", "hardly", "without", "cannot"})
_ENDS = frozenset(".,;:!?") | {"but"}
_SAME = {"ca": "can", "wo": "will", "sha": "shall"}

Similarity = Callable[[str, AnchorSet], "NDArray[np.float64]"]
"""Cosines of a text with the statements of a set."""


@dataclass(frozen=True, slots=True)
class Rated:
    """shares: of the points, from the lowest; they add up to 1. mean: from 1 to the number of points."""

    shares: tuple[float, ...]
    mean: float


def shares_of(cosines: Sequence[float], epsilon: float = 0.0) -> tuple[float, ...] | None:
    """Distribution over the points of one anchor set; None where all statements are equally near.

    γ = (1 + cos) / 2; p ∝ γ − min γ + ε·[it is the minimum] (methods: measures.md, “Rating by similarity”).

    >>> shares_of([0.0, 0.2, 0.6])
    (0.0, 0.25, 0.75)
    """
    gammas = [(1 + cosine) / 2 for cosine in cosines]
    least = min(gammas)
    raised = [gamma - least + (epsilon if gamma == least else 0.0) for gamma in gammas]
    total = sum(raised)
    return tuple(round(value / total, 12) for value in raised) if total > 1e-12 else None


def sharpened(shares: Sequence[float], sharpness: float) -> tuple[float, ...]:
    """The distribution p^(1/T), made to add up to 1. sharpness: T, above 0; below 1 it gathers at the top.

    >>> [round(each, 3) for each in sharpened([0.25, 0.75], 0.5)]
    [0.1, 0.9]
    """
    if sharpness <= 0:
        raise ValueError("T is above 0.")
    raised = [share ** (1 / sharpness) for share in shares]
    total = sum(raised)
    return tuple(value / total for value in raised)


def rate(
    text: str, sets: Sequence[AnchorSet], similarity: Similarity | None = None, *, sharpness: float = 1.0
) -> Rated | None:
    """The distribution of a text, averaged over the anchor sets; None where it is near no statement of any set."""
    near = similarity or tf_idf
    found = []
    for each in sets:
        cosines = [float(value) for value in near(text, each)]
        if max(cosines) >= LEAST_COSINE and (shares := shares_of(cosines)):
            found.append(shares)
    if not found:
        return None
    mean = [sum(column) / len(found) for column in zip(*found, strict=True)]
    shares = sharpened(mean, sharpness)
    return Rated(shares, sum(point * share for point, share in enumerate(shares, start=1)))


def tf_idf(text: str, anchors: AnchorSet) -> "NDArray[np.float64]":
    """Cosines of TF-IDF vectors, whose words are those of the set's statements."""
    vectorizer, statements = _fitted(anchors.statements)
    cosines: NDArray[np.float64] = (statements @ vectorizer.transform([text]).T).toarray()[:, 0]
    return cosines


@lru_cache(256)
def _fitted(statements: tuple[str, ...]) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=terms_of)
    return vectorizer, vectorizer.fit_transform(statements)


def terms_of(text: str) -> list[str]:
    """Words and pairs of words; words after a negation, up to the next mark or “but”, are other words than without it.

    >>> terms_of("I don't like it, really")
    ['i', 'do', 'not', '~like', '~it', 'really', 'i do', 'do not', 'not ~like', '~like ~it', '~it really']
    """
    words, negated = [], False
    for word in _plain(text):
        if word in _ENDS:
            negated = False
            if word != "but":
                continue
        words.append(f"~{word}" if negated and word not in _NEGATIONS else word)
        negated = negated or word in _NEGATIONS
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def _plain(text: str) -> list[str]:
    words = []
    for word in _WORD.findall(text.replace("’", "'").casefold()):
        if word.endswith("n't"):
            words += [_SAME.get(word[:-3], word[:-3]), "not"]
        else:
            words += word.split("'")
    return words
