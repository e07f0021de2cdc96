"""Text as it stands on a page, from left to right, in the order in which it is read: the other way round where it is right-to-left.

PDF holds signs where they are drawn, and says nothing of the order in which they are read. This turns around what Unicode's
algorithm for both directions did when the page was made, as far as a line alone tells it: words in Hebrew and Arabic, numbers
and Latin words between them, and brackets, which are drawn the other way round.
"""

import re
import unicodedata
from collections.abc import Sequence

_PAIRS = ("()", "[]", "{}", "<>", "«»", "‹›")
MIRRORED = {pair[0]: pair[1] for pair in _PAIRS} | {pair[1]: pair[0] for pair in _PAIRS}
HAS_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
FORMS = re.compile(r"[\ufb00-\ufdf9\ufdfc\ufe70-\ufefc]")
"""Ligatures, and Arabic letters by where they stand in a word."""
LONGEST = 5_000
"""Signs of a line; what is longer is none, and stays as it is."""
LAST_LETTERS = frozenset("ךםןףץةىﺔﺓﻰﻯ")
"""Letters that stand only at the end of a word."""


def plain_letters(text: str) -> str:
    """Ligatures and letters by their place as the letters that they are.

    >>> plain_letters("oﬃcial"), plain_letters("ﺮﻌﺳ")
    ('official', 'رعس')
    """
    return FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]).strip(), text)


def is_mostly_right_to_left(text: str) -> bool:
    letters = [unicodedata.bidirectional(sign) for sign in text if sign.isalpha()]
    return sum(kind in ("R", "AL") for kind in letters) * 2 >= len(letters) > 0


def reads_well(text: str) -> int:
    """Scores this order of letters against the reverse: final letters at the ends of words, and articles."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    ends = sum(word[-1] in LAST_LETTERS for word in words) - sum(word[0] in LAST_LETTERS for word in words)
    articles = sum(len(word) > 3 and plain_letters(word[:2]) == "ال" for word in words)
    return ends + articles - sum(len(word) > 3 and plain_letters(word[-2:]) == "لا" for word in words)


def as_read(drawn: Sequence[str], right_to_left: bool) -> str:
    """A line in the order in which it is read. drawn: its signs from left to right; a ligature is one of them.

    right_to_left: the paragraph's own direction.

    >>> as_read("םילקש 12 אוה בלחה ריחמ", True)
    'מחיר החלב הוא 12 שקלים'
    >>> as_read("The word םולש means hello", False)
    'The word שלום means hello'
    """
    kinds = _kinds(drawn) if len(drawn) <= LONGEST else []
    if "R" not in kinds:
        return "".join(drawn)
    if right_to_left:
        return _turned(drawn, kinds)
    said, place = [], 0
    while place < len(drawn):
        if kinds[place] != "R":
            said.append(drawn[place])
            place += 1
            continue
        end = last = place
        while end < len(drawn) and kinds[end] != "L":
            last = end if kinds[end] == "R" else last
            end += 1
        said.append(_turned(drawn[place : last + 1], kinds[place : last + 1]))
        place = last + 1
    return "".join(said)


def _kinds(drawn: Sequence[str]) -> list[str]:
    """L: a letter from left to right; R: from right to left; N: a digit; S, C, T: what belongs to numbers; O: anything else."""
    names = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "ES": "S", "CS": "C", "ET": "T"}
    kinds: list[str] = []
    for sign in drawn:
        classes = [unicodedata.bidirectional(each) for each in sign]
        strong = next((each for each in classes if each in ("L", "R", "AL")), classes[0] if classes else "")
        kinds.append((kinds[-1] if kinds else "O") if strong == "NSM" else names.get(strong, "O"))
    return kinds


def _turned(drawn: Sequence[str], kinds: Sequence[str]) -> str:
    is_arabic = any(unicodedata.bidirectional(sign[:1] or " ") == "AL" for sign in drawn)
    runs: list[str] = []
    place = 0
    while place < len(drawn):
        end = place + 1
        if kinds[place] == "L" or (kinds[place] == "N" and "L" in _until_right(kinds, place)):
            stretch = _until_right(kinds, place)
            end = place + max(number for number, kind in enumerate(stretch) if kind in "LN") + 1
            while end < len(drawn) and kinds[end] == "T" and kinds[end - 1] in "NT":
                end += 1
        elif kinds[place] == "N" or (kinds[place] == "T" and _leads_number(kinds, place) and not is_arabic):
            end = _number_end(kinds, place, is_arabic)
        elif len(drawn[place]) == 1:
            runs.append(MIRRORED.get(drawn[place], drawn[place]))
            place = end
            continue
        runs.append("".join(drawn[place:end]))
        place = end
    said = "".join(reversed(runs))
    return re.sub(r"(?<!\S)([\u0591-\u05c7\u064b-\u0655]+)(\w)", r"\2\1", said)  # a vowel sign follows its letter


def _until_right(kinds: Sequence[str], place: int) -> Sequence[str]:
    end = next((number for number in range(place, len(kinds)) if kinds[number] == "R"), len(kinds))
    return kinds[place:end]


def _leads_number(kinds: Sequence[str], place: int) -> bool:
    after = next((kind for kind in kinds[place:] if kind != "T"), "")
    return after == "N"


def _number_end(kinds: Sequence[str], place: int, is_arabic: bool) -> int:
    """Behind a number: 12-15 is one in Hebrew and two in Arabic, as these are drawn."""
    inside = "C" if is_arabic else "CS"
    end = place
    while end < len(kinds):
        goes_on = kinds[end] == "N" or (kinds[end] == "T" and not is_arabic)
        joins = kinds[end] in inside and kinds[end - 1] == "N" and kinds[end + 1 : end + 2] == ["N"]
        if not (goes_on or joins):
            break
        end += 1
    return max(end, place + 1)
