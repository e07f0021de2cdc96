"""Personas in JSON as programs write them: lists, lines, tables by column, agents of EDSL and of TinyTroupe. Pure.

Whatever the form, what comes out is columns and rows; a field inside an object has the path to it as its column.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import LIST_FIELDS
from semblance_core.flows.importing.headings import FIELDS, field_of
from semblance_core.flows.importing.persona_form import plain_text
from semblance_core.flows.importing.preview import Column, Listing, Note, NoteKind, Row

LISTS = (
    *("personas", "agent_list", "agents", "people", "participants", "respondents", "users", "characters", "scenarios"),
    *("data", "rows", "items", "records", "results", "responses", "values"),
)
"""Keys under which an object may keep its list of personas, the plainest first."""
AROUND = ("persona", "_persona", "configuration", "_configuration", "specification", "agent", "profile", "demographics")
"""Objects whose fields are the person's own."""
OF_PROGRAMS = frozenset(
    {
        *(
            "edsl_version",
            "edsl_class_name",
            "codebook",
            "traits_presentation_template",
            "dynamic_traits_function_source_code",
        ),
        *("dynamic_traits_function_name", "has_dynamic_traits_function", "json_serializable_class_name"),
    }
)
"""Keys that programs write beside the person; they say nothing of the person unless filled in otherwise."""
DEEPEST = 8
Path = tuple[str, ...]


def read_json(text: str) -> Listing:
    """Raises `InvalidInput` for what is no JSON, and for JSON that holds no list of personas."""
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in found]
        twice.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(found)

    notes = list[Note]()
    try:
        found, form = json.loads(text, object_pairs_hook=pairs), "JSON"
    except RecursionError:
        raise InvalidInput("The file is not readable as JSON: it is nested too deeply.") from None
    except ValueError as wrong:
        twice.clear()
        lines = _lines(text, pairs)
        if lines is None:
            raise InvalidInput(f"The file is not readable as JSON: {wrong}.") from None
        found, form = lines, "JSON lines"
    book: Mapping[str, Any] = {}
    if form == "JSON":
        if isinstance(found, dict) and isinstance(found.get("codebook"), dict):
            book = found["codebook"]
        found, where = _list_in(found)
        if where:
            notes.append(Note(NoteKind.HEADER, f"The personas were read from “{where}”."))
    if twice:
        names = ", ".join(f"“{name[:40]}”" for name in dict.fromkeys(twice))
        notes.append(Note(NoteKind.COLUMNS, f"{names} stands twice in one object; the last one was taken."))
    return _listing(form, found, book, notes)


def _lines(text: str, pairs: Any) -> list[Any] | None:
    """One value a line; a line that is none stays a text. None where the file does not look like that."""
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    found = list[Any]()
    readable = 0
    for line in lines:
        try:
            found.append(json.loads(line, object_pairs_hook=pairs) if line else None)
            readable += bool(line) and isinstance(found[-1], dict)
        except (ValueError, RecursionError):
            found.append(line)
    filled = sum(map(bool, lines))
    return found if filled > 1 and readable * 2 >= filled else None


def _list_in(found: Any) -> tuple[list[Any], str]:
    """The list of personas that a JSON value holds, and under which name where that says little."""
    if isinstance(found, list):
        return _from_cells(found), ""
    if not isinstance(found, dict):
        raise InvalidInput("The file contains no list of personas.")
    if _is_person(found):
        return [found], ""
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):  # pandas, orient="split"
        return _from_cells([found["columns"], *found["data"]]), ""
    lists = [name for name in (*LISTS, *found) if name in found and isinstance(found[name], list)]
    if "personas" in found and not lists:
        raise InvalidInput("The file contains no list of personas.")
    by_column = {name: column for name, column in found.items() if isinstance(column, dict | list)}
    if any(field_of(name) == "name" for name in by_column) and len(by_column) == len(found):
        return _from_columns(by_column), ""
    if lists and (lists[0] in LISTS or len(lists) == 1):
        return _from_cells(found[lists[0]]), "" if lists[0] in LISTS[:3] else lists[0]
    if lists:
        names = ", ".join(f"“{name[:40]}”" for name in lists[:8])
        raise InvalidInput(f"The file holds several lists ({names}) and does not say which is of personas.")
    if found and all(isinstance(person, dict) for person in found.values()):
        return [{"name": name, **person} for name, person in found.items()], ""
    return [found], ""


def _is_person(found: Mapping[str, Any]) -> bool:
    names = {field_of(name) for name in found if not isinstance(found[name], dict | list)}
    return "name" in names or any(isinstance(found.get(name), dict) for name in ("traits", *AROUND))


def _from_cells(rows: list[Any]) -> list[Any]:
    """Rows that are lists, below a list of names, as objects."""
    if (
        len(rows) < 2
        or not all(isinstance(row, list) for row in rows)
        or not any(field_of(str(name)) for name in rows[0])
    ):
        return rows
    names = [str(name) for name in rows[0]]
    return [
        dict(zip([*names, *(f"column {n + 1}" for n in range(len(names), len(row)))], row, strict=False))
        for row in rows[1:]
    ]


def _from_columns(columns: Mapping[str, Any]) -> list[Any]:
    """Rows of a table that is written column by column, as pandas does."""
    by_place = {
        name: {
            str(place): value for place, value in (column.items() if isinstance(column, dict) else enumerate(column))
        }
        for name, column in columns.items()
    }
    places = dict.fromkeys(place for column in by_place.values() for place in column)
    return [{name: column.get(place) for name, column in by_place.items()} for place in places]


def _listing(form: str, people: list[Any], book: Mapping[str, Any], notes: list[Note]) -> Listing:
    columns: dict[Path, Column] = {}
    rows = list[Row]()
    for number, person in enumerate(people, start=1):
        where = f"Line {number}" if form == "JSON lines" else f"Persona {number}"
        if form == "JSON lines" and person is None:
            continue
        if not isinstance(person, dict):
            rows.append(Row(where, {}, "It is not an object with fields."))
            continue
        own = person.get("codebook") if isinstance(person.get("codebook"), dict) else {}
        asked = {**book, **(own or {})}
        values: dict[str, object] = {}
        for path, value in _leaves(person):
            if path[-1] in OF_PROGRAMS and path not in columns:
                continue
            if path not in columns:
                question = plain_text(asked.get(path[-1]))
                columns[path] = Column(".".join(path), _shown(path), (path[-1], *([question] if question else [])))
            values[columns[path].key] = value
        rows.append(Row(where, values))
    in_depth = sorted(columns.values(), key=lambda column: column.key.count("."))
    return Listing(form, tuple(in_depth), tuple(rows), notes=tuple(notes))


def _leaves(found: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value with its path. An object that is one field's value becomes words; others are looked into."""
    for name, value in found.items():
        here = (*path, str(name))
        if isinstance(value, dict) and not _is_value(str(name)) and len(here) < DEEPEST:
            if name not in OF_PROGRAMS:
                yield from _leaves(value, here)
        elif isinstance(value, dict):
            yield here, _listed(value) if field_of(str(name)) in LIST_FIELDS else in_words(value)
        elif isinstance(value, list):
            yield here, [in_words(item) for item in value]
        else:
            yield here, value


def _is_value(name: str) -> bool:
    """Returns whether an object is what one field says, as an occupation with title and organisation is."""
    if str(name).casefold() in AROUND or field_of(name) in ("name", "backstory"):
        return False
    return field_of(name) in FIELDS


def _listed(value: Mapping[str, Any]) -> list[str]:
    return [text for text in map(in_words, value.values()) if text]


def in_words(value: object) -> str:
    """A value as a person would write it, without brackets.

    >>> in_words({"title": "Data analyst", "organization": "a shop", "description": "You look for patterns."})
    'Data analyst, a shop. You look for patterns.'
    >>> in_words([{"interest": "chess"}, "baking"]), in_words({"size": 3, "pets": None})
    ('chess; baking', 'size 3')
    """
    if isinstance(value, Mapping):
        said = ""
        for name, each in value.items():
            text = in_words(each)
            if text and not isinstance(each, str | Mapping | list):
                text = f"{str(name).replace('_', ' ')} {text}"
            if text:
                long = text.endswith((".", "!", "?"))
                said += ("" if not said else " " if said.endswith((".", "!", "?")) else ". " if long else ", ") + text
        return said
    if isinstance(value, list):
        return "; ".join(text for text in map(in_words, value) if text)
    return plain_text(value)


def _shown(path: Path) -> str:
    """A path without the objects that are around every person."""
    inner = [name for name in path[:-1] if name not in (*AROUND, "traits")]
    return ".".join([*inner, path[-1]])
