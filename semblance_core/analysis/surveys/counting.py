"""From answers to a table that can be counted: a row a person, a column an option or point. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.questions import (
    WHOLE,
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OptionQuestion,
    Question,
    Ranking,
    Recommendation,
    Scale,
    SingleChoice,
)
from semblance_core.domain.instruments.survey import Given

BINS = 10


@dataclass(frozen=True, slots=True)
class Table:
    """labels: of the columns. values: points or middles of bins, empty where columns are no numbers. people: numbers of respondents.

    rows: how much of a person's answer is in each column; all of a row add up to 1 but for several choices.
    numbers: each person's number, point or mean of a distribution; empty where answers are no numbers.
    """

    labels: tuple[str, ...]
    people: tuple[int, ...]
    rows: tuple[tuple[float, ...], ...]
    values: tuple[float, ...] = ()
    numbers: tuple[float, ...] = ()


def table_of(question: Question, given: Sequence[Given]) -> Table:
    """The answers to one question, asked in one way, that can be counted; an open question has no columns."""
    counted = [each for each in given if each.answer.state is AnswerState.ANSWERED]
    people = tuple(each.respondent for each in counted)
    answers = [each.answer for each in counted]
    if isinstance(question, Scale | Recommendation):
        points = tuple(question.values)
        rows = tuple(_point_row(answer, points) for answer in answers)
        numbers = tuple(answer.value or 0.0 for answer in answers)
        return Table(_point_labels(question), people, rows, tuple(map(float, points)), numbers)
    if isinstance(question, OptionQuestion):
        row = _row_maker(question)
        return Table(question.options, people, tuple(row(answer) for answer in answers))
    if isinstance(question, NumberQuestion):
        numbers = tuple(answer.value or 0.0 for answer in answers)
        labels, middles, rows = _binned(numbers, question.unit)
        return Table(labels, people, rows, middles, numbers)
    return Table((), people, tuple(() for _ in answers))


def borda_points(question: Ranking, answer: Answer) -> tuple[float, ...]:
    """Points by option: of k options the best gets k − 1, the last 0 (Borda 1781).

    >>> borda_points(Ranking("Order?", options=("a", "b", "c")), Answer(0, options=(2, 0, 1)))
    (1.0, 0.0, 2.0)
    """
    last = len(question.options) - 1
    place = {option: rank for rank, option in enumerate(answer.options)}
    return tuple(float(last - place[option]) for option in range(last + 1))


def _row_maker(question: OptionQuestion) -> Callable[[Answer], tuple[float, ...]]:
    options = range(len(question.options))
    if isinstance(question, Allocation):
        return lambda answer: tuple(points / WHOLE for points in answer.shares)
    if isinstance(question, Ranking):  # first places
        return lambda answer: tuple(float(answer.options[:1] == (option,)) for option in options)
    assert isinstance(question, SingleChoice | MultipleChoice)
    return lambda answer: tuple(float(option in answer.options) for option in options)


def _point_row(answer: Answer, points: Sequence[int]) -> tuple[float, ...]:
    if answer.method is RatingMethod.DIRECT:
        return tuple(float(answer.value == point) for point in points)
    return answer.shares


def _point_labels(question: Scale | Recommendation) -> tuple[str, ...]:
    first, *middle, last = question.values
    return (f"{first} {question.low}", *map(str, middle), f"{last} {question.high}")


def _binned(
    numbers: Sequence[float], unit: str
) -> tuple[tuple[str, ...], tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Labels, middles and rows: each number by itself where there are few different ones, else bins of one width."""
    different = sorted(set(numbers))
    behind = f" {unit}" if unit else ""
    if len(different) <= BINS:
        labels = tuple(f"{value:g}{behind}" for value in different)
        return labels, tuple(different), tuple(tuple(float(own == value) for value in different) for own in numbers)
    low, width = different[0], (different[-1] - different[0]) / BINS
    edges = [low + width * place for place in range(BINS + 1)]
    places = [min(BINS - 1, int((own - low) / width)) for own in numbers]
    labels = tuple(f"{first:.4g}–{last:.4g}{behind}" for first, last in pairwise(edges))
    middles = tuple((first + last) / 2 for first, last in pairwise(edges))
    return labels, middles, tuple(tuple(float(place == own) for place in range(BINS)) for own in places)
