"""Contradictions between sessions on one shared theme, from the sentiments of its stored quotes. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from semblance_core.domain.findings.theme import Sentiment, Verbatim


class ContradictionKind(StrEnum):
    """OPPOSITE: one session mostly speaks for it and another mostly against. COUNTER: sessions that go either way all go the same way,
    and another session has quotes that go the other way.
    """

    OPPOSITE = "opposite"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Side:
    """The quotes of one session or round that go one way. mostly: whether most of its quotes with a sentiment do."""

    source_id: str
    verbatims: tuple[Verbatim, ...]
    mostly: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """positive, negative: the sessions on either side, each with its quotes."""

    kind: ContradictionKind
    positive: tuple[Side, ...]
    negative: tuple[Side, ...]


def contradiction(by_source: Mapping[str, Sequence[Verbatim]]) -> Contradiction | None:
    """Returns whether sessions contradict one another on a theme; None where they do not.

    A session goes the way of most of its quotes whose sentiment is positive or negative. Quotes that contradict one another within one
    session alone are no contradiction between sessions.

    Args:
        by_source: the theme's quotes by session or interview round.

    >>> good, bad = (Verbatim(1, "Ana", "It is", each) for each in (Sentiment.POSITIVE, Sentiment.NEGATIVE))
    >>> contradiction({"s1": [good], "s2": [bad]}).kind.value, contradiction({"s1": [good, good], "s2": [good, good, bad]}).kind.value
    ('opposite', 'counter')
    >>> contradiction({"s1": [good, bad]}), contradiction({"s1": [good], "s2": [good]})
    (None, None)
    """
    ways = {source: _way(said) for source, said in by_source.items()}
    opposite = {Sentiment.POSITIVE, Sentiment.NEGATIVE} <= set(ways.values())
    leading = next((way for way in ways.values() if way), None)
    if not opposite and leading is None:
        return None
    sides: dict[Sentiment, tuple[Side, ...]] = {}
    for way in (Sentiment.POSITIVE, Sentiment.NEGATIVE):
        sides[way] = tuple(
            Side(source, tuple(each for each in said if each.sentiment is way), ways[source] is way)
            for source, said in by_source.items()
            # A session that mostly goes one way stands on that side alone where another one mostly goes the other way.
            if any(each.sentiment is way for each in said) and (not opposite or ways[source] is way)
        )
    if opposite:
        return Contradiction(ContradictionKind.OPPOSITE, sides[Sentiment.POSITIVE], sides[Sentiment.NEGATIVE])
    against = Sentiment.NEGATIVE if leading is Sentiment.POSITIVE else Sentiment.POSITIVE
    assert leading
    mostly = tuple(side for side in sides[leading] if side.mostly)
    counters = sides[against]
    if not any(one.source_id != other.source_id for one in mostly for other in counters):
        return None
    found = {leading: mostly, against: counters}
    return Contradiction(ContradictionKind.COUNTER, found[Sentiment.POSITIVE], found[Sentiment.NEGATIVE])


def _way(said: Sequence[Verbatim]) -> Sentiment | None:
    """The sentiment of most quotes that are positive or negative; None where neither is more."""
    counts = Counter(each.sentiment for each in said)
    for one, other in ((Sentiment.POSITIVE, Sentiment.NEGATIVE), (Sentiment.NEGATIVE, Sentiment.POSITIVE)):
        if counts[one] > counts[other]:
            return one
    return None
