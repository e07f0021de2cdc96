"""Words of a text: tokens, content stems, mentions of names, and the normal form that quotes are matched in.

Only standard library, and English only where it says so (stop words, stems): tokens, names and the normal form work in
any script.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_LETTER = (  # \w leaves out the vowel signs of several scripts, which would split their words
    r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e])"
)
_WORD = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")

_UNIFIED = str.maketrans(
    dict.fromkeys("‘’‚‛‹›′`´ʼ", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
)

_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "prof", "sir", "dame"})

_NAMES_THAT_ARE_WORDS = frozenset(
    _WORD.findall(
        "amber angel april art august autumn bill bob carol chase chance chuck christian daisy dawn dean dot drew "
        "earnest eve faith felicity frank gene ginger grace grant guy harmony heather hazel holly hope hunter iris "
        "ivy jack jade jasmine jean jewel john josh joy june lance lily mark may melody miles misty nick olive pat "
        "patience peg penny poppy rain ray rich rob robin rose ruby rusty sage sandy sky skip stormy sue summer "
        "terry violet wade will winter young"
    )
)

STOP_WORDS = frozenset(
    _WORD.findall(
        "a about above actually after again against ain't all also always am an and another any anyone anything are "
        "aren't around as at away be because been before being below between both but by can can't cannot could "
        "couldn't did didn't do does doesn't doing don't done down during each either else even ever every everyone "
        "everything few for from further get gets getting go goes going gonna got had hadn't has hasn't have "
        "haven't having he he'd he'll he's her here here's hers herself him himself his honestly how how's however "
        "i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just kind kinda know let let's like "
        "lot lots made make makes maybe me mean might more most much must mustn't my myself need never no nobody "
        "nor not nothing now of off oh ok okay on once one one's only or other others ought our ours ourselves out "
        "over own per perhaps please pretty probably quite rather really right same say says see shall shan't she "
        "she'd she'll she's should shouldn't since so some somebody someone something sort still such sure take "
        "than that that'd that'll that's the their theirs them themselves then there there's these they they'd "
        "they'll they're they've thing things think this those though through thus to too totally under until up us "
        "very want was wasn't way we we'd we'll we're we've well were weren't what what's when when's where where's "
        "which while who who'd who's whoever whole whom whose why why's will with within without won't would "
        "wouldn't yeah yes yet you you'd you'll you're you've your yours yourself yourselves"
    )
)
"""English words that carry no content of their own: function words, and the fillers of spoken turns."""


def words(text: str) -> list[str]:
    """Word tokens, casefolded: runs of letters and digits of any script, with apostrophes inside them.

    >>> words("Don’t — we've 2 kids!")
    ["don't", "we've", '2', 'kids']
    """
    unified = unicodedata.normalize("NFC", text).translate(_UNIFIED)
    return _WORD.findall(unified.casefold())


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry content: no English stop words, nothing below three letters or digits.

    The stemming is deliberately light (plural, -ing, -ed, -ly and a final e), enough to see that a later turn brings
    no new word; it is no linguistic claim.

    >>> sorted(content_stems("The prices, and the pricing! Who buys it daily?"))
    ['buy', 'dai', 'pric']
    """
    found = (word.removesuffix("'s") for word in words(text) if word not in STOP_WORDS)
    return frozenset(_stem(word) for word in found if len(word) >= 3 and word not in STOP_WORDS)


def normalised(text: str) -> str:
    """The form in which quotes are compared: NFKC, casefolded, one kind of quotes and dashes, single spaces.

    An ellipsis becomes three dots; soft hyphens and zero-width spaces vanish.

    >>> normalised("  “Too\\u00a0DEAR” —  really… ")
    '"too dear" - really...'
    """
    return "".join(char for char, _, _ in aligned(text))


def aligned(text: str) -> list[tuple[str, int, int]]:
    """`normalised(text)`, a character an entry, each with the span [start, end) of the original that it stands for.

    >>> aligned("Aﬁ")
    [('a', 0, 1), ('f', 1, 2), ('i', 1, 2)]
    """
    found: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        folded = unicodedata.normalize("NFKC", text[start:end].translate(_UNIFIED)).casefold()
        for char in unicodedata.normalize("NFKC", folded).translate(_UNIFIED):
            if not char.isspace():
                found.append((char, start, end))
            elif found and found[-1][0] != " ":
                found.append((" ", start, end))
    if found and found[-1][0] == " ":
        found.pop()
    return found


def mentions(text: str, names: Sequence[str]) -> list[int]:
    """Indices of the names that the text mentions, in order of first mention.

    A name counts by its full form, or by its first name where only one of `names` has it, as a whole word in any case,
    "@" before it or not. A first name that is an English word too (Will, Rose) counts only in its own spelling, and at
    the start of a sentence only before a comma or after "@": "Will you buy it?" names nobody.

    >>> mentions("I agree with Ben, and @maya has a point.", ["Maya Rao", "Ben Cole", "Will Hart"])
    [1, 0]
    """
    plain = unicodedata.normalize("NFC", text).translate(_UNIFIED)
    full = [" ".join(unicodedata.normalize("NFC", name).translate(_UNIFIED).split()) for name in names]
    first = [_first_name(name) for name in full]
    found: dict[int, int] = {}
    for index, (name, short) in enumerate(zip(full, first, strict=True)):
        places = [_place(plain, name)] if name else []
        if short and [other.casefold() for other in first].count(short.casefold()) == 1:
            places.append(_place(plain, short))
        if at := [place for place in places if place is not None]:
            found[index] = min(at)
    return sorted(found, key=lambda index: (found[index], index))


def _place(text: str, name: str) -> int | None:
    pattern = re.compile(rf"(?<!\w)@?{re.escape(name)}(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(text):
        if name.casefold() not in _NAMES_THAT_ARE_WORDS or match[0].startswith("@"):
            return match.start()
        before = text[: match.start()].rstrip(" \"'(")
        is_inside = bool(before) and before[-1] not in ".!?:\n-"
        if match[0] == name and (is_inside or text[match.end() :].startswith(",")):
            return match.start()
    return None


def _first_name(name: str) -> str:
    parts = [part for part in name.split() if part.casefold().rstrip(".") not in _TITLES]
    return parts[0] if parts else ""


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of characters that normalise together: a base with its combining marks (and Hangul vowels and finals)."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _joins(text[index - 1], text[index]):
            yield start, index
            start = index


def _joins(before: str, char: str) -> bool:
    is_hangul = "\u1160" <= char <= "\u11ff" and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")
    return is_hangul or unicodedata.category(char).startswith("M")


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for suffix in ("ing", "ed", "ly"):
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= 3 and any(vowel in stem for vowel in "aeiouy"):
            word = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz" else stem
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
