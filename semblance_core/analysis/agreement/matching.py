"""Themes of two analyses, matched by name, summary and quoted turns. Pure.

A match is accepted above what themes of unrelated sessions reach, and not above a fixed number (measures.md, “Agreement”).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from semblance_core.analysis.diversity import vectors
from semblance_core.analysis.text import content_stems
from semblance_core.domain.findings.theme import Theme

if TYPE_CHECKING:
    from semblance_core.analysis.diversity import Matrix

DRAWS, FEWEST_DRAWS = 50, 5
"""Random sets of turns for each unrelated theme, shared among unrelated sessions."""
PERCENTILE = 95
NOTHING_UNRELATED = (
    "There is nothing to compare with: an analysis with several themes, or one of another session, "
    "shows how alike unrelated themes are."
)


@dataclass(frozen=True, slots=True)
class Match:
    """Two themes by their places. similarity: from 0 to 1. is_same: whether it is above what unrelated themes reach."""

    one: int
    other: int
    similarity: float
    is_same: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """pairs: each theme at most once, the whole as alike as can be. threshold: what unrelated themes reach; None with the reason."""

    pairs: tuple[Match, ...]
    threshold: float | None
    why: str = ""

    @property
    def same(self) -> tuple[Match, ...]:
        return tuple(match for match in self.pairs if match.is_same)


def matched(
    one: Sequence[Theme],
    other: Sequence[Theme],
    turns: Sequence[int],
    unrelated: Sequence[Sequence[Theme]] = (),
    seed: int = 0,
) -> Matched:
    """Matches the themes of two analyses of one transcript.

    s = ½ cos + ½ Jaccard: the cosine of name and summary (TF-IDF of content words), and the shared part of the turns that both quote.
    Pairs are chosen by the Hungarian algorithm. The threshold is the 95th percentile of the best s that the themes of both reach with
    themes of unrelated sessions, which quote as many turns drawn at random; without such sessions, with the other themes of their own
    analysis, which are about the same topic and still not the same theme.

    Args:
        one: the themes of an analysis.
        other: those of another one.
        turns: the participants' turns of the transcript.
        unrelated: themes of other sessions, by session.
        seed: of the draws.
    """
    if not one or not other:
        return Matched((), None, "An analysis without themes has none to match.")
    every = [*one, *other, *(theme for group in unrelated for theme in group)]
    rows = vectors([" ".join(sorted(content_stems(f"{theme.name} {theme.summary}"))) for theme in every])
    cosines = rows @ rows.T
    quoted = [_turns(theme) for theme in every]
    own = [range(len(one)), range(len(one), len(one) + len(other))]
    threshold = _threshold(quoted, cosines, own, _places(unrelated, len(one) + len(other)), sorted(turns), seed)
    scores = [[_similarity(cosines[left, right], quoted[left], quoted[right]) for right in own[1]] for left in own[0]]
    pairs = tuple(
        Match(left, right, scores[left][right], threshold is not None and scores[left][right] > threshold)
        for left, right in assigned(scores)
    )
    return Matched(pairs, threshold, "" if threshold is not None else NOTHING_UNRELATED)


def _similarity(cosine: float, one: frozenset[int], other: frozenset[int]) -> float:
    return 0.5 * float(cosine) + 0.5 * (len(one & other) / len(one | other) if one or other else 0.0)


def _places(groups: Sequence[Sequence[Theme]], start: int) -> list[range]:
    """The places of each group's themes in the list of all."""
    ends = [*accumulate(map(len, groups), initial=start)]
    return [range(first, last) for first, last in pairwise(ends) if first < last]


def _threshold(
    quoted: Sequence[frozenset[int]],
    cosines: "Matrix",
    own: Sequence[range],
    unrelated: Sequence[Sequence[int]],
    turns: Sequence[int],
    seed: int,
) -> float | None:
    """The 95th percentile of the best similarities with unrelated themes, which quote turns drawn at random."""
    chance, best = random.Random(seed), list[float]()
    draws = max(FEWEST_DRAWS, DRAWS // max(1, len(unrelated)))
    for places in own:
        for left in places:
            own_others: Sequence[Sequence[int]] = [[place for place in places if place != left]]
            for group in unrelated or own_others:
                for _ in range(draws if group else 0):
                    drawn = ((right, _drawn(chance, turns, len(quoted[right]))) for right in group)
                    best.append(max(_similarity(cosines[left, right], quoted[left], said) for right, said in drawn))
    return quantiles(best, n=100, method="inclusive")[PERCENTILE - 1] if len(best) > 1 else None


def _drawn(chance: random.Random, turns: Sequence[int], count: int) -> frozenset[int]:
    return frozenset(chance.sample(turns, min(len(turns), count)))


def assigned(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs of rows and columns with the highest sum (Kuhn 1955)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def _turns(theme: Theme) -> frozenset[int]:
    return frozenset(said.seq for said in theme.verbatims)
