"""Reads a recruiting brief: the subject, the country and towns, the ages and the groups that it names."""

import re
from dataclasses import dataclass, replace

from semblance_core.simulator.lexicon import sections
from semblance_core.simulator.read.english import ENGLISH_ONLY, CannotRead, reads
from semblance_core.simulator.read.nouns import Noun, subject_of
from semblance_core.simulator.recruit.places import place_words, whereabouts
from semblance_core.simulator.words import plain

_AGES: tuple[tuple[str, int, int], ...] = (
    (r"\bteen", 16, 19),
    (r"\bgen[- ]?z\b", 18, 28),
    (r"\bmillennial", 29, 44),
    (r"\bgen(eration)?[- ]?x\b", 45, 60),
    (r"\bboomer", 61, 79),
    (r"\byoung (adults?|people|professionals?)\b", 20, 32),
)
_WHO = re.compile(
    r"\b(aged?|ages|over|under|between|years?|old|older|younger|adults?|commuters?|drivers?|residents?|households?|millennials?|parents?|mums?|dads?|students?|"
    r"retirees?|retired|pensioners?|seniors?|consumers?|participants?|professionals?|women|men|mix|panel|gen z|and|\d+[–-]\d+|\d+\+?)\b",
    re.I,
)


BRIEF_CHARS = 1_500
_ANY_AGE = (21, 72)
_OTHER_AGES = re.compile(
    r"\b\d{2}s\b|\b\d{2}\s*[^\s\d,;]{1,7}\s*\d{2}\b|\b(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)(?:y|ies)\b",
    re.I,
)
"""Ages that are written in a way that `_ages` does not read."""
_PEOPLE = re.compile(r"\b(children|kids|toddlers?|bab(y|ies)|teenagers?|dogs?|cats?|pets)$", re.I)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the people whom a brief names. life: student, retired, parent, single or work. jobs: what they may do."""

    life: str
    youngest: int
    oldest: int
    jobs: tuple[str, ...] = ()
    education: str = ""
    income: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """youngest, oldest: whole years. towns: where they may live. home: the country's name in the lexicon, land: the one to
    write. groups: whom the brief names, in its order. known: it has a subject."""

    subject: Noun
    home: str
    land: str
    towns: tuple[str, ...]
    youngest: int
    oldest: int
    life: str
    groups: tuple[Group, ...] = ()
    known: bool = True
    job: Group | None = None

    def of(self, place: int) -> "Brief":
        """The brief as it concerns one person: of several groups, each takes its turn."""
        if not self.groups:
            return self
        group = self.groups[place % len(self.groups)]
        aged = (max(group.youngest, self.youngest), min(group.oldest, self.oldest))
        low, high = aged if aged[0] <= aged[1] else (self.youngest, self.oldest)
        return replace(
            self,
            life="" if group.life == "work" else group.life,
            youngest=low,
            oldest=high,
            job=group if group.jobs else None,
        )


def check_brief(text: str) -> None:
    """Raises `CannotRead` for a brief in another language, or with ages that would have to be guessed."""
    if not reads(text):
        raise CannotRead(f"{ENGLISH_ONLY} the brief.")
    brief = plain(text, BRIEF_CHARS)
    if _ages(brief) == _ANY_AGE and (found := _OTHER_AGES.search(brief)):
        raise CannotRead(f"The simulator reads ages only where they are written as in 25–45, not as in “{found[0]}”.")


def read_brief(text: str) -> Brief:
    """A brief's meaning by rule; the United Kingdom and ages 21–72 where it says nothing.

    >>> found = read_brief("UK shoppers aged 25–45 who buy oat milk")
    >>> found.subject.text, found.home, found.youngest, found.oldest
    ('oat milk', 'UK', 25, 45)
    >>> read_brief("commuters in Berlin who cycle to work").subject.text
    'cycling to work'
    >>> [group.life for group in read_brief("parents, pensioners and students in Leeds").groups]
    ['parent', 'retired', 'student']
    """
    brief = plain(text, BRIEF_CHARS)
    home, land, towns = whereabouts(brief)
    groups = _groups(brief)
    low, high = _ages(brief)
    if groups and (low, high) == _ANY_AGE:
        low, high = min(group.youngest for group in groups), max(group.oldest for group in groups)
    subject = _subject(brief)
    known = subject is not None
    everyday = Noun("everyday life")
    return Brief(subject or everyday, home, land, towns, low, high, "", groups, known)


def _groups(brief: str) -> tuple[Group, ...]:
    """The people named before the subject, in the order of the brief; a general name inside a longer one does not count."""
    found: list[tuple[int, int, Group]] = []
    for row in sections("groups")["groups"]:
        *pattern, life, low, high, jobs, education, income = _fields(row.text)
        for match in re.finditer(rf"(?<![\w-])(?:{pattern[0]})(?![\w-])", brief, re.I):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                names = tuple(name for name in jobs.split(";") if name)
                found.append(
                    (match.start(), match.end(), Group(life, int(low), int(high), names, education, int(income or 0)))
                )
    return tuple(dict.fromkeys(group for _, _, group in sorted(found, key=lambda each: each[0])))


def _fields(row: str) -> list[str]:
    """The pattern, which may hold bars of its own, and the six fields behind it."""
    match = re.match(r"(.*)\|(student|work|retired|parent|single)\|(\d+)\|(\d+)\|([^|]*)\|([^|]*)(?:\|(\d?))?$", row)
    return [match[i] or "" for i in range(1, 8)] if match else [r"(?!)", "work", "21", "72", "", "", ""]


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
    return next(((low, high) for pattern, low, high in _AGES if re.search(pattern, brief, re.I)), _ANY_AGE)


def _subject(brief: str) -> Noun | None:
    """The thing behind "who buy …" or "about …", else what is left without the people and the places; None if nothing is."""
    whole = subject_of(brief)[0]
    if whole.kinds & {"activity"} and not re.search(r"shopping", whole.text):
        return whole
    tail = re.search(
        r"\b(?:who|that|about|regarding|interested in|of|with|on|for|using|buying|towards)\b(.*)", brief, re.I
    )
    places = place_words(brief)
    people = "|".join(_fields(row.text)[0] for row in sections("groups")["groups"] if _fields(row.text)[1] != "work")
    for part in (tail[0] if tail else "", brief):
        rest = re.sub(rf"(?<!\w)({places})(?:'s)?(?!\w)", " ", part)
        rest = re.sub(rf"(?<![\w-])(?:{people}|shift[- ]workers?)(?![\w-])", " , ", rest, flags=re.I)
        found = subject_of(" ".join(_WHO.sub(" , ", rest).split()))[0]
        if found.text != "all this":
            return Noun(f"life with {found.text}") if _PEOPLE.search(found.text) else found
    return None
