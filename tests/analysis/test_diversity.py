import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.diversity import (
    distinct_n,
    matched_length,
    mean_pairwise_distance,
    near_duplicate_indices,
    share_near_duplicates,
    vectors,
    vendi,
)
from semblance_core.domain.errors import InvalidInput

TEXTS = ["bakes bread on Sundays", "bakes bread on Sundays", "rides to work by bike", "Bread bakes, on Sundays!"]


def test_texts_are_cut_to_the_median_number_of_words():
    assert matched_length(["a b c d e", "a b c", "a b c d"]) == ["a b c d", "a b c", "a b c d"]
    assert matched_length([]) == []


def test_same_words_are_no_distance_and_other_words_the_whole():
    assert mean_pairwise_distance(vectors(TEXTS[:2])) == pytest.approx(0)
    assert mean_pairwise_distance(vectors(TEXTS[1:3])) == pytest.approx(1)


def test_the_first_of_the_look_alikes_is_kept():
    assert near_duplicate_indices(vectors(TEXTS)) == [1, 3]


def test_a_text_is_compared_with_those_kept_only():
    chain = np.array([[np.cos(angle), np.sin(angle)] for angle in (0, 0.4, 0.8)])
    assert near_duplicate_indices(chain) == [1]


def test_the_share_of_near_duplicates_counts_pairs():
    assert share_near_duplicates(vectors(TEXTS)) == pytest.approx(3 / 6)
    assert share_near_duplicates(vectors(TEXTS[:1])) == 0


def test_texts_without_a_word_have_nothing_in_common():
    matrix = vectors(["", "…", ""])
    assert near_duplicate_indices(matrix) == []
    assert mean_pairwise_distance(matrix) == 1
    assert vendi(matrix) == pytest.approx(3)


def test_words_of_one_letter_and_of_any_script_count():
    assert vectors(["ж b", "ж c"]).shape == (2, 3)


def test_three_words_said_twice_are_one_distinct_triple():
    assert distinct_n(["so it goes", "So it goes!"]) == 0.5
    assert distinct_n(["so it goes", "so it"], n=1) == 0.6


def test_the_vendi_score_is_the_number_of_different_texts():
    assert vendi(vectors(["bread", "bread", "bike", "bike"])) == pytest.approx(2)


@given(st.lists(st.text(max_size=30), min_size=2, max_size=8))
def test_measures_stay_in_their_ranges(texts):
    matrix = vectors(texts)
    assert -1e-9 <= mean_pairwise_distance(matrix) <= 1 + 1e-9
    assert 0 <= share_near_duplicates(matrix) <= 1
    assert 1 - 1e-9 <= vendi(matrix) <= len(texts) + 1e-6
    assert 0 not in near_duplicate_indices(matrix)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: vectors([]),
        lambda: mean_pairwise_distance(vectors(["one text"])),
        lambda: vendi(np.zeros((0, 1))),
        lambda: distinct_n(["two words"]),
        lambda: distinct_n(["two words"], n=0),
    ],
)
def test_too_little_text_is_refused(refused):
    with pytest.raises(InvalidInput):
        refused()
