"""Personas from outside (models, files, forms): lenient in form, strict in which fields are kept.

What a model writes is brought into range, for it was paid for; what a person writes is not changed behind their back, so
`problems` names what does not fit.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import floor
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, BigFive, Persona, as_values, label
from semblance_core.domain.personas.vocabulary import gender_word
from semblance_core.store.codec import storable

TEXT_CHARS, NAME_CHARS, ITEM_CHARS, MOST_ITEMS = 4_000, 80, 300, 12
YOUNGEST, OLDEST = 16, 110
TEXTS = (
    *("gender", "location", "occupation", "education", "household", "income_band", "tech_comfort"),
    *("shopping_habits", "way_of_speaking", "quote", "backstory"),
)
"""The fields that are one text each, besides the name."""
Otherwise = TypeVar("Otherwise", int, None)


class InvalidFields(InvalidInput):
    """Several fields do not hold at once. problems: one sentence each, which begins with the field's name."""

    def __init__(self, problems: Sequence[str]):
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


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
        items = _items(value)
        return [text for text in (plain_text(item)[:ITEM_CHARS] for item in items) if text][:MOST_ITEMS]

    @field_validator(
        "name",
        *TEXTS,
        mode="before",
    )
    @classmethod
    def _one(cls, value: object) -> str:
        return "; ".join(map(plain_text, value)) if isinstance(value, list) else plain_text(value)

    @field_validator("gender")
    @classmethod
    def _gender(cls, value: str) -> str:
        return gender_word(value)

    @field_validator("age", mode="before")
    @classmethod
    def _age(cls, value: object) -> int | None:
        return _whole(value, None, YOUNGEST, OLDEST)

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
        name = (self.name or fallback_name)[:NAME_CHARS]
        return Persona(name=name, **fields, big_five=BigFive(**self.big_five.model_dump()))


def written(fields: Mapping[str, Any]) -> Persona:
    """The persona that a person wrote, kept as written; raises `InvalidFields` that names every field that does not fit."""
    if wrong := problems(fields):
        raise InvalidFields(wrong)
    return PersonaForm.model_validate(fields).persona()


def entered(fields: Mapping[str, Any], before: Persona) -> dict[str, Any]:
    """Returns the result of `written` for the fields, with untouched ones left to the letter.

    A form shows texts without the spaces and ends of lines that it does not keep.
    """
    persona = written(fields)
    shown = PersonaForm.model_validate(as_values(before)).persona(fallback_name=before.name)
    return {
        name: getattr(before if getattr(persona, name) == getattr(shown, name) else persona, name)
        for name in PersonaForm.model_fields
    }


def problems(fields: Mapping[str, Any]) -> list[str]:
    """Returns one sentence for each field that does not fit in a persona; empty where all do.

    >>> problems({"name": "Maya", "age": "12", "values": ["thrift"], "big_five": {"openness": 300}})
    ['Age: “12” is not a whole number from 16 to 110.', 'Openness: “300” is not a whole number from 0 to 100.']
    """
    name = plain_text(fields.get("name"))
    found = [] if name else ["A persona needs a name."]
    if len(name) > NAME_CHARS:
        found.append(f"Name: it has {len(name)} characters; at most {NAME_CHARS} fit.")
    found += _out_of_range("Age", fields.get("age"), YOUNGEST, OLDEST)
    for field in TEXTS:
        if (length := len(" ".join(str(fields.get(field) or "").split()))) > TEXT_CHARS:
            found.append(f"{label(field).capitalize()}: it has {length:,} characters; at most {TEXT_CHARS:,} fit.")
    for field in LIST_FIELDS:
        items = [text for text in (plain_text(item) for item in _items(fields.get(field))) if text]
        if len(items) > MOST_ITEMS:
            found.append(f"{label(field).capitalize()}: there are {len(items)} entries; at most {MOST_ITEMS} fit.")
        if long := [item for item in items if len(item) > ITEM_CHARS]:
            found.append(
                f"{label(field).capitalize()}: “{long[0][:30]}…” has {len(long[0]):,} characters; at most {ITEM_CHARS} fit."
            )
    traits = fields.get("big_five")
    levels = {str(name).casefold(): level for name, level in traits.items()} if isinstance(traits, Mapping) else {}
    for trait in TRAITS:
        found += _out_of_range(trait.capitalize(), levels.get(trait), 0, 100)
    return found + _out_of_range("Talkativeness", fields.get("talkativeness"), 0, 100)


def _out_of_range(name: str, value: object, low: int, high: int) -> list[str]:
    text = plain_text(value)
    with suppress(ValueError):
        if not text or low <= round(float(text), 6) <= high:
            return []
    return [f"{name}: “{text[:30]}” is not a whole number from {low} to {high}."]


def _items(value: object) -> Sequence[Any]:
    """A list's items, also where it is written as one text."""
    if isinstance(value, str):
        return _listed(value)
    return value if isinstance(value, Sequence) else [] if value is None else [value]


def _listed(text: str) -> list[Any]:
    """The items of a list that is written as one text: with semicolons, with commas, or as JSON where items hold those."""
    with suppress(ValueError):
        if isinstance(found := json.loads(text), list):
            return found
    return list(text.split(";" if ";" in text else ","))


def plain_text(value: object) -> str:
    return "" if value is None else " ".join(storable(str(value)).replace("\0", "").split())[:TEXT_CHARS]


def _whole(value: object, otherwise: Otherwise, low: int, high: int) -> int | Otherwise:
    try:
        return min(high, max(low, floor(float(str(value)) + 0.5)))
    except (ValueError, OverflowError):
        return otherwise
