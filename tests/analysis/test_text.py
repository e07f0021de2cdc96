import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.names import mentions
from semblance_core.analysis.text import aligned, content_stems, normalised, words


def test_apostrophes_inside_a_word_belong_to_it_whatever_their_shape():
    assert words("Don’t ‘stop’ — it's 2 cups") == ["don't", "stop", "it's", "2", "cups"]


def test_words_of_scripts_with_vowel_signs_stay_whole():
    assert words("नमस्ते दुनिया") == ["नमस्ते", "दुनिया"]


def test_stop_words_and_short_words_carry_no_content():
    assert content_stems("I would say that it's just so ok, we all do") == frozenset()


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("price prices pricing priced", "pric"),
        ("company companies", "company"),
        ("plan planned planning", "plan"),
        ("sell selling sells", "sell"),
        ("class", "class"),
        ("gas", "gas"),
        ("bring", "bring"),
        ("added adding", "add"),
        ("quick quickly", "quick"),
        ("age ages", "age"),
        ("pie pies", "pie"),
    ],
)
def test_forms_of_one_word_share_a_stem(forms, stem):
    assert content_stems(forms) == {stem}


def test_two_letters_are_no_content_and_three_are():
    assert content_stems("tv pub 30 300") == {"pub", "300"}


def test_decomposed_and_composed_letters_of_hangul_and_latin_are_one():
    assert normalised("\u1100\u1161\u11a8 e\u0301") == "각 é"


def test_a_possessive_adds_no_new_stem():
    assert content_stems("the shop's bread") == content_stems("shop bread")


def test_typographic_and_plain_spelling_normalise_alike():
    assert normalised("“It’s – well… ﬁne”\u00a0\n ok ") == normalised('"it\'s - well... fine" OK')


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert normalised(normalised(text)) == normalised(text)


@given(st.text())
def test_every_normalised_character_points_into_the_original(text):
    spans = [(start, end) for _, start, end in aligned(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_text_normalises_as_it_does_beside_other_characters(text: str) -> None:
    beside = aligned(f"{text}|é")  # which takes the way of all scripts
    assert beside[-1][0] == "é"
    assert aligned(f"{text}|") == beside[:-1]
    assert normalised(f"{text}|") == "".join(char for char, _, _ in beside[:-1])


def test_names_are_found_in_order_of_mention():
    assert mentions("As Zoë's friend Ben said", ["Ben Cole", "Zoë Hart"]) == [1, 0]


def test_a_name_inside_a_word_is_no_mention():
    assert mentions("Bennet bought a Mayan mask", ["Ben Cole", "Maya Rao"]) == []


def test_a_first_name_that_two_share_names_neither():
    names = ["Maya Rao", "Maya Lind", "Ben Cole"]
    assert mentions("Maya and Ben are right", names) == [2]
    assert mentions("Maya Lind is right", names) == [1]


def test_a_title_is_not_a_first_name():
    assert mentions("I asked Dr. Who, but Lena knew", ["Dr. Lena Park"]) == [0]
    assert mentions("I saw a Dr. about it", ["Dr. Lena Park"]) == []


def test_a_name_that_is_a_word_counts_only_where_it_is_written_as_a_name():
    names = ["Will Hart", "Rose Kim"]
    assert mentions("Will you buy it? I will. The price rose.", names) == []
    assert mentions("I agree with Will.", names) == [0]
    assert mentions("Will, what do you think?", names) == [0]
    assert mentions("what about @rose then", names) == [1]
