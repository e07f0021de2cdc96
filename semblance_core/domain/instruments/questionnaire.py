"""A questionnaire: a text that everybody reads, and questions. Pure values."""

from dataclasses import dataclass

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.questions import NumberQuestion, PricePoint, Question

TITLE_CHARS, INTRODUCTION_CHARS = 160, 6_000
MOST_QUESTIONS = 30


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """title: its name. introduction: the text that each person reads before a question, such as a concept; empty for none."""

    title: str
    questions: tuple[Question, ...]
    introduction: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InvalidInput("A questionnaire begins with its title, as in “# Oat milk”.")
        if len(self.title) > TITLE_CHARS:
            raise InvalidInput(f"A title has at most {TITLE_CHARS} characters.")
        if len(self.introduction) > INTRODUCTION_CHARS:
            raise InvalidInput(f"The text before the questions has at most {INTRODUCTION_CHARS:,} characters.")
        if any(line.lstrip().startswith(("# ", "## ")) for line in self.introduction.splitlines()):
            raise InvalidInput("The text before the questions has no headings.")
        if not self.questions:
            raise InvalidInput("There is no question yet; one begins with “## ”.")
        if len(self.questions) > MOST_QUESTIONS:
            raise InvalidInput(f"A questionnaire has at most {MOST_QUESTIONS} questions, not {len(self.questions)}.")
        self._check_prices()

    @property
    def prices(self) -> dict[PricePoint, int]:
        """Places of the four questions of the price sensitivity meter; empty where it is not asked."""
        asked = enumerate(self.questions)
        return {each.price: place for place, each in asked if isinstance(each, NumberQuestion) and each.price}

    def _check_prices(self) -> None:
        asked = [each for each in self.questions if isinstance(each, NumberQuestion) and each.price]
        if asked and sorted(str(each.price) for each in asked) != sorted(PricePoint):
            raise InvalidInput(f"“price: …” stands below four questions, one each of {', '.join(PricePoint)}.")
        if len({each.unit for each in asked}) > 1:
            raise InvalidInput("The four questions with “price: …” have one unit.")
