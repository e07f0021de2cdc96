"""Personas from files: JSON and CSV, as people's spreadsheets and other programs write them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.alike import name_key
from semblance_core.documents.text.encoding_names import label as encoding_label
from semblance_core.documents.text.encodings import spoilt
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona, label
from semblance_core.flows.importing.columns import mapped
from semblance_core.flows.importing.file_text import FileText, read_text
from semblance_core.flows.importing.headings import SOURCE
from semblance_core.flows.importing.persona_form import InvalidFields, plain_text, problems, written
from semblance_core.flows.importing.persona_json import read_json
from semblance_core.flows.importing.preview import (
    Ages,
    Answers,
    Choice,
    ImportPreview,
    Listing,
    Note,
    NoteKind,
    Numbers,
    Question,
    Row,
)
from semblance_core.flows.importing.table import read_table
from semblance_core.flows.importing.values import LEVELS, Doubt, Reading, read_values

MAX_IMPORT = 500
SHOWN_ROWS, BANDS_SHOWN = 3, 8
SHOWN_CHARS = 120
NOTHING_BUT = " \t\r\n\0\f,;|\"'\ufeff"
"""A file of these alone is empty."""
MOST_LOOKED_AT = 200_000
WAYS = {"point": "1,000.5", "comma": "1.000,5"}
"""Ways to write numbers, by the answer."""


def read_personas(content: str | bytes, *, encoding: str = "", numbers: Numbers = "", ages: Ages = "") -> list[Persona]:
    """Personas from JSON or from CSV with a header; raises `InvalidInput` for what cannot be read or is asked about.

    See `preview_of` for what is read and for what encoding, numbers and ages answer.
    """
    preview = preview_of(content, encoding=encoding, numbers=numbers, ages=ages)
    refuse_open(preview)
    if preview.problems:
        raise InvalidInput(preview.problems[0])
    return list(preview.personas)


def refuse_open(preview: ImportPreview) -> None:
    """Raises `InvalidInput` where the encoding is in doubt, with the first rows as each encoding reads them."""
    if asked := preview.needs_encoding:
        read = "; ".join(f"{choice.value}: {' / '.join(choice.shown)}" for choice in asked.choices)
        raise InvalidInput(f"{asked.text} As encoding {read}.")


def preview_of(content: str | bytes, *, encoding: str = "", numbers: Numbers = "", ages: Ages = "") -> ImportPreview:
    """Reads a file row by row; an error in one row keeps no other one out.

    encoding, numbers, ages: what a person answers where the file does not tell (`Answers`). Raises `InvalidInput` for what is
    no such file.
    """
    answers = Answers(encoding, numbers, ages)
    file = read_text(content, encoding)
    listing = _listing(file)
    if not listing.rows:
        raise InvalidInput("The file contains no personas.")
    if len(listing.rows) > MAX_IMPORT:
        raise InvalidInput(
            f"The file holds {len(listing.rows)} personas; at most {MAX_IMPORT} can be imported at once."
        )
    columns = mapped(listing)
    own = set(SOURCE) <= columns.columns.keys()  # as Semblance writes it: nothing in it is to be interpreted
    personas, wrong, awaiting, readings = list[Persona](), list[str](), list[str](), list[Reading]()
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in listing.rows:
        values = columns.values_of(row)
        reading = Reading(values) if own else read_values(values, answers)
        readings.append(reading)
        try:
            person = _read_row(row, reading)
        except InvalidInput as refused:
            called = f" ({plain_text(values['name'])[:40]})" if plain_text(values["name"]) else ""
            wrong.append(f"{row.where}{called}: {refused}")
            if _only_awaits(row, reading):
                awaiting.append(wrong[-1])
            continue
        personas.append(person)
        places[name_key(person.name)].append((person.name, row.where))
    return ImportPreview(
        tuple(personas),
        tuple(wrong),
        listing.format,
        file.encoding,
        listing.separator,
        columns.taken,
        columns.left_out,
        (
            *_on_encoding(file),
            *listing.notes,
            *_on_values(readings),
            *_on_levels(readings),
            *_on_names(places),
        ),
        (*_ask_encoding(content, file), *_ask_values(readings)),
        tuple(column.heading for column in listing.columns),
        _first_rows(listing),
        tuple(awaiting),
    )


def _listing(file: FileText) -> Listing:
    text = file.text.lstrip("\ufeff").strip("\r\n \0")
    if not text.strip(NOTHING_BUT):
        raise InvalidInput("The file is empty.")
    return read_json(text) if text.startswith(("[", "{")) else read_table(text)


def _read_row(row: Row, reading: Reading) -> Persona:
    if row.problem:
        raise InvalidInput(row.problem)
    values = {name: value for name, value in reading.values.items() if name not in (*LEVELS[:-1], *SOURCE)}
    values["big_five"] = {name: reading.values[name] for name in LEVELS[:-1] if name in reading.values}
    if reading.wrong:
        raise InvalidFields([*reading.wrong, *problems(values)])
    simulated = plain_text(reading.values.get("simulated")).casefold() == "true"
    brief = plain_text(reading.values.get("source_brief"))
    return replace(written(values), origin="imported", source_brief=brief, simulated=simulated)


def _only_awaits(row: Row, reading: Reading) -> bool:
    """Returns whether a row has no other fault than what is asked about."""
    doubtful = {doubt.field for doubt in reading.doubts}
    if row.problem or not doubtful or len(reading.wrong) > len(reading.doubts):
        return False
    values = {name: value for name, value in reading.values.items() if name not in (*LEVELS[:-1], *SOURCE)}
    values["big_five"] = {name: reading.values[name] for name in LEVELS[:-1] if name in reading.values}
    return not problems(values)


def _first_rows(listing: Listing) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(_shown(row.values.get(column.key)) for column in listing.columns) for row in listing.rows[:SHOWN_ROWS]
    )


def _shown(value: object) -> str:
    text = "; ".join(map(plain_text, value)) if isinstance(value, list) else plain_text(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"


def _on_encoding(file: FileText) -> list[Note]:
    if file.guessed:
        told = f"The file does not say in what its characters are written. They were read as {encoding_label(file.encoding)}, by what they"
        return [Note(NoteKind.ENCODING, f"{told} look like; check that names are right.")]
    if word := spoilt(file.text[:MOST_LOOKED_AT]):
        told = f"“{word[:40]}” looks as if it was once read in the wrong encoding, and saved so; check that names are right."
        return [Note(NoteKind.ENCODING, told)]
    return []


def _ask_encoding(content: str | bytes, file: FileText) -> list[Question]:
    if not file.others or isinstance(content, str):
        return []
    choices = []
    for name in (file.encoding, *file.others):
        try:
            listing = _listing(read_text(content, name))
        except InvalidInput:
            continue
        shown = tuple(", ".join(cell for cell in row if cell)[:SHOWN_CHARS] for row in _telling_rows(listing))
        choices.append(Choice(name, encoding_label(name), shown))
    text = "The file's characters can be read in more than one way; say in which encoding it was saved."
    return [Question("encoding", text, tuple(choices))] if len(choices) > 1 else []


def _telling_rows(listing: Listing) -> list[list[str]]:
    """Three rows, those first in which there is something that encodings read differently."""
    rows = [[_shown(row.values.get(column.key)) for column in listing.columns] for row in listing.rows]
    return sorted(rows, key=lambda cells: "".join(cells).isascii())[:SHOWN_ROWS]


def _ask_values(readings: Sequence[Reading]) -> list[Question]:
    doubts: dict[str, list[Doubt]] = defaultdict(list)
    for reading in readings:
        for doubt in reading.doubts:
            doubts[doubt.kind].append(doubt)
    questions = []
    if found := doubts.get("numbers"):
        choices = [Choice(how, WAYS[how], _by_field(found, how)) for how in ("comma", "point")]
        questions.append(Question("numbers", "Some numbers have commas; say how numbers are written.", tuple(choices)))
    if found := doubts.get("ages"):
        words = {"middle": "the middle of each range", "none": "no age"}
        choices = [Choice(how, words[how], _by_field(found, how)) for how in words]
        questions.append(Question("ages", "Some ages are ranges; say what they are taken for.", tuple(choices)))
    return questions


def _by_field(doubts: Sequence[Doubt], answer: str) -> tuple[str, ...]:
    """Returns the values under an answer, one of each field and writing, at most three of a field."""
    lines = dict.fromkeys((doubt.field, f"{doubt.words} is {doubt.by_answer[answer]}") for doubt in doubts)
    seen = Counter[str]()
    shown = []
    for field, line in lines:
        seen[field] += 1
        if seen[field] <= SHOWN_ROWS:
            shown.append(line)
    return tuple(shown)


def _on_values(readings: Sequence[Reading]) -> list[Note]:
    """Returns notes on values that were changed or left out, by field and kind, each with an example."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for reading in readings:
        for field, how, was, became in reading.said:
            said[field, how].append((was[:40], became))
    notes = []
    for (field, how), found in said.items():
        was, became = found[0]
        cells = "1 value" if len(found) == 1 else f"{len(found)} values"
        ranges = "a range" if len(found) == 1 else "ranges"
        meant = "the middle" if any(age for _, age in found) else "no age"
        different = list(dict.fromkeys(found))
        bands = ", ".join(f"“{each}” became {age or 'not stated'}" for each, age in different[:BANDS_SHOWN])
        if len(different) > BANDS_SHOWN:
            bands += f", and {len(different) - BANDS_SHOWN} others"
        words = {
            "nothing": f"{cells} such as “{was}” read as not stated",
            "words": f"{cells} with words read as numbers, “{was}” as {became}",
            "in words": f"{cells} in words left out, such as “{was}”",
            "rounded": f"{cells} made whole, “{was}” became {became}",
            "range": f"{cells} read as {ranges} and taken for {meant}: {bands}",
        }
        notes.append(Note(NoteKind.VALUES, f"{label(field).capitalize()}: {words[how]}."))
    return notes


def _on_levels(readings: Sequence[Reading]) -> list[Note]:
    """Levels that may be of another scale, and fields that may hold codes."""
    notes = []
    for name in LEVELS:
        values = [
            float(text) for reading in readings if (text := plain_text(reading.values.get(name))) and _is_number(text)
        ]
        if values and max(values) <= 10:
            told = f"no value is above {max(values):g}; all are taken on a scale from 0 to 100"
            notes.append(Note(NoteKind.VALUES, f"{label(name).capitalize()}: {told}."))
    for name in ("gender", "location", "occupation", "education", "household"):
        texts = [text for reading in readings if (text := plain_text(reading.values.get(name)))]
        if texts and all(_is_number(text) for text in texts):
            told = f"all values are numbers, such as “{texts[0][:20]}”; if they are codes, export the table with labels"
            notes.append(Note(NoteKind.VALUES, f"{label(name).capitalize()}: {told}."))
    return notes


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _on_names(places: dict[str, list[tuple[str, str]]]) -> list[Note]:
    """Names that a session tells apart by numbers, by what it goes by: apart in case, accents, blanks or look-alike letters."""
    notes = []
    for found in places.values():
        if len(found) < 2:
            continue
        if len({name for name, _ in found}) == 1:
            told = f"“{found[0][0]}” is in {_and([_small(where) for _, where in found])}; in a session the later ones get a number."
        else:
            told = f"{_and([f'“{name}” ({_small(where)})' for name, where in found])} cannot be told apart; in a session the later ones get a number."
        notes.append(Note(NoteKind.SAME_NAME, told))
    return notes


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]])


def _small(where: str) -> str:
    """As it stands within a sentence.

    >>> _small("Row 3")
    'row 3'
    """
    return where[:1].lower() + where[1:]
