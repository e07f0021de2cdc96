"""Answers to questions of a questionnaire. Pure values."""

from dataclasses import dataclass
from enum import StrEnum


class RatingMethod(StrEnum):
    """A way to get from a person to a point on a scale. Other questions are always asked directly."""

    DIRECT = "direct"
    SIMILARITY = "similarity"
    VERBALISED = "verbalised"


class AnswerState(StrEnum):
    """UNRATED: words that the rating by similarity finds no anchor for. UNUSABLE: no answer in the form asked for, twice."""

    ANSWERED = "answered"
    DONT_KNOW = "don't know"
    UNRATED = "unrated"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to one question, checked against its form.

    question: its place in the questionnaire, from 0. options: chosen ones by their place in the questionnaire; in a ranking all
    of them, the best first. value: a number or a point; the mean of a distribution. shares: a distribution over the scale's
    points; of an allocation the points of each option. text: an open answer, or the words behind a choice or point. order: in
    which the options were shown. problem: why there is no answer, as a sentence. model: that answered.
    """

    question: int
    method: RatingMethod = RatingMethod.DIRECT
    state: AnswerState = AnswerState.ANSWERED
    options: tuple[int, ...] = ()
    value: float | None = None
    shares: tuple[float, ...] = ()
    text: str = ""
    order: tuple[int, ...] = ()
    problem: str = ""
    model: str = ""
