"""Themes of an analysis matched with the shared themes of a synthesis, by name and summary. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from semblance_core.analysis.agreement.matching import PERCENTILE, assigned
from semblance_core.analysis.diversity import vectors
from semblance_core.analysis.text import content_stems, normalised
from semblance_core.domain.findings.synthesis import Placed, PlacedAnalysis
from semblance_core.domain.findings.theme import Theme

if TYPE_CHECKING:
    from semblance_core.analysis.diversity import Matrix

SHARED_WORDS = 2
"""Content words that two themes have in common at least: a single one is often the topic's own."""


@dataclass(frozen=True, slots=True)
class ReadAnalysis:
    """An analysis with its themes. placed: the places that they have already, which stay; None where they get them now.

    source_id, analysis_id, version, chosen: as of `PlacedAnalysis`. before, before_themes: the places in an earlier analysis or
    version of the same source, and its themes: a theme with the same name or the same quotes keeps its place.
    """

    source_id: str
    analysis_id: str
    version: int
    themes: tuple[Theme, ...]
    placed: PlacedAnalysis | None = None
    chosen: bool = False
    before: PlacedAnalysis | None = None
    before_themes: tuple[Theme, ...] = ()


def placed_together(analyses: Sequence[ReadAnalysis], next_shared: int = 1) -> tuple[PlacedAnalysis, ...]:
    """Gives the themes of all analyses that have none a place among the shared themes, analysis by analysis in their order.

    The similarity of a theme with a shared one is the mean cosine of name and summary (TF-IDF of content words) with the themes that
    it holds: turns of different sessions cannot match. It is accepted above the 95th percentile of the best similarities that themes
    reach with another theme of their own analysis, which kept the two apart; it takes two content words in common besides. Two
    themes of one name are taken for one. Of one analysis at most one theme goes into each shared one, the whole as alike as can be
    (the Hungarian algorithm). What fits none begins a shared theme of its own. Places that there are stay as they are.

    Args:
        analyses: all analyses of the synthesis.
        next_shared: the number of the next shared theme.

    Returns:
        The places of each analysis, in the same order.

    >>> price, taste = Theme("Price", "Too dear a litre", ()), Theme("Taste", "Sweet in coffee", ())
    >>> again = Theme("Cost", "Oat milk is too dear a litre for most", ())
    >>> both = (ReadAnalysis("s1", "a", 0, (price, taste)), ReadAnalysis("s2", "b", 0, (again,)))
    >>> [[each.shared for each in found.themes] for found in placed_together(both)]
    [[1, 2], [1]]
    """
    every = [theme for each in analyses for theme in each.themes]
    if not every:
        return tuple(each.placed or _placed(each, (), None) for each in analyses)
    rows = vectors([" ".join(sorted(content_stems(f"{theme.name} {theme.summary}"))) for theme in every])
    cosines = rows @ rows.T
    held = (rows > 0).astype(rows.dtype)
    common = held @ held.T
    names = [normalised(theme.name) for theme in every]
    places, start = list[range](), 0
    for each in analyses:
        places.append(range(start, start + len(each.themes)))
        start += len(each.themes)
    threshold = _threshold(cosines, places)
    members: dict[int, list[int]] = {}
    for each, own in zip(analyses, places, strict=True):
        if each.placed:
            for at, placed in zip(own, each.placed.themes, strict=True):
                members.setdefault(placed.shared, []).append(at)
    next_shared = max([next_shared, *(number + 1 for number in members)])
    result = []
    for each, own in zip(analyses, places, strict=True):
        if each.placed:
            result.append(each.placed)
            continue
        found = _kept(each)
        free = [at for at in range(len(own)) if at not in found]
        taken = {placed.shared for placed in found.values()}
        open_ones = {number: held_by for number, held_by in members.items() if number not in taken}
        found |= _matched({at: own[at] for at in free}, open_ones, cosines, common, names, threshold)
        for at in free:
            if at not in found:
                found[at] = Placed(next_shared)
                next_shared += 1
        for at, row in enumerate(own):
            members.setdefault(found[at].shared, []).append(row)
        result.append(_placed(each, [found[at] for at in range(len(own))], threshold))
    return tuple(result)


def _placed(each: ReadAnalysis, themes: Sequence[Placed], threshold: float | None) -> PlacedAnalysis:
    return PlacedAnalysis(each.source_id, each.analysis_id, each.version, tuple(themes), threshold, each.chosen)


def _threshold(cosines: "Matrix", places: Sequence[range]) -> float | None:
    """The 95th percentile of each theme's best similarity with another theme of its own analysis; None below two such themes."""
    best = [
        max(float(cosines[at, other]) for other in own if other != at) for own in places if len(own) > 1 for at in own
    ]
    return quantiles(best, n=100, method="inclusive")[PERCENTILE - 1] if len(best) > 1 else None


def _kept(each: ReadAnalysis) -> dict[int, Placed]:
    """The places of themes that the analysis had before under the same name, or else with the same quotes; each place once."""
    if each.before is None:
        return {}
    earlier = list(zip(each.before_themes, each.before.themes, strict=False))
    found: dict[int, Placed] = {}
    for is_same in (_same_name, _same_quotes):
        for at, theme in enumerate(each.themes):
            place = next(
                (number for number, (old, _) in enumerate(earlier) if at not in found and is_same(old, theme)), None
            )
            if place is not None:
                found[at] = earlier.pop(place)[1]
    return found


def _same_name(one: Theme, other: Theme) -> bool:
    return normalised(one.name) == normalised(other.name)


def _same_quotes(one: Theme, other: Theme) -> bool:
    return bool(one.verbatims) and _quotes(one) == _quotes(other)


def _quotes(theme: Theme) -> frozenset[tuple[str, int, str]]:
    return frozenset(said.place for said in theme.verbatims)


def _matched(
    rows: Mapping[int, int],
    members: Mapping[int, Sequence[int]],
    cosines: "Matrix",
    common: "Matrix",
    names: Sequence[str],
    threshold: float | None,
) -> dict[int, Placed]:
    """The places of those themes that are like enough to a shared theme. rows: of each theme by its place in its analysis."""
    if not rows or not members:
        return {}
    ats, numbers = list(rows), list(members)
    alike = [[sum(float(cosines[rows[at], m]) for m in members[n]) / len(members[n]) for n in numbers] for at in ats]
    scores = [[0.0] * len(numbers) for _ in ats]
    for line, at in enumerate(ats):
        for column, number in enumerate(numbers):
            likeness = alike[line][column]
            if any(names[rows[at]] == names[member] for member in members[number]):
                scores[line][column] = 1.0 + likeness
            elif (
                threshold is not None
                and likeness > threshold
                and max(common[rows[at], list(members[number])]) >= SHARED_WORDS
            ):
                scores[line][column] = likeness
    pairs = ((line, column) for line, column in assigned(scores) if scores[line][column] > 0)
    return {ats[line]: Placed(numbers[column], round(alike[line][column], 4)) for line, column in pairs}
