"""The anchor bank and the rating by similarity, against its formula."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.surveys.anchor_bank import anchor_bank, failures, read_bank
from semblance_core.analysis.surveys.rating import rated
from semblance_core.analysis.surveys.similarity import rate, shares_of, sharpened, terms_of
from semblance_core.domain.instruments.anchors import AnchorSet
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.questions import Scale, Topic
from tests.studies import REPOSITORY

BANK = REPOSITORY / "semblance_core" / "analysis" / "surveys" / "anchors.toml"
SETS = read_bank(BANK.read_text(encoding="utf-8")).sets
BUY = next(each for each in SETS if each.name == "buy")


@pytest.mark.parametrize("anchors", SETS, ids=lambda each: f"{each.topic}-{each.name}")
def test_every_set_that_ships_passes_its_tests(anchors: AnchorSet) -> None:
    assert failures(anchors) == ()


def test_every_topic_has_six_sets() -> None:
    assert {topic: len(anchor_bank().of(topic)) for topic in Topic} == dict.fromkeys(Topic, 6)
    assert anchor_bank().version == "1"


def test_sets_that_fail_are_refused_with_the_sentence() -> None:
    alike = replace(BUY, statements=(*BUY.statements[:4], "I think I would buy this!"))
    assert "“I think I would buy this” is not nearest to itself." in failures(alike)
    denied = replace(BUY, deny_high=("I would definitely buy this",))
    assert failures(denied) == ("“I would definitely buy this” does not land on the low side.",)
    denied = replace(BUY, deny_low=("I would never buy this",))
    assert failures(denied) == ("“I would never buy this” does not land on the high side.",)


def test_a_similarity_that_favours_a_place_fails_on_the_reversed_scale() -> None:
    def first_is_nearest(text: str, anchors: AnchorSet) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        own = [0.6 if text == statement else 0.0 for statement in anchors.statements]
        return np.asarray(own) + np.asarray([0.3, 0.0, 0.0, 0.0, 0.0])

    told = failures(BUY, first_is_nearest)
    assert any("has another mean on the reversed scale" in words for words in told)


def test_the_worked_example_of_the_docs() -> None:
    """docs/measures.md, “Rating by similarity”."""
    shares = shares_of([0.10, 0.20, 0.30, 0.60, 0.40])
    assert shares is not None
    assert [round(share, 3) for share in shares] == [0.0, 0.091, 0.182, 0.455, 0.273]
    assert round(sum(point * share for point, share in enumerate(shares, start=1)), 3) == 3.909
    assert [round(share, 3) for share in sharpened(shares, 0.5)] == [0.0, 0.026, 0.103, 0.641, 0.231]
    with_epsilon = shares_of([0.10, 0.20, 0.30, 0.60, 0.40], epsilon=0.05)
    assert with_epsilon is not None
    assert [round(share, 3) for share in with_epsilon] == [0.083, 0.083, 0.167, 0.417, 0.25]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=11))
def test_shares_are_a_distribution_and_mirror(cosines: list[float]) -> None:
    there, back = shares_of(cosines), shares_of(cosines[::-1])
    if there is None or back is None:
        assert (there, back) == (None, None)
        return
    assert sum(there) == pytest.approx(1)
    assert min(there) == 0
    assert there == pytest.approx(back[::-1])
    assert sum(sharpened(there, 0.7)) == pytest.approx(1)


def test_t_is_above_0() -> None:
    with pytest.raises(ValueError, match="above 0"):
        sharpened([0.5, 0.5], 0)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("I would put it in my basket today, I want it.", 1),
        ("I’d pick it up in the shop and keep buying it.", 1),
        ("I would not put it in my basket.", -1),
        ("I wouldn't buy this, it is not worth the money.", -1),
    ],
)
def test_plain_sentences_land_on_their_side(text: str, side: int) -> None:
    found = rate(text, anchor_bank().of(Topic.PURCHASE_INTENT))
    assert found is not None
    assert (found.mean - 3) * side > 0.3


def test_words_that_are_near_nothing_are_not_rated() -> None:
    assert rate("Bananas!", anchor_bank().of(Topic.FIT)) is None
    scale = Scale("Likely?", low="no", high="yes", topic=Topic.FIT)
    told = Answer(0, RatingMethod.SIMILARITY, text="Bananas!")
    found = rated(scale, told, anchor_bank())
    assert (found.state, found.value, found.text) == (AnswerState.UNRATED, None, "Bananas!")
    assert found.problem == "The words share too little with any anchored statement to be rated."
    fits = rated(scale, replace(told, text="It fits my life perfectly."), anchor_bank())
    assert fits.state is AnswerState.ANSWERED
    assert fits.value == pytest.approx(sum(point * share for point, share in enumerate(fits.shares, start=1)))
    direct = Answer(0, value=3.0, text="Bananas!")
    assert rated(scale, direct, anchor_bank()) is direct


def test_a_negation_reaches_to_the_next_mark() -> None:
    assert terms_of("not good, fine")[:3] == ["not", "~good", "fine"]
    assert terms_of("can't and won’t but do")[:7] == ["can", "not", "~and", "~will", "not", "but", "do"]
