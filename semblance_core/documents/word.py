"""DOCX → text with python-docx, after its parts were counted as they really unpack. Runs in the guarded child process only."""

import re
import zlib
from io import BytesIO
from struct import error as StructError
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.kept import kept_text
from semblance_core.documents.kinds import READABLE

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
"""Documents with macros, and templates: python-docx knows only plain documents by itself."""
MALFORMED = (
    *(BadZipFile, OpcError, etree.LxmlError, zlib.error, StructError, EOFError, ValueError, TypeError, LookupError),
    *(AttributeError, NotImplementedError, RuntimeError, OSError, AssertionError),
)
OUT_OF_MEMORY = 2
"""libxml2's number for it."""
CHUNK = 64 * 1024
FREE_GROWTH = 1024 * 1024
"""A part that unpacks to less than this may grow by any factor."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT = {f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}sectPr", f"{W}del", f"{W}moveFrom", f"{W}instrText", FALLBACK}
"""Formatting, what tracked changes took away, and the second copy of what newer programs draw otherwise."""


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for another kind of archive, and for what is locked, damaged, too large or holds no text."""
    shown = shown_name(name)
    try:
        names = _checked(content, shown, limits)
        for main_type in MAIN_TYPES:
            PartFactory.part_type_for[main_type] = DocumentPart
        part = Package.open(BytesIO(content)).main_document_part
        if not isinstance(part, DocumentPart):
            raise DocumentRefused(f"{shown} is not a Word document.")
        raw, paragraphs = _text(part.document, limits)
    except MALFORMED as malformed:
        if isinstance(malformed, etree.XMLSyntaxError) and malformed.code == OUT_OF_MEMORY:
            raise MemoryError from None
        raise DocumentRefused(f"{shown} is damaged or not a Word document.") from None
    text, cut = kept_text(raw, limits)
    pictures = any(each.startswith("word/media/") for each in names)
    if not text:
        what = ": it is made of pictures; attach them as PNG or JPEG" if pictures else ""
        raise DocumentRefused(f"{shown} holds no text{what}.")
    notes = [
        *(["It holds macros, which were ignored."] if any("vbaproject" in each.casefold() for each in names) else []),
        *(["Its pictures are left out."] if pictures else []),
    ]
    return ReadDocument("docx", text, paragraphs, (*notes, *cut), MEDIA_TYPE)


def _checked(content: bytes, shown: str, limits: Limits) -> frozenset[str]:
    """The names of its parts, once each was unpacked piece by piece: what an archive says of its sizes may be a lie."""
    with ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > limits.max_entries:
            raise DocumentRefused(
                f"{shown} has {len(entries):,} parts inside; up to {limits.max_entries:,} can be read."
            )
        names = [entry.filename for entry in entries]
        if "word/document.xml" not in names and not any(each.startswith("word/") for each in names):
            raise DocumentRefused(f"{shown} is an archive or another kind of Office document; {READABLE}.")
        if len(set(names)) < len(names):
            raise DocumentRefused(f"{shown} is damaged: two of its parts have the same name.")
        total = 0
        for entry in entries:
            if entry.flag_bits & 1:
                raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
            size, head = 0, expat.ParserCreate()
            head.StartDoctypeDeclHandler = lambda *_: _refuse(
                f"{shown} defines entities of its own, which are not read."
            )
            head.StartElementHandler = lambda *_: _end_head()
            reading_head = True
            with archive.open(entry) as part:
                while piece := part.read(CHUNK):
                    size, total = size + len(piece), total + len(piece)
                    grown = size > FREE_GROWTH and size > limits.max_ratio * max(1, entry.compress_size)
                    if grown or total > limits.max_inflated_bytes:
                        raise DocumentRefused(f"{shown} unpacks to more than can be read safely.")
                    reading_head = reading_head and _feed(head, piece)
    return frozenset(names)


class _HeadEnded(Exception):
    """The root element began: no document type can follow."""


def _end_head() -> None:
    raise _HeadEnded


def _refuse(words: str) -> None:
    raise DocumentRefused(words)


def _feed(head: expat.XMLParserType, piece: bytes) -> bool:
    """Whether its beginning is still being read."""
    try:
        head.Parse(piece, False)
    except (_HeadEnded, expat.ExpatError, ValueError):
        return False  # what is no XML is left to python-docx to refuse
    return True


def _text(document: Document, limits: Limits) -> tuple[str, int]:
    """All its paragraphs in order, a table's row on one line; also those inside frames, text boxes and tracked changes."""
    pieces: list[str] = []
    chars = paragraphs = cells = 0
    walk = etree.iterwalk(document.element.body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in LEFT_OUT:
                walk.skip_subtree()
                continue
            cells += tag == f"{W}tc"
            piece = {f"{W}t": element.text or "", f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}.get(tag, "")
        elif tag == f"{W}p":
            paragraphs += 1
            piece = " " if cells else "\n"
        else:
            cells -= tag == f"{W}tc"
            piece = "| " if tag == f"{W}tc" and element.getnext() is not None else "\n" if tag == f"{W}tr" else ""
        if piece:
            pieces.append(piece)
            chars += len(piece)
            if chars > limits.max_text_chars:
                break
    return re.sub(r"[ \t]+\n", "\n", "".join(pieces)), paragraphs
