"""Tables as programs write them: what separates columns, which row is the header, what stands above and beside it. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.importing.headings import CITY, COUNTRY, FIRST, LAST, STATE, field_of, is_answer
from semblance_core.flows.importing.preview import Column, LeftOut, Listing, Note, NoteKind, Row
from semblance_core.reports.escape import original_cell

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
HEADER_WITHIN = 12
"""In how many rows the header is looked for."""
_SAYS_SEPARATOR = re.compile(r'^"?sep=(.|\\t)"?[\t,;| ]*\r?(?:\n|\r|$)', re.IGNORECASE)
_RULE = re.compile(r"^[\s:|=+-]*-{2,}[\s:|=+-]*$")
_IMPORT_ID = re.compile(r'^\{\s*"+ImportId"+')
_PARTS = ("name", FIRST, LAST, CITY, STATE, COUNTRY, "age", "location")
"""Names of the parts of a question about a name or an address; other words below a question are options of it."""
Cells = list[str]


def read_table(text: str) -> Listing:
    """A table with a header as columns and rows; raises `InvalidInput` for what is none."""
    if said := _SAYS_SEPARATOR.match(text):
        separator = "\t" if said[1] == "\\t" else said[1]
        records = _records(text[said.end() :], separator)
        at = _header_at(records)
    else:
        separator, records, at = _separated(text)
    if at is None:
        raise InvalidInput(_no_names(records))
    notes = [_above(records, number) for number in range(at) if any(records[number])]
    header, first, also = _headers(records, at, notes)
    rows = [(number, cells) for number, cells in enumerate(records[first:], start=first + 1) if any(cells)]
    columns, left_out = _columns(header, also, [cells for _, cells in rows])
    surplus = _surplus(len(header), [cells for _, cells in rows])
    left_out += surplus
    said_rows = [
        Row(
            f"Row {number}",
            {column.key: original_cell(cells[int(column.key)]) for column in columns if int(column.key) < len(cells)},
            "" if surplus else _too_long(cells, len(header)),
        )
        for number, cells in rows
    ]
    words = SEPARATORS.get(separator, f"“{separator}”")
    return Listing("CSV", tuple(columns), tuple(said_rows), words, tuple(left_out), tuple(notes))


def _separated(text: str) -> tuple[str, list[Cells], int | None]:
    """The separator under which the most columns of the header are known."""
    best: tuple[tuple[int, int], str, list[Cells], int | None] | None = None
    for separator in SEPARATORS:
        try:
            records = _records(text, separator)
        except InvalidInput:
            if separator == "|" and best is None:
                raise
            continue
        at = _header_at(records)
        known = (
            max((sum(map(bool, map(field_of, cells))) for cells in records[at : at + 2]), default=0)
            if at is not None
            else 0
        )
        score = (known, len(records[at or 0]) if records else 0)
        if best is None or score > best[0]:
            best = (score, separator, records, at)
    assert best is not None
    _, separator, records, at = best
    if (unpacked := _unpacked(records)) is not None:
        return _separated(unpacked)
    return separator, records, at


def _unpacked(records: list[Cells]) -> str | None:
    """A table that was once opened in one column and saved again: each row is one cell that holds a whole row."""
    if any(len(cells) > 1 and any(cells[1:]) for cells in records[:HEADER_WITHIN]):
        return None
    whole = "\n".join(cells[0] for cells in records if cells)
    first = whole.partition("\n")[0]
    is_packed = any(mark in first and any(field_of(part) for part in first.split(mark)) for mark in ",;\t")
    return whole if is_packed and len(records) > 1 else None


def _records(text: str, separator: str) -> list[Cells]:
    """Every row as a spreadsheet counts them, blank ones too, each without the blanks around its cells."""
    if len(separator) != 1 or separator in '\r\n"':
        raise InvalidInput("The file's first line names a separator that is none.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        records = [[cell.strip() for cell in cells] for cells in reader]
    except csv.Error as wrong:
        raise InvalidInput(f"The file is not readable as CSV: {wrong}.") from None
    if separator == "|":  # as Markdown has tables: bars at both ends, and a rule below the header
        rules = [number for number, cells in enumerate(records) if cells and _RULE.match("|".join(cells))]
        records = [[] if number in rules else cells for number, cells in enumerate(records)]
        if all(not cells or not cells[0] for cells in records):
            records = [cells[1:] for cells in records]
    return records


def _header_at(records: Sequence[Cells]) -> int | None:
    """The first row that names a column for names; of those with several known columns the first."""
    found = [
        (number, len([cell for cell in cells if field_of(cell)]))
        for number, cells in enumerate(records[:HEADER_WITHIN])
        if any(map(_names, cells))
    ]
    at = next((number for number, known in found if known > 1), found[0][0] if found else None)
    if at:  # codes of columns above their questions, or questions above what each of their columns is for
        above, below = (len([cell for cell in records[number] if cell]) for number in (at - 1, at))
        if above > 1 and (above >= below or any(map(is_answer, records[at])) or _leads(records[at - 1], records[at])):
            return at - 1
    return at


def _no_names(records: Sequence[Cells]) -> str:
    first = next((cells for cells in records if any(cells)), [])
    shown = ", ".join(f"“{cell[:30]}”" for cell in first[:8] if cell)
    there = f" Its first row has {shown}." if shown else ""
    return f"The file is neither a JSON list of personas nor a CSV table with a column “name”.{there}"


def _above(records: Sequence[Cells], number: int) -> Note:
    words = " ".join(cell for cell in records[number] if cell)
    return Note(NoteKind.HEADER, f"Row {number + 1} stands above the header and is left out: “{words[:60]}”.")


def _leads(above: Cells, below: Cells) -> bool:
    """Returns whether a survey's own columns (a respondent's number) stand in the row above alone, before parts of a question below."""
    return bool(above[0]) and not below[0] and len(below) >= len(above)


def _headers(records: Sequence[Cells], at: int, notes: list[Note]) -> tuple[Cells, int, list[Cells]]:
    """The header, where the rows begin, and further header rows, as survey programs write them."""
    header, following = records[at], records[at + 1 : at + 3]
    named = [column for cells in (header, *following[:1]) for column, cell in enumerate(cells) if _names(cell)]
    further = next((n + 1 for n, cells in enumerate(following) if any(map(_IMPORT_ID.match, cells))), 0)
    if not further and following and _continues_header(header, following[0], named, records[at + 2 :]):
        further = 1
    also = [list(cells) for cells in records[at + 1 : at + 1 + further] if not any(map(_IMPORT_ID.match, cells))]
    for cells in also:
        header = _with_options(header, cells)
    if further:
        rows = (
            f"Row {at + 2} is taken for a further header row"
            if further == 1
            else f"Rows {at + 2} and {at + 3} are taken for further header rows"
        )
        notes.append(Note(NoteKind.HEADER, f"{rows}, as survey programs write them."))
    return header, at + 1 + further, also


def _with_options(header: Cells, cells: Cells) -> Cells:
    """The header where a question stands above the first of its columns alone, and parts or options of it in the row below.

    In cells, an option gives way to its question, for it is no name of a field.
    """
    whole = header + [""] * (len(cells) - len(header))
    asked = list(whole)
    starts = [column for column, cell in enumerate(whole) if cell] + [len(whole)]
    for start, end in pairwise(starts):
        group = [column for column in range(start, min(end, len(cells))) if cells[column]]
        if not any(not whole[column] for column in group):
            continue
        parts = [column for column in group if field_of(cells[column]) in _PARTS or cells[column].endswith((":", "："))]
        for column in group:
            if whole[column] and is_answer(cells[column]):
                continue
            if len(parts) > 1 or (len(group) == 1 and parts):
                asked[column] = cells[column]
            else:
                asked[column] = f"{whole[start]} – {cells[column]}"
                cells[column] = whole[start]
    for column in range(starts[0]):
        asked[column] = cells[column] if column < len(cells) else ""
    return asked


def _continues_header(header: Cells, cells: Cells, named: Sequence[int], rows: Sequence[Cells]) -> bool:
    """Returns whether a row says what its columns are, as the row above does: questions, “Response”, or options below one question."""
    filled = [cell for cell in cells if cell]
    names = [cells[column] for column in named if column < len(cells) and cells[column]]
    if not filled or not all(map(_is_heading, names)):
        return False
    if any(map(is_answer, names)) or (not names and any(map(is_answer, filled))):
        return True
    told = [cell for cell in filled if _is_heading(cell)]
    if names and len(told) * 2 > len(filled):
        return True
    options = [column for column, cell in enumerate(cells) if cell and not "".join(header[column : column + 1])]
    if not options or cells[0] or (not names and any(map(_is_name_of_field, header, cells))):
        return False
    said = {(column, row[column]) for row in rows for column in options if column < len(row) and row[column]}
    is_repeated = bool(said) and all(cells[column] == value for column, value in said)
    return is_repeated or not any(cell[0].isdecimal() for cell in filled)


def _is_name_of_field(heading: str, cell: str) -> bool:
    """Returns whether a cell fills a column that is known, so that its row may be a person."""
    return bool(cell and field_of(heading) and not _is_heading(cell))


def _is_heading(cell: str) -> bool:
    return cell.endswith(("?", "？", ":")) or bool(is_answer(cell) or field_of(cell))


def _names(heading: str) -> bool:
    return field_of(heading) in ("name", FIRST, LAST)


def _columns(header: Cells, also: Sequence[Cells], rows: Sequence[Cells]) -> tuple[list[Column], list[LeftOut]]:
    times = Counter(cell.casefold() for cell in header if cell)
    columns, left_out = list[Column](), list[LeftOut]()
    for number, heading in enumerate(header):
        values = [cells[number] for cells in rows if number < len(cells) and cells[number]]
        if not heading:
            if values:
                left_out.append(LeftOut(f"column {number + 1}", f"It has no header; it holds “{values[0][:40]}”."))
            continue
        shown = f"{heading} (column {number + 1})" if times[heading.casefold()] > 1 else heading
        others = tuple(cells[number] for cells in also if number < len(cells) and cells[number])
        columns.append(Column(str(number), shown, (heading, *others)))
    return columns, left_out


def _surplus(width: int, rows: Sequence[Cells]) -> list[LeftOut]:
    """Columns beyond the header that every row has: they were never named. Where some rows have more, their cells are shifted."""
    filled = [[cell for cell in cells[width:] if cell] for cells in rows]
    if not filled or not all(filled):
        return []
    return [LeftOut(f"column {width + 1}", f"It has no header; it holds “{filled[0][0][:40]}”.")]


def _too_long(cells: Cells, width: int) -> str:
    if not any(cells[width:]):
        return ""
    count = max(number for number, cell in enumerate(cells, start=1) if cell)
    return f"It has {count} cells, and the header {width}: put texts that hold the separator in quotes."
