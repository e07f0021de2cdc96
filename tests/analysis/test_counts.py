"""Counts of people in summaries: those that the quotes do not bear out are found, and other numbers are left alone."""

import pytest

from semblance_core.analysis.claims.counts import contradiction, counts_in

SIX = 6


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("Three of six find it dear.", 3),
        ("Three of the six participants find it dear.", 3),
        ("3 out of 6 would pay.", 3),
        ("Only one participant disagrees.", 1),
        ("A single voice disagrees.", 1),
        ("Two people buy 3 litres a week.", 2),
        ("All six participants drink tea.", 6),
        ("Everyone drinks tea.", 6),
        ("Most participants drink tea.", 4),
        ("Half of the group drinks tea.", 3),
        ("One of them left.", 1),
        ("3 von 6 finden es teuer.", 3),
        ("3 sur 6 le trouvent cher.", 3),
        ("6人中3人が高いと言う。", 3),
        ("3/6 trinken Tee.", 3),
    ],
)
def test_a_count_is_held_against_the_computed_one(sentence: str, held: int) -> None:
    assert contradiction(sentence, SIX, {held}) == ""
    wrong = 5 if held != 5 and "Most" not in sentence else 2
    assert f"the quotes come from {wrong} of 6" in contradiction(sentence, SIX, {wrong})


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs 3.50 and lasts two weeks.",
        "One of three brands is bought for two reasons.",
        "They pay 3/4 of the price, about 20 of 100 pounds.",
        "Not everyone drinks tea.",
        "Hardly everybody drinks tea, and everyone else coffee.",
        "Am 3.6. kostet es 2 Euro.",
        "Two in the morning is too late.",
    ],
)
def test_other_numbers_are_no_counts_of_people(sentence: str) -> None:
    assert counts_in(sentence, SIX) == []


def test_out_of_how_many_has_to_fit_too() -> None:
    assert contradiction("Three of eight participants find it dear.", SIX, {3})
    assert contradiction("Two of the three say so.", SIX, {2, 3}, {3}) == ""
    assert contradiction("Three of six find it dear.", 0, {3}) == "", "nobody knows how many took part"
