"""Reads REFI-QDA files: codebooks (`.qdc`) and projects (`.qdpx`). Neither entities nor anything on the network is followed."""

import io
import re
import zipfile
import zlib
from datetime import datetime
from typing import Any

from lxml import etree

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import as_utc
from semblance_core.reports.coding.read_project import (
    ReadCoding,
    ReadNote,
    ReadProject,
    ReadSelection,
    ReadSource,
    ReadUser,
)
from semblance_core.reports.coding.reading import ReadCode
from semblance_core.reports.coding.refi import CODEBOOK, PROJECT, WHEN, WHEN_NOT

MOST_FILE, MOST_XML, MOST_SOURCE = 25_000_000, 40_000_000, 20_000_000
"""Bytes of a file, of the XML in it, and of all texts in it."""
MOST_CODES, MOST_LEVELS = 2_000, 40
NO_FILE = "This is no REFI-QDA file that can be read"
_MADE = re.compile(r"\n*Made by [^\n]+\.\s*$")


def read_qda(content: bytes) -> ReadProject:
    """A codebook or a project, whichever the bytes are; of a codebook alone there is nothing but codes.

    Raises:
        InvalidInput: it is neither, it is damaged, or it is too large.
    """
    if len(content) > MOST_FILE:
        raise InvalidInput(f"A REFI-QDA file may have {MOST_FILE // 1_000_000} MB.")
    if not content.startswith(b"PK"):
        root = _parsed(content)
        return _project(root, {})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [info.filename for info in archive.infolist()]
            project = next((name for name in names if name.lower().endswith(".qde")), None)
            if project is None:
                raise InvalidInput(f"{NO_FILE}: there is no project in it.")
            root = _parsed(_unpacked(archive, project, MOST_XML))
            return _project(root, _texts(archive, names))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as failed:
        raise InvalidInput(f"{NO_FILE}: it is damaged.") from failed


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member of the archive; its size is counted while it is unpacked, whatever the archive says of it."""
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise InvalidInput(f"{NO_FILE}: it unpacks to more than {most // 1_000_000} MB.")
    return content


def _texts(archive: zipfile.ZipFile, names: list[str]) -> dict[str, str]:
    """The plain texts beside the project, by the name that the project has for them."""
    found: dict[str, str] = {}
    left = MOST_SOURCE
    for name in names:
        if name.lower().endswith(".txt"):
            content = _unpacked(archive, name, left)
            left -= len(content)
            found[f"internal://{name.rpartition('/')[2]}"] = content.decode("utf-8-sig", "replace")
    return found


def _parsed(content: bytes) -> etree._Element:
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    parser = etree.XMLParser(**options, remove_comments=True, remove_pis=True, dtd_validation=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as failed:
        raise InvalidInput(f"{NO_FILE}: its XML is damaged.") from failed
    if root.getroottree().docinfo.doctype:
        raise InvalidInput(f"{NO_FILE}: it declares a document type, which such files have none of.")
    if etree.QName(root).namespace not in (PROJECT, CODEBOOK):
        raise InvalidInput(f"{NO_FILE}: it is XML of another kind.")
    return root


def _project(root: etree._Element, texts: dict[str, str]) -> ReadProject:
    codes: dict[str, ReadCode] = {}
    notes: dict[str, tuple[str, ...]] = {}
    for book in root.findall("{*}CodeBook/{*}Codes") + root.findall("{*}Codes"):
        _read_codes(book, "", codes, notes, 0)
    users = {
        _guid(each): ReadUser(each.get("id", ""), each.get("name", "")) for each in root.findall("{*}Users/{*}User")
    }
    sources = tuple(_source(each, texts) for each in root.findall("{*}Sources/{*}TextSource"))
    read = {_guid(each): _note(each) for each in root.findall("{*}Notes/{*}Note")}
    return ReadProject(codes, users, sources, read, notes)


def _read_codes(
    within: etree._Element, above: str, found: dict[str, ReadCode], notes: dict[str, tuple[str, ...]], level: int
) -> None:
    if level > MOST_LEVELS:
        raise InvalidInput(f"{NO_FILE}: its codes are nested too deeply.")
    for each in within.findall("{*}Code"):
        if len(found) >= MOST_CODES:
            raise InvalidInput(f"{NO_FILE}: it has more than {MOST_CODES:,} codes.")
        name = _free_name(
            " ".join(each.get("name", "").split()) or "Code", above, {code.name for code in found.values()}
        )
        definition, when, when_not = _described(each.findtext("{*}Description") or "")
        found[_guid(each)] = ReadCode(name, definition, when, when_not, each.get("color", ""), above)
        notes[_guid(each)] = _refs(each)
        _read_codes(each, name, found, notes, level + 1)


def _free_name(name: str, above: str, taken: set[str]) -> str:
    """The name, with the code above behind it where another code has it: here no two codes share a name."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({above})" if above and number == 2 else f"{name} ({number})"
    return free


def _described(text: str) -> tuple[str, str, str]:
    """Definition, when to use it and when not, as our own files have them; of others all is definition.

    >>> _described("It costs.\\n\\nWhen to use it: A sum.\\n\\nMade by Dana on 2026-05-01.")
    ('It costs.', 'A sum.', '')
    """
    text = _MADE.sub("", text)
    rest, _, when_not = text.partition(WHEN_NOT)
    definition, _, when = rest.partition(WHEN)
    return definition.strip(), when.strip(), when_not.strip()


def _source(element: etree._Element, texts: dict[str, str]) -> ReadSource:
    text = element.findtext("{*}PlainTextContent")
    if text is None:
        text = texts.get(element.get("plainTextPath", ""), "")
    selections = tuple(map(_selection, element.findall("{*}PlainTextSelection")))
    return ReadSource(_guid(element), text, selections, _refs(element))


def _selection(element: etree._Element) -> ReadSelection:
    start, end = (_whole(element.get(name, "")) for name in ("startPosition", "endPosition"))
    return ReadSelection(start, end, tuple(map(_coding, element.findall("{*}Coding"))), _refs(element))


def _coding(element: etree._Element) -> ReadCoding:
    code = element.find("{*}CodeRef")
    target = code.get("targetGUID", "").strip("{}").upper() if code is not None else ""
    return ReadCoding(
        _guid(element), target, _user(element, "creatingUser"), _time(element, "creationDateTime"), _refs(element)
    )


def _note(element: etree._Element) -> ReadNote:
    text = element.findtext("{*}PlainTextContent") or ""
    made = _user(element, "creatingUser"), _time(element, "creationDateTime")
    confirmed = _user(element, "modifyingUser"), _time(element, "modifiedDateTime")
    return ReadNote(element.get("name", ""), text, *made, *confirmed)


def _refs(element: etree._Element) -> tuple[str, ...]:
    return tuple(each.get("targetGUID", "").strip("{}").upper() for each in element.findall("{*}NoteRef"))


def _guid(element: etree._Element) -> str:
    return str(element.get("guid", "")).strip("{}").upper()


def _user(element: etree._Element, name: str) -> str:
    return str(element.get(name, "")).strip("{}").upper()


def _time(element: etree._Element, name: str) -> datetime | None:
    try:
        return as_utc(datetime.fromisoformat(str(element.get(name, "")).replace("Z", "+00:00")))
    except ValueError:
        return None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
