"""Searches among a project's personas, and the values to choose from."""

from dataclasses import dataclass, field
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona

AGE_BANDS = {
    "16–24": (16, 24),
    "25–34": (25, 34),
    "35–44": (35, 44),
    "45–54": (45, 54),
    "55–64": (55, 64),
    "65+": (65, 110),
}
"""Youngest and oldest age of each band, both inclusive."""
FACETS = ("gender", "location", "education", "income_band", "origin")
"""The fields whose values a search can be narrowed to, besides the age band."""
NOT_STATED = ""


class PersonaOrder(StrEnum):
    NEWEST = "Newest added"
    OLDEST = "Oldest added"
    NAME = "Name"
    YOUNGEST = "Youngest first"
    ELDEST = "Oldest first"


@dataclass(frozen=True, slots=True)
class PersonaSearch:
    """Selects personas, and orders them. The default finds all, in the order in which they came.

    text: words that must all be there, each in any field that people read. age_bands: keys of `AGE_BANDS`, or "" for no
    age stated. values: what each of `FACETS` may be; an empty tuple does not narrow. task_id: the run that recruited them.
    """

    text: str = ""
    age_bands: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    task_id: str = ""
    order: PersonaOrder = PersonaOrder.OLDEST

    def __post_init__(self) -> None:
        if strange := [band for band in self.age_bands if band and band not in AGE_BANDS]:
            raise InvalidInput(f"There is no age band {strange[0]}; there are {', '.join(AGE_BANDS)}.")
        if strange := [name for name in self.values if name not in FACETS]:
            raise InvalidInput(f"Personas cannot be narrowed by {strange[0]}.")

    @property
    def narrows(self) -> bool:
        return bool(self.text.strip() or self.age_bands or self.task_id or any(self.values.values()))


@dataclass(frozen=True, slots=True)
class FoundPersonas:
    """One page of what was found. total: how many were found on all pages."""

    personas: tuple[Persona, ...]
    total: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class PersonaFacets:
    """Values that a search for a project's personas can be narrowed to. total: number of personas.

    values: the values of each of `FACETS` with their counts, the most frequent first; age_bands: likewise. runs: ids of
    the tasks that recruited them, with counts. "" stands for not stated.
    """

    total: int
    values: dict[str, dict[str, int]]
    age_bands: dict[str, int]
    runs: dict[str, int]


def age_band(age: int | None) -> str:
    """The band of an age, "" where it is not stated.

    >>> age_band(34), age_band(70), age_band(None)
    ('25–34', '65+', '')
    """
    return next((band for band, (low, high) in AGE_BANDS.items() if age and low <= age <= high), NOT_STATED)
