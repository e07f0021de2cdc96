"""Makes the content of a deliverable from a session and its findings. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from semblance_core.analysis.claims.told import counted, tally, told_of_session, told_of_theme
from semblance_core.domain.accent import accent_of
from semblance_core.domain.coding.codebook import CodebookCode
from semblance_core.domain.coding.codings import Coding, Memo
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Question
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.reports.beside_people import beside_people
from semblance_core.reports.claims import in_plain
from semblance_core.reports.deliverables.clean import cleaned
from semblance_core.reports.deliverables.content import (
    ALL_PARTS,
    SYNTHETIC,
    Asked,
    Deliverable,
    Finding,
    GuideSection,
    Impression,
    Line,
    Part,
    Participant,
    Quoted,
)
from semblance_core.reports.deliverables.figures import (
    beside_table,
    segment_tables,
    themes_chart,
    tones_chart,
    who_is_quoted,
    words_chart,
)
from semblance_core.reports.deliverables.of_survey import survey_content
from semblance_core.reports.report import LIMITS, NO_THEMES, cost_words, edited_words, found_by, method_rows, notice
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.talk import talk


@dataclass(frozen=True, slots=True)
class CodedMaterial:
    """The project's codebook, the session's codings, and memos on the session and on codes."""

    codes: Sequence[CodebookCode] = ()
    codings: Sequence[Coding] = ()
    memos: Sequence[Memo] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """All that a deliverable is made of.

    survey: one of the same project, if it is to stand beside the session. coding: for the files that hold codings.
    """

    group: FocusGroup
    messages: Sequence[Message]
    findings: Findings | None
    events: Sequence[UsageEvent]
    survey: AnsweredSurvey | None = None
    coding: CodedMaterial = CodedMaterial()


def deliverable(material: Material, parts: Collection[Part] = ALL_PARTS, accent: str = "") -> Deliverable:
    """The content with these parts.

    Args:
        material: The session and what belongs to it.
        parts: Which sections it has; title, notice and method card it always has.
        accent: A colour as in #3d8a7a; empty for Semblance's own.

    Raises:
        InvalidInput: the accent is no colour.
    """
    group, messages, findings = material.group, material.messages, material.findings
    chosen = frozenset(parts)
    found = _findings(group, findings) if findings else ()
    has_themes, has_talk = Part.THEMES in chosen and found, Part.TALK in chosen
    measured = talk(group, messages) if has_talk else None
    survey = survey_content(material.survey) if material.survey and Part.SURVEY in chosen else None
    return cleaned(
        Deliverable(
            title=group.title,
            topic=group.topic,
            notice=notice(group),
            label=f"{SYNTHETIC}, simulated" if group.simulated else SYNTHETIC,
            about=_about(group, messages),
            method=tuple(method_rows(group, messages, findings)),
            limits=LIMITS,
            simulated=group.simulated,
            parts=chosen,
            summary=_summary(findings, len(group.participants)) if Part.SUMMARY in chosen else (),
            themes_note=_themes_note(findings, len(group.participants)) if Part.THEMES in chosen else "",
            findings=found if has_themes else (),
            themes_chart=themes_chart(found) if has_themes else None,
            tones=tones_chart(findings) if has_themes and findings else None,
            matrix=who_is_quoted(group, findings) if has_themes and findings else None,
            segments=segment_tables(group, found) if has_themes else (),
            words=words_chart(measured) if measured else None,
            beside=beside_table(*beside_people(group, messages)) if measured else None,
            survey=survey,
            alone=_alone(group, messages) if Part.ALONE in chosen else (),
            panel=tuple(map(_participant, group.participants)) if Part.PANEL in chosen else (),
            guide=_guide(group) if Part.GUIDE in chosen else (),
            cost=cost_words(material.events) if Part.COST in chosen else "",
            events=tuple(material.events) if Part.COST in chosen else (),
            transcript=transcript_of(group, messages) if Part.TRANSCRIPT in chosen else (),
            accent=accent_of(accent),
        )
    )


def facts_of(persona: Persona) -> str:
    """Returns who a person is in a few words; empty where nothing is stated.

    >>> facts_of(Persona("Maya Rao", 34, "woman", "Leeds", "nurse")), facts_of(Persona("Ben"))
    ('34, nurse, Leeds', '')
    """
    told = ("" if persona.age is None else str(persona.age), persona.occupation, persona.location)
    return ", ".join(part for part in told if part)


def transcript_of(group: FocusGroup, messages: Sequence[Message]) -> tuple[Line, ...]:
    """Returns what was said, in order, each message with its section of the guide; without what failed or was discarded."""
    return tuple(_line(group, message) for message in messages if message.status is MessageStatus.SAID)


def _line(group: FocusGroup, message: Message) -> Line:
    has_question = message.question is not None and 0 <= message.question < len(group.guide.questions)
    section = group.guide.section_of(message.question or 0).title if has_question else ""
    notes = []
    if message.role == "private":
        notes.append("Written alone; the other participants never saw it.")
    if message.stimuli:
        notes.append(f"Shown: {', '.join(message.stimuli)}.")
    if message.quote:
        notes.append(f"Quotes message {message.quote.seq} by {message.quote.speaker}: “{message.quote.text}”")
    return Line(message.seq, message.speaker, message.role, message.text, section, " ".join(notes))


def _about(group: FocusGroup, messages: Sequence[Message]) -> str:
    said = sum(message.status is MessageStatus.SAID for message in messages)
    day = min((message.at for message in messages), default=group.created_at)
    people = number(len(group.participants), "synthetic participant")
    return f"{people}, {number(said, 'message')}, {day:%d %B %Y}"


def _summary(findings: Findings | None, people: int) -> tuple[str, ...]:
    text = in_plain(told_of_session(findings, people)) if findings else NO_THEMES
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _themes_note(findings: Findings | None, people: int) -> str:
    if not findings:
        return NO_THEMES
    dropped = findings.dropped_quotes
    parts = [
        f"Found by {found_by(findings)} in messages 1–{findings.through_seq}, {findings.created_at:%d %B %Y}.",
        f"{number(dropped, 'quote')} dropped: not in the message cited." if dropped else "",
        tally(findings, people).in_words,
        edited_words(findings),
        "" if findings.themes else "No theme could be traced to what was said.",
    ]
    return " ".join(part for part in parts if part)


def _findings(group: FocusGroup, findings: Findings) -> tuple[Finding, ...]:
    who = {person.name: facts_of(person) for person in group.participants}
    return tuple(_finding(theme, who, len(group.participants)) for theme in findings.themes)


def _finding(theme: Theme, who: dict[str, str], people: int) -> Finding:
    quotes = tuple(_quoted(said, who.get(said.speaker, "")) for said in theme.verbatims)
    told = told_of_theme(theme, people)
    return Finding(theme.name, in_plain(told), quotes, theme.speakers, people, counted(told).in_words)


def _quoted(said: Verbatim, who: str) -> Quoted:
    return Quoted(said.quote, said.speaker, who, said.seq, said.sentiment or "", said.by_hand)


def _participant(persona: Persona) -> Participant:
    facts = (facts_of(persona), persona.household, persona.income_band)
    return Participant(
        persona.name, "; ".join(part for part in facts if part), persona.backstory or persona.quote, persona.origin
    )


def _guide(group: FocusGroup) -> tuple[GuideSection, ...]:
    sections = (
        GuideSection(section.heading, tuple(_asked(each) for each in section.asked if each.text.strip()))
        for section in group.guide.sections
    )
    return tuple(section for section in sections if section.heading.strip() or section.questions)


def _asked(question: Question) -> Asked:
    notes = [
        *(["Answered alone first"] if question.private else []),
        *([f"Shows {', '.join(question.shows)}"] if question.shows else []),
        *(f"Planned probe: {probe}" for probe in question.probes),
    ]
    return Asked(question.text, tuple(notes))


def _alone(group: FocusGroup, messages: Sequence[Message]) -> tuple[Impression, ...]:
    said = [each for each in messages if each.role == "private" and each.status is MessageStatus.SAID]
    asked = group.guide.questions
    return tuple(
        Impression(
            asked[question] if 0 <= question < len(asked) else "",
            tuple((each.speaker, each.text) for each in said if each.question == question),
        )
        for question in sorted({each.question for each in said if each.question is not None})
    )
