"""Themes across sessions: brought onto one list, counted, held against each other; planted, so that the result is known."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from semblance_core.analysis.synthesis.placing import ReadAnalysis, placed_together
from semblance_core.analysis.synthesis.saturation import saturation
from semblance_core.analysis.synthesis.together import Source, Synthesised, synthesised
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.synthesis import (
    MergeShared,
    PlacedAnalysis,
    RenameShared,
    SeparateShared,
    Synthesis,
)
from semblance_core.domain.findings.theme import Findings, ReadSession, Sentiment, Theme, Verbatim

AT = datetime(2026, 11, 1, tzinfo=UTC)
PLANTED = {
    "price": ("Too dear", "Oat milk costs more a litre than dairy, and most would buy it for less."),
    "taste": ("Sweet taste", "Its sweetness spoils strong tea but suits porridge and baking."),
    "foam": ("Foam in coffee", "Barista cartons froth well, plain ones curdle in an espresso."),
    "planet": ("Better for the climate", "Land, water and methane of cattle are why they left dairy."),
    "habit": ("Habit of the household", "Children and partners decide which carton stands in the fridge."),
    "trust": ("Doubts about additives", "Rapeseed oil, gellan and long ingredient lists put them off."),
}
AGAIN = {
    "price": ("Cost", "They find a litre of it costs too much, dearer than dairy, and would pay less."),
    "taste": ("Taste", "A sweetness that is fine in porridge and baking and spoils tea."),
    "foam": ("Barista use", "It froths in coffee where it is a barista carton; others curdle in espresso."),
    "planet": ("Climate reasons", "Methane of cattle, land and water made them leave dairy behind."),
    "habit": ("Family decides", "Partners and children say which carton is in the fridge of the household."),
    "trust": ("Ingredients", "Long lists with gellan and rapeseed oil are a reason for doubts."),
}


def theme(key: str, words: dict[str, tuple[str, str]], *said: Verbatim) -> Theme:
    return Theme(*words[key], said or (Verbatim(2, "Ana", f"It is {key}"),))


def analysis(number: int, keys: str, words: dict[str, tuple[str, str]]) -> ReadAnalysis:
    themes = tuple(theme(key, words) for key in keys.split())
    return ReadAnalysis(f"s{number}", f"a{number}", 0, themes)


def shared(found: tuple[PlacedAnalysis, ...]) -> list[list[int]]:
    return [[each.shared for each in analysis.themes] for analysis in found]


def test_planted_themes_are_found_again_and_others_are_kept_apart() -> None:
    first, second = analysis(1, "price taste foam planet", PLANTED), analysis(2, "planet trust price habit", AGAIN)
    third = analysis(3, "habit taste foam", PLANTED)
    found = placed_together((first, second, third))
    assert shared(found) == [[1, 2, 3, 4], [4, 5, 1, 6], [6, 2, 3]]
    assert all(0 < each.threshold < 0.3 for each in found if each.threshold is not None)
    assert [each.similarity > 0 for each in found[1].themes] == [True, False, True, False]


def test_an_added_session_moves_nothing_that_has_its_place() -> None:
    first, second = analysis(1, "price taste foam planet", PLANTED), analysis(2, "planet trust price habit", AGAIN)
    before = placed_together((first, second))
    placed = [replace(each, placed=there) for each, there in zip((first, second), before, strict=True)]
    after = placed_together((*placed, analysis(3, "taste trust price", AGAIN)))
    assert after[:2] == before
    assert shared(after)[2] == [2, 5, 1]


def test_two_themes_of_one_session_never_go_into_one_by_themselves() -> None:
    twice = ReadAnalysis("s2", "a2", 0, (theme("price", PLANTED), theme("price", AGAIN)))
    found = placed_together((analysis(1, "price taste foam", PLANTED), twice))
    assert len(set(shared(found)[1])) == 2
    assert 1 in shared(found)[1]


def test_what_a_person_did_stays_where_the_themes_are_edited() -> None:
    first, second = analysis(1, "price taste", PLANTED), analysis(2, "price foam", AGAIN)
    made = Synthesis("y", "p", "user", "All", AT, placed_together((first, second)))
    apart = SeparateShared(1, (("s2", 0),)).of(made)
    assert shared(apart.analyses) == [[1, 2], [4, 3]]
    rewritten = replace(second.themes[0], name="Price of a litre")  # the same quotes
    edited = replace(second, version=1, themes=(rewritten, *second.themes[1:], theme("taste", AGAIN)))
    edited = replace(edited, before=apart.analyses[1], before_themes=second.themes)
    after = placed_together((replace(first, placed=apart.analyses[0]), edited), apart.next_shared)
    assert shared(after) == [[1, 2], [4, 3, 2]]
    assert after[1].themes[0].by_hand


def test_merging_separating_and_renaming_by_hand() -> None:
    found = placed_together((analysis(1, "price taste", PLANTED), analysis(2, "foam trust", AGAIN)))
    made = RenameShared(3, "Froth").of(Synthesis("y", "p", "user", "All", AT, found))
    merged = MergeShared((2, 3), "Mouthfeel").of(made)
    assert (shared(merged.analyses), merged.names) == ([[1, 2], [2, 4]], {"2": "Mouthfeel"})
    assert SeparateShared(2, (("s1", 1),)).of(merged).shared == {1, 2, 4, 5}
    assert RenameShared(2, " ").of(merged).names == {}
    for wrong in (
        MergeShared((2,)),
        MergeShared((2, 9)),
        RenameShared(9, "x"),
        RenameShared(1, "x" * 161),
        SeparateShared(2, ()),
        SeparateShared(2, (("s1", 0),)),
        SeparateShared(2, (("s1", 1), ("s2", 0))),
    ):
        with pytest.raises(InvalidInput):
            wrong.of(merged)


def test_alone_nothing_tells_what_is_alike_but_the_name() -> None:
    found = placed_together((analysis(1, "price", PLANTED), analysis(2, "price", AGAIN), analysis(3, "price", PLANTED)))
    assert shared(found) == [[1], [2], [1]]
    assert [each.threshold for each in found] == [None] * 3


def read_all(*analyses: tuple[ReadAnalysis, Findings], chosen: bool = False) -> Synthesised:
    placed = placed_together([each for each, _ in analyses])
    made = Synthesis("y", "p", "user", "All", AT, tuple(replace(each, chosen=chosen) for each in placed))
    sources = {each.source_id: Source(each.source_id, each.source_id, bool(found.sessions)) for each, found in analyses}
    people = {"s1": {("s1", "Ana"): "p1", ("s1", "Ben"): "p2"}, "s2": {("s2", "Ana"): "p1", ("s2", "Cem"): "p3"}}
    people["r"] = {("i1", "Dee"): "p4", ("i2", "Eli"): "p5"}
    sources = {name: replace(each, people=people[name]) for name, each in sources.items()}
    return synthesised(made, sources, {(f.analysis_id, f.version): f for _, f in analyses}, {})


def findings(
    source_id: str, themes: tuple[Theme, ...], sessions: tuple[str, ...] = ()
) -> tuple[ReadAnalysis, Findings]:
    found = Findings(source_id, themes, "", 0, "m", "0", 9, AT, analysis_id=f"a-{source_id}")
    found = replace(found, sessions=tuple(ReadSession(each, 9) for each in sessions))
    return ReadAnalysis(source_id, found.analysis_id, 0, themes), found


def test_recurrence_counts_sessions_and_persons_and_interviews_one_by_one() -> None:
    said = {who: Verbatim(2, who, "It is", Sentiment.POSITIVE) for who in ("Ana", "Ben", "Cem")}
    of_round = tuple(Verbatim(4, who, "It is", None, session_id=at) for who, at in (("Dee", "i1"), ("Eli", "i2")))
    found = read_all(
        findings("s1", (theme("price", PLANTED, said["Ana"], said["Ben"]), theme("taste", PLANTED, said["Ben"]))),
        findings("s2", (theme("price", AGAIN, said["Ana"], said["Cem"]), theme("foam", AGAIN, said["Cem"]))),
        findings("r", (theme("taste", AGAIN, *of_round), theme("trust", AGAIN, of_round[1])), ("i1", "i2")),
    )
    told = {each.number: (each.name, each.sessions, each.people) for each in found.themes}
    assert told[1] == ("Too dear", ("s1", "s2"), 3)
    assert told[2] == ("Sweet taste", ("s1", "i1", "i2"), 3)
    assert [each.number for each in found.themes] == [2, 1, 3, 4]
    assert (found.sessions, found.people) == (("s1", "s2", "i1", "i2"), 5)
    assert (found.themes[0].first.source_id, found.themes[0].first.theme.verbatims[0].session_id) == ("s1", "s1")
    assert (found.saturation.new, found.saturation.reached) == ((2, 1, 0, 1), None)
    assert "6 sessions" in found.saturation.why
    assert [each.session_id for each in found.themes[0].quotes("r")] == ["i1", "i2"]


def test_contradictions_name_the_messages_of_both_sides() -> None:
    good = Verbatim(2, "Ana", "I pay it gladly", Sentiment.POSITIVE)
    bad = Verbatim(7, "Cem", "I pay nothing for it", Sentiment.NEGATIVE)
    opposite = read_all(
        findings("s1", (theme("price", PLANTED, good), theme("taste", PLANTED, good))),
        findings("s2", (theme("price", AGAIN, bad), theme("taste", AGAIN, good, replace(good, seq=4), bad))),
    )
    by_number = {each.number: each.contradiction for each in opposite.themes}
    price, taste = by_number[1], by_number[2]
    assert price
    assert taste
    assert (price.kind.value, taste.kind.value) == ("opposite", "counter")
    sides = [
        [(each.source_id, said.session_id, said.seq) for each in side for said in each.verbatims]
        for side in (price.positive, price.negative)
    ]
    assert sides == [[("s1", "s1", 2)], [("s2", "s2", 7)]]
    assert [each.source_id for each in taste.negative] == ["s2"]


def test_what_is_gone_is_left_out_and_counted() -> None:
    kept, gone = findings("s1", (theme("price", PLANTED),)), findings("s2", (theme("price", PLANTED),))
    both = read_all(kept, gone)
    left = synthesised(
        both.synthesis, {"s1": both.sources[0]}, {("a-s1", 0): kept[1]}, {"s1": ("a-new", 0), "s2": ("a-s2", 0)}
    )
    assert (left.lost, len(left.themes), left.outdated) == (1, 1, ("s1",))


def test_saturation_needs_its_sessions_and_falls_with_what_is_new() -> None:
    assert saturation([frozenset("a")] * 5).reached is None
    assert saturation([frozenset("a")] * 6).reached == 4
    every = [frozenset(letters) for letters in ("ab", "cd", "ef", "gh", "i", "j", "k", "l")]
    always = saturation(every)
    assert (always.reached, always.base, len(always.new_share)) == (None, 8, 3)
    assert "more than 5%" in always.why
    assert all(one <= other for one, other in pairwise(always.heard))
    assert "no theme" in saturation([frozenset[str]()] * 8).why
    assert saturation([]).heard == ()
