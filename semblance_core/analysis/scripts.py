"""Scripts that set no space between words: which letters are theirs, and how many of them say what one word of English says. Pure.

Nobody can cut their texts into words without a dictionary. So they are counted by characters, and compared by pairs of them.
"""

import re

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u303b\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HIRAGANA, KATAKANA = "\u3041-\u3096\u309d-\u309f", "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
THAI, LAO = "\u0e01-\u0e3a\u0e40-\u0e4e", "\u0e81-\u0ecf\u0edc-\u0edf"
KHMER, MYANMAR = "\u1780-\u17d3\u17d7\u17dc-\u17dd", "\u1000-\u103f\u1050-\u109f\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
TIBETAN = "\u0f40-\u0fbc"
OTHERS = "\u1950-\u1974\u1980-\u19c9\u1a20-\u1a7c\u1b00-\u1b4b\ua980-\ua9c0\ua000-\ua48c\uaa80-\uaadf"
"""Tai Le, New Tai Lue, Tai Tham, Balinese, Javanese, Yi, Tai Viet."""
CHARACTERS_A_WORD = {
    "CJK": 1.8,
    "HIRAGANA": 2.5,
    "KATAKANA": 2.5,
    "THAI": 3.7,
    "LAO": 3.7,
    "KHMER": 4.7,
    "MYANMAR": 5.5,
    "TIBETAN": 4.2,
}
"""Letters and the signs above and below them that say what one word of English says."""
SPACELESS = f"{HAN}{HIRAGANA}{KATAKANA}{THAI}{LAO}{KHMER}{MYANMAR}{TIBETAN}{OTHERS}"
"""As part of a class of characters in a pattern."""
_SPACELESS = re.compile(f"[{SPACELESS}]")
_RUN = re.compile(f"[{SPACELESS}]+")
_KANA = re.compile(f"[{HIRAGANA}{KATAKANA}]")
_RATES = tuple(
    (re.compile(f"[{letters}]"), rate)
    for letters, rate in (
        (THAI + LAO, CHARACTERS_A_WORD["THAI"]),
        (KHMER, CHARACTERS_A_WORD["KHMER"]),
        (MYANMAR, CHARACTERS_A_WORD["MYANMAR"]),
        (TIBETAN + OTHERS, CHARACTERS_A_WORD["TIBETAN"]),
    )
)
_BETWEEN = re.compile("[\\s—–…‥\u1361\u30fb]+")
"""Separators of words besides spaces: dashes, ellipses, Ethiopic's word space, a middle dot between names."""


def is_spaceless(char: str) -> bool:
    """Returns whether the letter's script sets no spaces between words."""
    return bool(_SPACELESS.match(char))


def word_count(text: str) -> int:
    """Counts words: pieces between spaces that hold a letter or digit; in scripts without spaces, by the number of letters.

    >>> word_count("Well – I'd pay 3.50, no more."), word_count("この値段は高すぎると思います。"), word_count("我觉得太贵了")
    (6, 6, 3)
    """
    count = 0
    if _SPACELESS.search(text):
        count = max(1, round(sum(_weights(text))))
        text = _RUN.sub(" ", text)
    return count + sum(any(map(str.isalnum, part)) for part in _BETWEEN.split(text))


def first_words(text: str, most: int) -> str:
    """Returns the text's beginning, of at most so many words.

    >>> first_words("one two  three", 2), first_words("私は毎週買います", 2)
    ('one two', '私は毎週買')
    """
    parts = text.split()
    if not _SPACELESS.search(text):
        return " ".join(parts[:most])
    rate = 1 / _han_rate(text)
    left, kept = float(most), list[str]()
    for part in parts:
        begun = ""
        for piece in re.findall(f"[{SPACELESS}]|[^{SPACELESS}]+", part):
            left -= _weight(piece, rate) if _SPACELESS.match(piece) else any(map(str.isalnum, piece))
            if left < -1e-9:
                return " ".join([*kept, begun]).strip()
            begun += piece
        kept.append(begun)
    return " ".join(kept)


def pairs(run: str) -> list[str]:
    """Returns a run of such a script as overlapping pairs of letters, by which texts are compared.

    >>> pairs("值段高"), pairs("高")
    (['值段', '段高'], ['高'])
    """
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _han_rate(text: str) -> float:
    """Kana stand between the Han of Japanese, and none in Chinese."""
    return CHARACTERS_A_WORD["HIRAGANA" if _KANA.search(text) else "CJK"]


def _weights(text: str) -> list[float]:
    rate = 1 / _han_rate(text)
    return [_weight(char, rate) for char in _SPACELESS.findall(text)]


def _weight(char: str, han: float) -> float:
    """The letter's part of a word."""
    return next((1 / rate for letters, rate in _RATES if letters.match(char)), han)
