"""A panel's report and two personas' comparison, against panels whose figures are known."""

from dataclasses import replace

import pytest

from semblance_core.analysis.panel import MarginFit, panel_fit, parse_margins
from semblance_core.analysis.shares import margin_of, rows_of, text_of
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import BigFive, Persona
from semblance_core.reports.compare import compare
from semblance_core.reports.panel import fit_words, panel_report, recruited_words, sample_words

ADA = Persona(
    "Ada", 30, "woman", "Leeds", values=("thrift", "calm"), backstory="Bakes bread on Sundays and reads.", id="a"
)
BOB = replace(ADA, name="Bob", gender="man", id="b")
CAL = Persona("Cal", 70, "man", "York", values=("Calm ", "fun"), backstory="Rides to work by bicycle.", id="c")


def test_a_report_names_the_most_alike_first() -> None:
    report = panel_report([ADA, CAL, BOB])
    assert report.diversity
    nearest = report.diversity.nearest[0]
    assert (nearest.one.name, nearest.other.name, round(nearest.cosine, 3)) == ("Ada", "Bob", 1.0)
    assert report.diversity.near_duplicates == pytest.approx(1 / 3)
    assert 1 < report.diversity.vendi < 3


def test_one_persona_has_a_report_without_differences() -> None:
    report = panel_report([Persona("Only")])
    assert (report.size, report.diversity, report.makeup) == (1, None, {})


def test_personas_without_a_text_are_reported_on_all_the_same() -> None:
    report = panel_report([Persona("One"), Persona("Two")])
    assert report.diversity
    assert (report.diversity.distinct_3, report.diversity.distance) == (None, 1.0)


def test_a_long_tail_of_values_is_counted_together() -> None:
    people = [Persona(f"P{number}", location=f"Town {number}") for number in range(12)]
    assert panel_report(people).makeup["location"]["4 others"] == 4


@pytest.mark.parametrize(
    ("women", "men", "words"),
    [
        (2, 2, "Gender is met exactly."),
        (2, 3, "Gender is met as nearly as 5 whole people can."),
        (3, 5, "1 of 8 personas would have to change to meet it. 8 people drawn at random usually miss by more (28%)."),
        (0, 8, "4 of 8 personas would have to change to meet it. That is more than chance would explain (up to 46%"),
        (1, 7, "3 of 8 personas would have to change to meet it. That is within what chance does to 8 people"),
    ],
)
def test_how_a_margin_is_met_is_said_beside_what_chance_would_do(women: int, men: int, words: str) -> None:
    people = [Persona("W", gender="woman")] * women + [Persona("M", gender="man")] * men
    (fit,) = panel_fit(people, parse_margins("gender: men 50%, women 50%"))
    assert words in fit_words(fit, len(people), panel_report(people).chance)


def test_traits_beyond_chance_and_without_spread_are_called_so() -> None:
    people = [Persona(f"P{number}", big_five=BigFive(agreeableness=80 + number)) for number in range(10)]
    words = {trait.trait: trait.words for trait in panel_report(people).traits}
    assert "34 points above the population's middle, more than chance" in words["agreeableness"]
    assert "spread narrow (SD 3, population 29)" in words["agreeableness"]
    assert "within what chance gives a panel of 10" in words["openness"]


def test_a_comparison_marks_what_differs() -> None:
    found = compare(ADA, CAL, [ADA, BOB, CAL])
    lines = {line.field: line for line in found.lines}
    assert [name for name, line in lines.items() if not line.differs] == []
    assert lines["values"].is_shared("CALM")
    assert not lines["values"].is_shared("fun")
    assert (found.same_facts, found.facts) == (0, 3)
    assert found.likeness < 0.2
    assert compare(ADA, BOB).likeness == pytest.approx(1)
    assert not {line.field: line for line in compare(ADA, BOB).lines}["location"].differs


def test_what_came_of_a_recruiting_is_said_in_words() -> None:
    fit = MarginFit(
        field="gender",
        target={"women": 0.5, "men": 0.5},
        achieved={"women": 0.4, "men": 0.4, "other": 0.2},
        total_variation=0.2,
        jensen_shannon=0.1,
    )
    assert recruited_words(5, [fit], redrawn=1, has_notes=False) == [
        "5 personas were recruited.",
        "Gender: 2 women, 2 men, 1 other, asked were 3 women, 2 men.",
        "1 near-duplicate was written anew.",
    ]


def test_shares_go_from_table_to_text_and_back() -> None:
    table = {"gender": (("women", 60.0), ("men", 40.0)), "location": (("Leeds, UK", 25.0), ("York", 75.0))}
    assert rows_of(text_of(table)) == table
    assert parse_margins(text_of(table)) == tuple(margin_of(field, rows) for field, rows in table.items())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("women", 50), ("men", 40)], "Gender: the shares add up to 90%; 10% are missing"),
        ([("women", 80), ("men", 40)], "that is 20% too much"),
        ([("women", 80), ("", 20)], "a share of 20% has no value"),
        ([("", 0)], "no values"),
        ([("women", 100), ("men", 0)], "share above 0"),
    ],
)
def test_a_table_that_does_not_add_up_says_what_is_missing(rows: list[tuple[str, float]], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        margin_of("gender", rows)


def test_of_a_large_panel_some_are_compared_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [
        Persona(
            f"P{number}",
            20 + number % 60,
            "woman",
            backstory=f"Lives at number {number} with cat {number % 7}.",
            id=str(number),
        )
        for number in range(2_500)
    ]
    # A whole comparison would ask for 2,500 × 2,500 numbers: nothing may ask for as many.
    largest: list[int] = []
    import numpy as np

    whole = np.triu_indices
    monkeypatch.setattr(np, "triu_indices", lambda n, k=0: largest.append(n) or whole(n, k))
    report = panel_report(people)
    assert report.diversity
    assert report.diversity.compared == max(largest) == 1_000
    assert report.size == sum(report.makeup["age"].values()) == 2_500, "what is counted is counted of all"
    assert "1,000 of the 2,500 personas" in sample_words(report)
    again = panel_report(people).diversity
    assert again
    assert again.nearest == report.diversity.nearest, "the same ones every time"
    few = panel_report(people[:50])
    assert few.diversity
    assert (few.diversity.compared, sample_words(few)) == (50, "")


def test_two_of_a_large_project_are_compared_against_some_of_it() -> None:
    people = [
        Persona(f"P{number}", backstory=f"Lives at number {number} by the sea.", id=str(number))
        for number in range(1_500)
    ]
    one, other = people[3], people[4]
    assert compare(one, other, people) == compare(one, other, people)
    assert 0 < compare(one, other, people).likeness < 1
