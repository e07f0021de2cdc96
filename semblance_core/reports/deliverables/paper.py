"""A Word file under construction: paragraphs, tables and bars in one design, with the mark on every page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from semblance_core.reports.deliverables.clean import at_most, is_rtl
from semblance_core.reports.deliverables.content import Chart, Deliverable, Table

SOFT, AGAINST, MARK_FILL, HEAD_FILL = "5A6964", "8A4B22", "FBE9D7", "EEF2F0"
PAGE_MM = (210, 297)
MARGIN_MM = 22
TEXT_MM = PAGE_MM[0] - 2 * MARGIN_MM
BAR_MM = 70
"""Width of the longest bar of a chart."""
BAR_BLOCKS = 24
"""Letters that the longest bar is made of."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one form. colour: six hexadecimal digits, empty for the style's; size: points, 0 for the style's."""

    text: str
    colour: str = ""
    size: float = 0
    bold: bool = False


def paragraph_xml(
    runs: Sequence[Run],
    is_turned: bool,
    *,
    style: str = "",
    indent: float = 0,
    after: float | None = None,
    keeps: bool = False,
) -> str:
    """A paragraph of WordprocessingML.

    Args:
        runs: Its pieces.
        is_turned: It is read from right to left.
        style: The id of a style, empty for the normal one.
        indent: Millimetres from the left, or from the right where it is turned.
        after: Points behind it; None for the style's.
        keeps: It stands on the page of the next one.
    """
    form = f'<w:pStyle w:val="{style}"/>' if style else ""
    form += "<w:keepNext/>" if keeps else ""
    form += "<w:bidi/>" if is_turned else ""
    form += f'<w:spacing w:after="{round(after * 20)}"/>' if after is not None else ""
    form += f'<w:ind w:left="{round(indent * 56.7)}"/>' if indent else ""
    written = "".join(_run_xml(run, is_turned) for run in runs)
    return f"<w:p {nsdecls('w')}><w:pPr>{form}</w:pPr>{written}</w:p>"


def _run_xml(run: Run, is_turned: bool) -> str:
    form = "<w:b/>" if run.bold else ""
    form += f'<w:color w:val="{run.colour}"/>' if run.colour else ""
    form += f'<w:sz w:val="{round(run.size * 2)}"/>' if run.size else ""
    form += "<w:rtl/>" if is_turned else ""
    text = escape(run.text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">').replace("\t", " ")
    return f'<w:r><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


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
        for line in self._paper.styles["Title"].element.iter(qn("w:bottom")):
            line.set(qn("w:color"), self._accent)
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

    def text(self, text: str, *, soft: bool = False, style: str = "") -> None:
        """A paragraph; its line breaks stay. style: the id of one of the file's styles."""
        self._add([Run(text, SOFT if soft else "", 10 if soft else 0)], text, style=style)

    def spoken(self, speaker: str, text: str, before: str = "", note: str = "") -> None:
        """Something that a person said, below their name."""
        head = [*([Run(f"{before}  ", SOFT, 9)] if before else []), Run(speaker, bold=True)]
        self._add([*head, *([Run(f"  {note}", SOFT, 9)] if note else [])], speaker, after=0, keeps=True)
        self.text(text)

    def quote(self, quote: str, said_by: str) -> None:
        """A verbatim with the line that says who said it, which stays on its page."""
        self._add([Run(f"“{quote}”")], quote, style="Quote", indent=6, after=0, keeps=True)
        self._add([Run(said_by, SOFT, 9)], said_by, indent=6, after=8)

    def _add(self, runs: Sequence["Run"], text: str, **form: Any) -> None:
        """Adds a paragraph. It is written as XML: built piece by piece, a long transcript would take seconds."""
        self._paper.element.body.sectPr.addprevious(parse_xml(paragraph_xml(runs, is_rtl(text), **form)))

    def chart(self, chart: Chart) -> None:
        """The bars of a chart's first series as a table, each as long as its share of the largest."""
        _, values = chart.series[0]
        most = max((value or 0 for value in values), default=0) or 1
        self.heading(chart.title, 2)
        table = self._table(len(values), (TEXT_MM - BAR_MM - 18, BAR_MM, 18))
        for cells, label, value in zip((row.cells for row in table.rows), chart.labels, values, strict=True):
            self._cell(cells[0], label)
            bar = "█" * round(BAR_BLOCKS * (value or 0) / most)
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
