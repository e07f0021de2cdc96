"""Finds where a brief contradicts its target shares. Pure, and careful: both sides have to be certain."""

import re
from collections.abc import Sequence

from semblance_core.analysis.panel import OLDEST, YOUNGEST, Margin, age_bounds
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.vocabulary import gender_word

_BEFORE = r"(?<![\d.,:/–—-])(?<![$€£¥])(?P<before>\b(?:aged?|ages)\s+)?"
_YEARS = r"(?:\s|-)*(?:years?|yrs?|yo|ans|jahren?|años|anni|lat)\b"
_AFTER = rf"(?![\d:/%€£¥–—-]|[.,]\d)(?P<after>\s*(?:[,.;)\n]|$)|{_YEARS}|\s+(?:who|that|with|living|in|from)\b)?"
_SPAN = re.compile(rf"{_BEFORE}(?P<low>\d{{2}})\s*(?:-|–|—|to|bis|and)\s*(?P<high>\d{{2}}){_AFTER}", re.I)
_ABOVE = re.compile(rf"{_BEFORE}\b(?:over|above|older than)\s+(?P<low>\d{{2}}){_AFTER}", re.I)
_BELOW = re.compile(rf"{_BEFORE}\b(?:under|below|younger than)\s+(?P<high>\d{{2}}){_AFTER}", re.I)
_PEOPLE = re.compile(
    r"^.*?(?=\b(?:who|whose|that|which|with|of|for|about|from|in|at|on|aged?|ages|between|over|under)\b|[\d,.;:()]|$)",
    re.I | re.S,
)
_GENDERS = {
    "woman": re.compile(r"\b(?:women|woman|females?)\b(?!['’])", re.I),
    "man": re.compile(r"\b(?:men|man|males?)\b(?!['’])", re.I),
}
_MORE_PEOPLE = re.compile(r"\b(?:people|both|everyone|everybody|adults|genders?|sexes|couples|non-?binary)\b", re.I)
_PLURALS = {"woman": "women", "man": "men"}


def contradictions(brief: str, margins: Sequence[Margin]) -> tuple[str, ...]:
    """Returns the contradictions between a brief and its target shares, as sentences for a person.

    Only one plain range of ages and one gender, named where the brief says who is looked for, are compared. A band that
    overlaps the range contradicts nothing.

    >>> contradictions("UK shoppers aged 25–45", [Margin("age", (("25-34", 0.6), ("65+", 0.4)))])
    ('The brief asks for ages 25–45, the shares for 65+ (40%). The shares decide.',)
    >>> contradictions("Women in Leeds", [Margin("gender", (("female", 0.5), ("male", 0.5)))])
    ('The brief asks for women, the shares for men (50%). The shares decide.',)
    >>> contradictions("30 bis 60, Haushalte", [Margin("age", (("65+", 1.0),))])
    ('The brief asks for ages 30–60, the shares for 65+ (100%). The shares decide.',)
    >>> contradictions("People who buy 20-30 litres for women", [Margin("age", (("65+", 1.0),)), Margin("gender", (("men", 1.0),))])
    ()
    """
    found = []
    for margin in margins:
        if margin.field == "age" and (ages := _ages(brief)):
            low, high = ages
            shares = [(band, share) for band, share in margin.shares if not _overlaps(band, low, high)]
            named = f"ages {low}–{high}" if high < OLDEST else f"ages from {low} on"
            named = named if low > YOUNGEST else f"ages up to {high}"
        elif margin.field == "gender" and (gender := _gender(brief)):
            shares = [
                (value, share) for value, share in margin.shares if gender_word(value) in set(_GENDERS) - {gender}
            ]
            shares = [(_PLURALS[gender_word(value)], share) for value, share in shares]
            named = _PLURALS[gender]
        else:
            continue
        if shares:
            others = ", ".join(f"{value} ({share:.0%})" for value, share in shares)
            found.append(f"The brief asks for {named}, the shares for {others}. The shares decide.")
    return tuple(found)


def _ages(brief: str) -> tuple[int, int] | None:
    """The one range of ages that the brief names; None where there is none, several, or the numbers may be of something else."""
    spans = [(int(each["low"]), int(each["high"]), each) for each in _SPAN.finditer(brief)]
    spans += [(int(each["low"]) + 1, OLDEST, each) for each in _ABOVE.finditer(brief)]
    spans += [(YOUNGEST, int(each["high"]) - 1, each) for each in _BELOW.finditer(brief)]
    certain = [
        (low, high)
        for low, high, each in spans
        if YOUNGEST <= low < high and (each["before"] or each["after"] is not None)
    ]
    return certain[0] if len(certain) == len(spans) == 1 else None


def _overlaps(band: str, low: int, high: int) -> bool:
    try:
        youngest, oldest = age_bounds(band)
    except InvalidInput:
        return True
    return youngest <= high and low <= oldest


def _gender(brief: str) -> str | None:
    """The one gender that the brief names where it says who is looked for; None where others are named anywhere."""
    head = _PEOPLE.match(brief)
    named = [word for word, pattern in _GENDERS.items() if pattern.search(brief)]
    if len(named) != 1 or _MORE_PEOPLE.search(brief):
        return None
    return named[0] if head and _GENDERS[named[0]].search(head[0]) else None
