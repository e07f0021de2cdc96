"""The simulator: what it makes of a question, and whether the answer fits."""

import re

import pytest

from semblance_core.simulator import lexicon
from semblance_core.simulator.read.nouns import subject_of
from semblance_core.simulator.read.question import read_question
from semblance_core.simulator.words import sentences_of, words_of
from tests.simulator.simulated_talk import HELD_OUT, asked, share


def test_questions_are_read_for_kind_focus_and_options() -> None:
    asked = read_question("Price or service: what matters more to you?", "Car insurance")
    assert (asked.kind, asked.options) == ("compare", ("the price", "the service"))
    assert read_question("What do you think of the packaging?", "Oat milk").focus.text == "the packaging"
    assert read_question("How often do you drink oat milk?", "Oat milk").kind == "habit"
    assert [noun.text for noun in subject_of("A public library's opening hours")] == [
        "the public library",
        "the opening hours",
    ]


@pytest.mark.parametrize("topic", [topic for topic, _ in HELD_OUT.values()])
def test_no_word_list_names_the_thing_of_a_held_out_topic(topic: str) -> None:
    thing = subject_of(topic)[0].text.split()[-1]
    lists = "\n".join(path.read_text(encoding="utf-8") for path in lexicon.HERE.rglob("*.txt"))
    assert not re.search(rf"\b{thing.removesuffix('s')}s?\b", lists, re.I)


AMOUNT = re.compile(
    r"coffees|lunch out|per cent|cheapest|wouldn't go past|what I pay now|a fifth more|limit for|all in\b|than I pay"
)
TIME = re.compile(
    r"ago\b|last Thursday|before last|yesterday|this spring|last Monday|fortnight|couple of weeks|of the month|holidays",
    re.I,
)


@pytest.mark.parametrize(("question", "kind"), [
    ("Have you ever talked with your family about paying for a funeral?", "ever"),
    ("Tell us about the last time a pay run went wrong.", "lasttime"),
    ("Tell us about a time you paid too much.", "lasttime"),
    ("What do you think of an app that costs per employee?", "impression"),
])  # fmt: skip
def test_paying_alone_does_not_make_a_question_about_the_price(question: str, kind: str) -> None:
    assert read_question(question, "Funeral plans").kind == kind
    told = asked(question, "Funeral plans", "People over 60 in Wales", 4)
    assert not [text for text in told if AMOUNT.search(text)]


@pytest.mark.parametrize(
    "question",
    [
        "How much would you pay for it?",
        "What does it cost you?",
        "How do you feel about the price?",
        "What would you pay?",
    ],
)
def test_an_amount_asked_for_makes_a_question_about_the_price(question: str) -> None:
    assert read_question(question, "Oat milk").kind == "price"


def test_have_you_ever_is_answered_with_yes_or_no_first() -> None:
    told = asked("Have you ever talked with your family about it?", "Funeral plans", "People over 60 in Wales")
    yes_no = re.compile(r"\b(yes|no|not|never|once|I have|I haven't|can't say)\b", re.I)
    assert all(yes_no.search(" ".join(sentences_of(text)[:2])) for text in told)


def test_who_is_involved_does_not_ask_for_a_type_of_person() -> None:
    told = asked(
        "How do you run payroll at the moment, and who is involved?", "Payroll app", "Owners of small firms in Germany"
    )
    helpers = re.compile(r"accountant|colleague|adviser|books|payroll office|spreadsheet", re.I)
    assert share([bool(helpers.search(text)) for text in told]) > 0.9
    assert not [text for text in told if re.search(r"All sorts|fridge|fashionable|two people who fit|neighbour", text)]


@pytest.mark.parametrize(("topic", "subject"), [
    ("Owners and payroll managers of small firms in Germany", "payroll"), ("How pensioners use buses", "buses"),
    ("People over 60 in Wales", "all this"), ("Switching brand of oat milk", "oat milk"), ("Opening hours of libraries", "libraries"),
])  # fmt: skip
def test_people_verbs_and_places_are_never_the_subject(topic: str, subject: str) -> None:
    assert subject_of(topic)[0].text == subject


@pytest.mark.parametrize(
    "question",
    ["When do you save the most?", "Tell us when it went wrong.", "What do you think of the opening on Sundays?"],
)
def test_a_verb_or_an_adjective_is_never_the_focus(question: str) -> None:
    assert not set(words_of(read_question(question, "Energy tariff").focus.text)) & {"save", "wrong", "opening"}


def test_a_use_is_named_when_asked_what_for() -> None:
    told = asked("What do you use it for?", "Oat milk", "UK shoppers who buy oat milk")
    uses = re.compile(
        r"breakfast|cooking|friends come|quick in the evening|happy|break at work|treat|in the house|coffee|cereal|pancakes"
    )
    assert all(uses.search(text) for text in told)


def test_a_channel_is_named_when_asked_how_they_find_out() -> None:
    told = asked("How do you find out when it is open?", "Public library in Leeds", "parents and students in Leeds")
    channels = re.compile(
        r"website|phone|noticeboard|asking|word of mouth|neighbour|friends post|paper|leaflet|colleague|parents|partner|podcast|radio|BBC"
        r"|Instagram|TikTok|YouTube|Reddit|WhatsApp|Guardian|Facebook",
        re.I,
    )
    assert all(channels.search(text) for text in told)


@pytest.mark.parametrize(("question", "options"), [
    ("Would you prefer Sundays instead of Mondays?", ("Sundays", "Mondays")), ("Would you rather have an app or a card?", ("app", "card")),
])  # fmt: skip
def test_a_choice_is_answered_with_one_of_the_two(question: str, options: tuple[str, str]) -> None:
    told = asked(question, "Public library in Leeds", "parents and students in Leeds")
    assert all(any(option in text for option in options) for text in told)
    assert not [text for text in told if re.search("either-or|On a good day", text)]
    assert len({next(option for option in options if option in text) for text in told}) == 2


def test_when_did_you_last_is_answered_with_a_time() -> None:
    told = asked("When did you last buy oat milk?", "Oat milk", "UK shoppers who buy oat milk")
    assert all(TIME.search(text) for text in told)
