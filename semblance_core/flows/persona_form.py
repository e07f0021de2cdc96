"""Personas from outside (models, files, forms): lenient in form, strict in which fields are kept."""

import codecs
import csv
import io
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.persona import LIST_FIELDS, TRAITS, BigFive, Persona, label
from semblance_core.store.codec import storable

TEXT_CHARS = 4_000
MAX_IMPORT = 500
Otherwise = TypeVar("Otherwise", int, None)


class BigFiveForm(BaseModel):
    openness: int = 50
    conscientiousness: int = 50
    extraversion: int = 50
    agreeableness: int = 50
    neuroticism: int = 50

    @field_validator("*", mode="before")
    @classmethod
    def _level(cls, value: object) -> int:
        return _whole(value, 50, 0, 100)


class PersonaForm(BaseModel):
    """The fields of a persona that are taken over, and no others; numbers are brought into range, lists may be texts."""

    model_config = ConfigDict(extra="ignore")

    name: str = ""
    age: int | None = None
    gender: str = ""
    location: str = ""
    occupation: str = ""
    education: str = ""
    household: str = ""
    income_band: str = ""
    values: list[str] = Field(default_factory=list)
    goals: list[str] = Field(default_factory=list)
    frustrations: list[str] = Field(default_factory=list)
    media_habits: list[str] = Field(default_factory=list)
    tech_comfort: str = ""
    shopping_habits: str = ""
    brands: list[str] = Field(default_factory=list)
    big_five: BigFiveForm = Field(default_factory=BigFiveForm)
    talkativeness: int = 50
    way_of_speaking: str = ""
    quote: str = ""
    backstory: str = ""

    @field_validator(*LIST_FIELDS, mode="before")
    @classmethod
    def _several(cls, value: object) -> list[str]:
        if isinstance(value, str):
            value = _listed(value)
        items = value if isinstance(value, Sequence) else [] if value is None else [value]
        return [text for text in (_text(item)[:300] for item in items) if text][:12]

    @field_validator(
        *("name", "gender", "location", "occupation", "education", "household", "income_band", "tech_comfort"),
        *("shopping_habits", "way_of_speaking", "quote", "backstory"),
        mode="before",
    )
    @classmethod
    def _one(cls, value: object) -> str:
        return "; ".join(map(_text, value)) if isinstance(value, list) else _text(value)

    @field_validator("age", mode="before")
    @classmethod
    def _age(cls, value: object) -> int | None:
        return _whole(value, None, 16, 110)

    @field_validator("talkativeness", mode="before")
    @classmethod
    def _talkative(cls, value: object) -> int:
        return _whole(value, 50, 0, 100)

    @field_validator("big_five", mode="before")
    @classmethod
    def _traits(cls, value: object) -> object:
        return {str(key).casefold(): level for key, level in value.items()} if isinstance(value, dict) else {}

    def persona(self, *, fallback_name: str = "") -> Persona:
        """The persona; raises `InvalidInput` where it has no name and none is given to fall back on."""
        fields: dict[str, Any] = self.model_dump(exclude={"big_five", "name"})
        fields |= {name: tuple(fields[name]) for name in LIST_FIELDS}
        name = (self.name or fallback_name)[:80]
        return Persona(name=name, **fields, big_five=BigFive(**self.big_five.model_dump()))


def read_personas(content: str | bytes) -> list[Persona]:
    """Personas from a JSON array (or an object with `personas`) or from CSV with a header; raises `InvalidInput`.

    Columns of CSV may be separated by commas, semicolons or tabs; bytes may be UTF-8, UTF-16 or what Excel writes in the
    West (Windows-1252).
    """
    text = (decoded(content) if isinstance(content, bytes) else content).lstrip("\ufeff").strip()
    rows = _json_rows(text) if text.startswith(("[", "{")) else _csv_rows(text)
    if not rows:
        raise InvalidInput("The file holds no persona.")
    if len(rows) > MAX_IMPORT:
        raise InvalidInput(f"The file holds {len(rows)} personas; at most {MAX_IMPORT} can be imported at once.")
    return [_read_row(row, place) for place, row in enumerate(rows, start=1)]


def _read_row(row: object, place: int) -> Persona:
    if not isinstance(row, dict):
        raise InvalidInput(f"Persona {place} is not an object with fields.")
    flat = {str(key).strip().casefold().replace(" ", "_"): value for key, value in row.items() if key is not None}
    if not isinstance(flat.get("big_five"), dict):
        flat["big_five"] = flat.get("traits") or {trait: flat[trait] for trait in TRAITS if trait in flat}
    try:
        persona = PersonaForm.model_validate(flat).persona()
        simulated = str(flat.get("simulated")).casefold() == "true"
        return replace(persona, origin="imported", source_brief=_text(flat.get("source_brief")), simulated=simulated)
    except InvalidInput as wrong:
        raise InvalidInput(f"Persona {place}: {wrong}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise InvalidInput(f"Persona {place}: {label(str(first['loc'][0]))}: {first['msg']}.") from None


def _listed(text: str) -> list[Any]:
    """The items of a list that is written as one text: with semicolons, with commas, or as JSON where items hold those."""
    with suppress(ValueError):
        if isinstance(found := json.loads(text), list):
            return found
    return list(text.split(";" if ";" in text else ","))


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
        return [{key: _unquoted(value) for key, value in row.items() if isinstance(value, str)} for row in reader]
    except csv.Error as wrong:
        raise InvalidInput(f"The file is not readable as CSV: {wrong}.") from None


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that an export put in front of a leading formula character."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in tuple("=+-@\t\r\0") else cell


def _text(value: object) -> str:
    return "" if value is None else " ".join(storable(str(value)).replace("\0", "").split())[:TEXT_CHARS]


def _whole(value: object, otherwise: Otherwise, low: int, high: int) -> int | Otherwise:
    try:
        return min(high, max(low, round(float(str(value)))))
    except (ValueError, OverflowError):
        return otherwise
