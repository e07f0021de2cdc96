"""The kinds of files that can be handed over, and how each is made. Pure; a writer's library is imported when its file is asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from semblance_core.domain.coding.codebook import CodebookCode
from semblance_core.domain.coding.codings import Coding, Memo
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.reports.deliverables.content import ALL_PARTS, Part
from semblance_core.reports.deliverables.making import Material, deliverable
from semblance_core.reports.escape import safe_file_name

_OFFICE = "application/vnd.openxmlformats-officedocument."


class FileKind(StrEnum):
    DECK = "deck"
    REPORT = "report"
    WORKBOOK = "workbook"
    PAGE = "page"
    MARKDOWN = "markdown"
    TRANSCRIPT_DOCX = "transcript-docx"
    TRANSCRIPT_CSV = "transcript-csv"
    TRANSCRIPT_JSON = "transcript-json"
    TRANSCRIPT_VTT = "transcript-vtt"
    QDPX = "qdpx"
    CODINGS_CSV = "codings-csv"


@dataclass(frozen=True, slots=True)
class FileForm:
    """ending: of its name, behind the session's title; words: what it is."""

    ending: str
    media_type: str
    words: str


FORMS = {
    FileKind.DECK: FileForm("deck.pptx", f"{_OFFICE}presentationml.presentation", "a PowerPoint deck"),
    FileKind.REPORT: FileForm("report.docx", f"{_OFFICE}wordprocessingml.document", "a report for Word"),
    FileKind.WORKBOOK: FileForm("workbook.xlsx", f"{_OFFICE}spreadsheetml.sheet", "a workbook for Excel"),
    FileKind.PAGE: FileForm("report.html", "text/html", "the report as a web page"),
    FileKind.MARKDOWN: FileForm("report.md", "text/markdown", "the report as Markdown"),
    FileKind.TRANSCRIPT_DOCX: FileForm("transcript.docx", f"{_OFFICE}wordprocessingml.document", "for Word"),
    FileKind.TRANSCRIPT_CSV: FileForm("transcript.csv", "text/csv", "a row a message"),
    FileKind.TRANSCRIPT_JSON: FileForm("transcript.json", "application/json", "one JSON object"),
    FileKind.TRANSCRIPT_VTT: FileForm("transcript.vtt", "text/vtt", "timed text; durations are estimated"),
    FileKind.QDPX: FileForm("coding.qdpx", "application/zip", "a REFI-QDA project for tools of qualitative analysis"),
    FileKind.CODINGS_CSV: FileForm("codings.csv", "text/csv", "a row a coding"),
}
_TRANSCRIPTS = (FileKind.TRANSCRIPT_DOCX, FileKind.TRANSCRIPT_JSON, FileKind.TRANSCRIPT_VTT)
_NOT_IN_A_DECK = frozenset({Part.TRANSCRIPT})


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file as it is handed over."""

    name: str
    media_type: str
    content: bytes


def made_file(kind: FileKind, material: Material, parts: Collection[Part] = ALL_PARTS, accent: str = "") -> MadeFile:
    """Makes a file of a session.

    Args:
        kind: Which one. The page, the Markdown report and transcripts have sections of their own.
        material: The session and what belongs to it.
        parts: Sections of a deck, a report or a workbook.
        accent: A colour as in #3d8a7a; empty for Semblance's own.
    """
    form = FORMS[kind]
    return MadeFile(named(material.group, form.ending), form.media_type, _written(kind, material, parts, accent))


def named(group: FocusGroup, ending: str) -> str:
    """The name of a session's file; it says where the simulator made what is in it, or where that was recorded."""
    mark = "-recorded" if group.recorded_through else "-simulated" if group.simulated else ""
    return f"{safe_file_name(group.title)}{mark}-{ending}"


def _written(kind: FileKind, material: Material, parts: Collection[Part], accent: str) -> bytes:
    group, messages, findings, events = material.group, material.messages, material.findings, material.events
    if kind is FileKind.PAGE:
        from semblance_core.reports.html_report import report_html

        return _utf8(report_html(group, messages, findings, events))
    if kind is FileKind.MARKDOWN:
        from semblance_core.reports.report import report_markdown

        return _utf8(report_markdown(group, messages, findings, events))
    if kind is FileKind.TRANSCRIPT_CSV:
        from semblance_core.reports.exports import transcript_csv

        return _utf8(transcript_csv(messages))
    if kind is FileKind.CODINGS_CSV:
        from semblance_core.reports.coding.codebook_csv import codings_csv

        by_seq = {message.seq: message for message in messages}
        return _utf8(codings_csv(material.coding.codings, {code.id: code for code in material.coding.codes}, by_seq))
    if kind is FileKind.QDPX:
        return _qdpx(material)
    if kind in _TRANSCRIPTS:
        return _transcript(kind, material, accent)
    if kind is FileKind.DECK:
        from semblance_core.reports.deliverables.deck import deck

        return deck(deliverable(material, frozenset(parts) - _NOT_IN_A_DECK, accent))
    content = deliverable(material, parts, accent)
    if kind is FileKind.REPORT:
        from semblance_core.reports.deliverables.word import report_docx

        return report_docx(content)
    from semblance_core.reports.deliverables.workbook import workbook

    return workbook(content)


def _qdpx(material: Material) -> bytes:
    from semblance_core.reports.coding.refi import CodedSession, qdpx
    from semblance_core.reports.report import LIMITS, method_rows, notice

    group, coding = material.group, material.coding
    rows = method_rows(group, material.messages, material.findings)
    about = "\n".join((notice(group), *(f"{name}: {value}" for name, value in rows), LIMITS))
    things: tuple[CodebookCode | Coding | Memo, ...] = (*coding.codes, *coding.codings, *coding.memos)
    at = max((each.made.at for each in things), default=group.created_at)
    return qdpx(CodedSession(group, material.messages, coding.codes, coding.codings, coding.memos, about, at))


def _transcript(kind: FileKind, material: Material, accent: str) -> bytes:
    from semblance_core.reports.deliverables.transcripts import transcript_json, transcript_vtt

    content = deliverable(material, (Part.TRANSCRIPT,), accent)
    if kind is FileKind.TRANSCRIPT_DOCX:
        from semblance_core.reports.deliverables.word import transcript_docx

        return transcript_docx(content)
    return _utf8(transcript_vtt(content) if kind is FileKind.TRANSCRIPT_VTT else transcript_json(content))


def _utf8(text: str) -> bytes:
    """Halves of surrogate pairs, which UTF-8 cannot hold, become question marks."""
    return text.encode("utf-8", "replace")
