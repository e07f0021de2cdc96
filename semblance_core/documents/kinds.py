"""What a file is, by its first bytes and never by its name."""

import re
from typing import Literal

from semblance_core.documents.document import DocumentRefused, shown_name

Family = Literal["pdf", "zip", "image", "text"]
PDF_HEADER_WITHIN = 1024
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp"),
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
}
WORDS = {"pdf": "a PDF", "docx": "a Word document", "image": "a picture", "text": "a text", "markdown": "a text"}
READABLE = "PDF, DOCX, TXT, Markdown, PNG, JPEG, GIF and WebP can be read"
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"RIFF", "a picture, sound or film of another kind"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"{\\rtf", "a document in Rich Text Format"),
    (b"%!PS", "a PostScript document"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def family_of(content: bytes, name: str) -> Family:
    """Which reader takes it; raises DocumentRefused for what none does, and for what is a PDF, DOCX or picture by name only."""
    shown = shown_name(name)
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED_OFFICE in content:
            raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
        raise DocumentRefused(f"{shown} is a document of an old Office format; save it as DOCX or PDF.")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")) or _is_webp(content):
        return "image"
    if content.startswith(b"PK"):
        return "zip"
    for start, what in REFUSED:
        if content.startswith(start) and (start != b"MZ" or b"\0" in content[:256]):
            raise DocumentRefused(f"{shown} is {what}; {READABLE}.")
    if b"%PDF-" in content[:PDF_HEADER_WITHIN]:
        return "pdf"
    if (claimed := named_kind(name)) in ("pdf", "docx", "image"):
        raise DocumentRefused(f"{shown} is not {WORDS[claimed]}, though its name says so.")
    return "text"


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
