"""Scores how likely bytes are a text in an encoding, by the letters that it makes of them and by their positions."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from semblance_core.documents.text.alphabets import (
    CYRILLIC,
    FREQUENT_JAPANESE,
    FREQUENT_KOREAN,
    FREQUENT_SIMPLIFIED,
    FREQUENT_TRADITIONAL,
    KANA,
    LATIN,
    OTHERS,
)

_WEST, _MIDDLE, _BALTIC = list(LATIN)[:12], list(LATIN)[12:19], ["Lithuanian", "Latvian", "Estonian"]
_LANGUAGES: dict[str, tuple[float, list[str]]] = {
    "cp1252": (1.0, _WEST),
    "iso8859-15": (0.02, _WEST),
    "mac-roman": (0.1, _WEST),
    "cp850": (0.05, _WEST),
    "cp1250": (0.3, _MIDDLE),
    "iso8859-2": (0.05, _MIDDLE),
    "mac-latin2": (0.01, _MIDDLE),
    "cp852": (0.01, _MIDDLE),
    "cp1257": (0.1, _BALTIC),
    "cp1254": (0.1, ["Turkish"]),
    "cp1251": (0.3, list(CYRILLIC)),
    "koi8-r": (0.03, ["Russian"]),
    "koi8-u": (0.01, ["Ukrainian"]),
    "iso8859-5": (0.005, list(CYRILLIC)),
    "mac-cyrillic": (0.01, ["Russian", "Ukrainian"]),
    "cp866": (0.02, ["Russian"]),
    "cp1253": (0.1, ["Greek"]),
    "iso8859-7": (0.05, ["Greek"]),
    "cp1255": (0.1, ["Hebrew"]),
    "cp1256": (0.1, ["Arabic", "Persian"]),
    "cp874": (0.1, ["Thai"]),
    "cp1258": (0.02, ["Vietnamese"]),
}
"""Frequency of such files against Windows-1252, and the languages that are written in them."""
_FREQUENT: dict[str, tuple[float, frozenset[str]]] = {
    "cp932": (0.3, KANA | FREQUENT_JAPANESE),
    "euc-jp": (0.03, KANA | FREQUENT_JAPANESE),
    "gb18030": (0.3, FREQUENT_SIMPLIFIED),
    "big5hkscs": (0.1, FREQUENT_TRADITIONAL),
    "cp949": (0.2, FREQUENT_KOREAN),
}
EASTERN = frozenset[str]().union(*(frequent for _, frequent in _FREQUENT.values()))
_COMMON_BYTES = {
    "cp932": (0x88, 0x98),
    "euc-jp": (0xB0, 0xCF),
    "gb18030": (0xB0, 0xD7),
    "big5hkscs": (0xA4, 0xC6),
    "cp949": (0xB0, 0xC8),
}
"""First bytes of the characters that are in common use, which each of these standards puts in front."""
_USUAL_SIGNS = frozenset("“”‘’„‚«»‹›–—…•·°§©®™²³½¼¾×º¿¡\xa0€£、。「」，！？：；（）《》・ー〜“”【】…")
_CURRENCIES = frozenset("€£¥¢")
_STRANGE, _RARE_SIGN, _USUAL_SIGN, _MISPLACED = map(math.log, (0.0004, 0.001, 0.05, 0.02))
_FREQUENT_LETTER, _COMMON_LETTER, _RARE_LETTER = map(math.log, (1 / 120, 1 / 3_000, 1 / 60_000))
_C1 = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
GUESSED = (*_LANGUAGES, *_FREQUENT)


def score(text: str, encoding: str) -> float:
    """The logarithm of how likely the text is: only what is no ASCII counts."""
    if encoding in _FREQUENT:
        prior, frequent = _FREQUENT[encoding]
        return math.log(prior) + sum(_of_the_east(text, encoding, frequent))
    prior, languages = _LANGUAGES[encoding]
    signs = sum(_signs(text))
    letters = Counter(sign.lower() for sign in text if sign > "\x7f" and _is_letter(sign))
    return math.log(prior) + signs + max(_fits(letters, language) for language in languages)


def _of_the_east(text: str, encoding: str, frequent: frozenset[str]) -> Iterator[float]:
    first, last = _COMMON_BYTES[encoding]
    sizes: dict[str, float] = {}
    for sign in text:
        if sign <= "\x7f":
            continue
        if sign not in sizes:
            if sign in frequent or sign in _USUAL_SIGNS or "\uff01" <= sign <= "\uff5e" or sign == "\u3000":
                sizes[sign] = _FREQUENT_LETTER
            else:
                lead = sign.encode(encoding, "replace")[0]
                sizes[sign] = _COMMON_LETTER if first <= lead <= last else _RARE_LETTER
        yield sizes[sign]


def _fits(letters: Mapping[str, int], language: str) -> float:
    shares = _shares(language)
    return sum(count * shares.get(letter, _STRANGE) for letter, count in letters.items())


@cache
def _shares(language: str) -> dict[str, float]:
    """The logarithm of each letter's share, which falls with its rank."""
    letters = (LATIN | CYRILLIC | OTHERS)[language]
    power = 1.0 if language in LATIN else 0.6
    whole = sum((rank + 1) ** -power for rank in range(len(letters)))
    return {letter: math.log((rank + 1) ** -power / whole) for rank, letter in enumerate(letters)}


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def _signs(text: str) -> Iterator[float]:
    """Scores each character beyond ASCII by its sign, its case and its neighbours."""
    for place, sign in enumerate(text):
        if sign <= "\x7f":
            continue
        before, after = text[place - 1 : place] if place else " ", text[place + 1 : place + 2] or " "
        if _C1.match(sign) or unicodedata.category(sign) in ("Cn", "Co"):
            yield 2 * _STRANGE
        elif not _is_letter(sign):
            yield _USUAL_SIGN if sign in _USUAL_SIGNS else _RARE_SIGN
            yield _MISPLACED * _is_misplaced(sign, before, after)
            yield _MISPLACED * (before > "\xa0" and not _is_letter(before) and before not in "“‘„«")
        else:
            yield _MISPLACED * (after.isdigit() or (sign.isupper() and before.islower()))
            yield _MISPLACED * (sign.islower() and after.isupper() and after > "\x7f")
            yield _MISPLACED * sum(
                other.isascii() and other.isalpha() and not _is_latin(sign) for other in (before, after)
            )


def _is_misplaced(sign: str, before: str, after: str) -> bool:
    if sign in _CURRENCIES:
        return not (after.isdigit() or before.isdigit() or (after.isspace() or before.isspace()))
    if sign in "“‘„":
        return before > "\x7f" or before.isalnum()
    if sign in "”’":
        return not before.strip()
    return before.isalpha() and after.isalpha() and sign not in "·—…"


@cache
def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN") or sign in "ªº"
