import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.ending import cosine, ending_reason, is_goodbye
from semblance_core.domain.errors import InvalidInput

NEW = [
    "The bottle leaks in my bag every morning.",
    "My kids refuse anything green.",
    "Delivery on Tuesdays suits nobody who works.",
    "Loyalty points expire far quicker than expected.",
    "Grandma swore by vinegar for cleaning windows.",
    "Adverts with celebrities annoy me deeply.",
    "Recycling that plastic lid seems impossible.",
    "Bulk packs overflow our tiny kitchen cupboard.",
]


@pytest.mark.parametrize(
    "text",
    [
        "Bye!",
        "Thanks everyone, this was lovely. Take care!",
        "Thank you so much for having me, it was great to hear everyone’s perspectives.",
        "Goodbye, Maya and Ben!",
        "Same here. See you all next time.",
        "Bye " * 40,
    ],
)
def test_thanks_and_goodbyes_without_content_are_goodbyes(text):
    assert is_goodbye(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I agree with all of you.",
        "No thanks.",
        "Thanks, but I don't.",
        "Thanks! Anyone for more?",
        "Thanks, the price is still too high for families.",
        "I take care of it.",
        "That was really great to hear.",
        "Thanks to Aldi, Lidl and Tesco.",
        "Bye " * 41,
    ],
)
def test_a_turn_with_content_a_refusal_or_a_question_is_no_goodbye(text):
    assert not is_goodbye(text)


def test_shuffled_words_are_no_duplicate_but_another_ending_mark_is():
    text = "I would buy it weekly if it were a little cheaper"
    assert cosine(text, text.upper() + "!") == pytest.approx(1)
    assert cosine(text, " ".join(sorted(text.split()))) < 0.75


@given(st.text(max_size=60), st.text(max_size=60))
def test_cosine_is_symmetric_and_between_0_and_1(a, b):
    assert 0 <= cosine(a, b) <= 1
    assert cosine(a, b) == pytest.approx(cosine(b, a))


def test_a_word_said_twice_weighs_twice():
    assert cosine("yes yes", "yes") == pytest.approx(2 / 5**0.5)


def test_texts_without_a_word_resemble_nothing():
    assert cosine("", "") == 0


def test_two_goodbyes_in_a_row_end_the_discussion():
    assert ending_reason([*NEW, "Thanks all!", "Bye, take care."], 4, False) == "goodbyes"
    assert ending_reason([*NEW, "Bye, take care.", NEW[0]], 4, False) is None
    assert ending_reason(["Bye!"], 4, False) is None


def test_two_turns_that_were_said_before_end_the_discussion():
    assert ending_reason([*NEW, NEW[3], NEW[5] + " Yes"], 4, False) == "repetition"
    assert ending_reason([*NEW, NEW[3], NEW[3]], 4, False) == "repetition"
    assert ending_reason([NEW[0]] * 3, 1, False) == "repetition"
    assert ending_reason([NEW[0]] * 2, 1, False) is None


def test_a_few_words_may_be_said_again():
    assert ending_reason([*NEW, "Same here.", "Not sure.", "Same here.", "Not sure."], 4, False) is None


def test_one_repeated_turn_does_not_end_the_discussion():
    assert ending_reason([*NEW, NEW[3]], 4, False) is None
    assert ending_reason([*NEW[:-1], NEW[3], NEW[7]], 4, False) is None


def test_what_was_said_longer_than_twelve_turns_ago_is_no_repetition():
    many = [" ".join(chr(97 + at) * length for length in range(1, 10)) for at in range(14)]
    assert ending_reason([*many, many[0], many[1]], 4, False) is None
    assert ending_reason([*many, many[5], many[6]], 4, False) == "repetition"


def stale(exchanges, size=4):
    """Turns of words that were all said before, in new orders."""
    said = " ".join(NEW).replace(".", "").split()
    return [" ".join(said[at % 7 :: 3 + at]) for at in range(exchanges * size)]


def test_two_exchanges_without_a_new_word_end_the_last_question():
    assert ending_reason([*NEW, *stale(2)], 4, True) == "no_new_codes"
    assert ending_reason([*NEW, *stale(2)], 4, False) is None


def test_a_new_word_in_either_exchange_keeps_the_discussion_going():
    turns = stale(2)
    assert ending_reason([*NEW, *turns[:7], "Suddenly a zebra."], 4, True) is None
    assert ending_reason([*NEW, "Suddenly a zebra.", *turns[1:]], 4, True) is None


def test_two_exchanges_alone_are_too_few_to_bring_nothing_new():
    assert ending_reason(stale(2), 4, True) is None
    assert ending_reason([" ".join(NEW), *stale(2)], 4, True) == "no_new_codes"


def test_an_exchange_is_as_long_as_the_group_but_at_least_four_turns():
    assert ending_reason([*NEW, *stale(2)], 7, True) is None
    assert ending_reason([*NEW, *stale(2)], 2, True) == "no_new_codes"
    assert ending_reason([*NEW, *stale(1)], 2, True) is None


def test_a_group_of_nobody_is_refused():
    with pytest.raises(InvalidInput):
        ending_reason([], 0, True)
