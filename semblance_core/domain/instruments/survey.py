"""A survey: one questionnaire put to each persona of a panel by itself. Pure values."""

import random
from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.instruments.answers import Answer, RatingMethod
from semblance_core.domain.instruments.markdown import parse_questionnaire
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import Question, Recommendation, Scale
from semblance_core.domain.personas.persona import Persona

MOST_RESPONDENTS = 500
LEAST_PRECISION, MOST_PRECISION = 1, 25
"""Percentage points that a survey may stop at."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it was begun; its id is its task's too, which tells how far it is.

    questionnaire: as Markdown. methods: how points on scales are asked for; a question is asked once for each that fits it.
    size: how many are asked. rater, anchors, sharpness: what free text was rated with, the version of the anchor bank, and T;
    empty where nothing is. prompts: the version of the prompts. precision_points: asking stops once half the widest 95% interval of any
    share is that many percentage points; 0 asks everybody. stopped_after: number of people after whom it stopped so; 0 where it did not.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    questionnaire: str
    model: str
    seed: int
    size: int
    created_at: datetime
    methods: tuple[RatingMethod, ...] = (RatingMethod.DIRECT,)
    rater: str = ""
    anchors: str = ""
    sharpness: float = 1.0
    prompts: str = ""
    precision_points: int = 0
    stopped_after: int = 0

    def read(self) -> Questionnaire:
        """The questionnaire; raises `InvalidInput` where it is of a form that this version does not know."""
        return parse_questionnaire(self.questionnaire)

    @property
    def order(self) -> tuple[int, ...]:
        """Numbers of the respondents in the order in which they are asked, drawn by the seed where the survey may stop early."""
        order = list(range(self.size))
        if self.precision_points:
            random.Random(f"{self.seed}/order").shuffle(order)
        return tuple(order)

    @property
    def asked(self) -> frozenset[int]:
        """Numbers of the respondents who are asked: all, or those before the survey stopped."""
        return frozenset(self.order[: self.stopped_after or self.size])


@dataclass(frozen=True, slots=True)
class Respondent:
    """A persona as the survey asked it. number: from 0."""

    number: int
    persona: Persona


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with the number of the respondent who gave it."""

    respondent: int
    answer: Answer


def methods_for(question: Question, methods: tuple[RatingMethod, ...]) -> tuple[RatingMethod, ...]:
    """Returns the ways in which a question is asked: each chosen one that fits it, else directly.

    By similarity a scale has five points and a topic of the anchor bank.
    """
    if not isinstance(question, Scale | Recommendation):
        return (RatingMethod.DIRECT,)
    fitting = tuple(each for each in methods if each is not RatingMethod.SIMILARITY or can_compare(question))
    return fitting or (RatingMethod.DIRECT,)


def can_compare(question: Question) -> bool:
    """True where free text can be rated by similarity."""
    return isinstance(question, Scale) and question.points == 5 and question.topic is not None
