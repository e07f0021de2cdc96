"""The request of a ballot: all of its questions put to one participant at once."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from semblance_core.domain.instruments.questions import Question
from semblance_core.domain.personas.persona import Persona


@dataclass(frozen=True, slots=True)
class BallotRequest:
    """introduction: what they have read; orders: of each question, in which they see its options; heard: they come from the discussion."""

    feature: ClassVar[Literal["ballot"]] = "ballot"

    persona: Persona
    introduction: str
    questions: tuple[Question, ...]
    orders: tuple[tuple[int, ...], ...]
    heard: bool = False
