"""The price sensitivity meter: a worked example by hand, people who contradict themselves, curves that do not cross."""

from datetime import UTC, datetime

import pytest

from semblance_core.analysis.surveys.prices import price_sensitivity
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import Answer, AnswerState
from semblance_core.domain.instruments.markdown import parse_questionnaire, to_markdown
from semblance_core.domain.instruments.questions import PricePoint
from semblance_core.domain.instruments.survey import Given, Respondent, Survey
from semblance_core.domain.personas.persona import Persona
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.files import survey_files
from semblance_core.reports.surveys.prices import prices_row

ASKED = "# Oat milk\n\n" + "\n\n".join(
    f"## At what price is it {point}?\ntype: number\nleast: 0\nmost: 10\nunit: euros\nprice: {point}"
    for point in reversed(PricePoint)
)
FIVE = [(1.0, 1.5, 2.5, 3.0), (1.0, 2.0, 3.0, 4.0), (0.5, 1.0, 2.0, 2.5), (1.5, 2.0, 3.0, 3.5), (1.0, 1.5, 2.0, 3.0)]
"""By hand: too cheap at 1.0 is 4/5 and 1.5 is 1/5; not cheap at 1.0 is 0, at 1.5 is 1/5: PMC 1.5 exactly."""


def test_crossings_are_those_of_a_hand_made_example() -> None:
    found = price_sensitivity(FIVE)
    assert found
    assert found.curves.prices == (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
    assert found.curves.too_cheap == pytest.approx((1, 0.8, 0.2, 0, 0, 0, 0, 0))
    assert found.curves.cheap == pytest.approx((1, 1, 0.8, 0.4, 0, 0, 0, 0))
    assert found.curves.expensive == pytest.approx((0, 0, 0, 0.4, 0.6, 1, 1, 1))
    assert found.curves.too_expensive == pytest.approx((0, 0, 0, 0, 0.2, 0.6, 0.8, 1))
    points = (found.cheapest, found.optimal, found.indifferent, found.dearest)
    # OPP: both are 0 at 2.0. PME: 1 - expensive .4 at 2.5 and 0 at 3.0, too expensive .2 and .6: a quarter of the way.
    assert [point and point.figure for point in points] == pytest.approx([1.5, 2.0, 2.0, 2.625])
    assert all(point and point.low <= point.figure <= point.high for point in points)


def test_who_contradicts_themselves_is_left_out_and_counted() -> None:
    mixed = price_sensitivity([*FIVE, (3.0, 2.0, 1.0, 0.5)])
    alone = price_sensitivity(FIVE)
    assert mixed
    assert alone
    assert mixed.curves == alone.curves
    assert (mixed.people, mixed.out_of_order) == (5, 1)
    assert price_sensitivity([(3.0, 2.0, 1.0, 0.5)]) is None


def test_one_person_with_one_price_for_all_crosses_there_or_nowhere() -> None:
    found = price_sensitivity([(2.0, 2.0, 2.0, 2.0)])
    assert found
    assert found.optimal is None or found.optimal.figure == 2.0


def test_the_four_questions_stand_together_in_any_order() -> None:
    read = parse_questionnaire(ASKED)
    assert read.prices == {point: 3 - place for place, point in enumerate(PricePoint)}
    assert parse_questionnaire(to_markdown(read)) == read
    with pytest.raises(InvalidInput, match="four questions, one each of too cheap"):
        parse_questionnaire(ASKED.replace("price: cheap", "price: too cheap"))
    with pytest.raises(InvalidInput, match="one unit"):
        parse_questionnaire(ASKED.replace("unit: euros", "unit: pounds", 1))


def test_a_survey_hands_out_the_same_figures_everywhere() -> None:
    read = parse_questionnaire(ASKED)
    about = ("s", "p", "user", "Oat milk", ASKED, "m", 0, 6, datetime(2026, 11, 30, tzinfo=UTC))
    people = tuple(Respondent(number, Persona(f"P{number}", age=30)) for number in range(6))
    given = [
        Given(person, Answer(read.prices[point], value=prices[at]))
        for person, prices in enumerate(FIVE)
        for at, point in enumerate(PricePoint)
    ]
    unsure = Given(5, Answer(0, state=AnswerState.DONT_KNOW))
    answered = AnsweredSurvey(Survey(*about), read, people, (*given, unsure))
    found = answered.prices()
    assert found == price_sensitivity(FIVE)
    row = prices_row(found)
    assert row
    assert row["pme"]["figure"] == 2.625
    assert row["people"] == 5
    lines = survey_files(answered)["prices.csv"].splitlines()
    assert [line.split(",")[0] for line in lines[9:]] == ["PMC", "OPP", "IPP", "PME"]
    assert lines[12].split(",")[1] == "2.625"
    assert answered.prices([0]) == price_sensitivity(FIVE[:1])
