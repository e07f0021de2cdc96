"""A file's bytes as text: by its byte order mark, as Unicode, by the encoding that a person names, or by what it reads like."""

from dataclasses import dataclass

from semblance_core.documents.text.encodings import decode
from semblance_core.domain.errors import InvalidInput

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
"""Files of other programs: beginning and content, kind, and advice."""
MOST_ASKED = 4
"""Encodings beside the likeliest one that somebody is asked to choose from."""


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
    try:
        found = decode(content, encoding)
    except InvalidInput as wrong:
        raise InvalidInput(str(wrong).replace("It ", "The file ", 1)) from None
    others = found.alternatives[:MOST_ASKED] if found.in_doubt else ()
    return FileText(found.text.removeprefix("\ufeff"), found.encoding, others, guessed=not found.is_sure)


def refuse_others(content: bytes) -> None:
    """Raises `InvalidInput` for files of other kinds, and says what to do instead."""
    for begins, holds, what, instead in OTHER_FILES:
        if content.startswith(begins) and holds in content:
            raise InvalidInput(f"This is {what}, which is not read here. {instead}, and choose that file.")
