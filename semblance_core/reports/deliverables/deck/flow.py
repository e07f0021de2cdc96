"""Texts and tables in pieces that fit on a slide. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from semblance_core.reports.deliverables.content import Table
from semblance_core.reports.deliverables.fit import LINE, POINTS_AN_INCH, height_of, split

INK, SOFT, AGAINST = "22302C", "5A6964", "8A4B22"
CELL_PADDING = 0.07
"""Inches on each side of a cell's text."""
Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. size, after: points; keeps: it stands on the same slide as the next one; accent: in the accent's colour."""

    text: str
    size: float = 15
    bold: bool = False
    colour: str = INK
    after: float = 8
    keeps: bool = False
    accent: bool = False

    def height(self, width: float) -> float:
        """In inches, with the space behind it."""
        return height_of(self.text, self.size, width) + self.after / POINTS_AN_INCH


def height_of_all(words: Sequence[Words], width: float) -> float:
    return sum(each.height(width) for each in words)


def flowed(words: Sequence[Words], width: float, height: float) -> list[list[Words]]:
    """The paragraphs in columns of this width and height, in order; a paragraph that is longer than one is cut at a sentence.

    >>> [[each.text for each in column] for column in flowed([Words("One."), Words("Two.")], 4, 0.5)]
    [['One.'], ['Two.']]
    """
    columns: list[list[Words]] = [[]]
    left, waiting = height, list(words)
    while waiting:
        first = waiting[0]
        together = _kept_together(waiting)
        if height_of_all(together[:-1], width) + _least(together[-1]) > left and columns[-1]:
            columns.append([])
            left = height
            continue
        waiting.pop(0)
        if first.height(width) - first.after / POINTS_AN_INCH <= left:
            columns[-1].append(first)
            left -= first.height(width)
            continue
        begun, rest = split(first.text, first.size, width, left)
        columns[-1].append(replace(first, text=begun))
        if rest:
            waiting.insert(0, replace(first, text=rest))
            columns.append([])
            left = height
    return [column for column in columns if column]


def _kept_together(words: Sequence[Words]) -> list[Words]:
    """The first paragraph with those that it is kept with."""
    kept = [words[0]]
    while kept[-1].keeps and len(kept) < len(words):
        kept.append(words[len(kept)])
    return kept


def _least(words: Words) -> float:
    """The room that a paragraph begins in: two lines."""
    return 2 * words.size * LINE / POINTS_AN_INCH


def widths_of(table: Table, width: float) -> tuple[float, ...]:
    """Inches a column: as the table says; else the first one three times as wide as the others."""
    shares = table.wide or (3.0, *(1.0 for _ in table.columns[1:]))
    return tuple(width * share / sum(shares) for share in shares)


def row_height(row: Sequence[str | int | float], widths: Sequence[float], size: float) -> float:
    """Inches: of the tallest cell, with the cells' padding."""
    inner = (height_of(str(cell), size, wide - 2 * CELL_PADDING - 0.02) for cell, wide in zip(row, widths, strict=True))
    return max(inner) + 2 * CELL_PADDING * 0.6


def table_pages(table: Table, widths: Sequence[float], size: float, height: float) -> list[list[Row]]:
    """The rows in pages of this height, below their headings; a row that is taller than a page goes on in another."""
    head = row_height(table.columns, widths, size) if any(table.columns) else 0.0
    room = max(height - head, row_height(("",) * len(widths), widths, size) * 2)
    pages: list[list[Row]] = [[]]
    left = room
    for row in table.rows:
        for piece in _row_pieces(row, widths, size, room):
            needs = row_height(piece, widths, size)
            if needs > left and pages[-1]:
                pages.append([])
                left = room
            pages[-1].append(piece)
            left -= needs
    return pages


def _row_pieces(row: Row, widths: Sequence[float], size: float, room: float) -> Iterator[Row]:
    while row_height(row, widths, size) > room:
        cut = [
            split(str(cell), size, wide - 2 * CELL_PADDING - 0.02, room - 2 * CELL_PADDING)
            for cell, wide in zip(row, widths, strict=True)
        ]
        yield tuple(begun for begun, _ in cut)
        row = tuple(rest for _, rest in cut)
    yield row
