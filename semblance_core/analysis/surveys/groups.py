"""Groups of respondents by a field of their personas. Pure."""

from collections.abc import Sequence

from semblance_core.domain.instruments.survey import Respondent
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona

NOT_STATED = "not stated"
FIELDS = (
    "gender",
    "age",
    "location",
    "occupation",
    "education",
    "household",
    "income_band",
    "tech_comfort",
    *LIST_FIELDS,
    *TRAITS,
    "talkativeness",
)
"""Fields by which results can be split; of lists a person is in the group of each entry."""
AGE_WIDTH, YOUNGEST = 10, 16


def groups_by(field: str, respondents: Sequence[Respondent]) -> dict[str, tuple[int, ...]]:
    """Numbers of respondents by the field's values, the largest group first; ages and traits in the order of their bands.

    Raises `ValueError` for a field that results cannot be split by.
    """
    if field not in FIELDS:
        raise ValueError(f"Results cannot be split by {field!r}.")
    found: dict[str, list[int]] = {}
    for each in respondents:
        for value in _values_of(each.persona, field):
            found.setdefault(value, []).append(each.number)
    if field == "age" or field in (*TRAITS, "talkativeness"):
        return {value: tuple(found[value]) for value in sorted(found, key=lambda value: (value == NOT_STATED, value))}
    by_size = sorted(found.items(), key=lambda item: (item[0] == NOT_STATED, -len(item[1]), item[0]))
    return {value: tuple(numbers) for value, numbers in by_size}


def _values_of(persona: Persona, field: str) -> Sequence[str]:
    if field == "age":
        return [age_band(persona.age)]
    if field in TRAITS:
        return [_level(getattr(persona.big_five, field)) if persona.states_traits else NOT_STATED]
    value = getattr(persona, field)
    if isinstance(value, int):
        return [_level(value)]
    if isinstance(value, tuple):
        return list(dict.fromkeys(value)) or [NOT_STATED]
    return [value.strip() or NOT_STATED]


def age_band(age: int | None) -> str:
    """The band of an age: 16–24, then ten years each.

    >>> age_band(24), age_band(25), age_band(None)
    ('16–24', '25–34', 'not stated')
    """
    if age is None:
        return NOT_STATED
    if age < YOUNGEST + AGE_WIDTH - 1:
        return f"{YOUNGEST}–{YOUNGEST + AGE_WIDTH - 2}"
    first = (age - 25) // AGE_WIDTH * AGE_WIDTH + 25
    return f"{first}–{first + AGE_WIDTH - 1}"


def _level(value: int) -> str:
    return "1 low (0–33)" if value <= 33 else "2 middle (34–66)" if value <= 66 else "3 high (67–100)"
