"""Lengths in the language at hand: how they are asked for, and that no answer of the asked length hits its bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.language import answer_tokens, asked_length, measured, usual_tokens
from semblance_core.conversation.tokens import SHARE, tokens_at_most, weight, within
from tests.languages import TALK, said_at_length, tokens

LENGTHS = (3, 12, 25, 43, 60, 90, 120, 180)
SPACELESS = {"Japanese", "Chinese", "Thai", "Lao", "Khmer", "Burmese", "Tibetan"}


@pytest.mark.parametrize("language", TALK)
def test_an_answer_of_the_asked_length_never_hits_its_bound(language: str) -> None:
    talk = TALK[language]
    question = talk[: len(talk) // 3]
    for words in LENGTHS:
        said = said_at_length(language, f"in about {asked_length(words, question)}")
        assert tokens(said) < answer_tokens(words, question), (words, asked_length(words, question))


@pytest.mark.parametrize("language", TALK)
def test_lengths_are_asked_for_in_characters_where_words_have_no_spaces(language: str) -> None:
    unit = "characters" if language in SPACELESS else "words"
    assert asked_length(40, TALK[language]).endswith(unit)
    assert asked_length(40, "OK", TALK[language]).endswith(unit)


def test_a_range_is_asked_for_in_the_same_unit() -> None:
    assert asked_length(220, TALK["English"], least=120) == "120 to 220 words"
    assert asked_length(220, TALK["Chinese"], least=120) == "216 to 396 characters"


def test_the_bound_is_that_of_the_language_that_takes_most() -> None:
    assert answer_tokens(60, TALK["English"], TALK["Tamil"]) == answer_tokens(60, TALK["Tamil"])
    assert answer_tokens(60) == answer_tokens(60, "?!") == answer_tokens(60, TALK["English"])


def test_english_takes_what_it_took() -> None:
    assert usual_tokens(100, TALK["English"]) == 135
    assert 172 <= answer_tokens(60, TALK["English"]) <= 230
    assert answer_tokens(1) == 64


@pytest.mark.parametrize("language", TALK)
def test_a_texts_tokens_are_rather_overestimated(language: str) -> None:
    """In Latin letters alone an older tokeniser may make a quarter more."""
    measure = measured(TALK[language])
    assert measure
    least = (
        0.73 if TALK[language].isascii() or language in ("Estonian", "Finnish", "Polish", "Zulu", "Swahili") else 0.94
    )
    assert tokens_at_most(TALK[language]) >= least * tokens(TALK[language])
    assert tokens_at_most(TALK[language]) <= 1.35 * tokens(TALK[language])


@given(st.text(max_size=60), st.text(max_size=60))
def test_weights_of_parts_add_up(one: str, other: str) -> None:
    assert weight(one) + weight(other) == weight(one + other)
    assert tokens_at_most(one) >= weight(one) / SHARE


@given(st.text(max_size=200), st.integers(0, 60))
def test_what_is_cut_to_a_budget_is_within_it(text: str, budget: int) -> None:
    assert tokens_at_most(within(text, budget)) <= budget


def test_words_are_counted_by_spaces_and_without_them_by_characters() -> None:
    assert word_count(TALK["English"]) == len(TALK["English"].split())
    assert 30 <= word_count(TALK["Japanese"]) <= 60
    assert 30 <= word_count(TALK["Thai"]) <= 60
    assert word_count("") == 0
