"""Words of a text: tokens, content stems, and the normal form that quotes are matched in.

Only standard library, and English only where it says so (stop words, stems): tokens and the normal form work in any script.
"""

import re
import unicodedata
from collections.abc import Iterator

from semblance_core.analysis.scripts import HAN, KATAKANA, SPACELESS, is_spaceless, pairs

_LETTER = (  # \w leaves out the vowel signs of several scripts, which would split their words
    rf"(?:[^\W_]|[\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff{SPACELESS}])"
)
_WORD = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_PARTS = re.compile(f"[{SPACELESS}]+|[^{SPACELESS}]+")
_TELLING = re.compile(f"[{HAN}{KATAKANA}]+")
"""Characters that carry the content of a Chinese or Japanese sentence."""
_HANGUL = re.compile("[\uac00-\ud7a3]{2}")

_UNIFIED = str.maketrans(
    dict.fromkeys("‘’‚‛‹›′`´ʼ", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys(
        # Soft hyphens, joiners, marks of direction, variants of a sign, Arabic's stretch and its signs for vowels: a quote may leave
        # them out or put them in.
        map(
            chr,
            (
                *(0xAD, 0x61C, 0x640, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
                *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0x64B, 0x653), 0x670, *range(0x591, 0x5BE)),
            ),
        ),
        "",
    )
    | str.maketrans("يىكﮐ", "ییکک")
    | {ord("ﾞ"): "\u3099", ord("ﾟ"): "\u309a"}
)

FIRST_MARK = "\u0300"
"""No character below it combines with the one before it."""

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
    """Returns word tokens, casefolded: runs of letters and digits of any script, with apostrophes inside them.

    Of a script without spaces between words: pairs of letters. `scripts.word_count` counts the words of a text.

    >>> words("Don’t — we've 2 kids!"), words("高すぎる")
    (["don't", "we've", '2', 'kids'], ['高す', 'すぎ', 'ぎる'])
    """
    found = _WORD.findall(unified(text).casefold())
    if text.isascii():
        return found
    parts = (part for word in found for part in (_PARTS.findall(word) if any(map(is_spaceless, word)) else [word]))
    return [token for part in parts for token in (pairs(part) if is_spaceless(part[0]) else [part])]


def unified(text: str) -> str:
    """Returns the text with one kind of quotes and dashes, and without invisible signs."""
    return unicodedata.normalize("NFC", text).translate(_UNIFIED)


def content_stems(text: str) -> frozenset[str]:
    """Returns the stems of the words that carry content: no English stop words, nothing below three letters or digits (two of Hangul).

    Of scripts without spaces, pairs of letters; where there are Han and Katakana, of these alone.

    The stemming is deliberately light (plural, -ing, -ed, -ly and a final e), enough to see that a later turn brings
    no new word; it is no linguistic claim.

    >>> sorted(content_stems("The prices, and the pricing! Who buys it daily?"))
    ['buy', 'dai', 'pric']
    """
    telling = {pair for run in _TELLING.findall(text) for pair in pairs(run)} if not text.isascii() else set()
    found = (word.removesuffix("'s") for word in words(text) if word not in STOP_WORDS)
    stems = {
        word if is_spaceless(word[0]) else _stem(word)
        for word in found
        if (len(word) >= 3 and word not in STOP_WORDS)
        or _HANGUL.fullmatch(word)
        or (not telling and is_spaceless(word[0]))
    }
    return frozenset(stems | telling)


def normalised(text: str) -> str:
    """Returns the form in which quotes are compared: NFKC, casefolded, one kind of quotes, dashes and digits, single spaces.

    An ellipsis becomes three dots; soft hyphens, zero-width spaces, marks of direction and Arabic's short vowels vanish.

    >>> normalised("  “Too\\u00a0DEAR” —  really… ")
    '"too dear" - really...'
    """
    if text.isascii():
        return " ".join(_plain(text).split())
    return "".join(char for char, _, _ in aligned(text))


def vanishes(char: str) -> bool:
    """Returns whether the normal form has nothing for this character."""
    return _UNIFIED.get(ord(char)) == ""


def aligned(text: str) -> list[tuple[str, int, int]]:
    """Returns `normalised(text)`, a character an entry, each with the span [start, end) of the original that it stands for.

    >>> aligned("Aﬁ")
    [('a', 0, 1), ('f', 1, 2), ('i', 1, 2)]
    """
    found: list[tuple[str, int, int]] = []
    for start, end in () if text.isascii() else _clusters(text):
        folded = unicodedata.normalize("NFKC", text[start:end].translate(_UNIFIED)).casefold()
        for char in unicodedata.normalize("NFKC", folded).translate(_UNIFIED):
            if not char.isspace():
                digit = unicodedata.decimal(char, None)
                found.append((char if digit is None else str(digit), start, end))
            elif found and found[-1][0] != " ":
                found.append((" ", start, end))
    for start, char in enumerate(_plain(text)) if text.isascii() else ():
        if not char.isspace():
            found.append((char, start, start + 1))
        elif found and found[-1][0] != " ":
            found.append((" ", start, start + 1))
    if found and found[-1][0] == " ":
        found.pop()
    return found


def _plain(text: str) -> str:
    """ASCII text in its normal form but for its spaces: each character stands for itself."""
    return text.translate(_UNIFIED).casefold()


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of characters that normalise together: a base with its combining marks (and Hangul vowels and finals)."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _joins(text[index - 1], text[index]):
            yield start, index
            start = index


def _joins(before: str, char: str) -> bool:
    if char < FIRST_MARK:
        return False
    is_hangul = "\u1160" <= char <= "\u11ff" and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")
    return is_hangul or char in "ﾞﾟ" or unicodedata.category(char).startswith("M")


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
