"""Maps columns of a listing to fields of a persona, and names those left out. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from semblance_core.domain.personas.persona import TRAITS
from semblance_core.flows.importing.headings import (
    BIRTH,
    FIRST,
    LAST,
    NAME_PARTS,
    OWN,
    PLACE_PARTS,
    SOURCE,
    called,
    field_of,
    is_answer,
    rank,
    takes_several,
)
from semblance_core.flows.importing.persona_form import plain_text
from semblance_core.flows.importing.preview import Column, ColumnTaken, LeftOut, Listing, Row
from semblance_core.flows.importing.values import LEVELS

UNKNOWN = "No field of a persona goes by this name."
NO_AGE = "From when somebody was born their age cannot be told; add a column “age”."
OF_ITS_OWN = "An imported persona gets this anew."
NOT_LEVEL = "Traits are numbers from 0 to 100 here, and these are words."


@dataclass(frozen=True, slots=True)
class ByField:
    """columns: by field, those that give it, the plainest first."""

    columns: Mapping[str, tuple[Column, ...]]
    taken: tuple[ColumnTaken, ...]
    left_out: tuple[LeftOut, ...]

    def values_of(self, row: Row) -> dict[str, Any]:
        """A row's values by field: the first column that says something, and lists of several columns put together."""
        found = {name: _value(name, columns, row) for name, columns in self.columns.items()}
        name = _whole_name(*(plain_text(found.pop(part, "")) for part in ("name", *NAME_PARTS)))
        place = [plain_text(found.pop(part, "")) for part in PLACE_PARTS]
        location = found.get("location") or ", ".join(dict.fromkeys(part for part in place if part))
        traits = {trait: found.pop(trait) for trait in TRAITS if trait in found}
        return {**found, "name": name, "location": location, **traits}


def mapped(listing: Listing) -> ByField:
    """Returns the columns of the listing with the fields that they fill."""
    by_field: dict[str, list[Column]] = defaultdict(list)
    left_out = list(listing.left_out)
    filled_in = {
        column.key: [row.values[column.key] for row in listing.rows if _says(row.values.get(column.key))]
        for column in listing.columns
    }
    for column in sorted(listing.columns, key=lambda column: not filled_in[column.key]):
        field = next((found for name in (column.heading, *column.also) if (found := field_of(name))), "")
        filled = filled_in[column.key]
        if not filled and (field in ("", BIRTH, OWN) or by_field.get(field)):
            continue  # it says nothing that could be left out
        if field in LEVELS and filled and not any(map(_has_number, filled)):
            left_out.append(LeftOut(_asked(column), NOT_LEVEL))
        elif field in ("", BIRTH, OWN):
            left_out.append(LeftOut(_asked(column), {"": UNKNOWN, BIRTH: NO_AGE, OWN: OF_ITS_OWN}[field]))
        else:
            by_field[field].append(column)
    taken = list[ColumnTaken]()
    for field, columns in by_field.items():
        columns.sort(key=lambda column: min(rank(name, field) for name in (column.heading, *column.also)))
        for number, column in enumerate(columns):
            if number == 0 or takes_several(field):
                taken.append(ColumnTaken(column.heading, called(field)))
            elif any(
                plain_text(row.values.get(column.key)) not in ("", plain_text(row.values.get(columns[0].key)))
                for row in listing.rows
            ):
                why = f"“{columns[0].heading}” gives the {called(field)} too and was taken; this one only where that is empty."
                left_out.append(LeftOut(column.heading, why))
    if "location" in by_field:
        for part in PLACE_PARTS:
            for column in by_field.get(part, ()):
                taken = [each for each in taken if each.column != column.heading]
                why = f"“{by_field['location'][0].heading}” gives the location and was taken; this one only where that is empty."
                left_out.append(LeftOut(column.heading, why))
    if "name" in by_field and {FIRST, LAST} <= by_field.keys():
        for part in NAME_PARTS:
            for column in by_field.pop(part):
                taken = [each for each in taken if each.column != column.heading]
                left_out.append(LeftOut(column.heading, f"“{by_field['name'][0].heading}” is the name that was taken."))
    order = {column.heading: number for number, column in enumerate(listing.columns)}
    return ByField(
        {field: tuple(columns) for field, columns in by_field.items()},
        tuple(sorted((each for each in taken if not _is_source(each)), key=lambda each: order[each.column])),
        tuple(left_out),
    )


def _asked(column: Column) -> str:
    """A column with the question that it answers, where its heading does not hold that."""
    shown = _letters(column.heading)
    question = next((name for name in column.also if _letters(name) and _letters(name) not in shown), "")
    return f"{column.heading}: {' '.join(question.split())}" if question and not is_answer(question) else column.heading


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_source(taken: ColumnTaken) -> bool:
    """Returns whether it is how Semblance writes where a persona came from."""
    return taken.field in [called(name) for name in SOURCE]


def _value(field: str, columns: Sequence[Column], row: Row) -> Any:
    values = [row.values[column.key] for column in columns if _says(row.values.get(column.key))]
    if not values:
        return ""
    if takes_several(field) and len(values) > 1:
        return [item for value in values for item in (value if isinstance(value, list) else [value])]
    return values[0]


def _says(value: object) -> bool:
    return value is not None and value != [] and plain_text(value) != ""


def _has_number(value: object) -> bool:
    return any(sign.isdecimal() for sign in plain_text(value))


def _whole_name(name: str, first: str, last: str) -> str:
    """
    >>> _whole_name("", "Maya", "Rao"), _whole_name("Rao", "Maya", ""), _whole_name("Maya Rao", "Maya", "")
    ('Maya Rao', 'Maya Rao', 'Maya Rao')
    """
    if not name:
        return f"{first} {last}".strip()
    has = name.casefold().split()
    first = "" if not first or first.casefold().split()[0] in has else first
    last = "" if not last or last.casefold().split()[-1] in has else last
    return " ".join(part for part in (first, name, last) if part)
