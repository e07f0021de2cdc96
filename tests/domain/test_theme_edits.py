"""Edits of themes: no quote is made up, none gets lost but by removing it, and what does not fit is refused in words."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import (
    AddQuote,
    Change,
    Merge,
    MoveQuotes,
    Remove,
    RemoveQuotes,
    Rewrite,
    RewriteSummary,
    Split,
)

ONE, TWO, THREE = (Verbatim(seq, "Maya Rao", f"words {seq}") for seq in (1, 2, 3))
PRICE, TASTE = Theme("Price", "It is dear.", (ONE, TWO)), Theme("Taste", "It is sweet.", (TWO, THREE))


def found(*themes: Theme) -> Findings:
    return Findings("group", themes, "Summary.", 0, "model", "version", 9, datetime(2026, 5, 1, tzinfo=UTC))


def shape(findings: Findings) -> list[tuple[str, list[int]]]:
    return [(theme.name, [said.seq for said in theme.verbatims]) for theme in findings.themes]


def test_each_change_does_what_it_says() -> None:
    both = found(PRICE, TASTE)
    assert shape(Rewrite(0, " Cost ", "Too dear.").of(both)) == [("Cost", [1, 2]), ("Taste", [2, 3])]
    assert shape(Remove(0).of(both)) == [("Taste", [2, 3])]
    assert shape(RemoveQuotes(1, (0,)).of(both)) == [("Price", [1, 2]), ("Taste", [3])]
    assert shape(MoveQuotes(0, (0,), 1).of(both)) == [("Price", [2]), ("Taste", [2, 3, 1])]
    assert shape(Split(0, (1,), "Deals", "Cheap ones.").of(both)) == [("Price", [1]), ("Deals", [2]), ("Taste", [2, 3])]
    assert shape(Merge((1, 0), "Both", "All.").of(both)) == [("Both", [1, 2, 3])]
    added = AddQuote(0, THREE).of(both)
    assert shape(added)[0] == ("Price", [1, 2, 3])
    assert added.themes[0].verbatims[2].by_hand
    assert RewriteSummary(" Short. ").of(both).summary == "Short."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Rewrite(0, "  ", ""), "1–160 characters"),
        (Rewrite(0, "TASTE", ""), "Two themes would be named"),
        (Rewrite(0, "Price", "x" * 1_001), "at most 1,000"),
        (Remove(2), "no such theme"),
        (Remove(-1), "no such theme"),
        (RemoveQuotes(0, (0, 1)), "remove the theme instead"),
        (RemoveQuotes(0, ()), "at least one quote"),
        (RemoveQuotes(0, (5,)), "no such quote"),
        (MoveQuotes(0, (0, 1), 1), "merge the themes instead"),
        (MoveQuotes(0, (0,), 0), "another theme"),
        (Split(0, (0, 1), "All", ""), "rename the theme instead"),
        (Split(0, (0,), "taste", ""), "Two themes would be named"),
        (Merge((0, 0), "One", ""), "at least two themes"),
        (AddQuote(0, TWO), "already has this quote"),
        (RewriteSummary(" "), "empty"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(change: Change, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        change.of(found(PRICE, TASTE))


def test_names_that_the_model_gave_twice_stop_no_other_change() -> None:
    doubled = found(PRICE, Theme("Price", "", (THREE,)), TASTE)
    assert len(Remove(2).of(doubled).themes) == 2


quotes = st.lists(
    st.builds(Verbatim, st.integers(1, 6), st.just("Maya Rao"), st.sampled_from("abc")),
    min_size=1,
    max_size=6,
    unique_by=lambda said: said.place,
)
places = st.integers(0, 4)
chosen = st.lists(places, max_size=4).map(tuple)
changes = st.one_of(
    st.builds(Remove, places),
    st.builds(RemoveQuotes, places, chosen),
    st.builds(MoveQuotes, places, chosen, places),
    st.builds(Split, places, chosen, st.just("Another"), st.just("")),
    st.builds(Merge, chosen, st.just("Merged"), st.just("")),
    st.builds(Rewrite, places, st.just("Renamed"), st.just("")),
)


@given(st.lists(quotes, min_size=1, max_size=5), st.lists(changes, max_size=8))
def test_no_change_makes_a_quote_up_and_only_removing_loses_one(
    held: list[list[Verbatim]], edits: list[Change]
) -> None:
    findings = found(*(Theme(f"Theme {at}", "", tuple(said)) for at, said in enumerate(held)))
    for change in edits:
        before = findings
        try:
            findings = change.of(before)
        except InvalidInput:
            continue
        known, kept = every_quote(before), every_quote(findings)
        assert set(kept) <= set(known)
        assert all(theme.verbatims for theme in findings.themes)
        if not isinstance(change, Remove | RemoveQuotes):
            assert set(kept) == set(known)
        assert all(len({said.place for said in theme.verbatims}) == len(theme.verbatims) for theme in findings.themes)


def every_quote(findings: Findings) -> Counter[tuple[int, str]]:
    return Counter(said.place for theme in findings.themes for said in theme.verbatims)
