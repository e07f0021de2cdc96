"""A model's structured reply to one question → a checked answer. What does not fit is said, so that it can be asked again. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.order import LETTERS
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

SLACK = 1.0
"""Points by which parts may miss their sum; they are brought to it then."""
ANSWER_CHARS = 4_000


class WrongReply(ValueError):
    """A reply that is no answer to its question; the message says why, without a full stop."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that a reply can hold. chosen: letters or words of options; parts: points by letter or point; text: own words."""

    dont_know: bool = False
    chosen: tuple[str, ...] = ()
    number: float | None = None
    parts: tuple[tuple[str, float], ...] = ()
    text: str = ""


def answer_of(
    question: Question, place: int, reply: Reply, order: tuple[int, ...], method: RatingMethod = RatingMethod.DIRECT
) -> Answer:
    """Returns the answer that a reply holds; raises `WrongReply` where it holds none.

    Args:
        question: the question asked.
        place: its place in the questionnaire.
        reply: the reply.
        order: the order in which options were shown, whose letters the reply names.
        method: how a point on a scale was asked for. By similarity it is the words alone; they are rated later.
    """
    text = reply.text.strip()[:ANSWER_CHARS]
    if reply.dont_know:
        if not question.dont_know:
            raise WrongReply("“don't know” is not offered; choose what comes closest")
        return Answer(place, method, AnswerState.DONT_KNOW, text=text, order=order)
    if isinstance(question, OptionQuestion):
        return _of_options(question, place, reply, order, text)
    if isinstance(question, Scale | Recommendation):
        return _of_points(question, place, reply, method, text)
    if isinstance(question, NumberQuestion):
        return Answer(place, value=_in_bounds(question, reply.number), text=text)
    if not text:
        raise WrongReply("the answer has no words")
    return Answer(place, text=text)


def _of_options(question: OptionQuestion, place: int, reply: Reply, order: tuple[int, ...], text: str) -> Answer:
    option_of = _finder(question, order)
    if isinstance(question, Allocation):
        parts = _whole([(option_of(name), points) for name, points in reply.parts])
        given = dict(parts)
        return Answer(
            place,
            shares=tuple(given.get(option, 0.0) for option in range(len(question.options))),
            text=text,
            order=order,
        )
    chosen = tuple(option_of(name) for name in reply.chosen)
    if len(set(chosen)) < len(chosen):
        raise WrongReply("an option is named twice")
    if isinstance(question, Ranking):
        if len(chosen) != len(question.options):
            raise WrongReply(f"the ranking names {len(chosen)} of {len(question.options)} options; name each once")
        return Answer(place, options=chosen, text=text, order=order)
    if isinstance(question, SingleChoice) and len(chosen) != 1:
        raise WrongReply(f"choose exactly one option, not {len(chosen)}")
    if isinstance(question, MultipleChoice):
        if not chosen:
            raise WrongReply("choose at least one option")
        if question.most is not None and len(chosen) > question.most:
            raise WrongReply(f"choose at most {question.most} options, not {len(chosen)}")
    return Answer(place, options=tuple(sorted(chosen)), text=text, order=order)


def _finder(question: OptionQuestion, order: tuple[int, ...]) -> Callable[[str], int]:
    by_letter = {LETTERS[shown]: option for shown, option in enumerate(order)}
    by_words = {option.casefold(): place for place, option in enumerate(question.options)}

    def find(name: str) -> int:
        plain = " ".join(name.split())
        if (found := by_words.get(plain.casefold())) is not None:
            return found
        letter = plain[:1].upper()
        if letter in by_letter and (len(plain) == 1 or plain[1] in ".):"):
            return by_letter[letter]
        raise WrongReply(f"there is no option “{plain[:40]}”")

    return find


def _of_points(question: Scale | Recommendation, place: int, reply: Reply, method: RatingMethod, text: str) -> Answer:
    if method is RatingMethod.SIMILARITY:
        if not text:
            raise WrongReply("the answer has no words")
        return Answer(place, method, text=text)
    values = question.values
    if method is RatingMethod.VERBALISED:
        given = dict(_whole([(_point(name, values), points) for name, points in reply.parts]))
        shares = tuple(given.get(value, 0.0) / WHOLE for value in values)
        mean = sum(value * share for value, share in zip(values, shares, strict=True))
        return Answer(place, method, value=mean, shares=shares, text=text)
    if reply.number is None or not float(reply.number).is_integer() or int(reply.number) not in values:
        raise WrongReply(f"the answer is one whole number from {values[0]} to {values[-1]}")
    return Answer(place, method, value=float(reply.number), text=text)


def _point(name: str, values: range) -> int:
    try:
        value = int(str(name).strip())
    except ValueError:
        value = values[0] - 1
    if value not in values:
        raise WrongReply(f"there is no point “{str(name)[:20]}” from {values[0]} to {values[-1]}")
    return value


def _whole(parts: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The parts brought to exactly 100 together."""
    if len({name for name, _ in parts}) < len(parts):
        raise WrongReply("one is named twice")
    if any(not math.isfinite(points) or points < 0 for _, points in parts):
        raise WrongReply("points are numbers from 0 to 100")
    total = math.fsum(points for _, points in parts)
    if abs(total - WHOLE) > SLACK:
        raise WrongReply(f"the points add up to {total:g}, not to {WHOLE}")
    return [(name, points * WHOLE / total) for name, points in parts]


def _in_bounds(question: NumberQuestion, value: float | None) -> float:
    if value is None or not math.isfinite(value):
        raise WrongReply("the answer is one number")
    if question.least is not None and value < question.least:
        raise WrongReply(f"the number is at least {question.least:g}")
    if question.most is not None and value > question.most:
        raise WrongReply(f"the number is at most {question.most:g}")
    return float(value)
