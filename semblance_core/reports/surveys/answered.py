"""A survey with its answers, and the results made of them: the same for page, files, API and notebooks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from semblance_core.analysis.surveys.crossing import CrossTable, Words, cross_table, of_question, words_behind
from semblance_core.analysis.surveys.groups import FIELDS, groups_by
from semblance_core.analysis.surveys.prices import PriceSensitivity, price_sensitivity
from semblance_core.analysis.surveys.results import QuestionResult, results_of
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import AnswerState, RatingMethod
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import OpenText, PricePoint, Question
from semblance_core.domain.instruments.survey import Given, Respondent, Survey, methods_for
from semblance_core.domain.usage.events import is_simulated


@dataclass(frozen=True, slots=True)
class AnsweredSurvey:
    """given: the answers so far."""

    survey: Survey
    questionnaire: Questionnaire
    respondents: tuple[Respondent, ...]
    given: tuple[Given, ...] = field(repr=False)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the respondents who were to be asked: not of those after whom the survey had stopped."""
        asked = self.survey.asked
        return tuple(each.number for each in self.respondents if each.number in asked)

    @property
    def simulated(self) -> bool:
        return is_simulated(self.survey.model)

    def results(self, people: Sequence[int] | None = None) -> tuple[QuestionResult, ...]:
        """Results of every question. people: numbers of the respondents that count; None for all."""
        counted = self.numbers if people is None else people
        return results_of(self.questionnaire, self.survey.methods, self.given, counted, simulated=self.simulated)

    def results_by(self, by: str) -> dict[str, tuple[QuestionResult, ...]]:
        """Results by the values of a field of personas; raises `InvalidInput` for a field that they cannot be split by."""
        return {value: self.results(people) for value, people in self.groups(by).items()}

    def groups(self, by: str) -> dict[str, tuple[int, ...]]:
        """Numbers of respondents who were to be asked, by the values of a field."""
        if by not in FIELDS:
            raise InvalidInput(f"Results cannot be split by “{by}”; fields are {', '.join(FIELDS)}.")
        asked = self.survey.asked
        return groups_by(by, [each for each in self.respondents if each.number in asked])

    def cross(self, first: int, second: int) -> CrossTable:
        """People by their answers to two questions, each by its place, asked in the first of its ways."""
        asked = [self._closed(place) for place in (first, second)]
        sides = [(question, of_question(self.given, place, self.ways(place)[0])) for place, question in asked]
        return cross_table(*sides[0], *sides[1])

    def prices(self, people: Sequence[int] | None = None) -> PriceSensitivity | None:
        """The price sensitivity meter over those who named all four prices; None where it is not asked, or nobody's are in order."""
        named: dict[int, dict[int, float]] = {}
        for each in self.given:
            is_counted = people is None or each.respondent in people
            if is_counted and each.answer.state is AnswerState.ANSWERED and each.answer.value is not None:
                named.setdefault(each.respondent, {})[each.answer.question] = each.answer.value
        places = self.questionnaire.prices
        if not places:
            return None
        four = [places[point] for point in PricePoint]
        whole = [own for _, own in sorted(named.items()) if all(place in own for place in four)]
        return price_sensitivity([(own[four[0]], own[four[1]], own[four[2]], own[four[3]]) for own in whole])

    def words(self, place: int, method: RatingMethod, bar: int | None) -> tuple[Words, ...]:
        """The words of those whose answer is in this bar; None for all."""
        return words_behind(self.questionnaire.questions[place], of_question(self.given, place, method), bar)

    def ways(self, place: int) -> tuple[RatingMethod, ...]:
        """The ways in which a question was asked."""
        return methods_for(self.questionnaire.questions[place], self.survey.methods)

    def name_of(self, number: int) -> str:
        """The name of a respondent."""
        return self.respondents[number].persona.name

    def _closed(self, place: int) -> tuple[int, Question]:
        if not 0 <= place < len(self.questionnaire.questions):
            raise InvalidInput(f"There is no question {place + 1}.")
        question = self.questionnaire.questions[place]
        if isinstance(question, OpenText):
            raise InvalidInput(f"Question {place + 1} is open, so its answers make no table.")
        return place, question
