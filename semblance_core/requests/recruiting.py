"""Requests of recruiting: sketches of a whole panel, and one persona in detail."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the panel's frame: the facts that it sets for one persona.

    facts: fields of a persona with their values, in the order of the margins. ages: the youngest and the oldest that fit.
    """

    facts: tuple[tuple[str, str], ...] = ()
    ages: tuple[int, int] | None = None

    def value(self, field: str) -> str:
        """Returns the value that is set for a field; empty where none is."""
        return dict(self.facts).get(field, "")


@dataclass(frozen=True, slots=True)
class SketchRequest:
    """A name and a sketch for each cell, in their order. others: sketches that are there already, to differ from."""

    feature: ClassVar[Literal["recruit_sketch"]] = "recruit_sketch"

    brief: str
    cells: tuple[Cell, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonaRequest:
    """One persona in detail. name, sketch: who it is; others: the rest of the panel, a name and a sketch each."""

    feature: ClassVar[Literal["recruit_persona"]] = "recruit_persona"

    brief: str
    cell: Cell
    name: str
    sketch: str
    others: tuple[str, ...] = ()
