"""Counts of people in a sentence, held against those that the quotes give: “three of six” is computed, never taken from a model. Pure.

Words are read in English; of other languages, two numbers in digits with what stands between them in “3 von 6”, “3/6” or “6人中3人”.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_WORDS = re.findall(
    r"\S+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty twenty-one twenty-two twenty-three twenty-four",
)
_VALUES = {word: value for value, word in enumerate(_WORDS)} | {"a": 1, "single": 1, "both": 2}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_PEOPLE = (
    r"(?:other\s+)?(?:participants?|people|persons?|respondents?|speakers?|voices?|interviewees?|panellists?|panelists?|members?|"
    r"of\s+(?:them|the\s+participants|the\s+group|the\s+panel|the\s+people))\b"
)
_OF = re.compile(
    rf"\b({_NUMBER})\s+(?:out\s+)?of\s+(?:the\s+|all\s+)?({_NUMBER})\b(?![.,:/]\d|\s*%)(\s+{_PEOPLE})?(\s+\w+)?", re.I
)
_ALONE = re.compile(
    rf"\b(all|only|just|another|the\s+other)?\s*\b({_NUMBER}|a\s+single|both)\s+(?:of\s+the\s+)?({_PEOPLE})", re.I
)
_ALL = re.compile(
    r"\b(?:every(?:one|body)\b(?!\s+else)|every\s+(?:single\s+)?(?:participant|one\s+of\s+them)\b"
    r"|all\s+(?:of\s+)?(?:the\s+)?(?:participants|people\s+in\s+the\s+group|of\s+them)\b|the\s+whole\s+(?:group|panel)\b|unanimous(?:ly)?\b)",
    re.I,
)
_MOST = re.compile(
    r"\b(?:most|the\s+majority|a\s+majority)\s+(?:of\s+)?(?:the\s+)?(?:participants|people|group|panel|them)\b", re.I
)
_HALF = re.compile(r"\bhalf\s+(?:of\s+)?(?:the\s+)?(?:participants|people|group|panel|them)\b", re.I)
_DENIED = re.compile(r"\b(?:not|n't|nor|neither|hardly|almost|nearly)\s*$", re.I)
_DIGITS = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*(?:/|von|de|sur|di|av|af|van|z|ze|din|из|з|מתוך|من|में\s+से|จาก|中|人中)\s*(?:los|las|les|den|der)?\s*(\d{1,3})(?![\d.,/%])"
)
_OF_PEOPLE = re.compile(r"(?<!\d)(\d{1,3})\s*(?:人|名|位)(?:中|のうち|里|中的)\s*(?:有)?\s*(\d{1,3})\s*(?:人|名|位)")


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of people that a sentence states. least, most: how many it speaks of; of: out of how many, None where it does not say."""

    words: str
    least: int
    most: int
    of: int | None = None


def counts_in(sentence: str, people: int) -> list[Counted]:
    """Returns the counts of people that a sentence states.

    Args:
        sentence: of a summary.
        people: how many take part, by which “of six” is known to speak of people, and what “everyone” and “most” come to.

    >>> [(each.words, each.least, each.of) for each in counts_in("Three of six find it dear; only two people buy 2 litres.", 6)]
    [('Three of six', 3, 6), ('only two people', 2, None)]
    """
    found: list[Counted] = []
    taken: list[tuple[int, int]] = []

    def adds(span: tuple[int, int], count: Counted) -> None:
        if not any(start < span[1] and span[0] < end for start, end in taken):
            taken.append(span)
            found.append(count)

    for match in _OF.finditer(sentence):
        least, of = _value(match[1]), _value(match[2])
        if match[3] or of == people or not _is_plural(match[4]):
            end = match.end(2)
            adds((match.start(), end), Counted(sentence[match.start() : end], least, least, of))
    for match in _ALONE.finditer(sentence):
        number = _value(match[2])
        whole = number if (match[1] or "").casefold() == "all" else None
        adds(match.span(), Counted(match[0].strip(), number, number, whole))
    for pattern, least, most in (
        (_ALL, people, people),
        (_MOST, people // 2 + 1, people),
        (_HALF, people // 2, -(-people // 2)),
    ):
        for match in pattern.finditer(sentence):
            if not _DENIED.search(sentence[: match.start()]):
                adds(match.span(), Counted(match[0], least, most))
    found += _in_digits(sentence, people) if not found else ()
    return found


def contradiction(sentence: str, people: int, counts: Collection[int], groups: Collection[int] = ()) -> str:
    """Returns words on the first count in a sentence that none of the computed ones bears out; empty where there is none.

    Args:
        sentence: of a summary.
        people: how many take part.
        counts: how many people are quoted, as computed: of the theme, and of the messages that the sentence rests on.
        groups: sizes besides that of the whole group that “of …” may speak of, such as all who are quoted.

    >>> contradiction("Three of six find it dear.", 6, {2})
    '“Three of six”: the quotes come from 2 of 6'
    >>> contradiction("Three of six find it dear.", 6, {3})
    ''
    """
    if not people or not counts:
        return ""
    for stated in counts_in(sentence, people):
        if not _fits(stated, people, counts, groups):
            held = " or ".join(map(str, sorted(set(counts))))
            return f"“{stated.words}”: the quotes come from {held} of {people}"
    return ""


def borne_out(sentence: str, people: int, counts: Collection[int], groups: Collection[int] = ()) -> str:
    """Returns words on the counts in a sentence that computed ones bear out; empty where there are none.

    Only exact ones: "most people" says no number that was counted.
    They keep a count apart from a sentence around it that is the analyst's inference. The arguments are those of `contradiction`.

    >>> borne_out("Three of six hide it at home.", 6, {3})
    '“Three of six” is counted: that many are quoted'
    """
    if not people:
        return ""
    exact = [each for each in counts_in(sentence, people) if each.least == each.most]
    stated = [each for each in exact if _fits(each, people, counts, groups)]
    words = " and ".join(f"“{each.words}”" for each in stated)
    return f"{words} {'is' if len(stated) == 1 else 'are'} counted: that many are quoted" if stated else ""


def _fits(stated: Counted, people: int, counts: Collection[int], groups: Collection[int]) -> bool:
    counted = any(stated.least <= count <= stated.most for count in counts)
    return counted and (stated.of is None or stated.of in {people, *groups})


def _in_digits(sentence: str, people: int) -> Iterator[Counted]:
    for match in _DIGITS.finditer(sentence):
        if int(match[2]) == people:
            yield Counted(match[0].strip(), int(match[1]), int(match[1]), people)
    for match in _OF_PEOPLE.finditer(sentence):
        yield Counted(match[0], int(match[2]), int(match[2]), int(match[1]))


def _value(word: str) -> int:
    word = word.casefold().split()[-1]
    return int(word) if word.isdecimal() else _VALUES[word]


def _is_plural(word: str | None) -> bool:
    """Returns whether what is counted are things: “one of three brands”."""
    return bool(word) and str(word).strip().casefold().endswith("s") and not str(word).strip().casefold().endswith("ss")
