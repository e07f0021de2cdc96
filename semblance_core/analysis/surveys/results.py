"""Results of a survey: each question, asked in each way, with shares, means, and what to know of them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, stdev

from semblance_core.analysis.surveys.counting import Table, borda_points, table_of
from semblance_core.analysis.surveys.resampling import Interval, resampled_means
from semblance_core.domain.instruments.answers import AnswerState, RatingMethod
from semblance_core.domain.instruments.flags import LOW_SHARE, REFUSED_SHARE, SMALL_N, Flag
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import OpenText, Question, Ranking, Recommendation, Scale
from semblance_core.domain.instruments.survey import Given, methods_for

TOP = 2
PROMOTERS, DETRACTORS = range(9, 11), range(7)


@dataclass(frozen=True, slots=True)
class Bar:
    """One option, point or bin. share: of the people counted; in an allocation of all points. people: how many they are; None where a
    person's answer is spread over several bars.
    """

    label: str
    share: Interval
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """People by what became of the question. asked: all that were to be asked."""

    asked: int
    answered: int
    dont_know: int
    unrated: int
    unusable: int

    @property
    def missing(self) -> int:
        return self.asked - self.answered - self.dont_know - self.unrated - self.unusable


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question, asked in one way. None stands for a figure that this kind of question has not, or that nobody answered.

    spread: standard deviation between people. top_two: share of the two highest points. score: net promoter score, from −100 to
    100. borda: mean points of each option of a ranking, in the order of `bars`, whose shares are first places.
    """

    place: int
    question: Question
    method: RatingMethod
    counts: Counts
    bars: tuple[Bar, ...]
    mean: Interval | None
    spread: float | None
    middle: float | None
    top_two: Interval | None
    score: Interval | None
    borda: tuple[Interval, ...]
    flags: tuple[Flag, ...]


def results_of(
    questionnaire: Questionnaire,
    methods: tuple[RatingMethod, ...],
    given: Sequence[Given],
    people: Sequence[int],
    *,
    simulated: bool,
) -> tuple[QuestionResult, ...]:
    """Results of all questions for these people, in the questionnaire's order. people: numbers of the respondents that count."""
    wanted = frozenset(people)
    by_key: dict[tuple[int, RatingMethod], list[Given]] = {}
    for each in sorted(given, key=lambda one: one.respondent):
        if each.respondent in wanted:
            by_key.setdefault((each.answer.question, each.answer.method), []).append(each)
    return tuple(
        result_of(place, question, method, by_key.get((place, method), []), len(wanted), simulated=simulated)
        for place, question in enumerate(questionnaire.questions)
        for method in methods_for(question, methods)
    )


def result_of(
    place: int, question: Question, method: RatingMethod, given: Sequence[Given], asked: int, *, simulated: bool
) -> QuestionResult:
    """The result of one question, asked in one way. asked: how many people were to be asked."""
    table, counts = table_of(question, given), _counts(given, asked)
    shares = resampled_means(table.rows) if table.rows and table.labels else ()
    bars = tuple(map(Bar, table.labels, shares, _people(table))) if shares else ()
    numbers = table.numbers
    answered = [each for each in given if each.answer.state is AnswerState.ANSWERED]
    is_ranking = isinstance(question, Ranking) and answered
    return QuestionResult(
        place,
        question,
        method,
        counts,
        bars,
        mean=resampled_means([(number,) for number in numbers])[0] if numbers else None,
        spread=round(stdev(numbers), 6) if len(numbers) > 1 else None,
        middle=round(median(numbers), 6) if numbers else None,
        top_two=_top_two(question, table),
        score=_score(question, table),
        borda=resampled_means([borda_points(question, each.answer) for each in answered])  # type: ignore[arg-type]
        if is_ranking
        else (),
        flags=tuple(_flags(question, counts, bars, simulated)),
    )


def _counts(given: Sequence[Given], asked: int) -> Counts:
    states = [each.answer.state for each in given]
    order = (AnswerState.ANSWERED, AnswerState.DONT_KNOW, AnswerState.UNRATED, AnswerState.UNUSABLE)
    return Counts(asked, *(states.count(state) for state in order))


def _people(table: Table) -> list[int | None]:
    """The number of people at each column."""
    is_whole = all(own in (0.0, 1.0) for row in table.rows for own in row)
    return [round(sum(column)) if is_whole else None for column in zip(*table.rows, strict=True)]


def _top_two(question: Question, table: Table) -> Interval | None:
    if not isinstance(question, Scale) or question.points <= TOP or not table.rows:
        return None
    return resampled_means([(sum(row[-TOP:]),) for row in table.rows])[0]


def _score(question: Question, table: Table) -> Interval | None:
    if not isinstance(question, Recommendation) or not table.rows:
        return None
    promoters = [sum(row[point] for point in PROMOTERS) for row in table.rows]
    detractors = [sum(row[point] for point in DETRACTORS) for row in table.rows]
    return resampled_means([(100 * (up - down),) for up, down in zip(promoters, detractors, strict=True)])[0]


def _flags(question: Question, counts: Counts, bars: Sequence[Bar], simulated: bool) -> Iterator[Flag]:
    if counts.answered < SMALL_N:
        yield Flag.SMALL_N
    if not isinstance(question, OpenText) and any(bar.share.figure >= LOW_SHARE for bar in bars):
        yield Flag.LOW_VARIANCE
    put = counts.asked - counts.missing
    if put and (put - counts.answered) / put >= REFUSED_SHARE:
        yield Flag.REFUSALS
    yield Flag.UNBENCHMARKED
    if simulated:
        yield Flag.SIMULATED
