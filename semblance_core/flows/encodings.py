"""Which encodings a text can be in that is not in Unicode: those in which it reads like one language. Pure.

An old encoding says nowhere that it is used. What does not read like a text in it is left out: letters of two scripts in one
word, a capital after a small letter, signs within words, letters that no one language has together. Where more than one is
left and they differ, a person has to say.
"""

import re
import unicodedata
from functools import cache

NAMES = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "utf-32": "Unicode (UTF-32)",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
    "iso8859-1": "Western European (ISO 8859-1)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "iso8859-5": "Cyrillic (ISO 8859-5)",
    "iso8859-7": "Greek (ISO 8859-7)",
    "iso8859-9": "Turkish (ISO 8859-9)",
    "iso8859-15": "Western European (ISO 8859-15)",
    "mac-roman": "Western European (Macintosh)",
    "mac-latin2": "Central European (Macintosh)",
    "mac-cyrillic": "Cyrillic (Macintosh)",
    "cp850": "Western European (DOS)",
    "cp437": "United States (DOS)",
    "cp852": "Central European (DOS)",
    "cp866": "Cyrillic (DOS)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp932": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC)",
    "gb18030": "Simplified Chinese (GB18030)",
    "big5": "Traditional Chinese (Big5)",
    "cp949": "Korean (CP949)",
}
"""Python's name of each encoding that can be asked for, and what it is called; single-byte ones that are met most come first."""
TRIED = (
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1254",
        "cp1253",
        "cp1257",
        "iso8859-2",
        "iso8859-15",
        "mac-roman",
        "cp850",
        "cp852",
    ),
    *("cp1255", "cp1256", "cp874", "iso8859-5", "iso8859-7", "mac-cyrillic", "cp437", "cp866", "koi8-r"),
    *("cp932", "gb18030", "big5", "cp949", "euc_jp"),
)
SAMPLE_BYTES = 20_000
LANGUAGES = (
    *("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúñüª", "àèéìíîòóùú", "ãõáâàçéêíóôúüº", "åäöé", "åæøéòôü", "ëïéèöüáóíúê"),
    *(
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "čćđšž",
        "ăâîșțşţ",
        "çğıöşüâîû",
        "áðéíóúýþæö",
        "ëç",
    ),
    *("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž", "àáâãèéêìíòóôõùúýăđĩũơư", "àèéíïòóúüç", "ċġħżàèìòù", "áâàéêíîóôúûẁẃẅŵŷ"),
    *("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш"),
    *("абвгдежзийклмнопрстуфхцчшщъьюя", "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "абвгдѓежзѕијклљмнњопрстќуфхцчџш"),
    *("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
)
"""The letters of languages that have more than the English ones, small."""
INSIDE = "'’‘ʼ-‐‑­·"
"""Signs that stand within words."""
LOOSE = "“”„«»‹›‚‘’\"'–—…•·°©®™§¡¿€£¥¢\u00a0\u202f、。，：；？！（）「」・《》“”%‰½¼¾²³±×µªº№"
"""Signs that people type, beside letters or not."""


def plausible(content: bytes) -> list[str]:
    """The encodings in which this reads like a text, the likeliest first; more than one only where they read differently.

    >>> plausible("name;Łukasz;Pielęgniarz;Łódź".encode("cp1250")), plausible("José".encode("cp1252"))
    (['cp1250'], ['cp1252'])
    """
    doubts: list[tuple[float, str, str]] = []
    lines = [line for line in content[:SAMPLE_BYTES].splitlines() if not line.isascii()]
    told = b"\n".join(lines[:-1] if len(content) > SAMPLE_BYTES and len(lines) > 1 else lines)
    for encoding in TRIED:
        try:
            content.decode(encoding)
            text = told.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(text != other for _, other, _ in doubts):
            doubts.append((_oddness(text), text, encoding))
    if not doubts:
        return []
    least = min(odd for odd, _, _ in doubts)
    return [encoding for odd, _, encoding in sorted(doubts, key=lambda each: each[0]) if odd <= least + _slack(least)]


def _slack(least: float) -> float:
    """How much odder than the likeliest one may be to be asked about: nothing where that one is not odd at all."""
    return 0.0 if least == 0 else max(1.0, least / 4)


def _oddness(text: str) -> float:
    """0 for what reads like a text in one language."""
    odd = 0.0
    letters: set[str] = set()
    for word in re.findall(r"\S+", text):
        if word.isascii():
            continue
        odd += _odd_in_word(word)
        letters.update(letter for letter in word.casefold() if letter.isalpha() and not letter.isascii())
    alphabetic = {letter for letter in letters if _script(letter) in ("LATIN", "CYRILLIC", "GREEK", "HEBREW")}
    left = min((len(alphabetic - known) for known in _alphabets()), default=0)
    return odd + left + sum(_rare(letter) for letter in letters - alphabetic)


@cache
def _alphabets() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(each.casefold()) | frozenset(each) for each in LANGUAGES)


def _odd_in_word(word: str) -> float:
    """Counts what no word has: another script, a capital after a small letter, a sign among letters, no character at all."""
    odd = 0.0
    scripts = {_script(sign) for sign in word if sign.isalpha() or unicodedata.combining(sign)} - {"COMBINING"}
    if {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI"} & scripts and len(scripts) > 1:
        odd += 0.5 if scripts & {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH"} else 2
    for before, sign, after in zip(" " + word, word, word[1:] + " ", strict=False):
        if unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") or sign == "�":
            odd += 5
        elif unicodedata.combining(sign) and _script(sign) == "HEBREW":
            odd += 1  # vowel points, which nobody types in a table
        elif sign.isdecimal() and not sign.isascii() and before.isalpha():
            odd += 1
        elif before.islower() and sign.isupper() and not (before.isascii() and sign.isascii()):
            odd += 1.5
        elif before.isupper() and sign.isupper() and after.islower() and not sign.isascii():
            odd += 1
        elif (
            not sign.isascii()
            and not sign.isalpha()
            and not sign.isdecimal()
            and sign not in INSIDE
            and not unicodedata.combining(sign)
        ):
            odd += (0 if sign in LOOSE else 1.5) + (1.5 if before.isalpha() and after.isalpha() and sign != "…" else 0)
            odd += 1.5 if sign in "£€¥¢½¼¾²³±×µªº¹°©®§¡¿™" and (before.isalpha() or after.isalpha()) else 0
    return odd


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ", 1)[0]


@cache
def _rare(letter: str) -> float:
    """How seldom a sign of another script is, by where the national standard of its language lists it."""
    script = _script(letter)
    if script in ("HIRAGANA", "KATAKANA", "THAI", "ARABIC"):
        return 0.0
    if script == "HANGUL":
        return 0.0 if _within(letter, "euc_kr", 0xB0, 0xC8) else 0.5
    if script == "CJK":
        common = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("cp932", 0x88, 0x97), ("euc_kr", 0xCA, 0xFD))
        return 0.25 * sum(not _within(letter, *where) for where in common[:3]) / 3
    return 1.0


def _within(letter: str, encoding: str, low: int, high: int) -> bool:
    try:
        return low <= letter.encode(encoding)[0] <= high
    except UnicodeEncodeError:
        return False
