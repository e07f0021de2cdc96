"""An extract holds what has to do with the question, word for word and in order, and is never over its budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.documents import extract
from semblance_core.documents.extract import GAP
from semblance_core.domain.errors import InvalidInput

FILLER = "The company was founded by two brothers who liked to walk in the hills on Sundays. " * 6
TEXT = "\n\n".join(
    (
        *("Oat milk: a plan for 2027", FILLER, "The price of a litre will be 2.10 euros.", FILLER, FILLER),
        *("Bottles are made of glass.", FILLER, "Shoppers told us that prices matter most.", FILLER),
    )
)
PIECES = st.lists(
    st.text(max_size=900) | st.sampled_from([FILLER, "\n\n", " ", "oat " * 300, "价格多少。", "a" * 2000])
)


def test_a_text_that_fits_is_its_own_extract() -> None:
    assert extract("Oat milk.\n\nCold.", "What is cold?", 100) == "Oat milk.\n\nCold."


def test_the_passages_that_hold_the_questions_words_are_taken_in_the_documents_order() -> None:
    taken = extract(TEXT, "What price?", 60)
    wanted = ["The price of a litre will be 2.10 euros.", "Shoppers told us that prices matter most."]
    assert taken == f"Oat milk: a plan for 2027\n{GAP}\n{wanted[0]}\n{GAP}\n{wanted[1]}\n{GAP}"


def test_a_word_that_few_passages_hold_counts_more_than_one_that_many_hold() -> None:
    assert "glass" in extract(TEXT, "Would the company like glass?", 24)


def test_without_any_word_of_the_question_the_extract_begins_as_the_document_does() -> None:
    assert extract(TEXT, "Zebras?", 200).startswith("Oat milk: a plan for 2027\n\nThe company was founded")


def test_scripts_without_spaces_are_searched_by_character() -> None:
    text = "\n\n".join(["公司成立于一九九零年。" * 20, "燕麦奶的价格是两欧元。", "员工喜欢散步。" * 30])
    assert "燕麦奶的价格是两欧元。" in extract(text, "价格", 40)


def test_a_budget_in_which_nothing_fits_is_refused() -> None:
    with pytest.raises(InvalidInput):
        extract(TEXT, "price", 15)


@given(PIECES, st.text(max_size=80) | st.just("oat price 价格 brothers"), st.integers(16, 3000))
def test_an_extract_is_within_its_budget_and_each_of_its_passages_stands_in_the_text(
    pieces: list[str], question: str, budget: int
) -> None:
    text = "\n".join(pieces).replace(GAP, "")
    taken = extract(text, question, budget)
    assert tokens_at_most(taken) <= budget
    assert taken == extract(text, question, budget)
    assert bool(taken.strip()) == bool(text.strip())
    place = 0
    for passage in taken.split(GAP):
        place = text.find(passage.strip(), place)
        assert place >= 0
        place += len(passage.strip())
