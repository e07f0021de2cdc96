"""Words that are looked for as patterns, and the one among them that a text index is asked for. Pure.

The server's patterns (PCRE) know properties of letters, Python's do not; everything typed by a person is escaped in both.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cache

from semblance_core.analysis.scripts import is_spaceless
from semblance_core.domain.findings.search import Wanted

SERVER_LETTER, HERE_LETTER = r"[\p{L}\p{N}\p{M}]", r"\w"
_MARKED = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
"""Latin letters with marks."""
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def index_word(wanted: Wanted) -> str:
    """The longest word, which is likely the rarest; empty where none can be found by a text index.

    A text index splits at spaces and signs. So it knows no word of scripts without spaces, nor a Korean word without its particles.

    >>> index_word(Wanted((("too", "dear"), ("litre",)))), index_word(Wanted((("高い",),)))
    ('litre', '')
    """
    known = [word for part in wanted.parts for word in part if not is_inside_others(word)]
    return max(known, key=len, default="")


def is_inside_others(word: str) -> bool:
    """Returns whether the word may stand in a text without a space before or after it."""
    return any(is_spaceless(char) for char in word) or bool(_HANGUL.search(word))


def patterns(wanted: Wanted, letter: str) -> list[str]:
    """A pattern for each part. letter: matches a letter, digit or mark."""
    return [_pattern(part, letter) for part in wanted.parts]


def here(wanted: Wanted) -> list[re.Pattern[str]]:
    """The same, to match in this process."""
    return [re.compile(each, re.IGNORECASE) for each in patterns(wanted, HERE_LETTER)]


def spans(text: str, compiled: list[re.Pattern[str]]) -> tuple[tuple[int, int], ...]:
    """Places in the text where any part stands, in order and without overlaps; empty where a part is missing.

    >>> spans("Too dear, and dear again", here(Wanted((("dear",), ("TOO",)))))
    ((0, 3), (4, 8), (14, 18))
    """
    found: list[tuple[int, int]] = []
    for each in compiled:
        places = [match.span() for match in each.finditer(text)]
        if not places:
            return ()
        found += places
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def _pattern(part: tuple[str, ...], letter: str) -> str:
    between = f"(?:(?!{letter}).)+"
    joined = "".join(
        (("" if before is None else ".{0,3}?" if is_inside_others(before + word) else between) + _loose(word))
        for before, word in zip((None, *part), part, strict=False)
    )
    begin = "" if is_inside_others(part[0][0]) else f"(?<!{letter})"
    end = "" if is_inside_others(part[-1][-1]) or is_inside_others(part[-1]) else f"(?!{letter})"
    return f"(?s){begin}{joined}{end}"


def _loose(word: str) -> str:
    """The word, in which a Latin letter without a mark also stands for those with one, and apostrophes for one another."""
    return "".join(_loose_letter(char) for char in unicodedata.normalize("NFC", word))


def _loose_letter(char: str) -> str:
    if char in "'’ʼ`´":
        return "['’ʼ`´]"
    base = unicodedata.normalize("NFD", char)[0] if ord(char) < 0x1F00 else char
    variants = _variants().get(base.casefold(), "")
    return f"[{base}{variants}][\u0300-\u036f]*" if variants else re.escape(char)


@cache
def _variants() -> dict[str, str]:
    """Letters with marks, by the letter without."""
    found: defaultdict[str, str] = defaultdict(str)
    for code in (code for each in _MARKED for code in each):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            found[base.casefold()] += chr(code)
    return dict(found)
