"""Replies of models against the form of their question: what is taken, and what is asked for again with which words."""

import pytest

from semblance_core.domain.instruments.answers import AnswerState, RatingMethod
from semblance_core.domain.instruments.order import lettered, option_order
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
from semblance_core.domain.instruments.replies import Reply, WrongReply, answer_of

OPTIONS = ("Oat", "Soy", "Rice")
ONE = SingleChoice("Which?", options=OPTIONS)
MANY = MultipleChoice("Which?", options=OPTIONS, most=2)
RANK = Ranking("Order?", options=OPTIONS)
SHARE = Allocation("Points?", options=OPTIONS)
SCALE = Scale("Likely?", low="no", high="yes")
ORDER = (2, 0, 1)
"""Shown as A. Rice, B. Oat, C. Soy."""
VERBALISED, SIMILARITY = RatingMethod.VERBALISED, RatingMethod.SIMILARITY


def test_letters_are_those_of_the_order_shown() -> None:
    assert lettered(ONE, ORDER) == [("A", "Rice"), ("B", "Oat"), ("C", "Soy")]
    assert answer_of(ONE, 3, Reply(chosen=("A",), text=" because "), ORDER).options == (2,)
    assert answer_of(ONE, 3, Reply(chosen=("B. Oat",)), ORDER).options == (0,)
    assert answer_of(ONE, 3, Reply(chosen=("soy",)), ORDER).options == (1,)
    found = answer_of(ONE, 3, Reply(chosen=("A",), text=" because "), ORDER)
    assert (found.question, found.text, found.order) == (3, "because", ORDER)


def test_answers_of_every_type_are_taken() -> None:
    assert answer_of(MANY, 0, Reply(chosen=("C", "B")), ORDER).options == (0, 1)
    assert answer_of(RANK, 0, Reply(chosen=("C", "A", "B")), ORDER).options == (1, 2, 0)
    shares = answer_of(SHARE, 0, Reply(parts=(("A", 50), ("B", 50.5))), ORDER).shares
    assert sum(shares) == pytest.approx(100)
    assert shares == (pytest.approx(50.248756), 0, pytest.approx(49.751244))
    assert answer_of(SCALE, 0, Reply(number=5), ()).value == 5
    assert answer_of(Recommendation("Likely?"), 0, Reply(number=0), ()).value == 0
    assert answer_of(NumberQuestion("How many?", least=0), 0, Reply(number=2.5), ()).value == 2.5
    assert answer_of(OpenText("Why?"), 0, Reply(text="So."), ()).text == "So."
    stated = answer_of(SCALE, 0, Reply(parts=(("4", 60), ("5", 40))), (), VERBALISED)
    assert (stated.shares, stated.value) == ((0, 0, 0, 0.6, 0.4), pytest.approx(4.4))
    told = answer_of(SCALE, 0, Reply(text="I might."), (), SIMILARITY)
    assert (told.text, told.value, told.shares) == ("I might.", None, ())


@pytest.mark.parametrize(
    ("question", "reply", "told"),
    [
        (ONE, Reply(), "choose exactly one option, not 0"),
        (ONE, Reply(chosen=("A", "B")), "choose exactly one option, not 2"),
        (ONE, Reply(chosen=("D",)), "there is no option “D”"),
        (ONE, Reply(chosen=("Almond",)), "there is no option “Almond”"),
        (MANY, Reply(), "choose at least one option"),
        (MANY, Reply(chosen=("A", "B", "C")), "choose at most 2 options, not 3"),
        (MANY, Reply(chosen=("A", "Rice")), "an option is named twice"),
        (RANK, Reply(chosen=("A", "B")), "the ranking names 2 of 3 options; name each once"),
        (SHARE, Reply(parts=(("A", 50), ("B", 40))), "the points add up to 90, not to 100"),
        (SHARE, Reply(parts=(("A", 150), ("B", -50))), "points are numbers from 0 to 100"),
        (SCALE, Reply(number=6), "the answer is one whole number from 1 to 5"),
        (SCALE, Reply(number=2.5), "the answer is one whole number from 1 to 5"),
        (SCALE, Reply(), "the answer is one whole number from 1 to 5"),
        (NumberQuestion("?", least=1, most=3), Reply(number=0), "the number is at least 1"),
        (NumberQuestion("?", least=1, most=3), Reply(number=4), "the number is at most 3"),
        (NumberQuestion("?"), Reply(number=float("nan")), "the answer is one number"),
        (OpenText("?"), Reply(text=" "), "the answer has no words"),
        (SingleChoice("?", dont_know=False, options=OPTIONS), Reply(dont_know=True), "“don't know” is not offered"),
    ],
)
def test_what_does_not_fit_is_said(question: Question, reply: Reply, told: str) -> None:
    with pytest.raises(WrongReply, match=told):
        answer_of(question, 0, reply, ORDER)


def test_a_stated_distribution_names_points_of_the_scale() -> None:
    for parts, told in (
        ((("0", 100.0),), "there is no point “0” from 1 to 5"),
        ((("x", 100.0),), "there is no point “x”"),
    ):
        with pytest.raises(WrongReply, match=told):
            answer_of(SCALE, 0, Reply(parts=parts), (), VERBALISED)


def test_not_knowing_is_an_answer() -> None:
    found = answer_of(ONE, 0, Reply(dont_know=True, chosen=("A",)), ORDER)
    assert (found.state, found.options, found.order) == (AnswerState.DONT_KNOW, (), ORDER)


def test_the_order_is_drawn_by_seed_and_person() -> None:
    asked = SingleChoice("Which?", options=tuple("abcdefgh"))
    orders = {option_order(asked, 0, person, 1) for person in range(50)}
    assert len(orders) > 45
    assert all(sorted(order) == list(range(8)) for order in orders)
    assert option_order(asked, 0, 7, 1) == option_order(asked, 0, 7, 1) != option_order(asked, 0, 7, 2)
    first = [option_order(asked, 0, person, 1)[0] for person in range(4_000)]
    assert all(abs(first.count(option) / 4_000 - 1 / 8) < 0.03 for option in range(8))
    fixed = SingleChoice("Which?", options=tuple("abc"), shuffle=False)
    assert option_order(fixed, 0, 7, 1) == (0, 1, 2)
    assert option_order(SCALE, 0, 7, 1) == ()
