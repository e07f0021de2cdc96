"""What a recruiting brief asks for: the subject, the country and town, and the ages."""

import re
from dataclasses import dataclass

from semblance_core.llm.simulator.lexicon import sections
from semblance_core.llm.simulator.nouns import Noun, subject_of
from semblance_core.llm.simulator.words import plain

_AGES: tuple[tuple[str, int, int], ...] = (
    (r"\bteen", 16, 19),
    (r"\bstudents?\b", 18, 25),
    (r"\bretire|\bpensioner|\bseniors?\b|\bolder (people|adults)", 65, 82),
    (r"\bgen[- ]?z\b", 18, 28),
    (r"\bmillennial", 29, 44),
    (r"\bgen(eration)?[- ]?x\b", 45, 60),
    (r"\bboomer", 61, 79),
    (r"\byoung (adults?|people|professionals?)\b", 20, 32),
    (r"\bgrandparents?\b", 58, 80),
    (r"\b(parents?|mums?|moms?|dads?|mothers?|fathers?)\b", 27, 52),
)
_WHO = re.compile(
    r"\b(aged?|ages|over|under|between|years?|old|older|younger|adults?|commuters?|drivers?|residents?|households?|millennials?|parents?|mums?|dads?|students?|"
    r"retirees?|retired|pensioners?|seniors?|consumers?|participants?|professionals?|women|men|mix|panel|gen z|and|\d+[–-]\d+|\d+\+?)\b",
    re.I,
)


_PEOPLE = re.compile(r"\b(children|kids|toddlers?|bab(y|ies)|teenagers?|dogs?|cats?|pets)$", re.I)


@dataclass(frozen=True, slots=True)
class Brief:
    """youngest, oldest: whole years. town: the one named, or empty. home: the country's name in the lexicon."""

    subject: Noun
    home: str
    town: str
    youngest: int
    oldest: int
    life: str


def read_brief(text: str) -> Brief:
    """A brief's meaning by rule; the United Kingdom and ages 21–72 where it says nothing.

    >>> found = read_brief("UK shoppers aged 25–45 who buy oat milk")
    >>> found.subject.text, found.home, found.youngest, found.oldest
    ('oat milk', 'UK', 25, 45)
    >>> read_brief("commuters in Berlin who cycle to work").subject.text
    'cycling to work'
    """
    brief = plain(text, 1_500)
    home, town = _home(brief)
    low, high = _ages(brief)
    life = (
        "student"
        if re.search(r"\bstudents?\b", brief, re.I)
        else "retired"
        if re.search(r"\bretired|pensioner", brief, re.I)
        else ""
    )
    life = life or ("parent" if re.search(r"\b(parents?|mums?|moms?|dads?|mothers|fathers)\b", brief, re.I) else "")
    return Brief(_subject(brief, town), home, town, low, high, life)


def homes() -> list[str]:
    return [section.removesuffix(".marks") for section in sections("countries") if section.endswith(".marks")]


def country(home: str, part: str) -> list[str]:
    """A country's list, such as its cities or its women's first names.

    >>> country("Germany", "cities")[0]
    'Berlin'
    """
    text = " ".join(frame.text for frame in sections("countries")[f"{home}.{part}"])
    return [item.strip() for item in text.split(";")] if ";" in text else text.split()


def _home(brief: str) -> tuple[str, str]:
    for home in homes():
        towns = [town for town in country(home, "cities") if re.search(rf"\b{re.escape(town)}\b", brief)]
        if towns:
            return home, towns[0]
    for home in homes():
        for mark in country(home, "marks"):
            if re.search(rf"(?<!\w){re.escape(mark.replace('-', ' '))}(?!\w)", brief):
                return home, ""
    return "UK", ""


def _ages(brief: str) -> tuple[int, int]:
    span = re.search(r"\b(\d{2})\s*(?:-|–|—|to|and)\s*(\d{2})\b", brief)
    if span and 14 <= int(span[1]) < int(span[2]):
        return max(16, int(span[1])), int(span[2])
    above = re.search(
        r"\b(?:over|above|older than|from|at least)\s+(\d{2})\b|\b(\d{2})\s*(?:\+|plus|or (?:older|over)|and (?:older|over))",
        brief,
        re.I,
    )
    if above:
        low = int(above[1] or above[2])
        return max(16, low), max(low + 8, 78)
    below = re.search(r"\b(?:under|below|younger than|up to)\s+(\d{2})\b", brief, re.I)
    if below:
        return min(18, int(below[1]) - 1), max(19, int(below[1]) - 1)
    return next(((low, high) for pattern, low, high in _AGES if re.search(pattern, brief, re.I)), (21, 72))


def _subject(brief: str, town: str) -> Noun:
    """The thing behind "who buy …" or "about …", else what is left without the people and the places."""
    whole = subject_of(brief)[0]
    if whole.kinds & {"activity"} and not re.search(r"shopping", whole.text):
        return whole
    tail = re.search(
        r"\b(?:who|that|about|regarding|interested in|of|with|on|for|using|buying|towards)\b(.*)", brief, re.I
    )
    marks = "|".join(re.escape(mark.replace("-", " ")) for home in homes() for mark in country(home, "marks"))
    for part in (tail[1] if tail else "", brief):
        rest = re.sub(rf"(?<!\w)({marks}|{re.escape(town) or 'UK'})(?:'s)?(?!\w)", " ", _WHO.sub(" , ", part))
        found = subject_of(" ".join(rest.split()))[0]
        if found.text != "all this":
            return Noun(f"life with {found.text}") if _PEOPLE.search(found.text) else found
    return Noun("everyday life")
