"""Results of surveys: counted by hand, with intervals checked against a formula, and planted distributions found again."""

import random

import pytest

from semblance_core.analysis.surveys.counting import table_of
from semblance_core.analysis.surveys.crossing import cross_table, words_behind
from semblance_core.analysis.surveys.groups import FIELDS, groups_by
from semblance_core.analysis.surveys.resampling import Interval, resampled_means
from semblance_core.analysis.surveys.results import QuestionResult, result_of
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.flags import Flag
from semblance_core.domain.instruments.questions import (
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OpenText,
    Question,
    Ranking,
    Recommendation,
    Scale,
    SingleChoice,
)
from semblance_core.domain.instruments.survey import Given, Respondent
from semblance_core.domain.personas.persona import BigFive, Persona

SCALE = Scale("Likely?", low="no", high="yes")


def given_by(*answers: Answer) -> list[Given]:
    return [Given(number, answer) for number, answer in enumerate(answers)]


def found(question: Question, *answers: Answer, asked: int = 0) -> QuestionResult:
    method = answers[0].method if answers else RatingMethod.DIRECT
    return result_of(0, question, method, given_by(*answers), asked or len(answers), simulated=False)


def figures(result: QuestionResult) -> list[float]:
    return [bar.share.figure for bar in result.bars]


def points(*values: float) -> list[Answer]:
    return [Answer(0, value=value) for value in values]


def test_a_scale_has_shares_mean_spread_and_top_two() -> None:
    result = found(SCALE, *points(1, 4, 5, 5))
    assert figures(result) == [0.25, 0, 0, 0.25, 0.5]
    assert [bar.label for bar in result.bars] == ["1 no", "2", "3", "4", "5 yes"]
    assert result.mean is not None
    assert result.top_two is not None
    assert (result.mean.figure, result.middle, result.top_two.figure) == (3.75, 4.5, 0.75)
    assert result.spread == pytest.approx(1.892969)
    assert result.score is None
    assert [bar.people for bar in result.bars] == [1, 0, 0, 1, 2]


def test_no_people_are_counted_where_an_answer_is_spread_over_bars() -> None:
    shares = Answer(0, RatingMethod.VERBALISED, shares=(0.5, 0.5, 0, 0, 0), value=1.5)
    assert [bar.people for bar in found(SCALE, shares).bars] == [None] * 5


def test_the_net_promoter_score() -> None:
    result = found(Recommendation("Likely?"), *points(10, 9, 8, 7, 6, 0))
    assert result.score is not None
    assert result.score.figure == pytest.approx(100 * (2 - 2) / 6)
    result = found(Recommendation("Likely?"), *points(10, 10, 6))
    assert result.score == Interval(pytest.approx(33.333333), -100, 100)


def test_choices_rankings_allocations_and_numbers() -> None:
    options = ("a", "b", "c")
    assert figures(found(SingleChoice("?", options=options), Answer(0, options=(1,)), Answer(0, options=(2,)))) == [
        0,
        0.5,
        0.5,
    ]
    many = found(MultipleChoice("?", options=options), Answer(0, options=(0, 1)), Answer(0, options=(1,)))
    assert figures(many) == [0.5, 1, 0]
    ranked = found(Ranking("?", options=options), Answer(0, options=(2, 0, 1)), Answer(0, options=(0, 2, 1)))
    assert figures(ranked) == [0.5, 0, 0.5]
    assert [each.figure for each in ranked.borda] == [1.5, 0, 1.5]
    shared = found(Allocation("?", options=options), Answer(0, shares=(50, 30, 20)), Answer(0, shares=(0, 100, 0)))
    assert figures(shared) == [0.25, 0.65, 0.1]
    numbers = found(NumberQuestion("?", unit="euros"), *points(2, 2, 8))
    assert [(bar.label, bar.share.figure) for bar in numbers.bars] == [("2 euros", 0.666667), ("8 euros", 0.333333)]
    assert numbers.mean is not None
    assert (numbers.mean.figure, numbers.middle) == (4, 2)
    many_numbers = found(NumberQuestion("?"), *points(*range(100)))
    assert len(many_numbers.bars) == 10
    assert sum(figures(many_numbers)) == pytest.approx(1)
    assert found(OpenText("?"), Answer(0, text="So.")).bars == ()


def test_a_distribution_counts_in_parts() -> None:
    stated = Answer(0, RatingMethod.VERBALISED, value=4.4, shares=(0, 0, 0, 0.6, 0.4))
    result = found(SCALE, stated, stated)
    assert figures(result) == [0, 0, 0, 0.6, 0.4]
    assert result.top_two is not None
    assert result.top_two.figure == 1


def test_what_is_no_answer_is_counted_beside() -> None:
    states = [AnswerState.DONT_KNOW, AnswerState.UNRATED, AnswerState.UNUSABLE]
    result = found(SCALE, Answer(0, value=5), *(Answer(0, state=state) for state in states), asked=6)
    counts = result.counts
    assert (counts.asked, counts.answered, counts.dont_know, counts.unrated, counts.unusable, counts.missing) == (
        6,
        1,
        1,
        1,
        1,
        2,
    )
    assert result.flags == (Flag.SMALL_N, Flag.LOW_VARIANCE, Flag.REFUSALS, Flag.UNBENCHMARKED)
    nobody = found(SCALE, asked=3)
    assert (nobody.bars, nobody.mean, nobody.spread, nobody.counts.missing) == ((), None, None, 3)


def test_a_good_result_bears_the_flag_that_all_bear_and_no_other() -> None:
    result = found(SCALE, *points(*[1, 2, 3, 4, 5] * 10))
    assert result.flags == (Flag.UNBENCHMARKED,)
    simulated = result_of(0, SCALE, RatingMethod.DIRECT, given_by(*points(*[1, 5] * 25)), 50, simulated=True)
    assert simulated.flags == (Flag.UNBENCHMARKED, Flag.SIMULATED)


def test_the_interval_is_that_of_the_normal_formula_for_a_large_panel() -> None:
    rows = [(1.0,)] * 150 + [(0.0,)] * 350
    (interval,) = resampled_means(rows)
    half = 1.96 * (0.3 * 0.7 / 500) ** 0.5
    assert (interval.low, interval.high) == (pytest.approx(0.3 - half, abs=0.006), pytest.approx(0.3 + half, abs=0.006))
    assert resampled_means(rows) == (interval,)
    with pytest.raises(ValueError, match="nothing"):
        resampled_means([])


def test_nine_in_ten_intervals_and_more_hold_the_planted_share() -> None:
    rng = random.Random(4)
    held = 0
    for _ in range(200):
        (interval,) = resampled_means([(float(rng.random() < 0.4),) for _ in range(200)], draws=400)
        held += interval.low <= 0.4 <= interval.high
    assert held >= 180


def test_a_planted_distribution_is_found_again() -> None:
    planted = (0.1, 0.15, 0.25, 0.3, 0.2)
    rng = random.Random(1)
    answers = points(*rng.choices(range(1, 6), planted, k=2_000))
    distance = sum(abs(own - other) for own, other in zip(figures(found(SCALE, *answers)), planted, strict=True)) / 2
    assert distance < 0.03


def people(**fields: tuple[object, ...]) -> list[Respondent]:
    count = len(next(iter(fields.values())))
    return [
        Respondent(number, Persona(f"P{number}", **{name: values[number] for name, values in fields.items()}))  # type: ignore[arg-type]
        for number in range(count)
    ]


def test_groups_by_fields_of_every_kind() -> None:
    assert groups_by("gender", people(gender=("woman", "man", "woman", ""))) == {
        "woman": (0, 2),
        "man": (1,),
        "not stated": (3,),
    }
    assert groups_by("age", people(age=(40, 16, None, 25, 24))) == {
        "16–24": (1, 4),
        "25–34": (3,),
        "35–44": (0,),
        "not stated": (2,),
    }
    assert groups_by("brands", people(brands=(("A", "B"), ("B",), ()))) == {"B": (0, 1), "A": (0,), "not stated": (2,)}
    assert groups_by("talkativeness", people(talkativeness=(10, 90))) == {"1 low (0–33)": (0,), "3 high (67–100)": (1,)}
    assert groups_by("openness", people(big_five=(BigFive(openness=60), BigFive()))) == {
        "2 middle (34–66)": (0,),
        "not stated": (1,),
    }
    for field in FIELDS:
        assert groups_by(field, people(age=(30, 40)))
    with pytest.raises(ValueError, match="backstory"):
        groups_by("backstory", [])


def test_a_cross_table_counts_those_who_answered_both() -> None:
    first = SingleChoice("?", options=("a", "b"))
    second = MultipleChoice("?", options=("x", "y"))
    of_first = [Given(0, Answer(0, options=(0,))), Given(1, Answer(0, options=(1,))), Given(2, Answer(0, options=(1,)))]
    of_second = [Given(1, Answer(1, options=(0, 1))), Given(2, Answer(1, state=AnswerState.DONT_KNOW))]
    of_second.append(Given(0, Answer(1, options=(1,))))
    table = cross_table(first, of_first, second, of_second)
    assert (table.cells, table.people) == (((0, 1), (1, 1)), 2)


def test_words_behind_a_bar() -> None:
    given = given_by(
        Answer(0, value=5, text="Yes."),
        Answer(0, value=1, text="No."),
        Answer(0, state=AnswerState.DONT_KNOW, text="Hm."),
    )
    assert [each.text for each in words_behind(SCALE, given, 4)] == ["Yes."]
    assert [each.text for each in words_behind(SCALE, given, None)] == ["Yes.", "No.", "Hm."]
    spread = given_by(Answer(0, RatingMethod.SIMILARITY, value=4, shares=(0, 0.1, 0.2, 0.3, 0.4), text="Mostly."))
    assert [len(words_behind(SCALE, spread, bar)) for bar in range(5)] == [0, 0, 0, 0, 1]


def test_nothing_depends_on_the_order_in_which_answers_came() -> None:
    answers = given_by(*points(1, 2, 5, 4))
    assert table_of(SCALE, answers).rows != table_of(SCALE, answers[::-1]).rows
    there = result_of(0, SCALE, RatingMethod.DIRECT, answers, 4, simulated=False)
    assert figures(there) == figures(result_of(0, SCALE, RatingMethod.DIRECT, answers[::-1], 4, simulated=False))
