"""The workbook: themes, verbatims, messages, panel, answers and usage as sheets of an Excel file.

Every text is written as a text, so none becomes a formula, a link or a date, whatever it begins with.
"""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from semblance_core.domain.usage.events import UsageEvent
from semblance_core.reports.deliverables.clean import clean, is_rtl
from semblance_core.reports.deliverables.content import Chart, Deliverable, Table
from semblance_core.reports.exports import total_spent

MOST_IN_CELL = 32_767
"""Characters that Excel keeps of a cell."""
CUT = " … (cut: a cell holds no more)"
Cell = str | int | float | Decimal | None
USAGE = (
    *("At (UTC)", "Feature", "Model", "Answered by", "Prompt tokens", "Cached", "Completion tokens", "Reasoning"),
    *("Cost, US dollars", "Exact cost", "Seconds", "Status", "Estimated", "Error", "Call"),
)


def workbook(content: Deliverable) -> bytes:
    """The content as an Excel file; each sheet says in its first row that participants are synthetic."""
    out = io.BytesIO()
    book = Book(out, content)
    book.sheet("About", ("", ""), _about(content), (24, 110))
    if content.findings:
        book.sheet("Themes", *_themes(content), chart=content.themes_chart)
        book.sheet("Verbatims", *_verbatims(content))
    for table in (*([content.matrix] if content.matrix else []), *content.segments):
        book.sheet(table.title, table.columns, table.rows, (34, *(14 for _ in table.columns[1:])), table.note)
    if content.transcript:
        columns = ("Message", "Role", "Speaker", "Text", "Section", "Note")
        rows = [(each.seq, each.role, each.speaker, each.text, each.section, each.note) for each in content.transcript]
        book.sheet("Messages", columns, rows, (9, 11, 22, 100, 26, 40))
    if content.panel:
        people = [(each.name, each.facts, each.about, each.origin) for each in content.panel]
        book.sheet("Panel", ("Name", "Who", "In short", "Origin"), people, (24, 60, 90, 12))
    if content.beside:
        book.sheet("Talk", content.beside.columns, content.beside.rows, (38, 14, 22, 50))
    if content.survey:
        _survey(book, content.survey.charts, content.survey.answers)
    if content.cost:
        book.sheet("Usage", USAGE, _usage(content.events), (20, 18, 26, 26, *(12 for _ in range(11))), content.cost)
    book.close()
    return out.getvalue()


class Book:
    """An Excel file under construction."""

    def __init__(self, out: io.BytesIO, content: Deliverable):
        as_written = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book: Any = xlsxwriter.Workbook(out, {**as_written, "strings_to_numbers": False})
        self._book.set_properties(
            {"title": content.title[:200], "author": "Semblance", "comments": content.notice[:250]}
        )
        top = {"valign": "top", "text_wrap": True}
        self._mark = self._book.add_format({"bold": True, "font_color": "#8A4B22", "bg_color": "#FBE9D7"})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F0", **top})
        self._text = self._book.add_format({**top, "num_format": "@"})
        self._turned = self._book.add_format({**top, "num_format": "@", "reading_order": 2, "align": "right"})
        self._number = self._book.add_format({"valign": "top"})
        self._money = self._book.add_format({"valign": "top", "num_format": "0.00#######"})
        self._label, self._notice, self._accent = content.label, content.notice, content.accent
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        widths: Sequence[float],
        note: str = "",
        chart: Chart | None = None,
    ) -> None:
        """A sheet: the mark in its first row, headings in its second, which stay in view."""
        called = self._called(name)
        sheet = self._book.add_worksheet(called)
        for column, wide in enumerate(widths):
            sheet.set_column(column, column, wide)
        sheet.write_string(0, 0, self._cut(f"{self._label}. {self._notice} {note}".strip()), self._mark)
        for column, heading in enumerate(columns):
            sheet.write_string(1, column, self._cut(heading), self._head)
        last = 1
        for last, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
        sheet.freeze_panes(2, 0)
        if any(columns) and last > 1:
            sheet.autofilter(1, 0, last, len(columns) - 1)
        sheet.set_footer(f"&L{self._label}&R&P")
        if chart and last > 1:
            self._draw(sheet, called, chart, last, len(columns))

    def close(self) -> None:
        self._book.close()

    def _called(self, name: str) -> str:
        """A sheet's name as Excel takes it, of which there is none yet."""
        plain = "".join(" " if char in "[]:*?/\\'" else char for char in name)[:28].strip() or "Sheet"
        called = next(
            each
            for each in (plain, *(f"{plain} {number}" for number in range(2, 99)))
            if each.casefold() not in self._names
        )
        self._names.add(called.casefold())
        return called

    def _write(self, sheet: Any, row: int, column: int, value: Cell) -> None:
        if isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self._money)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self._number)
        elif value:
            sheet.write_string(row, column, self._cut(value), self._turned if is_rtl(value) else self._text)

    @staticmethod
    def _cut(text: str) -> str:
        return text if len(text) <= MOST_IN_CELL else text[: MOST_IN_CELL - len(CUT)] + CUT

    def _draw(self, sheet: Any, called: str, chart: Chart, last: int, columns: int) -> None:
        """A native bar chart of the sheet's second and third column."""
        drawn = self._book.add_chart({"type": "bar"})
        series = {"categories": [called, 2, 1, last, 1], "values": [called, 2, 2, last, 2], "gap": 45}
        drawn.add_series({**series, "fill": {"color": f"#{self._accent}"}, "data_labels": {"value": True}})
        drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 12}})
        drawn.set_legend({"none": True})
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"min": 0, "major_gridlines": {"visible": False}})
        drawn.set_size({"width": 720, "height": max(220, 60 + 34 * (last - 1))})
        sheet.insert_chart(1, columns + 1, drawn)


def _about(content: Deliverable) -> list[tuple[str, str]]:
    rows = [("Title", content.title), ("Topic", content.topic), ("Session", content.about)]
    rows += [("Summary", "\n\n".join(content.summary)), ("Themes", content.themes_note)]
    rows += [*content.method, ("Limits", content.limits)]
    if content.survey:
        rows += [(f"Survey: {name}", words) for name, words in content.survey.method]
        rows.append(("Survey: limits", content.survey.limits))
    return [row for row in rows if row[1]]


def _themes(content: Deliverable) -> tuple[tuple[str, ...], list[tuple[Cell, ...]], tuple[float, ...]]:
    columns = ("No.", "Theme", "Participants quoted", "Of", "Quotes", "Who is quoted", "What it says", "Checked")
    rows: list[tuple[Cell, ...]] = [
        (
            *(place, each.name, len(each.speakers), each.of, len(each.quotes), ", ".join(each.speakers), each.summary),
            each.note,
        )
        for place, each in enumerate(content.findings, start=1)
    ]
    return columns, rows, (6, 40, 12, 6, 9, 40, 80, 40)


def _verbatims(content: Deliverable) -> tuple[tuple[str, ...], list[tuple[Cell, ...]], tuple[float, ...]]:
    columns = ("No.", "Theme", "Quote", "Speaker", "Who", "Message", "Sentiment", "Picked by hand")
    rows: list[tuple[Cell, ...]] = [
        (place, each.name, said.quote, said.speaker, said.who, said.seq, said.sentiment, "yes" if said.by_hand else "")
        for place, each in enumerate(content.findings, start=1)
        for said in each.quotes
    ]
    return columns, rows, (6, 36, 80, 22, 34, 9, 11, 9)


def _survey(book: Book, charts: Sequence[Chart], answers: Table) -> None:
    rows = [
        (chart.title, label, value, chart.note if place == 0 else "")
        for chart in charts
        for _, values in chart.series
        for place, (label, value) in enumerate(zip(chart.labels, values, strict=True))
    ]
    book.sheet("Survey results", ("Question", "Answer", "Share", "What to know"), rows, (60, 40, 10, 80))
    book.sheet("Answers", answers.columns, answers.rows, tuple(16 for _ in answers.columns))


def _usage(events: Sequence[UsageEvent]) -> list[tuple[Cell, ...]]:
    """One row a call, oldest first, and the sum; the exact cost is a text, because a number of Excel has 15 digits."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(f"{event.at:%Y-%m-%d %H:%M:%S}", event.feature, clean(event.model), clean(event.served.model)),
            *(event.tokens.prompt, event.tokens.cached, event.tokens.completion, event.tokens.reasoning),
            *(event.cost_usd, _exact(event.cost_usd), round(event.latency_s, 3), event.status),
            *("yes" if event.estimated else "", clean(event.error), event.id),
        )
        for event in sorted(events, key=lambda each: each.at)
    ]
    spent = total_spent(events)
    tokens = (spent.tokens.prompt, spent.tokens.cached, spent.tokens.completion, spent.tokens.reasoning)
    return [*rows, ("All calls", "", "", "", *tokens, spent.cost_usd, _exact(spent.cost_usd))]


def _exact(usd: Decimal | None) -> str:
    return "unknown" if usd is None else format(usd, "f")
