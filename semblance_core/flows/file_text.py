"""A file's bytes as text: by its byte order mark, as Unicode, by the encoding that a person names, or by what it reads like."""

import codecs
from dataclasses import dataclass

from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.encodings import NAMES, plausible

MARKS = (
    *((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
"""Longest first where one begins another."""
OTHER_FILES = (
    (b"PK\x03\x04", b"xl/", "an Excel workbook (.xlsx)", "Save it as “CSV UTF-8”"),
    (b"PK\x03\x04", b"opendocument.spreadsheet", "a workbook of LibreOffice (.ods)", "Save it as CSV in UTF-8"),
    (b"PK\x03\x04", b"Index/", "a file of Numbers", "Export it as CSV in Unicode (UTF-8)"),
    (b"PK\x03\x04", b"word/", "a Word document", "Put the text into a text file or a table"),
    (b"PK", b"", "a ZIP archive", "Unpack it and choose the file inside"),
    (b"\xd0\xcf\x11\xe0", b"", "an old Office file (such as .xls)", "Save it as “CSV UTF-8”"),
    (b"%PDF", b"", "a PDF", "Put its text into a text file or a table"),
    (b"$FL", b"", "a data file of SPSS (.sav)", "Save it as CSV with value labels"),
    (b"<stata_dta>", b"", "a data file of Stata (.dta)", "Save it as CSV with value labels"),
    (b"PAR1", b"", "a Parquet file", "Save it as CSV or as JSON lines"),
    (b"\x1f\x8b", b"", "a packed file (gzip)", "Unpack it first"),
    (b"{\\rtf", b"", "a rich text file (RTF)", "Save it as plain text"),
)
"""How a file begins and what is in it; what it is; what to do instead."""


@dataclass(frozen=True, slots=True)
class FileText:
    """others: encodings in which the file reads as well but differently; where there are any, somebody has to say."""

    text: str
    encoding: str = ""
    others: tuple[str, ...] = ()
    guessed: bool = False


def read_text(content: str | bytes, encoding: str = "") -> FileText:
    """The text without its byte order mark; raises `InvalidInput` for what is no text, or none in the encoding that is named.

    >>> [read_text("José".encode(name)).text for name in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman")]
    ['José', 'José', 'José', 'José', 'José']
    >>> read_text("Ayşe Yıldız".encode("cp1254"), "windows-1254").text
    'Ayşe Yıldız'
    """
    if isinstance(content, str):
        return FileText(content.removeprefix("\ufeff"))
    refuse_others(content)
    if encoding:
        return _as_told(content, encoding_called(encoding))
    if marked := next((name for mark, name in MARKS if content.startswith(mark)), None):
        return _as_marked(content, marked)
    if wide := _wide(content):
        return FileText(_in(content, wide), wide)
    if b"\0" in content:
        raise InvalidInput("The file holds NUL characters, so it is no text.")
    try:
        return FileText(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        likely, *others = plausible(content) or ["cp1252"]
        return FileText(_in(content, likely), likely, tuple(others), guessed=True)


def encoding_called(name: str) -> str:
    """Python's name of an encoding that people name; raises `InvalidInput` for one that is not known.

    >>> encoding_called("Windows-1250"), encoding_called("latin1"), encoding_called("macintosh")
    ('cp1250', 'iso8859-1', 'mac-roman')
    """
    try:
        found = codecs.lookup(name.strip().casefold().replace(" ", "-")).name
    except (LookupError, ValueError, UnicodeError):
        found = ""
    found = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}.get(
        found, found
    )
    if found not in NAMES:
        raise InvalidInput(f"“{name[:40]}” is no encoding that is known here; there are {', '.join(NAMES)}.")
    return found


def refuse_others(content: bytes) -> None:
    """Raises `InvalidInput` for files of other kinds, and says what to do instead."""
    for begins, holds, what, instead in OTHER_FILES:
        if content.startswith(begins) and holds in content:
            raise InvalidInput(f"This is {what}, which is not read here. {instead}, and choose that file.")


def _as_marked(content: bytes, encoding: str) -> FileText:
    try:
        return _as_told(content, encoding)
    except InvalidInput as wrong:
        raise InvalidInput(f"The file is not text in UTF-8, and damaged if it is what it begins as. {wrong}") from None


def _as_told(content: bytes, encoding: str) -> FileText:
    return FileText(_in(content, encoding), encoding)


def _in(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise InvalidInput(
            f"The file is no text in {NAMES[encoding]}: what stands at byte {wrong.start + 1:,} is no character of it."
        ) from None


def _wide(content: bytes) -> str:
    """The kind of UTF-16 that has no mark: every other byte of its first letters is 0."""
    head = content[:200]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) * 4 < len(head) or min(even, odd):
        return ""
    return "utf-16-be" if even else "utf-16-le"
