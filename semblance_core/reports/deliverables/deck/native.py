"""Charts and tables as PowerPoint's own, which whoever has the deck can edit."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from semblance_core.reports.deliverables.clean import at_most, is_rtl
from semblance_core.reports.deliverables.content import Chart
from semblance_core.reports.deliverables.deck.flow import CELL_PADDING, INK, SOFT, Box, Row, row_height

if TYPE_CHECKING:
    from pptx.slide import Slide

MOST_BARS = 24
MOST_OF_LABEL = 64
GREY = "B9C4C0"
TONES = {"positive": "", "neutral": GREY, "negative": "C9804F", "not judged": "E4E9E7"}
"""Fill of each series of a stacked chart; empty for the accent."""
DARK = "positive"
"""The series in the accent's colour, whose numbers are white."""
HEAD_FILL, LINE_FILL = "EEF2F0", "FFFFFF"
_TAKEN_FOR_MORE = re.compile(r"\s*(\{?=|(https?|ftps?|file)://|mailto:|(in|ex)ternal:)", re.IGNORECASE)
"""A label that the workbook inside a chart would hold as a formula or a link."""


def charts_of(chart: Chart) -> Iterator[Chart]:
    """The chart in charts of at most `MOST_BARS` bars, of about the same number."""
    parts = max(1, -(-len(chart.labels) // MOST_BARS))
    size = -(-len(chart.labels) // parts) if chart.labels else 0
    for start in range(0, len(chart.labels), size or 1):
        series = tuple((name, values[start : start + size]) for name, values in chart.series)
        yield Chart(
            chart.title, chart.labels[start : start + size], series, chart.note, chart.stacked, chart.in_per_cent
        )


def add_chart(slide: "Slide", box: Box, chart: Chart) -> None:
    """Horizontal bars, the first label on top."""
    data = CategoryChartData(number_format="0%" if chart.in_per_cent else "#,##0")
    data.categories = [label_in_chart(label) for label in chart.labels]
    for name, values in chart.series:
        data.add_series(name, values)
    kind = XL_CHART_TYPE.BAR_STACKED if chart.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    place = map(Inches, (box.left, box.top, box.width, box.height))
    frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described(chart))
    _styled(frame.chart, chart)


def label_in_chart(label: str) -> str:
    """The label, shortened, with an apostrophe where a spreadsheet would make more of it than a text.

    >>> label_in_chart("=cmd()"), label_in_chart("Price")
    ("'=cmd()", 'Price')
    """
    text = at_most(label, MOST_OF_LABEL)
    return f"'{text}" if _TAKEN_FOR_MORE.match(text) else text


def described(chart: Chart) -> str:
    """The chart in words, for those who do not see it."""
    figure = "{:.0%}" if chart.in_per_cent else "{:g}"
    rows = [
        f"{label}: {', '.join(_told(name, values[at], figure, len(chart.series)) for name, values in chart.series)}"
        for at, label in enumerate(chart.labels)
    ]
    return at_most(f"Bar chart. {chart.title}. {'; '.join(rows)}", 2_000)


def add_table(
    slide: "Slide", box: Box, columns: Sequence[str], rows: Sequence[Row], widths: Sequence[float], size: float
) -> None:
    """A table whose rows are as high as their texts need; the widths are in inches."""
    drawn = [*([columns] if any(columns) else []), *rows]
    heights = [row_height(row, widths, size) for row in drawn]
    frame = slide.shapes.add_table(
        len(drawn), len(columns), *map(Inches, (box.left, box.top, sum(widths), sum(heights)))
    )
    table = frame.table
    table.horz_banding, table.first_row = False, any(columns)
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Inches(wide)
    for at, (row, height) in enumerate(zip(drawn, heights, strict=True)):
        table.rows[at].height = Inches(height)
        for cell, value in zip(table.rows[at].cells, row, strict=True):
            _filled(cell, value, size, is_head=at == 0 and table.first_row)


def _told(name: str, value: float | None, figure: str, series: int) -> str:
    told = "none" if value is None else figure.format(value)
    return told if series == 1 else f"{told} {name}"


def _styled(drawn: Any, chart: Chart) -> None:
    size = Pt(14 if len(chart.labels) <= 8 else 12 if len(chart.labels) <= 14 else 10)
    drawn.has_title, drawn.has_legend = False, len(chart.series) > 1
    drawn.font.size, drawn.font.color.rgb = size, RGBColor.from_string(INK)
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    names, values = drawn.category_axis, drawn.value_axis
    names.reverse_order, names.major_tick_mark = True, XL_TICK_MARK.NONE
    names.format.line.color.rgb = RGBColor.from_string(GREY)
    values.visible, values.has_major_gridlines, values.minimum_scale = False, False, 0
    values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    plot = drawn.plots[0]
    plot.gap_width, plot.has_data_labels, plot.vary_by_categories = 45, True, False
    labels = plot.data_labels
    labels.font.size, labels.show_value = size, True
    labels.number_format = "0%" if chart.in_per_cent else "#,##0;;" if chart.stacked else "#,##0"
    labels.number_format_is_linked = False
    labels.position = XL_LABEL_POSITION.CENTER if chart.stacked else XL_LABEL_POSITION.OUTSIDE_END
    if chart.stacked:
        plot.overlap = 100
    for series in plot.series:
        _coloured(series.format.fill, TONES.get(series.name, ""))
        if chart.stacked and series.name == DARK:
            light = series.data_labels
            light.show_value, light.number_format, light.number_format_is_linked = True, labels.number_format, False
            light.font.size, light.font.color.rgb = size, RGBColor.from_string("FFFFFF")


def _coloured(fill: Any, colour: str) -> None:
    fill.solid()
    if colour:
        fill.fore_color.rgb = RGBColor.from_string(colour)
    else:
        fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1


def _filled(cell: Any, value: str | int | float, size: float, *, is_head: bool) -> None:
    text = str(value)
    cell.margin_left = cell.margin_right = Inches(CELL_PADDING)
    cell.margin_top = cell.margin_bottom = Inches(CELL_PADDING * 0.5)
    cell.vertical_anchor = MSO_ANCHOR.TOP
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(HEAD_FILL if is_head else LINE_FILL)
    paragraph = cell.text_frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = text.replace("\n", "\v")
    run.font.size, run.font.bold = Pt(size), is_head
    run.font.color.rgb = RGBColor.from_string(SOFT if is_head else INK)
    if is_rtl(text):
        paragraph._p.get_or_add_pPr().set("rtl", "1")
        paragraph.alignment = PP_ALIGN.RIGHT
