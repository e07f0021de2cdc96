import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.balance import gini, normalised_entropy
from semblance_core.domain.errors import InvalidInput

WORDS = st.lists(st.integers(0, 10_000), min_size=1, max_size=24)


def test_gini_of_a_known_division():
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)


def test_entropy_of_a_known_division():
    assert normalised_entropy([1, 1, 2]) == pytest.approx(1.5 * 0.6931472 / 1.0986123)


def test_silence_all_round_counts_as_even():
    assert (gini([0, 0, 0]), normalised_entropy([0, 0, 0])) == (0.0, 1.0)


def test_one_speaker_alone_is_even():
    assert (gini([7]), normalised_entropy([7])) == (0.0, 1.0)


@given(WORDS)
def test_both_stay_in_their_ranges_in_any_order(words):
    assert 0 <= gini(words) <= 1 - 1 / len(words) + 1e-9
    assert 0 <= normalised_entropy(words) <= 1 + 1e-9
    assert gini(words) == pytest.approx(gini(words[::-1]))


@pytest.mark.parametrize("measure", [gini, normalised_entropy])
@pytest.mark.parametrize("words", [[], [3, -1], [float("nan")]])
def test_balance_of_nobody_or_of_negative_words_is_refused(measure, words):
    with pytest.raises(InvalidInput):
        measure(words)
