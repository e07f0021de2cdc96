"""When a survey is precise enough."""

from semblance_core.analysis.surveys.stopping import FEWEST, STEP, waves, widest_points
from semblance_core.domain.instruments.answers import Answer, RatingMethod
from semblance_core.domain.instruments.markdown import parse_questionnaire
from semblance_core.domain.instruments.survey import Given
from tests.surveys import SHORT

READ = parse_questionnaire(SHORT)
DIRECT = (RatingMethod.DIRECT,)


def given(people: int, option: int, value: int) -> list[Given]:
    return [
        Given(each, answer)
        for each in range(people)
        for answer in (
            Answer(0, options=((each % 2) if option < 0 else option,)),
            Answer(1, value=float(value or 1 + each % 5)),
        )
    ]


def test_an_even_split_of_a_hundred_is_about_ten_points_precise() -> None:
    """1.96 · √(.25 / n) is 9.8 points at 100 people and 4.9 at 400."""
    assert 8.5 < widest_points(READ, DIRECT, given(100, -1, 3)) < 11
    assert 4.3 < widest_points(READ, DIRECT, given(400, -1, 3)) < 5.5


def test_who_all_say_the_same_are_precise_and_a_question_without_an_answer_is_not() -> None:
    assert widest_points(READ, DIRECT, given(60, 1, 4)) == 0
    assert widest_points(READ, DIRECT, given(60, 1, 4)[::2]) == 100
    assert widest_points(READ, DIRECT, []) == 100


def test_everybody_is_in_one_wave_and_in_order() -> None:
    for size, points in ((7, 5), (FEWEST, 5), (FEWEST + 1, 5), (500, 3), (500, 0)):
        found = list(waves(range(size), points))
        assert [number for wave in found for number in wave] == list(range(size))
        assert all(len(wave) == STEP for wave in found[1:-1])
