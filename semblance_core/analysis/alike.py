"""Tells names apart, and recognises one name written in two ways. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from semblance_core.analysis.boundaries import in_word
from semblance_core.analysis.text import normalised
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import NAME_CHARS, Persona

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


@lru_cache(maxsize=4_096)
def name_key(name: str) -> str:
    """Returns a key that is the same for names that cannot be told apart."""
    letters = "".join(char for char in plain(normalised(name)) if in_word(char))
    return letters.translate(_LOOK_ALIKE) or normalised(name)


def numbered_names(people: Sequence[Persona]) -> list[Persona]:
    """Returns the same people under names that a reader can tell apart: who has the name of somebody before gets a number behind it.

    Names apart in case, spaces, accents or look-alike letters only count as one.

    >>> [person.name for person in numbered_names([Persona("Anna"), Persona("Ben"), Persona("Ánna"), Persona("Anna 2")])]
    ['Anna', 'Ben', 'Ánna 3', 'Anna 2']
    """
    given, taken, found = {name_key(person.name) for person in people}, set[str](), list[Persona]()
    for person in people:
        name, number = person.name, 1
        while name_key(name) in taken or (number > 1 and name_key(name) in given):
            number += 1
            name = f"{person.name[: NAME_CHARS - len(str(number)) - 1]} {number}"
        taken.add(name_key(name))
        found.append(person if name == person.name else replace(person, name=name))
    return found


def participants_of(people: Sequence[Persona]) -> tuple[Persona, ...]:
    """Returns the people as participants, under names that can be told apart from one another and from the moderator's.

    Raises:
        InvalidInput: somebody has the moderator's name.
    """
    if moderator := next((person.name for person in people if name_key(person.name) == "moderator"), None):
        raise InvalidInput(f"A participant cannot be called {moderator}: that is who puts the questions.")
    return tuple(numbered_names(people))


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
