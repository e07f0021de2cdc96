"""Codebooks read from files. Pure; what stands in a file is taken for text and nothing else."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.coding.codebook import (
    CODE_NAME_CHARS,
    CODE_TEXT_CHARS,
    MOST_CODES,
    MOST_LEVELS,
    CodebookCode,
    name_key,
    next_colours,
    tree,
)
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.errors import InvalidInput
from semblance_core.reports.coding.codebook_csv import ABOVE, COLOUR, DEFINITION, NAME, WHEN, WHEN_NOT
from semblance_core.reports.escape import original_cell

MOST_CHARS = 4_000_000
OTHER_NAMES = {
    "code": NAME,
    "description": DEFINITION,
    "when to use": WHEN,
    "when not to use": WHEN_NOT,
    "color": COLOUR,
    "parent": ABOVE,
}
"""Headings of other tools."""


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code as a file has it. above: the name of the code above it; empty at the top."""

    name: str
    definition: str = ""
    when: str = ""
    when_not: str = ""
    colour: str = ""
    above: str = ""


def read_csv(content: str) -> list[ReadCode]:
    """The rows of a CSV file with at least a column `name`; commas, semicolons or tabs between its cells."""
    if len(content) > MOST_CHARS:
        raise InvalidInput(f"A codebook's file has at most {MOST_CHARS:,} characters.")
    text = content.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as failed:
        raise InvalidInput(f"This is no CSV file that can be read ({failed}).") from None
    read = [{_column(key): value or "" for key, value in row.items() if isinstance(value, str)} for row in rows]
    named = [row for row in read if row.get(NAME, "").strip()]
    if not named:
        raise InvalidInput("There is no code in this file. Its first line names the columns, one of them “name”.")
    columns = (NAME, DEFINITION, WHEN, WHEN_NOT, COLOUR, ABOVE)
    return [ReadCode(*(original_cell(row.get(column, "")).strip() for column in columns)) for row in named]


def new_codes(
    read: Sequence[ReadCode], there: Sequence[CodebookCode], project_id: str, made: Author, new_id: Callable[[], str]
) -> list[CodebookCode]:
    """Those codes of a file whose name the codebook does not have yet, each below the code that the file names.

    A colour that is none is replaced; a place that would be a ring, or too deep, becomes the top.

    Raises:
        InvalidInput: there are too many codes, or a text is too long.
    """
    if len(read) > MOST_CODES:
        raise InvalidInput(f"A codebook has at most {MOST_CODES:,} codes, and this file has {len(read):,}.")
    ids = {name_key(code.name): code.id for code in there}
    colours, new = next_colours(there), []
    for each in read:
        if name_key(each.name) in ids:
            continue
        ids[name_key(each.name)] = new_id()
        for text, most in (
            (each.name, CODE_NAME_CHARS),
            (each.definition, CODE_TEXT_CHARS),
            (each.when, CODE_TEXT_CHARS),
        ):
            if len(text) > most:
                raise InvalidInput(f"“{text[:40]}…” has {len(text):,} characters, and at most {most:,} fit there.")
        new.append(each)
    codes = []
    for each in new:
        own_id, parent_id = ids[name_key(each.name)], ids.get(name_key(each.above), "") if each.above else ""
        code = CodebookCode(own_id, project_id, " ".join(each.name.split()), made)
        texts = replace(code, definition=each.definition, when=each.when, when_not=each.when_not)
        codes.append(replace(texts, colour=_colour(each.colour) or next(colours), parent_id=parent_id))
    return _placed([*there, *codes], {code.id for code in codes})


def _placed(codes: Sequence[CodebookCode], new: set[str]) -> list[CodebookCode]:
    """The new ones of these codes, none in a ring and none too deep."""
    levels = {each.code.id: each.level for each in tree(codes)}
    by_id = {code.id: code for code in codes}

    def fits(code: CodebookCode) -> bool:
        seen, at = {code.id}, code.parent_id
        while at in by_id and at not in seen:
            seen.add(at)
            at = by_id[at].parent_id
        return at not in seen and levels[code.id] < MOST_LEVELS

    return [code if fits(code) else replace(code, parent_id="") for code in codes if code.id in new]


def _column(heading: str | None) -> str:
    plain = " ".join((heading or "").split()).casefold()
    return OTHER_NAMES.get(plain, plain)


def _colour(text: str) -> str:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    is_colour = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f"#{digits}" if is_colour else ""
