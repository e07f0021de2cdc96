"""Tells a file's kind by its first bytes, never by its name."""

import re
from typing import Literal

from semblance_core.documents.document import DocumentRefused, shown_name

Family = Literal["pdf", "zip", "image", "text"]
PDF_HEADER_WITHIN = MARKUP_WITHIN = 1024
TEXTUAL = (b"{\\rtf", b"%!PS")
"""Beginnings of files that are made of letters; what else begins with letters has zeros, and a text has none."""
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp"),
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
}
WORDS = {"pdf": "a PDF", "docx": "a Word document", "image": "a picture", "text": "a text", "markdown": "a text"}
READABLE = "PDF, DOCX, TXT, Markdown, PNG, JPEG, GIF and WebP can be read"
AS_PICTURE = "PNG and JPEG can be read"
REFUSED: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"MZ", "a program", READABLE),
    (0, b"\x7fELF", "a program", READABLE),
    (0, b"\xcf\xfa\xed\xfe", "a program", READABLE),
    (0, b"\xca\xfe\xba\xbe", "a program", READABLE),
    (8, b"WAVE", "a sound", READABLE),
    (8, b"AVI ", "a film", READABLE),
    (0, b"RIFF", "a picture, sound or film of another kind", READABLE),
    (0, b"II*\0", "a picture in TIFF", AS_PICTURE),
    (0, b"MM\0*", "a picture in TIFF", AS_PICTURE),
    (0, b"II+\0", "a picture in TIFF", AS_PICTURE),
    (0, b"MM\0+", "a picture in TIFF", AS_PICTURE),
    (0, b"\0\0\0\x0cJXL ", "a picture in JPEG XL", AS_PICTURE),
    (0, b"\xff\x0a", "a picture in JPEG XL", AS_PICTURE),
    (0, b"\0\0\0\x0cjP  ", "a picture in JPEG 2000", AS_PICTURE),
    (0, b"\xff\x4f\xff\x51", "a picture in JPEG 2000", AS_PICTURE),
    (0, b"8BPS", "a Photoshop picture", AS_PICTURE),
    (0, b"\0\0\1\0", "an icon", AS_PICTURE),
    (40, b" EMF", "a picture in EMF", AS_PICTURE),
    (0, b"\xd7\xcd\xc6\x9a", "a picture in WMF", AS_PICTURE),
    (0, b"qoif", "a picture in QOI", AS_PICTURE),
    (0, b"AT&TFORM", "a DjVu document", "save it as PDF"),
    (0, b"\x1f\x8b", "an archive", READABLE),
    (0, b"7z\xbc\xaf\x27\x1c", "an archive", READABLE),
    (0, b"Rar!", "an archive", READABLE),
    (0, b"BZh", "an archive", READABLE),
    (0, b"\xfd7zXZ", "an archive", READABLE),
    (257, b"ustar", "an archive", READABLE),
    (0, b"{\\rtf", "a document in Rich Text Format", "save it as DOCX or PDF"),
    (0, b"%!PS", "a PostScript document", "save it as PDF"),
    (0, b"\xe4\x52\x5c\x7b", "a OneNote section", "export it as PDF or Word"),
    (0, b"\x1a\x45\xdf\xa3", "a film", READABLE),
    (0, b"FLV", "a film", READABLE),
    (0, b"ID3", "a sound", READABLE),
    (0, b"OggS", "a sound", READABLE),
    (0, b"fLaC", "a sound", READABLE),
)
"""Files that are refused: offset and bytes that they begin with, their kind, and advice."""
BRANDS = {
    **dict.fromkeys(
        ("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"), "a picture in HEIC"
    ),
    **dict.fromkeys(("avif", "avis"), "a picture in AVIF"),
    **dict.fromkeys(("crx ",), "a camera's raw picture"),
    **dict.fromkeys(("M4A ", "M4B "), "a sound"),
}
"""Of files that are made of boxes, as films are; of another brand they are films."""
MARKED_UP = (
    (rb"<svg[\s>]", "a picture in SVG", AS_PICTURE),
    (rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", "a web page", "print it to a PDF, or paste its text"),
    (rb"<pkg:package\s|<w:worddocument\s|<\?mso-application", "an Office document in XML", "save it as DOCX or PDF"),
    (rb"<office:document", "an OpenDocument file", "save it as DOCX or PDF"),
    (
        rb"mime-version:\s*1\.0[\s\S]*content-type:\s*(multipart/related|text/html)",
        "a web page",
        "print it to a PDF, or paste its text",
    ),
)
"""Texts that are not read as such, by what stands among their first signs."""
OLD_KINDS = (
    ("WordDocument", "a Word document of before 2007 (.doc)", "save it as DOCX or PDF"),
    ("PowerPoint Document", "a PowerPoint presentation of before 2007 (.ppt)", "save it as PDF"),
    ("Workbook", "an Excel workbook of before 2007 (.xls)", "save what is to be shown as PDF"),
    ("__substg1.0_", "an Outlook message", "save it as PDF or text"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def family_of(content: bytes, name: str) -> Family:
    """Returns the reader's name; raises DocumentRefused for files that no reader takes, and for a PDF, DOCX or picture by name only."""
    shown = shown_name(name)
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED_OFFICE in content:
            raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
        for stream, what, advice in OLD_KINDS:
            if stream.encode("utf-16-le") in content:
                raise DocumentRefused(f"{shown} is {what}; {advice}.")
        raise DocumentRefused(f"{shown} is a document of an old Office format; save it as DOCX or PDF.")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")) or _is_webp(content):
        return "image"
    if content.startswith(b"PK"):
        return "zip"
    if content[4:8] == b"ftyp" and content[0] == 0:
        what = BRANDS.get(content[8:12].decode("latin-1"), "a film")
        raise DocumentRefused(f"{shown} is {what}; {AS_PICTURE if 'picture' in what else READABLE}.")
    if content.startswith(b"BM") and content[2:6] == len(content).to_bytes(4, "little"):
        raise DocumentRefused(f"{shown} is a picture in BMP; {AS_PICTURE}.")
    has_zeros = b"\0" in content[:512]
    for place, start, what, advice in REFUSED:
        if content[place : place + len(start)] == start and (not start.isascii() or start in TEXTUAL or has_zeros):
            raise DocumentRefused(f"{shown} is {what}; {advice}.")
    if b"%PDF-" in content[:PDF_HEADER_WITHIN]:
        return "pdf"
    if (claimed := named_kind(name)) in ("pdf", "docx", "image"):
        raise DocumentRefused(f"{shown} is not {WORDS[claimed]}, though its name says so.")
    if claimed != "markdown":
        _check_markup(content, shown)
    return "text"


def _check_markup(content: bytes, shown: str) -> None:
    """Raises DocumentRefused for a text that is meant for a program, which would be shown with all its marks."""
    head = content[:MARKUP_WITHIN].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    for pattern, what, advice in MARKED_UP:
        if head.startswith((b"<", b"mime", b"from:", b"date:", b"subject:")) and re.search(pattern, head):
            raise DocumentRefused(f"{shown} is {what}; {advice}.")


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def named_kind(name: str) -> str:
    """The kind that a name's ending claims, or "" where it claims none.

    >>> named_kind("Brief.PDF"), named_kind("notes")
    ('pdf', '')
    """
    ending = re.search(r"\.\w+$", name.casefold().strip())
    return next((kind for kind, endings in EXTENSIONS.items() if ending and ending[0] in endings), "")


def mismatch(kind: str, name: str) -> tuple[str, ...]:
    """A note where the name claims another kind than the content is."""
    claimed = named_kind(name)
    if not claimed or WORDS[claimed] == WORDS[kind]:
        return ()
    return (f"Its name says that it is {WORDS[claimed]}, but it is {WORDS[kind]} and was read as one.",)
