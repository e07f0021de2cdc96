"""The request of a survey: one question put to one person."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.questions import Question
from semblance_core.domain.personas.persona import Persona


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """One persona's answer to one question. introduction: what they have read; order: in which they see the options."""

    feature: ClassVar[Literal["survey"]] = "survey"

    persona: Persona
    introduction: str
    question: Question
    order: tuple[int, ...] = ()
    method: RatingMethod = RatingMethod.DIRECT
