"""Questions whose answers can be counted. Pure values; each refuses what nobody could answer, in words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.plurals import number

TEXT_CHARS, OPTION_CHARS, LABEL_CHARS, UNIT_CHARS = 1_000, 200, 120, 20
MOST_OPTIONS = 20
FEWEST_POINTS, MOST_POINTS = 2, 11
WHOLE = 100
"""Points that an allocation gives away."""


class Topic(StrEnum):
    """A subject that the anchor bank has statements for."""

    APPEAL = "appeal"
    CLARITY = "clarity"
    PURCHASE_INTENT = "purchase intent"
    AGREEMENT = "agreement"
    FIT = "fit"


class PricePoint(StrEnum):
    """One of the four questions of the price sensitivity meter, in the order of their prices."""

    TOO_CHEAP = "too cheap"
    CHEAP = "cheap"
    EXPENSIVE = "expensive"
    TOO_EXPENSIVE = "too expensive"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a questionnaire. dont_know: whether “don't know” is offered."""

    type_name: ClassVar[str] = ""

    text: str
    dont_know: bool = True

    def __post_init__(self) -> None:
        _line(self.text, "A question", TEXT_CHARS)


@dataclass(frozen=True, slots=True)
class OptionQuestion(Question):
    """A question with options. shuffle: whether each person sees them in an order of their own."""

    options: tuple[str, ...] = ()
    shuffle: bool = True

    def __post_init__(self) -> None:
        Question.__post_init__(self)
        if not 2 <= len(self.options) <= MOST_OPTIONS:
            raise InvalidInput(f"A {self.type_name} question has 2 to {MOST_OPTIONS} options, not {len(self.options)}.")
        for option in self.options:
            _line(option, "An option", OPTION_CHARS)
        seen: set[str] = set()
        for option in self.options:
            if option.casefold() in seen:
                raise InvalidInput(f"The option “{option}” stands there twice.")
            seen.add(option.casefold())


@dataclass(frozen=True, slots=True)
class SingleChoice(OptionQuestion):
    """One of the options is chosen."""

    type_name: ClassVar[str] = "single choice"


@dataclass(frozen=True, slots=True)
class MultipleChoice(OptionQuestion):
    """Any number of options is chosen. most: at most so many, None for no limit."""

    type_name: ClassVar[str] = "multiple choice"

    most: int | None = None

    def __post_init__(self) -> None:
        OptionQuestion.__post_init__(self)
        if self.most is not None and self.most not in range(1, len(self.options) + 1):
            raise InvalidInput(f"“At most {self.most:g}” fits no choice of {number(len(self.options), 'option')}.")


@dataclass(frozen=True, slots=True)
class Ranking(OptionQuestion):
    """All options are put in order, the best first."""

    type_name: ClassVar[str] = "ranking"


@dataclass(frozen=True, slots=True)
class Allocation(OptionQuestion):
    """100 points are given to the options."""

    type_name: ClassVar[str] = "allocation"


@dataclass(frozen=True, slots=True)
class Scale(Question):
    """A point between two labelled ends, numbered from 1. topic: whose anchors the answers can be compared with."""

    type_name: ClassVar[str] = "scale"

    points: int = 5
    low: str = ""
    high: str = ""
    topic: Topic | None = None

    def __post_init__(self) -> None:
        Question.__post_init__(self)
        if not FEWEST_POINTS <= self.points <= MOST_POINTS:
            raise InvalidInput(f"A scale has {FEWEST_POINTS} to {MOST_POINTS} points, not {self.points}.")
        _line(self.low, "The end “low: …”", LABEL_CHARS)
        _line(self.high, "The end “high: …”", LABEL_CHARS)

    @property
    def values(self) -> range:
        return range(1, self.points + 1)


@dataclass(frozen=True, slots=True)
class Recommendation(Question):
    """Likelihood of recommending it, from 0 to 10, behind the net promoter score."""

    type_name: ClassVar[str] = "nps"

    low: str = "not at all likely"
    high: str = "extremely likely"

    def __post_init__(self) -> None:
        Question.__post_init__(self)
        _line(self.low, "The end “low: …”", LABEL_CHARS)
        _line(self.high, "The end “high: …”", LABEL_CHARS)

    @property
    def values(self) -> range:
        return range(11)


@dataclass(frozen=True, slots=True)
class NumberQuestion(Question):
    """A number. least, most: its bounds, None for none; unit: what it counts. price: which of the four prices it asks for."""

    type_name: ClassVar[str] = "number"

    least: float | None = None
    most: float | None = None
    unit: str = ""
    price: PricePoint | None = None

    def __post_init__(self) -> None:
        Question.__post_init__(self)
        if self.least is not None and self.most is not None and self.least >= self.most:
            raise InvalidInput(f"No number is from {self.least:g} to {self.most:g}.")
        if self.unit:
            _line(self.unit, "A unit", UNIT_CHARS)


@dataclass(frozen=True, slots=True)
class OpenText(Question):
    """An answer in the person's own words."""

    type_name: ClassVar[str] = "open"


Rated = Scale | Recommendation
"""Questions whose answer is a point on a scale."""
TYPES: dict[str, type[Question]] = {
    kind.type_name: kind
    for kind in (SingleChoice, MultipleChoice, Scale, Recommendation, Ranking, NumberQuestion, Allocation, OpenText)
}
"""The types of question, by the name that a questionnaire has for them."""


def _line(text: str, what: str, most: int) -> None:
    if not text.strip():
        raise InvalidInput(f"{what} has no words.")
    if text != " ".join(text.split()):
        raise InvalidInput(f"{what} is one line without spaces around it.")
    if len(text) > most:
        raise InvalidInput(f"{what} has at most {most:,} characters, not {len(text):,}.")
