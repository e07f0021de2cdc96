"""Stops a survey once its shares are as precise as wanted. Pure.

Precision is that of resampling the panel: how far a share would move with other personas of the same kind. It says nothing about people.
"""

from collections.abc import Iterator, Sequence

from semblance_core.analysis.surveys.counting import table_of
from semblance_core.analysis.surveys.resampling import resampled_means
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import NumberQuestion, OpenText, Question
from semblance_core.domain.instruments.survey import Given, methods_for

FEWEST, STEP = 50, 25
"""People asked before the first look, and between two looks."""


def waves(order: Sequence[int], precision_points: int) -> Iterator[tuple[int, ...]]:
    """Respondents in the groups after which it is looked whether to stop; one group of all where nothing stops.

    >>> [len(wave) for wave in waves(range(110), 5)], [len(wave) for wave in waves(range(110), 0)]
    ([50, 25, 25, 10], [110])
    """
    if not precision_points:
        yield tuple(order)
        return
    yield tuple(order[:FEWEST])
    for first in range(FEWEST, len(order), STEP):
        yield tuple(order[first : first + STEP])


def counts_shares(question: Question) -> bool:
    """Returns whether a question has shares that can be precise: all but open ones and numbers."""
    return not isinstance(question, OpenText | NumberQuestion)


def widest_points(questionnaire: Questionnaire, methods: tuple[RatingMethod, ...], given: Sequence[Given]) -> float:
    """Returns half the widest 95% interval of any share, in percentage points; 100 where a question has no answer yet.

    Args:
        questionnaire: the questions, of which at least one counts shares.
        methods: how points on scales were asked for.
        given: the answers so far.
    """
    by_key: dict[tuple[int, RatingMethod], list[Given]] = {}
    for each in given:
        by_key.setdefault((each.answer.question, each.answer.method), []).append(each)
    widest = 0.0
    for place, question in enumerate(questionnaire.questions):
        for method in methods_for(question, methods) if counts_shares(question) else ():
            rows = table_of(question, by_key.get((place, method), [])).rows
            if not rows:
                return 100.0
            widest = max(widest, *((each.high - each.low) / 2 for each in resampled_means(rows)))
    return 100 * widest
