import random
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.reply_length import draw_words
from semblance_core.domain.persona import Persona


def drawn(talkativeness, times, seed=1):
    rng = random.Random(seed)
    return [draw_words(Persona("Maya", talkativeness=talkativeness), rng) for _ in range(times)]


def test_a_panels_turns_are_as_long_and_as_uneven_as_human_ones():
    lengths = [length for talkativeness in range(10, 91) for length in drawn(talkativeness, 300, seed=talkativeness)]
    assert 40 <= median(lengths) <= 49
    assert 0.29 <= sum(length < 25 for length in lengths) / len(lengths) <= 0.39


def test_a_talkative_persona_says_more_but_not_always():
    quiet, talkative = drawn(10, 4_000), drawn(90, 4_000)
    assert median(quiet) < 35 < 50 < median(talkative)
    assert min(talkative) < 10
    assert max(quiet) > 120


@given(st.integers(0, 100), st.integers())
def test_lengths_stay_between_3_and_180_words(talkativeness, seed):
    assert all(3 <= length <= 180 for length in drawn(talkativeness, 50, seed))


def test_no_length_piles_up_at_a_bound():
    lengths = drawn(50, 10_000)
    assert 0 < lengths.count(180) < 50
    assert 0 < lengths.count(3) < 150


def test_the_same_seed_draws_the_same_lengths():
    assert drawn(50, 10, seed=4) == drawn(50, 10, seed=4) != drawn(50, 10, seed=5)
