"""The parts of a Word file, counted as they really unpack before one is parsed, and the references between them.

What a file says of parts that are not there is passed over: programs leave such references behind, and Word opens those files.
"""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote
from xml.parsers import expat
from zipfile import ZipFile

from lxml import etree

from semblance_core.documents.document import DocumentRefused, Limits
from semblance_core.documents.kinds import READABLE

CHUNK = 64 * 1024
FREE_GROWTH = 1024 * 1024
"""A part that unpacks to less than this may grow by any factor."""
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT, USUAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
YEARS = tuple(
    (STRICT + name, USUAL + name.replace(b"/", b"/2006/", 1))
    for name in (
        *(b"wordprocessingml/main", b"officeDocument/math", b"officeDocument/relationships", b"drawingml/main"),
        *(b"drawingml/wordprocessingDrawing", b"drawingml/picture", b"drawingml/chart", b"drawingml/diagram"),
    )
)
"""The names of "Strict Open XML" and those that all other programs use for the same things."""
OTHER_KINDS = (
    ("xl/", "an Excel workbook", "paste what is to be shown into a Word document, or save it as PDF"),
    ("ppt/", "a PowerPoint presentation", "save it as PDF"),
    ("visio/", "a Visio drawing", "save it as PDF or PNG"),
    ("index/", "a document of Apple's Pages, Numbers or Keynote", "export it as PDF or Word"),
    ("index.zip", "a document of Apple's Pages, Numbers or Keynote", "export it as PDF or Word"),
)
BY_MEDIA_TYPE = (
    (b"opendocument.text", "an OpenDocument text", "save it as DOCX or PDF"),
    (b"opendocument.presentation", "an OpenDocument presentation", "save it as PDF"),
    (b"opendocument.spreadsheet", "an OpenDocument table", "save it as PDF"),
    (b"opendocument", "an OpenDocument file", "save it as PDF"),
    (b"epub", "an e-book", "save what is to be shown as PDF or text"),
)


class Package:
    """A Word file's parts. names: as they stand in the archive."""

    def __init__(self, content: bytes, shown: str, limits: Limits):
        self._archive = ZipFile(BytesIO(content))
        self.names = _checked(self._archive, shown, limits)
        self._related: dict[str, dict[str, tuple[str, str]]] = {}
        self._by_path = {_path(name).casefold(): name for name in self.names}
        self.main = next(
            (target for kind, target in self.related("").values() if kind == "officeDocument" and self.has(target)),
            "word/document.xml",
        )

    def has(self, path: str) -> bool:
        return path.casefold() in self._by_path

    def tree(self, path: str) -> etree._Element | None:
        """A part of XML; None where it is not there."""
        if not self.has(path):
            return None
        content = self._archive.read(self._by_path[path.casefold()])
        if STRICT in content:
            for strict, usual in YEARS:
                content = content.replace(strict, usual)
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """By its id, what a part refers to inside the file: the last word of the kind, and the path."""
        if path in self._related:
            return self._related[path]
        folder, name = posixpath.split(path)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = self._related.setdefault(path, {})
        for each in tree if tree is not None else ():
            target = each.get("Target") or ""
            if each.get("TargetMode") == "External" or not target or not isinstance(each.tag, str):
                continue
            path_there = target if target.startswith("/") else posixpath.join(folder, target)
            found[each.get("Id") or ""] = ((each.get("Type") or "").rpartition("/")[2], _path(unquote(path_there)))
        return found

    def of_kind(self, kind: str) -> Iterator[etree._Element]:
        """The parts of a kind that the main part refers to, such as its footnotes."""
        for found, target in self.related(self.main).values():
            if found == kind and (tree := self.tree(target)) is not None:
                yield tree


def _path(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/")


def _checked(archive: ZipFile, shown: str, limits: Limits) -> frozenset[str]:
    """The names of its parts, once each was unpacked piece by piece: what an archive says of its sizes may be a lie."""
    entries = archive.infolist()
    if len(entries) > limits.max_entries:
        raise DocumentRefused(f"{shown} has {len(entries):,} parts inside; up to {limits.max_entries:,} can be read.")
    names = [entry.filename for entry in entries]
    if not any(_path(each).casefold().startswith("word/") for each in names):
        raise DocumentRefused(f"{shown} is {_other_kind(archive, names)}.")
    if len(set(names)) < len(names):
        raise DocumentRefused(f"{shown} is damaged: two of its parts have the same name.")
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
        size, head = 0, expat.ParserCreate()
        head.StartDoctypeDeclHandler = lambda *_: _refuse(f"{shown} defines entities of its own, which are not read.")
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


def _other_kind(archive: ZipFile, names: list[str]) -> str:
    """Names the kind of an archive that is no Word file, with advice."""
    for start, what, advice in OTHER_KINDS:
        if any(name.casefold().startswith(start) for name in names):
            return f"{what}; {advice}"
    if "mimetype" in names and not archive.getinfo("mimetype").flag_bits & 1:
        with archive.open("mimetype") as part:
            media_type = part.read(200)
        for sign, what, advice in BY_MEDIA_TYPE:
            if sign in media_type:
                return f"{what}; {advice}"
    return f"an archive; {READABLE}"


class _HeadEnded(Exception):
    """The root element began: no document type can follow."""


def _end_head() -> None:
    raise _HeadEnded


def _refuse(words: str) -> None:
    raise DocumentRefused(words)


def _feed(head: expat.XMLParserType, piece: bytes) -> bool:
    """Returns whether its beginning is still being read."""
    try:
        head.Parse(piece, False)
    except (_HeadEnded, expat.ExpatError, ValueError):
        return False  # what is no XML is refused when it is parsed
    return True
