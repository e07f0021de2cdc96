"""The report and the transcript as Word files."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from semblance_core.domain.plurals import number
from semblance_core.reports.deliverables.clean import at_most, is_rtl
from semblance_core.reports.deliverables.content import Chart, Deliverable, Finding, Line, Table

SOFT, AGAINST, MARK_FILL, HEAD_FILL = "5A6964", "8A4B22", "FBE9D7", "EEF2F0"
PAGE_MM = (210, 297)
MARGIN_MM = 22
TEXT_MM = PAGE_MM[0] - 2 * MARGIN_MM
BAR_MM = 70
"""Width of the longest bar of a chart."""


def report_docx(content: Deliverable) -> bytes:
    """The whole report."""
    paper = Paper(content)
    paper.opening(content.title, content.about, content.topic)
    if content.summary:
        paper.heading("Summary")
        for line in content.summary:
            paper.text(line)
    _themes(paper, content)
    if content.words:
        paper.heading("The talk")
        paper.chart(content.words)
    if content.beside:
        paper.table(content.beside)
    _survey(paper, content)
    paper.heading("Method card")
    paper.table(Table("", ("", ""), content.method, wide=(1, 3)), is_headed=False)
    paper.text(content.limits)
    if content.cost:
        paper.heading("Cost")
        paper.text(content.cost)
    _panel_and_guide(paper, content)
    if content.alone:
        paper.heading("First impressions, written alone")
        for each in content.alone:
            paper.heading(each.question, 2)
            for speaker, text in each.answers:
                paper.spoken(speaker, text)
    if content.transcript:
        paper.heading("Transcript", on_new_page=True)
        _lines(paper, content.transcript)
    return paper.content()


def transcript_docx(content: Deliverable) -> bytes:
    """The transcript alone, with the method card behind it."""
    paper = Paper(content)
    paper.opening(f"{content.title}: transcript", content.about, content.topic)
    _lines(paper, content.transcript)
    paper.heading("Method card")
    paper.table(Table("", ("", ""), content.method, wide=(1, 3)), is_headed=False)
    paper.text(content.limits)
    return paper.content()


class Paper:
    """A Word file under construction, with the mark that participants are synthetic at the head of every page."""

    def __init__(self, content: Deliverable):
        self._paper: Any = docx.Document()
        self._accent, self._label, self._notice = content.accent, content.label, content.notice
        section = self._paper.sections[0]
        section.page_width, section.page_height = map(Mm, PAGE_MM)
        section.left_margin = section.right_margin = Mm(MARGIN_MM)
        for name, size in (("Normal", 10.5), ("Title", 26), ("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11)):
            style = self._paper.styles[name]
            style.font.name, style.font.size = "Calibri", Pt(size)
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:ascii"), "Calibri")
            if name != "Normal":
                style.font.color.rgb = RGBColor.from_string(self._accent if name != "Title" else "22302C")
        told = self._paper.core_properties
        told.title, told.author, told.comments = at_most(content.title, 200), "Semblance", at_most(content.notice, 250)
        told.keywords = "synthetic participants"
        _mark(section.header.paragraphs[0], self._label, 9)
        foot = section.footer.paragraphs[0]
        _coloured(foot.add_run(f"{at_most(content.title, 80)}  ·  "), SOFT, 9)
        _page_number(foot)

    def content(self) -> bytes:
        out = io.BytesIO()
        self._paper.save(out)
        return out.getvalue()

    def opening(self, title: str, about: str, topic: str) -> None:
        self._directed(self._paper.add_paragraph(title, style="Title"), title)
        _mark(self._paper.add_paragraph(), self._label, 13)
        self.text(self._notice)
        self.text(about, soft=True)
        if topic.strip():
            self.text(topic, soft=True)

    def heading(self, text: str, level: int = 1, *, on_new_page: bool = False) -> None:
        if on_new_page:
            self._paper.add_page_break()
        self._directed(self._paper.add_heading(at_most(text, 500), level), text)

    def text(self, text: str, *, soft: bool = False, style: str | None = None) -> None:
        """A paragraph; its line breaks stay."""
        paragraph = self._paper.add_paragraph(style=style)
        run = paragraph.add_run(text)
        if soft:
            _coloured(run, SOFT, 10)
        self._directed(paragraph, text)

    def spoken(self, speaker: str, text: str, before: str = "", note: str = "") -> None:
        """Something that a person said, below their name."""
        head = self._paper.add_paragraph()
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_after = Pt(0)
        if before:
            _coloured(head.add_run(f"{before}  "), SOFT, 9)
        head.add_run(speaker).bold = True
        if note:
            _coloured(head.add_run(f"  {note}"), SOFT, 9)
        self.text(text)

    def quote(self, quote: str, said_by: str) -> None:
        """A verbatim with the line that says who said it, which stays on its page."""
        paragraph = self._paper.add_paragraph(f"“{quote}”", style="Quote")
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = Mm(6), Pt(0)
        paragraph.paragraph_format.keep_with_next = True
        self._directed(paragraph, quote)
        by = self._paper.add_paragraph()
        by.paragraph_format.left_indent, by.paragraph_format.space_after = Mm(6), Pt(8)
        _coloured(by.add_run(said_by), SOFT, 9)

    def chart(self, chart: Chart) -> None:
        """The bars of a chart's first series as a table, each as long as its share of the largest."""
        _, values = chart.series[0]
        most = max((value or 0 for value in values), default=0) or 1
        self.heading(chart.title, 2)
        table = self._table(len(values), (TEXT_MM - BAR_MM - 18, BAR_MM, 18))
        for cells, label, value in zip((row.cells for row in table.rows), chart.labels, values, strict=True):
            self._cell(cells[0], label)
            bar = "█" * round(24 * (value or 0) / most)
            _coloured(cells[1].paragraphs[0].add_run(bar), self._accent, 9)
            shown = "" if value is None else f"{value:.0%}" if chart.in_per_cent else f"{value:,.0f}"
            self._cell(cells[2], shown)
            cells[2].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.text(chart.note, soft=True)

    def table(self, table: Table, *, is_headed: bool = True) -> None:
        """A table with its title, its headings repeated on every page, and its note."""
        if table.title:
            self.heading(table.title, 2)
        shares = table.wide or (2.2, *(1.0 for _ in table.columns[1:]))
        widths = [TEXT_MM * share / sum(shares) for share in shares]
        rows = [*([table.columns] if is_headed else []), *table.rows]
        drawn = self._table(len(rows), widths)
        for place, (row, values) in enumerate(zip(drawn.rows, rows, strict=True)):
            is_head = is_headed and place == 0
            for cell, value in zip(row.cells, values, strict=True):
                self._cell(cell, str(value), bold=is_head, fill=HEAD_FILL if is_head else "")
            if is_head:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        if table.note:
            self.text(table.note, soft=True)

    def _table(self, rows: int, widths_mm: Sequence[float]) -> Any:
        table = self._paper.add_table(rows, len(widths_mm))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        borders = '<w:tblBorders {}><w:bottom w:val="single" w:sz="4" w:color="D9E0DD"/>'
        borders += '<w:insideH w:val="single" w:sz="4" w:color="D9E0DD"/></w:tblBorders>'
        table._tbl.tblPr.append(parse_xml(borders.format(nsdecls("w"))))
        for column, wide in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(wide)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, wide in zip(row.cells, widths_mm, strict=True):
                cell.width = Mm(wide)
        return table

    def _cell(self, cell: Any, text: str, *, bold: bool = False, fill: str = "") -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(9.5), bold
        self._directed(paragraph, text)
        if fill:
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>'))

    @staticmethod
    def _directed(paragraph: Any, text: str) -> None:
        if is_rtl(text):
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            for run in paragraph.runs:
                run.font.rtl = True


def _themes(paper: Paper, content: Deliverable) -> None:
    if not content.themes_note:
        return
    paper.heading("Themes")
    paper.text(content.themes_note, soft=True)
    if content.themes_chart:
        paper.chart(content.themes_chart)
    for place, finding in enumerate(content.findings, start=1):
        _finding(paper, place, finding)
    for table in (*([content.matrix] if content.matrix else []), *content.segments):
        paper.table(table)
    if content.tones:
        names = tuple(name for name, _ in content.tones.series)
        values = zip(*(values for _, values in content.tones.series), strict=True)
        rows = tuple(
            (label, *(int(value or 0) or "" for value in row))
            for label, row in zip(content.tones.labels, values, strict=True)
        )
        paper.table(Table(content.tones.title, ("Theme", *names), rows, content.tones.note))


def _finding(paper: Paper, place: int, finding: Finding) -> None:
    paper.heading(f"{place}. {finding.name}", 2)
    paper.text(finding.counted, soft=True)
    for line in finding.summary.splitlines():
        if line.strip():
            paper.text(line)
    for said in finding.quotes:
        paper.quote(said.quote, f"{said.said_by}{f' · {said.sentiment}' if said.sentiment else ''}")


def _survey(paper: Paper, content: Deliverable) -> None:
    if not content.survey:
        return
    paper.heading(f"Survey: {content.survey.title}")
    for chart in content.survey.charts:
        paper.chart(chart)
    for table in content.survey.open_answers:
        paper.table(table)
    paper.table(Table("Method card of the survey", ("", ""), content.survey.method, wide=(1, 3)), is_headed=False)
    paper.text(content.survey.limits)


def _panel_and_guide(paper: Paper, content: Deliverable) -> None:
    if content.panel:
        paper.heading("The panel")
        rows = tuple((each.name, each.facts, each.about) for each in content.panel)
        title = number(len(rows), "synthetic participant")
        paper.table(Table(title, ("Name", "Who", "In short"), rows, wide=(1.4, 2, 4)))
    if content.guide:
        paper.heading("Discussion guide")
        for section in content.guide:
            paper.heading(section.heading, 2)
            for asked in section.questions:
                paper.text(asked.text, style="List Bullet")
                for note in asked.notes:
                    paper.text(note, soft=True, style="List Continue")


def _lines(paper: Paper, lines: Sequence[Line]) -> None:
    section = ""
    for line in lines:
        if line.section and line.section != section:
            section = line.section
            paper.heading(section, 2)
        paper.spoken(line.speaker, line.text, str(line.seq), line.note)


def _mark(paragraph: Any, label: str, size: float) -> None:
    run = paragraph.add_run(f" {label} ")
    run.bold = True
    _coloured(run, AGAINST, size)
    run._r.get_or_add_rPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{MARK_FILL}"/>'))


def _coloured(run: Any, colour: str, size: float) -> None:
    run.font.color.rgb, run.font.size = RGBColor.from_string(colour), Pt(size)


def _page_number(paragraph: Any) -> None:
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:color w:val="{SOFT}"/><w:sz w:val="18"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    paragraph._p.append(field)
