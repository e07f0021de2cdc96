"""Cross-tables of two questions, and the words behind a bar. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.surveys.counting import table_of
from semblance_core.domain.instruments.answers import AnswerState, RatingMethod
from semblance_core.domain.instruments.questions import Question
from semblance_core.domain.instruments.survey import Given


@dataclass(frozen=True, slots=True)
class CrossTable:
    """cells: people by row and column; a distribution counts in parts, and several choices in each. people: those who answered both."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[float, ...], ...]
    people: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a respondent. respondent: their number."""

    respondent: int
    text: str


def cross_table(
    first: Question, first_given: Sequence[Given], second: Question, second_given: Sequence[Given]
) -> CrossTable:
    """People by their answers to two questions."""
    down, across = table_of(first, first_given), table_of(second, second_given)
    of_second = dict(zip(across.people, across.rows, strict=True))
    cells = [[0.0] * len(across.labels) for _ in down.labels]
    both = 0
    for person, row in zip(down.people, down.rows, strict=True):
        if (other := of_second.get(person)) is None:
            continue
        both += 1
        for place, share in enumerate(row):
            for column, weight in enumerate(other):
                cells[place][column] += share * weight
    rounded = tuple(tuple(round(cell, 6) for cell in row) for row in cells)
    return CrossTable(down.labels, across.labels, rounded, both)


def words_behind(question: Question, given: Sequence[Given], bar: int | None) -> tuple[Words, ...]:
    """The words of those whose answer is in this bar; of a distribution, where most of it is there. bar: None for all."""
    if bar is None:
        return tuple(Words(each.respondent, each.answer.text) for each in given if each.answer.text)
    table = table_of(question, given)
    text_of = {each.respondent: each.answer.text for each in given if each.answer.state is AnswerState.ANSWERED}
    return tuple(
        Words(person, text_of[person])
        for person, row in zip(table.people, table.rows, strict=True)
        if text_of[person] and row[bar] > 0 and (row[bar] == max(row) or sum(row) > 1)
    )


def of_question(given: Sequence[Given], place: int, method: RatingMethod) -> list[Given]:
    """The answers to one question, asked in one way."""
    return [each for each in given if each.answer.question == place and each.answer.method is method]
