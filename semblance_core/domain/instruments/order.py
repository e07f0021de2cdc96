"""The order in which one person sees the options of a question. Pure."""

import random

from semblance_core.domain.instruments.questions import MOST_OPTIONS, OptionQuestion, Question

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:MOST_OPTIONS]


def option_order(question: Question, place: int, respondent: int, seed: int) -> tuple[int, ...]:
    """Returns the options' places in the questionnaire in the order shown; the same for the same arguments.

    >>> from semblance_core.domain.instruments.questions import SingleChoice
    >>> asked = SingleChoice("Which?", options=("a", "b", "c"))
    >>> sorted(option_order(asked, 0, 7, 1)) == [0, 1, 2]
    True
    """
    if not isinstance(question, OptionQuestion):
        return ()
    order = list(range(len(question.options)))
    if question.shuffle:
        random.Random(f"{seed}/{respondent}/{place}").shuffle(order)
    return tuple(order)


def lettered(question: OptionQuestion, order: tuple[int, ...]) -> list[tuple[str, str]]:
    """Returns the options in the order shown, each with its letter."""
    return [(LETTERS[shown], question.options[place]) for shown, place in enumerate(order)]
