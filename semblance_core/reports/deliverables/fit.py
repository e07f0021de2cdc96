"""The room that a text takes on a slide, estimated without its font, rather too much than too little. Pure.

A slide cannot be laid out where it is written: the program that opens it has the fonts. Widths are those of Arial, which is wider
than Calibri, in three classes of Latin letters; letters of other alphabets count as wide ones, those of East Asia as a square.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from semblance_core.analysis.sentences import sentence_ends

POINTS_AN_INCH = 72
LINE = 1.2
"""Height of a line, of the size of its letters."""
_NARROW, _WIDE = frozenset("ijlftrI.,:;'|!()[]-\u2019\u201c\u201d \u00b7"), frozenset("mwMWGOQDHNUKABCEPRSVXYZ&%@—")
_BREAKABLE = frozenset(" -/–—")


@lru_cache(maxsize=4096)
def _of_em(char: str) -> float:
    if char in _NARROW:
        return 0.34
    if char in _WIDE:
        return 0.8 if char not in "mwMW@—%" else 0.95
    if char.isascii():
        return 0.56
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.02 if unicodedata.category(char) != "So" else 1.4
    return 0.72 if not char.isalpha() or ord(char) > 0x24F else 0.62


def width_of(text: str, size: float) -> float:
    """Width of a text on one line in inches. size: of its letters, in points."""
    return sum(map(_of_em, text)) * size / POINTS_AN_INCH


def wrapped(text: str, size: float, width: float) -> list[str]:
    """The lines that a text takes in this width in inches.

    >>> wrapped("one two three", 72, 4.0)
    ['one two ', 'three']
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, size, width)]


def height_of(text: str, size: float, width: float) -> float:
    """Height of the text in inches, in a column so many inches wide."""
    return len(wrapped(text, size, width)) * size * LINE / POINTS_AN_INCH


def split(text: str, size: float, width: float, height: float) -> tuple[str, str]:
    """The beginning of the text that fits, and the rest: cut behind a sentence where there is one in its last half, else behind a word.

    Where not even one line fits, the first is taken all the same, so that whoever splits comes to an end.

    >>> split("It splits. I mind that a lot.", 72, 6.0, 1.3)
    ('It splits.', 'I mind that a lot.')
    """
    fitting = max(1, int(height * POINTS_AN_INCH / (size * LINE) + 1e-6))
    at, used = 0, 0
    for paragraph in text.split("\n"):
        for line in _lines(paragraph, size, width):
            if used == fitting:
                return _cut(text, at)
            used, at = used + 1, at + len(line)
        at += 1  # the end of the paragraph
    return text, ""


def _cut(text: str, most: int) -> tuple[str, str]:
    most = min(most, len(text))
    begun = text[:most]
    ends = [end for end in sentence_ends(text) if most / 2 <= end <= most]
    at = max([*ends, begun.rfind("\n") if begun.rfind("\n") >= most / 2 else 0])
    at = at or most
    return begun[:at].rstrip(), text[at:].lstrip()


def _lines(paragraph: str, size: float, width: float) -> Iterator[str]:
    """The lines of a paragraph with the spaces at their ends, so that together they are the paragraph."""
    room = width * POINTS_AN_INCH / size
    used = 0.0
    begin, breakable, since_break = 0, 0, 0.0
    for at, char in enumerate(paragraph):
        wide = _of_em(char)
        if used + wide > room and char != " " and at > begin:
            cut = breakable if breakable > begin else at
            yield paragraph[begin:cut]
            used, begin = (since_break if cut == breakable else 0.0), cut
        used += wide
        since_break += wide
        if char in _BREAKABLE or (wide >= 1 and not unicodedata.combining(char)):
            breakable, since_break = at + 1, 0.0
    yield paragraph[begin:]
