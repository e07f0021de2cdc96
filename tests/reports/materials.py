"""Sessions that deliverables are made of, and what a file shows when it is opened again."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import docx
import openpyxl
from pptx import Presentation
from pptx.util import Emu

from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.findings.theme import Theme, Verbatim
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.survey import Given, Respondent, Survey
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.recordings import recordings
from semblance_core.reports.deliverables.content import Deliverable
from semblance_core.reports.deliverables.deck import deck
from semblance_core.reports.deliverables.fit import height_of
from semblance_core.reports.deliverables.making import Material
from semblance_core.reports.deliverables.workbook import workbook
from semblance_core.reports.surveys.answered import AnsweredSurvey
from tests.surveys import SHORT

AT = datetime(2026, 5, 1, tzinfo=UTC)


HOSTILE = '=HYPERLINK("http://evil")\x00\x07\x1b\ud800\ufffe<w:p> & ]]> \u202egnp.exe _x0041_ '


EVENT = UsageEvent("c", "u", "reply", "m/1", TokenCounts(9, 1, 3), Decimal("0.2684875"), 1.2, "ok", False, AT)


@cache
def recorded(name: str) -> Material:
    study = next(each for each in recordings() if each.name == name)
    people = {person.id: person for person in study.participants}
    group = study.session("g", "p", "user", "openai/gpt-4o-mini", people, AT)
    events = [EVENT, replace(EVENT, id="d", cost_usd=Decimal("0.000000001"))]
    return Material(group, study.messages_of(group, people), study.findings_of(group), events, survey())


def survey() -> AnsweredSurvey:
    (person,) = next(each for each in recordings() if each.name == "breakfast").participants[:1]
    asked = Survey("s", "p", "user", "Oat milk", SHORT, "openai/gpt-4o-mini", 0, 1, AT)
    given = Given(0, Answer(0, RatingMethod.DIRECT, AnswerState.ANSWERED, options=(0,), model="m"))
    return AnsweredSurvey(asked, asked.read(), (Respondent(0, person),), (given,))


def hostile() -> Material:
    """Every text of it is hostile, in several scripts and lengths."""
    material = recorded("breakfast")
    person = replace(material.group.participants[0], name=HOSTILE[:70], backstory=HOSTILE * 20, occupation="看護師です")
    other = replace(material.group.participants[1], name="مها العربية", backstory="تعمل في المستشفى. " * 40)
    said = [
        replace(material.messages[0], text=HOSTILE * 30, speaker=person.name),
        replace(material.messages[1], text="朝は何も食べません。時間がないからです。" * 60, speaker=other.name),
    ]
    themes = (
        Theme(
            HOSTILE * 5, HOSTILE * 60, (Verbatim(1, person.name, HOSTILE * 20), Verbatim(2, other.name, "لا أكل شيئا."))
        ),
        Theme(
            "朝食は要らない" * 20, "A word without any end: " + "x" * 3_000, (Verbatim(2, other.name, "朝" * 2_000),)
        ),
        Theme("+1", "", (Verbatim(1, "@somebody", "-1"),)),
    )
    guide = Guide((Section(HOSTILE[:100], (HOSTILE[:200], "それはなぜですか。" * 30)),))
    group = replace(
        material.group, title=("../" + HOSTILE)[:150], topic=HOSTILE * 40, guide=guide, participants=(person, other)
    )
    findings = replace(material.findings, themes=themes, summary="\n".join([HOSTILE * 30] * 6))  # type: ignore[type-var]
    return Material(group, said, findings, [replace(EVENT, error=HOSTILE, model=HOSTILE)])


@cache
def large() -> Material:
    """24 people, 2,000 messages, 12 themes with many quotes."""
    material = recorded("breakfast")
    before = material.group.participants
    people = [replace(before[at % 5], name=f"Person {at} of Manchester", id=f"p{at}") for at in range(24)]
    talk = [each for each in material.messages if each.role != "private"]
    messages = [replace(talk[at % len(talk)], seq=at + 1) for at in range(2_000)]
    messages = [replace(m, speaker=people[m.seq % 24].name) if m.role == "persona" else m for m in messages]
    quotes = [Verbatim(each.seq, each.speaker, each.text[:200]) for each in messages if each.role == "persona"]
    themes = tuple(Theme(f"Theme {n}", "It says so. " * 12, tuple(quotes[n : n + 120 : 5])) for n in range(12))
    findings = replace(material.findings, themes=themes)  # type: ignore[type-var]
    return replace(
        material, group=replace(material.group, participants=tuple(people)), messages=messages, findings=findings
    )


def texts_of(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            yield from shape.chart.plots[0].categories


def all_texts(content: Deliverable) -> str:
    return "\n".join(text for slide in opened_deck(content).slides for text in texts_of(slide)).replace("\v", "\n")


def opened_deck(content: Deliverable) -> Any:
    return Presentation(io.BytesIO(deck(content)))


def document_text(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def opened_book(content: Deliverable) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(content)))


def overflows(presentation: Any) -> list[str]:
    """Shapes that leave the slide, and texts that need more room than their shape has, by the estimate that laid them out."""
    wide, high = presentation.slide_width, presentation.slide_height
    found = []
    for number, slide in enumerate(presentation.slides, start=1):
        for shape in slide.shapes:
            if shape.left < 0 or shape.top < 0 or shape.left + shape.width > wide or shape.top + shape.height > high:
                found.append(f"{number}: {shape.name} leaves the slide")
            if shape.has_text_frame and shape.text_frame.text:
                needs = 0.0
                for paragraph in shape.text_frame.paragraphs:
                    size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=10)
                    text = "".join(run.text for run in paragraph.runs).replace("\v", "\n")
                    needs += height_of(text, size, Emu(shape.width).inches)
                    needs += (paragraph.space_after.pt if paragraph.space_after else 0) / 72
                if needs - 0.25 > Emu(shape.height).inches:
                    found.append(f"{number}: {shape.name} needs {needs:.2f} of {Emu(shape.height).inches:.2f}")
    return found
