"""Boundaries of quotes: a quote begins and ends between two words, as far as a script shows them. Pure.

Scripts that set no spaces show no words, so a quote may begin and end between any two of their letters, as long as it cuts neither a
letter and its signs, nor a number, nor a foreign word written in Katakana. In every script it cuts no cluster of characters that is read
as one (Unicode Standard Annex 29): a letter with its marks, a flag, a picture that is joined from several.
"""

import re
import unicodedata

import regex

from semblance_core.analysis.scripts import KATAKANA, is_spaceless

_CLUSTER = regex.compile(r"\X")
_KATAKANA = re.compile(f"[{KATAKANA}]")
_LEANS_BACK = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー々ゝゞヽヾะาำๅๆฯະາຳຽໆ")
"""Letters that belong to the one before them."""
_LEANS_FORWARD = frozenset("เแโใไເແໂໃໄ\u17d2\u1039\u1a60\ua9c0\u1b44")
"""Vowels that are written before the letter they belong to, and signs that stack the next one below."""
_ENDINGS = re.compile(
    # What Korean puts behind a word that is quoted; the quote itself is often the word without it.
    "(?:이?라고|이?라는|이?라서|다고|다는|다면|자고|냐고|고|는|은|가|이|을|를|도|만|에|에서|에게|한테|의|로|으로|와|과|랑|이랑|하고|까지|부터|처럼|보다|"
    "요|이요|예요|이에요|니까|지만|는데|은데|면|서|아서|어서|씨|님)(?![\uac00-\ud7a3])"
)


def cluster_edges(text: str) -> frozenset[int]:
    """Returns the places in a text at which no cluster of characters is cut, its beginning and end among them.

    >>> sorted(cluster_edges("e\u0301a👍🏽"))
    [0, 2, 3, 5]
    """
    return frozenset({0, *(match.end() for match in _CLUSTER.finditer(text))})


def is_boundary(text: str, edge: int, *, ends: bool = True) -> bool:
    """Returns whether no word and no number runs across the edge between text[edge - 1] and text[edge].

    ends: a quote ends here and does not begin, so it may leave off what Korean puts behind a word.

    >>> is_boundary("I can't", 5), is_boundary("it is 5.99", 7), is_boundary("値段は高すぎると思う", 3)
    (False, False, True)
    """
    before, after = text[max(0, edge - 2) : edge], text[edge : edge + 2]
    if not before or not after:
        return True
    last, first = before[-1], after[0]
    if in_word(last) and in_word(first) and not _may_part(last, first, text[edge:] if ends else ""):
        return False
    for left, joint, right in ((last, first, after[1:]), (before[:-1], last, first)):
        if joint == "'" and left and right and in_word(left) and in_word(right):
            return False
        if joint in ".,٫٬，．" and left.isdigit() and right.isdigit():
            return False
    return True


def in_word(char: str) -> bool:
    """Returns whether the character is part of a word: a letter, a digit or a sign on one."""
    return char.isalnum() or is_sign(char)


def is_sign(char: str) -> bool:
    """Returns whether the character is a vowel sign or another mark that belongs to the letter before it."""
    return unicodedata.category(char).startswith("M")


def _may_part(last: str, first: str, behind: str) -> bool:
    """Returns whether a quote may end between these two letters although no space stands there."""
    if is_sign(first) or first in _LEANS_BACK or last in _LEANS_FORWARD:
        return False
    if _is_number(last) and _is_number(first):
        return False  # 5万円 is no 5
    if _KATAKANA.match(last) and _KATAKANA.match(first):
        return False
    if is_spaceless(last) or is_spaceless(first):
        return True
    return "\uac00" <= last <= "\ud7a3" and bool(_ENDINGS.match(behind))


def _is_number(char: str) -> bool:
    return unicodedata.numeric(char, None) is not None
