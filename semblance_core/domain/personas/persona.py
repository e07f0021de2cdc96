"""A synthetic consumer: who they are and how they speak."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput

NAME_CHARS = 80
ORIGINS = ("generated", "manual", "imported", "recorded")
"""Ways in which a persona came: recruited by a model, written by a person, from a file, or with a recorded study."""


@dataclass(frozen=True, slots=True)
class BigFive:
    """Trait levels 0–100, where 50 is the population's middle."""

    openness: int = 50
    conscientiousness: int = 50
    extraversion: int = 50
    agreeableness: int = 50
    neuroticism: int = 50

    def __post_init__(self) -> None:
        for trait in fields(self):
            _in_range(trait.name, getattr(self, trait.name), 0, 100)


@dataclass(frozen=True, slots=True)
class Persona:
    """Everything the model is told about a participant. An empty text or list means: not stated.

    age: whole years, or None where not stated. talkativeness: 0 (hardly speaks) – 100 (holds the floor).
    origin: `generated`, `manual` or `imported`. simulated: written by the built-in simulator. version, edits: as it was read
    (editing.py), None for one that was not; they say nothing of the person, so two who differ in them alone are equal.
    """

    name: str
    age: int | None = None
    gender: str = ""
    location: str = ""
    occupation: str = ""
    education: str = ""
    household: str = ""
    income_band: str = ""
    values: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    frustrations: tuple[str, ...] = ()
    media_habits: tuple[str, ...] = ()
    tech_comfort: str = ""
    shopping_habits: str = ""
    brands: tuple[str, ...] = ()
    big_five: BigFive = field(default_factory=BigFive)
    talkativeness: int = 50
    way_of_speaking: str = ""
    quote: str = ""
    backstory: str = ""
    origin: str = "manual"
    source_brief: str = ""
    simulated: bool = False
    id: str = ""
    version: int | None = field(default=None, compare=False)
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput("A persona needs a name.")
        if len(self.name) > NAME_CHARS:
            raise InvalidInput(f"The name {self.name[:30]}… has {len(self.name)} characters; at most {NAME_CHARS} fit.")
        if self.age is not None:
            _in_range(f"{self.name}'s age", self.age, 16, 110)
        _in_range(f"{self.name}'s talkativeness", self.talkativeness, 0, 100)
        if self.origin not in ORIGINS:
            raise InvalidInput("A persona's origin is generated, manual, imported or recorded.")
        for spec in fields(self):
            value = getattr(self, spec.name)
            if spec.name != "source_brief" and isinstance(value, str) and len(value) > 4_000:
                raise InvalidInput(f"{self.name}'s {label(spec.name)} is longer than 4,000 characters.")

    @property
    def states_traits(self) -> bool:
        """False where no trait was stated: each then has the population's middle, which says nothing of the person."""
        return self.big_five != BigFive()


NOT_TOLD = ("id", "version", "edits")
"""Fields of the stored document that are not facts of the person."""
LIST_FIELDS = tuple(spec.name for spec in fields(Persona) if spec.type == tuple[str, ...])
TRAITS = tuple(trait.name for trait in fields(BigFive))


def label(field_name: str) -> str:
    """A field's name as people read it.

    >>> label("income_band"), label("big_five")
    ('income band', 'Big Five')
    """
    return "Big Five" if field_name == "big_five" else field_name.replace("_", " ")


def as_values(persona: Persona) -> dict[str, Any]:
    """All that is known of the person, as plain values."""
    return {name: value for name, value in asdict(persona).items() if name not in NOT_TOLD}


def card(persona: Persona) -> str:
    """The persona as the lines that a model reads; what is not stated is left out."""
    lines = [f"Name: {persona.name}"]
    for spec in fields(Persona):
        value: Any = getattr(persona, spec.name)
        if (
            spec.name in ("name", "big_five", "talkativeness", "origin", "source_brief", "simulated", *NOT_TOLD)
            or not value
        ):
            continue
        text = "; ".join(value) if isinstance(value, tuple) else str(value)
        lines.append(f"{label(spec.name).capitalize()}: {text}")
    traits = ", ".join(f"{trait} {getattr(persona.big_five, trait)}" for trait in TRAITS)
    return "\n".join([*lines, f"Big Five (0–100): {traits}", f"Talkativeness (0–100): {persona.talkativeness}"])


def _in_range(what: str, value: int, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidInput(f"{what[:1].upper()}{what[1:]} must be a whole number from {low} to {high}, not {value!r}.")
