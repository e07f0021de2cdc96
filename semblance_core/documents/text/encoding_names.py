"""The encodings of texts that are known here: how they are called, by Python and for people."""

import codecs
import re

from semblance_core.domain.errors import InvalidInput

GUESSED = "Its characters were read as"
"""Beginning of the note on a guessed encoding."""
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western Europe (Windows-1252)",
    "iso8859-15": "Western Europe (ISO 8859-15)",
    "mac-roman": "Western Europe (Mac Roman)",
    "cp850": "Western Europe (DOS 850)",
    "cp1250": "Central Europe (Windows-1250)",
    "iso8859-2": "Central Europe (ISO 8859-2)",
    "mac-latin2": "Central Europe (Mac)",
    "cp852": "Central Europe (DOS 852)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "koi8-u": "Ukrainian (KOI8-U)",
    "iso8859-5": "Cyrillic (ISO 8859-5)",
    "mac-cyrillic": "Cyrillic (Mac)",
    "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)",
    "iso8859-7": "Greek (ISO 8859-7)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic, Persian (Windows-1256)",
    "cp874": "Thai (Windows-874)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp932": "Japanese (Shift-JIS)",
    "euc-jp": "Japanese (EUC-JP)",
    "iso2022-jp": "Japanese (ISO-2022-JP)",
    "gb18030": "Chinese, simplified (GBK, GB 18030)",
    "big5hkscs": "Chinese, traditional (Big5)",
    "cp949": "Korean (EUC-KR)",
}
"""Encodings that may be asked for: Python's name and words for people."""
SAME = {"utf-8-sig": "utf-8", "ascii": "utf-8", "utf-16": "utf-16-le", "gbk": "gb18030", "gb2312": "gb18030"} | {
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "koi8_ru": "koi8-u",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-13": "cp1257",
    "iso8859-8": "cp1255",
    "tis-620": "cp874",
}
"""Other names of the same, or of a part of it."""


def named(encoding: str) -> str:
    """The name by which an encoding stands in `ENCODINGS`; raises `InvalidInput` for one that does not.

    >>> named("Windows-1250"), named("latin1"), named("Shift_JIS"), named("x-mac-roman")
    ('cp1250', 'cp1252', 'cp932', 'mac-roman')
    """
    plain = re.sub(r"[\s_]+", "-", encoding.strip().casefold()).removeprefix("x-")
    tries = (plain, plain.replace("iso-8859", "iso8859"), plain.replace("windows-", "cp"), plain.replace("mac", "mac-"))
    for each in tries:
        with_same = next((SAME[name] for name in (each, each.replace("-", "_")) if name in SAME), each)
        if with_same in ENCODINGS:
            return with_same
    try:
        found = codecs.lookup(plain).name
    except (LookupError, ValueError):
        found = ""
    for name in ENCODINGS:
        if found and found in (name, codecs.lookup(name).name):
            return name
    if found in SAME:
        return SAME[found]
    raise InvalidInput(f"“{encoding[:40]}” is not a known encoding. Known encodings: {', '.join(ENCODINGS)}.")


def label(encoding: str) -> str:
    """Returns an encoding's name for people.

    >>> label("cp1250"), label("utf-8-sig")
    ('Central Europe (Windows-1250)', 'Unicode (UTF-8)')
    """
    return ENCODINGS.get(encoding) or ENCODINGS.get(SAME.get(encoding, ""), encoding)
