"""Tells names apart, and recognises one name written in two ways. Pure."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from semblance_core.analysis.boundaries import in_word
from semblance_core.analysis.text import normalised
from semblance_core.domain.errors import InvalidInput

TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "sir", "dame", "herr", "frau", "mme", "sr", "sra", "don", "doña"}
)
HONORIFICS = (
    *[
        "さん",
        "さま",
        "様",
        "くん",
        "君",
        "ちゃん",
        "先生",
        "氏",
        "殿",
        "老师",
        "老師",
        "小姐",
        "女士",
        "同学",
        "同學",
        "太太",
    ],
    *["씨", "님", "선생님", "군", "양", "जी", "-san", "-sama", "-kun", "-chan", "-sensei", "-ssi", "-nim", "-ji"],
)
"""Put behind a name."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"})
_LOOK_ALIKE = str.maketrans("авекмнорстухіјѕԁɡαεηικνορτυχ", "abekmhopctyxijsdgaenikvoptux")
"""Letters of Cyrillic and Greek that look like Latin ones."""


def indistinct(names: Sequence[str]) -> tuple[str, str] | None:
    """Finds two names that a reader could take for one another: apart in case, spaces, accents or look-alike letters only.

    Returns:
        The first such pair, in the order of `names`, or None.

    >>> indistinct(["Maria Garcia", "Ben", "maría  garcía"]), indistinct(["Maria", "Maria José"])
    (('Maria Garcia', 'maría  garcía'), None)
    """
    keys = [(name_key(name), name) for name in names]
    return next(((one, other) for (key, one), (same, other) in combinations(keys, 2) if key == same), None)


@lru_cache(maxsize=4_096)
def name_key(name: str) -> str:
    """Returns a key that is the same for names that cannot be told apart."""
    letters = "".join(char for char in plain(normalised(name)) if in_word(char))
    return letters.translate(_LOOK_ALIKE) or normalised(name)


def check_distinct(names: Sequence[str]) -> None:
    """Checks that all names can be told apart, from one another and from the moderator.

    Raises:
        InvalidInput: two names, or one and the moderator's, cannot be told apart.
    """
    if alike := indistinct(names):
        one, other = alike
        pair = (
            f"Two participants share the name {one}" if one == other else f"“{one}” and “{other}” cannot be told apart"
        )
        raise InvalidInput(f"{pair}; rename one, so that quotes can be told apart.")
    if moderator := next((name for name in names if name_key(name) == "moderator"), None):
        raise InvalidInput(f"A participant cannot be called {moderator}: that is who puts the questions.")


def same_name(given: str, name: str) -> bool:
    """Returns whether `given` means this name: the name alone, or with an honorific.

    >>> same_name("山田花子さん", "山田花子"), same_name("Maria", "Maria José")
    (True, False)
    """
    one, other = normalised(given), normalised(name)
    return one == other or any(one == other + honorific for honorific in HONORIFICS)


def first_name(name: str) -> str:
    """Returns the first word of a name, titles left out; empty for a title alone."""
    parts = [part for part in name.split() if part.casefold().rstrip(".") not in TITLES]
    return parts[0] if parts else ""


def plain(text: str) -> str:
    """Returns the text without accents, one character for one; signs that stand for vowels in other scripts stay."""
    return "".join(map(_plain_letter, text))


@lru_cache(maxsize=4_096)
def _plain_letter(char: str) -> str:
    base = unicodedata.normalize("NFD", char)
    if base[0] < "\u0530" or "\u1e00" <= char <= "\u1fff":
        return base[0].translate(_PLAIN)[:1] or char
    return char
