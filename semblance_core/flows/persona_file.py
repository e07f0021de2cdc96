"""Personas from files: JSON and CSV, as people's spreadsheets and other programs write them."""

import codecs
import csv
import io
import json
from dataclasses import dataclass, replace
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.persona import TRAITS, Persona
from semblance_core.flows.persona_form import plain_text, written
from semblance_core.reports.escape import original_cell

MAX_IMPORT = 500


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would bring. personas: those that can be read; problems: where and what is wrong with each other one."""

    personas: tuple[Persona, ...]
    problems: tuple[str, ...]


def read_personas(content: str | bytes) -> list[Persona]:
    """Personas from a JSON array (or an object with `personas`) or from CSV with a header; raises `InvalidInput`.

    Columns of CSV may be separated by commas, semicolons or tabs; bytes may be UTF-8, UTF-16 or what Excel writes in the
    West (Windows-1252).
    """
    preview = preview_of(content)
    if preview.problems:
        raise InvalidInput(preview.problems[0])
    return list(preview.personas)


def preview_of(content: str | bytes) -> ImportPreview:
    """The same, row by row: what is wrong in one row keeps no other one out. Raises `InvalidInput` for what is no such file."""
    text = (decoded(content) if isinstance(content, bytes) else content).lstrip("\ufeff").strip()
    is_json = text.startswith(("[", "{"))
    rows = _json_rows(text) if is_json else _csv_rows(text)
    if not rows:
        raise InvalidInput("The file holds no persona.")
    if len(rows) > MAX_IMPORT:
        raise InvalidInput(f"The file holds {len(rows)} personas; at most {MAX_IMPORT} can be imported at once.")
    personas, problems = list[Persona](), list[str]()
    for place, row in enumerate(rows, start=1):
        where = f"Persona {place}" if is_json else f"Row {place + 1}"  # as a spreadsheet counts, below the header
        try:
            personas.append(_read_row(row))
        except InvalidInput as wrong:
            problems.append(f"{where}{_called(row)}: {wrong}")
    return ImportPreview(tuple(personas), tuple(problems))


def _called(row: object) -> str:
    """A row's name, to find it by where rows moved."""
    name = (
        plain_text(next((value for key, value in row.items() if _key(key) == "name"), ""))
        if isinstance(row, dict)
        else ""
    )
    return f" ({name[:40]})" if name else ""


def _key(name: object) -> str:
    return str(name).strip().casefold().replace(" ", "_")


def _read_row(row: object) -> Persona:
    if not isinstance(row, dict):
        raise InvalidInput("It is not an object with fields.")
    flat = {_key(key): value for key, value in row.items() if key is not None}
    if not isinstance(flat.get("big_five"), dict):
        flat["big_five"] = flat.get("traits") or {trait: flat[trait] for trait in TRAITS if trait in flat}
    simulated = str(flat.get("simulated")).casefold() == "true"
    brief = plain_text(flat.get("source_brief"))
    return replace(written(flat), origin="imported", source_brief=brief, simulated=simulated)


def _json_rows(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise InvalidInput(f"The file is not readable as JSON: {wrong}.") from None
    rows = found.get("personas", [found]) if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise InvalidInput("The file holds no list of personas.")
    return rows


def decoded(content: bytes) -> str:
    """A file's text, by its byte order mark, else as UTF-8, else as Windows-1252.

    >>> [decoded("José".encode(name)) for name in ("utf-8", "utf-16", "cp1252")]
    ['José', 'José', 'José']
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_rows(text: str) -> list[Any]:
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    if not reader.fieldnames or "name" not in [str(name).strip().casefold() for name in reader.fieldnames]:
        raise InvalidInput("The file is neither a JSON list of personas nor a CSV table with a column “name”.")
    try:
        return [{key: original_cell(value) for key, value in row.items() if isinstance(value, str)} for row in reader]
    except csv.Error as wrong:
        raise InvalidInput(f"The file is not readable as CSV: {wrong}.") from None
