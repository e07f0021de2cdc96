"""Agreement: published worked examples stand in the docstrings; here are bounds, gaps, undefined cases and matches of themes."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from semblance_core.analysis.agreement.analyses import compared, recurrence
from semblance_core.analysis.agreement.codings import Coder, agreement
from semblance_core.analysis.agreement.coefficients import (
    cohens_kappa,
    gwets_ac1,
    krippendorffs_alpha,
    positive_agreement,
)
from semblance_core.analysis.agreement.matching import matched
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Findings, ReadSession, Theme, Verbatim

BOTH = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)
TURNS = list(range(2, 62))
WORDS = {
    "Price stops them": "The litre is too dear and they wait for offers.",
    "Habit decides": "They buy the carton that their mother bought, every Saturday.",
    "Foam matters": "It has to froth in coffee and must never split.",
    "Labels confuse": "Nobody reads the back of the pack, the print is small.",
    "Planet in mind": "They name climate and cows, and fly on holidays.",
}


@given(BOTH)
def test_kappa_is_what_scikit_learn_computes(pairs: list[tuple[int, int]]) -> None:
    found = cohens_kappa(pairs)
    if found.value is None:
        assert len(set(pairs)) == 1
    else:
        assert found.value == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


@given(BOTH)
def test_all_measures_are_one_for_coders_who_agree_and_never_above(pairs: list[tuple[int, int]]) -> None:
    for measure in (cohens_kappa, gwets_ac1, krippendorffs_alpha, positive_agreement):
        same = measure([(one, one) for one, _ in pairs]).value
        assert same is None or same == pytest.approx(1)
        value = measure(pairs).value
        assert value is None or value <= 1 + 1e-9
        turned = measure([(other, one) for one, other in pairs]).value
        assert turned == (value if value is None else pytest.approx(value))


def test_what_is_not_defined_says_why_and_is_not_zero() -> None:
    for measure in (cohens_kappa, gwets_ac1, krippendorffs_alpha, positive_agreement):
        found = measure([(1, None), (None, 0)])
        assert (found.value, found.why) == (None, "no unit was rated by two coders")
    assert "chance alone" in cohens_kappa([(0, 0), (0, 0)]).why
    assert "chance alone" in krippendorffs_alpha([(0, 0), (0, 0)]).why
    assert "nobody marked" in positive_agreement([(0, 0)]).why
    assert gwets_ac1([(0, 0), (0, 0)], 2).value == 1


def test_a_turn_that_a_coder_did_not_read_is_missing_and_not_a_no() -> None:
    ana = Coder("Ana", {"price": frozenset({1, 4})})
    ben = Coder("Ben", {"price": frozenset({1})}, frozenset({1, 2}))
    cleo = Coder("Cleo", {"price": frozenset({1}), "habit": frozenset({3})}, frozenset({1, 2, 3}))
    two = agreement([1, 2, 3, 4], [ana, ben])
    assert (two.overall.units, two.overall.marked, two.overall.alpha.value, two.disagreements) == (2, 1, 1, ())
    three = agreement([1, 2, 3, 4], [ana, ben, cleo])
    assert three.overall.kappa.why == "Cohen's kappa is of two coders"
    assert three.overall.alpha.value is not None
    (habit,) = three.disagreements
    assert (habit.code, habit.seq, habit.marked_by, habit.not_by) == ("habit", 3, ("Cleo",), ("Ana",))
    assert list(three.by_code) == ["price", "habit"]
    with pytest.raises(InvalidInput, match="two coders or more"):
        agreement([1], [ana, ana])


def theme(name: str, seqs: list[int], summary: str = "") -> Theme:
    return Theme(name, summary or WORDS[name], tuple(Verbatim(seq, "Ana", f"said {seq}") for seq in seqs))


def themes(seed: int) -> list[Theme]:
    chance = random.Random(seed)
    return [theme(name, sorted(chance.sample(TURNS, 6))) for name in WORDS]


def findings(*found: Theme, through: int = 70) -> Findings:
    return Findings("g", tuple(found), "", 0, "m", "0", through, datetime(2026, 1, 1, tzinfo=UTC))


def test_the_same_themes_in_other_words_and_order_are_found_again() -> None:
    one = themes(1)
    other = [
        replace(each, name=f"{each.name}, mostly", verbatims=(*each.verbatims[1:], Verbatim(2, "Ana", "said 2")))
        for each in reversed(one)
    ]
    found = matched(one, other, TURNS)
    assert {(match.one, match.other) for match in found.same} == {(at, 4 - at) for at in range(5)}
    assert found.threshold is not None
    assert 0 < found.threshold < 0.5


def test_themes_of_another_topic_that_quote_other_turns_are_not_found_again() -> None:
    others = [
        theme(
            f"Trains {number}",
            sorted(random.Random(100 + number).sample(TURNS, 6)),
            f"The {word} line is late in {word}.",
        )
        for number, word in enumerate(("north", "south", "coastal", "central", "harbour"))
    ]
    assert matched(themes(1), others, TURNS).same == ()
    by_session = matched(themes(1), others, TURNS, [themes(9), [theme("Boats", [3, 4], "A ferry is slow.")]])
    assert by_session.same == ()
    assert by_session.threshold is not None


def test_a_theme_alone_has_nothing_that_tells_how_alike_unrelated_ones_are() -> None:
    one = [theme("Price stops them", [2, 3])]
    found = matched(one, one, TURNS)
    assert (found.threshold, found.same) == (None, ())
    assert "nothing to compare with" in found.why
    assert matched(one, one, TURNS, [themes(1)]).same
    assert matched([], one, TURNS).why == "An analysis without themes has none to match."


def test_two_analyses_are_compared_turn_by_turn_as_far_as_both_read() -> None:
    one = themes(1)
    again = [replace(each, verbatims=each.verbatims[1:]) for each in one[:3]]
    new = theme("Boats", [60, 61], "A ferry is slow.")
    both = compared(findings(*one), findings(*again, new), TURNS)
    assert both.found_again == 3
    assert [each.name for each in both.themes if not each.found_again] == [one[3].name, one[4].name, new.name]
    first = both.themes[0]
    assert first.agreement is not None
    assert first.agreement.positive.value == pytest.approx(2 * 5 / (2 * 5 + 1))
    assert [(each.seq, each.marked_by) for each in first.disagreements] == [(one[0].verbatims[0].seq, ("first",))]
    assert both.overall is not None
    assert both.overall.units == 6 * len(TURNS)
    assert compared(findings(*one, through=31), findings(*again), TURNS).turns == 30
    nothing = compared(findings(), findings(), TURNS)
    assert (nothing.overall, nothing.themes) == (None, ())
    of_a_round = replace(findings(*one), sessions=(ReadSession("first", 9), ReadSession("second", 9)))
    with pytest.raises(InvalidInput, match="a whole round of interviews are not compared"):
        compared(findings(*one), of_a_round, TURNS)
    with pytest.raises(InvalidInput, match="a whole round of interviews are not compared"):
        recurrence(of_a_round, [of_a_round], TURNS)
