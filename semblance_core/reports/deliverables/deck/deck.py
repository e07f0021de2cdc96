"""The slides of a deck in their order: findings first, one a slide, then the talk, the survey, and an appendix with the method."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.domain.plurals import number
from semblance_core.reports.deliverables.clean import at_most, one_line
from semblance_core.reports.deliverables.content import Chart, Deliverable, Table
from semblance_core.reports.deliverables.deck.findings import finding_slides, further_quotes
from semblance_core.reports.deliverables.deck.flow import (
    SOFT,
    Box,
    Words,
    flowed,
    height_of_all,
    table_pages,
    widths_of,
)
from semblance_core.reports.deliverables.deck.native import add_chart, add_table, charts_of
from semblance_core.reports.deliverables.deck.slides import BELOW, BODY, Slides
from semblance_core.reports.deliverables.fit import split

APPENDIX = "Appendix"
NOTE_SIZE = 11.0
MOST_COLUMNS = 11
"""Of a table on a slide; the workbook has them all."""
MOST_OF_HEADING = 40
TABLE_SIZES = (16.0, 14.0, 13.0, 12.0, 11.0)
MOST_SLIDES = 2
"""Of the appendix for one theme's further quotes, and for one question's first impressions."""
REST = "There is more of it; the report and the workbook have it whole."


def deck(content: Deliverable) -> bytes:
    """The content as a PowerPoint file. Transcript, and what one has no room to read, are left to report and workbook."""
    slides = Slides(content.label, content.title, content.accent)
    slides.described(content.title, content.notice)
    _opening(slides, content)
    _texts(slides, "Summary", [Words(each, 18, after=12) for each in content.summary], size_up=True)
    if content.themes_chart:
        _chart(slides, content.themes_chart, "Themes", content.themes_note)
    finding_slides(slides, content.findings)
    if content.tones:
        _chart(slides, content.tones, "Themes")
    for table in content.segments:
        _table(slides, table, "Themes")
    if content.words:
        _chart(slides, content.words, "The talk")
    if content.survey:
        for chart in content.survey.charts:
            _chart(slides, chart, f"Survey: {content.survey.title}")
    _appendix(slides, content)
    return slides.content()


def _opening(slides: Slides, content: Deliverable) -> None:
    topic, rest = split(one_line(content.topic), 16, 11.5, 0.85)
    lines = [Words(content.about, 16, True, after=10), Words(f"{topic}…" if rest else topic, 16, colour=SOFT, after=10)]
    notice, rest = split(one_line(content.notice), 14, 11.5, 1.0)
    slides.opening(content.title, [*(each for each in lines if each.text), Words(f"{notice}…" if rest else notice, 14)])


def _appendix(slides: Slides, content: Deliverable) -> None:
    _table(slides, Table("Method card", ("", ""), content.method, content.limits, (1, 3.6)), APPENDIX)
    people = tuple((each.name, each.facts, each.about) for each in content.panel)
    if people:
        title = f"The panel: {number(len(people), 'synthetic participant')}"
        _table(slides, Table(title, ("Name", "Who", "In short"), people, wide=(1.6, 2.6, 5)), APPENDIX)
    _guide(slides, content)
    if content.matrix and len(content.matrix.columns) <= MOST_COLUMNS:
        _table(slides, content.matrix, APPENDIX)
    if content.beside:
        _table(slides, content.beside, APPENDIX)
    for each in content.alone:
        words = [Words(each.question, 16, True, after=10, keeps=True)]
        for speaker, text in each.answers:
            words += [Words(speaker, 12, True, after=2, keeps=True, accent=True), Words(text, 13)]
        _texts(slides, "First impressions, written alone", words, APPENDIX, most=MOST_SLIDES)
    if content.survey:
        for table in content.survey.open_answers:
            _table(slides, table, f"{APPENDIX} · Survey")
        told = Table("Method card of the survey", ("", ""), content.survey.method, content.survey.limits, (1, 3.6))
        _table(slides, told, APPENDIX)
    for finding in content.findings:
        _texts(slides, f"Further quotes: {finding.name}", further_quotes(finding), APPENDIX, most=MOST_SLIDES)
    if content.cost:
        _texts(slides, "Cost", [Words(content.cost)], APPENDIX)


def _guide(slides: Slides, content: Deliverable) -> None:
    words: list[Words] = []
    for section in content.guide:
        words.append(Words(section.heading, 15, True, after=4, keeps=True, accent=True))
        for asked in section.questions:
            notes = [Words(f"   {note}", 12, colour=SOFT, after=2) for note in asked.notes]
            words += [Words(f"•  {asked.text}", 14, after=4), *notes]
    _texts(slides, "Discussion guide", words, APPENDIX)


def _texts(
    slides: Slides, title: str, words: Sequence[Words], above: str = "", *, size_up: bool = False, most: int = 0
) -> None:
    """Paragraphs over as many slides as they take.

    Args:
        size_up: Letters may be two points larger where all fits on one slide.
        most: Slides at most, 0 for any number; the last one then says where the rest is.
    """
    if size_up:
        larger = [Words(each.text, each.size + 2, each.bold, each.colour, each.after) for each in words]
        words = larger if height_of_all(larger, BODY.width) <= BODY.height else words
    pages = flowed(words, BODY.width, BODY.height)
    left_out = len(pages) - most if most else 0
    shown = pages[:most] if left_out > 0 else pages
    for place, page in enumerate(shown, start=1):
        slide = slides.add(_of_several(title, place, len(shown)), above)
        slides.put(slide, BODY, page)
        if left_out > 0 and place == len(shown):
            slides.put(slide, BELOW, [Words(REST, NOTE_SIZE, colour=SOFT, after=0)])


def _chart(slides: Slides, chart: Chart, above: str, note: str = "") -> None:
    notes = [Words(text, NOTE_SIZE, colour=SOFT, after=3) for text in (chart.note, note) if text]
    pages = list(charts_of(chart))
    for place, page in enumerate(pages, start=1):
        slide = slides.add(_of_several(chart.title, place, len(pages)), above)
        kept = flowed(notes, BODY.width, 1.6)[:1]
        below = height_of_all(kept[0], BODY.width) + 0.1 if kept else 0.0
        height = min(BODY.height - below, 0.9 + 0.75 * len(page.labels))
        add_chart(slide, Box(BODY.left, BODY.top, BODY.width, height), page)
        if kept:
            slides.put(slide, Box(BODY.left, BODY.top + BODY.height - below + 0.1, BODY.width, below - 0.1), kept[0])


def _table(slides: Slides, table: Table, above: str) -> None:
    table = replace(table, columns=tuple(at_most(heading, MOST_OF_HEADING) for heading in table.columns))
    widths = widths_of(table, BODY.width)
    note = [Words(table.note, NOTE_SIZE, colour=SOFT, after=0)] if table.note else []
    below = height_of_all(note, BODY.width) + 0.15 if note else 0.0
    room, smallest = BODY.height - below, 12.0 if len(table.columns) <= 4 else 10.0
    sizes = (size for size in TABLE_SIZES if size > smallest and len(table_pages(table, widths, size, room)) == 1)
    size = next(sizes, smallest)
    pages = table_pages(table, widths, size, room)
    for place, rows in enumerate(pages, start=1):
        slide = slides.add(_of_several(table.title, place, len(pages)), above)
        add_table(slide, BODY, table.columns, rows, widths, size)
        if note:
            slides.put(slide, Box(BODY.left, BODY.top + BODY.height - below + 0.15, BODY.width, below - 0.15), note)


def _of_several(title: str, place: int, of: int) -> str:
    return title if of == 1 else f"{title} ({place} of {of})"
