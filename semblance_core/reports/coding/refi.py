"""REFI-QDA: a coded session as a project file (`.qdpx`), and a codebook (`.qdc`), which tools for qualitative analysis exchange. Pure.

Format: www.qdasoftware.org, QDA-XML 1.0. A project file is a ZIP archive with `project.qde`, in XML, and the sources beside it.
Provenance: every user of the file is a person or a model; a code or coding that a model made, or that came from another file, has a note
whose creating user made it and whose modifying user confirmed it.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from semblance_core.domain.coding.codebook import CodebookCode, PlacedCode, tree
from semblance_core.domain.coding.codings import Coding, Memo, MemoOn
from semblance_core.domain.coding.provenance import Author, provenance_words
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.personas.persona import Persona
from semblance_core.reports.coding.transcript_text import TranscriptText, transcript_text
from semblance_core.reports.deliverables.clean import at_most, clean

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "Semblance"
PROVENANCE = "Provenance"
WHEN, WHEN_NOT = "When to use it: ", "When not to use it: "
VARIABLES = (
    ("age", "Integer"),
    ("gender", "Text"),
    ("occupation", "Text"),
    ("location", "Text"),
    ("synthetic", "Boolean"),
)
NAME_CHARS = 80


@dataclass(frozen=True, slots=True)
class CodedSession:
    """All that a project file has of a session. about: that participants are synthetic, and the method card, in lines."""

    group: FocusGroup
    messages: Sequence[Message]
    codes: Sequence[CodebookCode]
    codings: Sequence[Coding]
    memos: Sequence[Memo]
    about: str
    at: datetime


def guid(kind: str, of: str) -> str:
    """The GUID of something of ours: the same one each time, so that a file that comes back is known."""
    return str(uuid5(NAMESPACE_URL, f"semblance:{kind}:{of}")).upper()


def qdpx(session: CodedSession) -> bytes:
    """The session as a project file."""
    text = transcript_text(session.messages)
    project = _Project(session, text).element()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("project.qde", _as_xml(project)),
            (f"sources/{guid('source', session.group.id)}.txt", text.text.encode()),
        ):
            entry = zipfile.ZipInfo(name, session.at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()


def qdc(codes: Sequence[CodebookCode]) -> bytes:
    """The codebook alone, which holds at least one code; who made and confirmed a code stands in its description."""
    book = ET.Element("CodeBook", {"xmlns": CODEBOOK, "origin": ORIGIN})
    _add_codes(
        book, tree(codes), lambda code: f"{_described(code)}\n\n{provenance_words(code.made, code.confirmed)}.", {}
    )
    return _as_xml(book)


class _Project:
    """Builds the XML of one project. Notes are collected on the way, because they stand behind what they are on."""

    def __init__(self, session: CodedSession, text: TranscriptText):
        self._session, self._text = session, text
        ids = {code.id for code in session.codes}
        self._codings = [each for each in session.codings if each.seq in text.placed and each.code_id in ids]
        self._notes: dict[str, ET.Element] = {}
        self._users: dict[str, Author] = {}

    def element(self) -> ET.Element:
        session = self._session
        name = f"{session.group.title} (synthetic participants)"
        project = ET.Element("Project", {"xmlns": PROJECT, "name": clean(name), "origin": ORIGIN})
        project.set("creationDateTime", _time(session.at))
        code_notes = {code.id: [self._provenance(code.made, code.confirmed)] for code in session.codes}
        for memo in session.memos:
            if memo.about is MemoOn.CODE and memo.target in code_notes:
                code_notes[memo.target].append(self._memo(memo))
        if session.codes:
            _add_codes(ET.SubElement(project, "CodeBook"), tree(session.codes), _described, code_notes)
        self._add_people(project)
        if self._text.placed:
            self._add_source(ET.SubElement(project, "Sources"))
        if self._notes:
            ET.SubElement(project, "Notes").extend(self._notes.values())
        _add(project, "Description", session.about)
        if self._users:
            users = ET.Element("Users")
            for key, author in sorted(self._users.items()):
                named = author.model or author.name or author.user_id or "somebody"
                known = {
                    "guid": guid("user", key),
                    "name": f"{clean(named)} (model)" if author.is_model else clean(named),
                }
                ET.SubElement(users, "User", {**known, "id": clean(key)})
            project.insert(0, users)
        return project

    def _add_people(self, project: ET.Element) -> None:
        people = self._session.group.participants
        if not people:
            return
        variables = ET.SubElement(project, "Variables")
        for name, kind in VARIABLES:
            ET.SubElement(variables, "Variable", {"guid": guid("variable", name), "name": name, "typeOfVariable": kind})
        cases = ET.SubElement(project, "Cases")
        for number, person in enumerate(people):
            own_guid = guid("case", f"{self._session.group.id}/{number}")
            case = ET.SubElement(cases, "Case", {"guid": own_guid, "name": clean(person.name)})
            _add(case, "Description", f"Synthetic participant, simulated by a model. {person.backstory}".strip())
            for (name, kind), value in zip(VARIABLES, _values(person), strict=True):
                if value:
                    given = ET.SubElement(case, "VariableValue")
                    ET.SubElement(given, "VariableRef", {"targetGUID": guid("variable", name)})
                    _add(given, f"{kind}Value", value)
            said = [placed.message.seq for placed in self._text.placed.values() if _said_by(placed.message, person)]
            if said:
                ET.SubElement(case, "SourceRef", {"targetGUID": guid("source", self._session.group.id)})
            for seq in said:
                ET.SubElement(case, "SelectionRef", {"targetGUID": self._turn(seq)})

    def _add_source(self, sources: ET.Element) -> None:
        group = self._session.group
        own_guid = guid("source", group.id)
        source = ET.SubElement(sources, "TextSource", {"guid": own_guid, "name": clean(group.title)})
        source.set("plainTextPath", f"internal://{own_guid}.txt")
        source.set("creationDateTime", _time(group.created_at))
        memos: dict[str, list[Memo]] = {}
        for memo in self._session.memos:
            if memo.about is not MemoOn.CODE:
                memos.setdefault(memo.target if memo.about is MemoOn.MESSAGE else "", []).append(memo)
        for placed in self._text.placed.values():
            seq = placed.message.seq
            where = {"startPosition": str(placed.start), "endPosition": str(placed.end)}
            turn = ET.SubElement(
                source, "PlainTextSelection", {"guid": self._turn(seq), "name": f"message {seq}", **where}
            )
            _refer(turn, map(self._memo, memos.get(str(seq), ())))
        spans: dict[tuple[int, int, int], list[Coding]] = {}
        for coding in self._codings:
            spans.setdefault((coding.seq, coding.start, coding.end), []).append(coding)
        for (seq, start, end), codings in spans.items():
            self._add_span(source, seq, start, end, codings)
        _refer(source, map(self._memo, memos.get("", ())))

    def _add_span(self, source: ET.Element, seq: int, start: int, end: int, codings: Sequence[Coding]) -> None:
        placed, first = self._text.placed[seq], codings[0]
        words = at_most(self._text.text[placed.start + start : placed.start + end], NAME_CHARS)
        known = {"guid": guid("span", f"{first.focus_group_id}/{seq}/{start}/{end}"), "name": words}
        where = {"startPosition": str(placed.start + start), "endPosition": str(min(placed.start + end, placed.end))}
        made = {"creatingUser": self._user(first.made), "creationDateTime": _time(first.made.at)}
        span = ET.SubElement(source, "PlainTextSelection", {**known, **where, **made})
        for coding in codings:
            by = {"creatingUser": self._user(coding.made), "creationDateTime": _time(coding.made.at)}
            given = ET.SubElement(span, "Coding", {"guid": guid("coding", coding.id), **by})
            ET.SubElement(given, "CodeRef", {"targetGUID": guid("code", coding.code_id)})
            if coding.made.is_model or coding.confirmed or coding.made.source:
                _refer(given, [self._provenance(coding.made, coding.confirmed)])

    def _turn(self, seq: int) -> str:
        return guid("turn", f"{self._session.group.id}/{seq}")

    def _user(self, author: Author) -> str:
        self._users.setdefault(author.key, author)
        return guid("user", author.key)

    def _provenance(self, made: Author, confirmed: Author | None) -> str:
        """The note that says who made and who confirmed something; things of one moment share one."""
        words = provenance_words(made, confirmed)
        return self._note(
            guid("provenance", f"{words}|{made.at}|{confirmed}"), PROVENANCE, f"{words}.", made, confirmed
        )

    def _memo(self, memo: Memo) -> str:
        on = {MemoOn.MESSAGE: f"Memo on message {memo.target}", MemoOn.THEME: f"Memo on the theme {memo.target}"}
        name = on.get(memo.about, f"Memo on the {memo.about.value}")
        return self._note(guid("memo", memo.id), name, memo.text, memo.made, memo.confirmed)

    def _note(self, own_guid: str, name: str, text: str, made: Author, confirmed: Author | None) -> str:
        if own_guid not in self._notes:
            note = ET.Element("Note", {"guid": own_guid, "name": at_most(clean(name), NAME_CHARS)})
            note.set("creatingUser", self._user(made))
            note.set("creationDateTime", _time(made.at))
            if confirmed:
                note.set("modifyingUser", self._user(confirmed))
                note.set("modifiedDateTime", _time(confirmed.at))
            _add(note, "PlainTextContent", text)
            self._notes[own_guid] = note
        return own_guid


def _add_codes(
    book: ET.Element,
    placed: Sequence[PlacedCode],
    described: Callable[[CodebookCode], str],
    notes: Mapping[str, Sequence[str]],
) -> None:
    """The codes as a tree. described: the text of a code; notes: the GUIDs of its notes, by its id."""
    at: list[ET.Element] = [ET.SubElement(book, "Codes")]
    for each in placed:
        code = each.code
        del at[each.level + 1 :]
        known = {"guid": guid("code", code.id), "name": clean(code.name), "isCodable": "true", "color": code.colour}
        element = ET.SubElement(at[-1], "Code", known)
        _add(element, "Description", described(code))
        _refer(element, notes.get(code.id, ()))
        at.append(element)


def _described(code: CodebookCode) -> str:
    parts = (code.definition, code.when and f"{WHEN}{code.when}", code.when_not and f"{WHEN_NOT}{code.when_not}")
    return "\n\n".join(part for part in parts if part)


def _add(within: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(within, name).text = clean(text)


def _refer(within: ET.Element, notes: Iterable[str]) -> None:
    for note in dict.fromkeys(notes):
        ET.SubElement(within, "NoteRef", {"targetGUID": note})


def _values(person: Persona) -> tuple[str, ...]:
    return (str(person.age) if person.age else "", person.gender, person.occupation, person.location, "true")


def _said_by(message: Message, person: Persona) -> bool:
    return message.role != "moderator" and message.speaker == person.name


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _as_xml(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=True)
    return written
