"""Two personas side by side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis import diversity
from semblance_core.analysis.text import normalised
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona
from semblance_core.reports.panel import some_of, told

FACTS = ("age", "gender", "location", "occupation", "education", "household", "income_band", "tech_comfort")
TEXTS = ("shopping_habits", "way_of_speaking", "quote", "backstory")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both. one, other: the items, or the one text, that each has. shared: those that both have."""

    field: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    shared: frozenset[str]

    @property
    def differs(self) -> bool:
        return any(_plain(item) not in self.shared for item in (*self.one, *self.other))

    def is_shared(self, item: str) -> bool:
        return _plain(item) in self.shared


@dataclass(frozen=True, slots=True)
class Comparison:
    """likeness: cosine of the two texts among the panel's, 0 (no word in common) – 1 (the same). lines: fields that one has.

    same_facts, facts: how many of the facts that either states are the same. trait_gap: mean distance over the Big Five,
    0–100 points; None where one of them states no trait.
    """

    likeness: float
    lines: tuple[Line, ...]
    same_facts: int
    facts: int
    trait_gap: float | None


def compare(one: Persona, other: Persona, panel: Sequence[Persona] = ()) -> Comparison:
    """Both side by side. panel: whose words weigh how telling each word is, of a large one some; empty for the two alone."""
    others = [person for person in some_of(panel) if person.id not in (one.id, other.id)]
    matrix = diversity.sparse_vectors(diversity.matched_length([told(person) for person in (one, other, *others)]))
    lines = [_line(field, one, other) for field in (*FACTS, *LIST_FIELDS, *TEXTS)]
    facts = [line for line in lines if line.field in FACTS and (line.one or line.other)]
    gaps = [abs(getattr(one.big_five, trait) - getattr(other.big_five, trait)) for trait in TRAITS]
    return Comparison(
        likeness=diversity.likeness(matrix),
        lines=tuple(line for line in lines if line.one or line.other),
        same_facts=sum(not line.differs for line in facts),
        facts=len(facts),
        trait_gap=sum(gaps) / len(gaps) if one.states_traits and other.states_traits else None,
    )


def _line(field: str, one: Persona, other: Persona) -> Line:
    left, right = _items(one, field), _items(other, field)
    return Line(field, left, right, frozenset(map(_plain, left)) & frozenset(map(_plain, right)))


def _items(persona: Persona, field: str) -> tuple[str, ...]:
    value = getattr(persona, field)
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _plain(item: str) -> str:
    return normalised(item)
