from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.panel import (
    Margin,
    age_bounds,
    apportion,
    frame,
    kish_effective_size,
    panel_fit,
    parse_margins,
    sampling_total_variation,
)
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona

FIELDS = ("gender", "location", "income_band", "education", "household")


@st.composite
def margin_sets(draw):
    fields = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=4))
    found = []
    for field in fields:
        weights = draw(st.lists(st.integers(1, 60), min_size=1, max_size=5))
        found.append(Margin(field, tuple((f"{field} {at}", n / sum(weights)) for at, n in enumerate(weights))))
    return found


@given(margin_sets(), st.integers(1, 40), st.integers(0, 10_000))
def test_a_frame_meets_every_margin_as_exactly_as_whole_people_can(margins, size, seed):
    cells = frame(margins, size, seed)
    assert len(cells) == size
    for margin in margins:
        counts = Counter(cell[margin.field] for cell in cells)
        assert {value: counts[value] for value, _ in margin.shares} == apportion(margin, size)
        assert all(abs(counts[value] - share * size) < 1 for value, share in margin.shares)


@given(margin_sets(), st.integers(1, 40), st.integers(0, 10_000))
def test_no_two_traits_come_together_more_than_chance_would_have_it(margins, size, seed):
    cells = frame(margins, size, seed)
    for one, other in combinations([margin.field for margin in margins], 2):
        left, right = Counter(cell[one] for cell in cells), Counter(cell[other] for cell in cells)
        both = Counter((cell[one], cell[other]) for cell in cells)
        assert all(abs(both[v, w] - left[v] * right[w] / size) < 2 for v in left for w in right)


def test_two_even_margins_give_four_even_cells():
    margins = parse_margins("gender: women 50%, men 50%\nlocation: North 1, South 1")
    for seed in range(20):
        assert set(Counter(tuple(cell.values()) for cell in frame(margins, 8, seed)).values()) == {2}


def test_a_frame_is_the_same_for_the_same_seed_and_another_for_another():
    margins = parse_margins("gender: women 50%, men 50%\nlocation: North 1, South 1")
    assert frame(margins, 12, 1) == frame(margins, 12, 1)
    assert len({str(frame(margins, 12, seed)) for seed in range(5)}) > 1


def test_a_frame_without_margins_asks_nothing_of_anybody():
    assert frame([], 3, 1) == ({}, {}, {})


def test_a_large_panel_is_spread_as_evenly():
    cells = frame(parse_margins("gender: women 50%, men 50%\nlocation: North 1, South 1"), 400, 1)
    assert all(abs(count - 100) <= 1 for count in Counter(tuple(cell.values()) for cell in cells).values())


def test_the_largest_remainders_get_the_people_left_over():
    margin = Margin("location", (("North", 0.46), ("South", 0.34), ("West", 0.2)))
    assert apportion(margin, 3) == {"North": 1, "South": 1, "West": 1}
    assert apportion(margin, 10) == {"North": 5, "South": 3, "West": 2}


@pytest.mark.parametrize(("margins", "size"), [([], 0), ([Margin("gender", (("women", 1),))] * 2, 4)])
def test_a_frame_of_nobody_or_with_two_margins_of_one_field_is_refused(margins, size):
    with pytest.raises(InvalidInput):
        frame(margins, size, 1)


def test_margins_are_read_from_lines_of_counts_or_percents():
    text = "gender: women 45%, men 55%\n\n- Income: £20,000–£30,000 3; over £30,000 1\nage: 40% 25-34, 60% 65+"
    assert [(margin.field, margin.shares) for margin in parse_margins(text)] == [
        ("gender", (("women", 0.45), ("men", 0.55))),
        ("income_band", (("£20,000–£30,000", 0.75), ("over £30,000", 0.25))),
        ("age", (("25-34", 0.4), ("65+", 0.6))),
    ]


def test_percents_that_were_rounded_are_made_to_add_up_to_one():
    (margin,) = parse_margins("location: North 33%, South 33%, West 33%")
    assert sum(share for _, share in margin.shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gender women 45%", "colon is missing"),
        ("gender: women 49%, men 49.5%", "98.5%"),
        ("gender: women 45%", "add up to 45%, not 100%"),
        ("gender: women, men 5", "“women” needs a value and a number"),
        ("shoe size: 40 1", "no margin for shoe size"),
        ("gender:", "has no values"),
        ("gender: women 0, men 3", "above 0"),
        ("gender: women 1, Women 3", "names women twice"),
        ("gender: men 1\ngender: women 1", "Line 2.*2 margins for gender"),
        ("gender: men 1\nage: 20-30 1, 30-40 1", "Line 2.*20-30 and 30-40 overlap"),
        ("age: old 1", "“old” is not an age band"),
        ("age: 3-9 1", "holds nobody"),
    ],
)
def test_a_margin_that_cannot_be_read_is_refused_with_its_line(text, words):
    with pytest.raises(InvalidInput, match=words) as refused:
        parse_margins(text)
    assert str(refused.value).startswith("Line ")


@pytest.mark.parametrize("shares", [(("women", 0.5), ("men", 0.4)), (("women", 1.5), ("men", -0.5)), (("", 1.0),), ()])
def test_shares_that_are_no_division_of_a_whole_are_refused(shares):
    with pytest.raises(InvalidInput):
        Margin("gender", shares)


def test_shares_that_nearly_add_up_are_renormalised():
    assert Margin("gender", (("women", 0.5), ("men", 0.495))).shares[0][1] == pytest.approx(0.5 / 0.995)


@pytest.mark.parametrize(
    ("band", "bounds"),
    [
        ("25-34", (25, 34)),
        ("25 – 34 years", (25, 34)),
        ("25 to 34", (25, 34)),
        ("65+", (65, 110)),
        ("65 and over", (65, 110)),
        ("Over 65", (66, 110)),
        ("under 30", (16, 29)),
        ("15-24", (16, 24)),
        ("42", (42, 42)),
    ],
)
def test_age_bands_are_read_in_their_usual_forms(band, bounds):
    assert age_bounds(band) == bounds


@pytest.mark.parametrize("band", ["34-25", "young", "", "under 16", "120+", "25-34-40"])
def test_what_is_no_age_band_is_refused(band):
    with pytest.raises(InvalidInput):
        age_bounds(band)


def test_men_elsewhere_than_in_gender_are_not_translated():
    (fit,) = panel_fit([Persona("A", location="Man")], parse_margins("location: Men 1, Man 1"))
    assert fit.achieved == {"Men": 0.0, "Man": 1.0}


def test_the_fit_of_a_panel_counts_cases_bands_and_others():
    margins = parse_margins("gender: women 50%, men 50%\nage: 25-34 50%, 35+ 50%")
    people = [
        Persona("A", gender="Female", age=25),
        Persona("B", gender="WOMEN", age=34),
        Persona("C", gender="men", age=35),
        Persona("D", gender="non-binary"),
    ]
    gender, age = panel_fit(people, margins)
    assert gender.achieved == {"women": 0.5, "men": 0.25, "other": 0.25}
    assert gender.target == {"women": 0.5, "men": 0.5}
    assert age.achieved == {"25-34": 0.5, "35+": 0.25, "not stated": 0.25}
    assert gender.total_variation == pytest.approx(0.25)


def test_a_met_margin_has_no_distance_and_a_missed_one_the_whole():
    margins = parse_margins("location: North 1, South 1")
    (met,) = panel_fit([Persona("A", location="north"), Persona("B", location="South")], margins)
    (missed,) = panel_fit([Persona("A", location="Mars")], margins)
    assert (met.total_variation, met.jensen_shannon) == (0.0, 0.0)
    assert (missed.total_variation, missed.jensen_shannon) == (1.0, 1.0)


def test_jensen_shannon_of_a_known_pair_is_in_bits():
    (fit,) = panel_fit([Persona("A", location="North")], parse_margins("location: North 1, South 1"))
    assert fit.jensen_shannon == pytest.approx(0.311278, abs=1e-6)


def test_a_margins_own_other_takes_who_fits_nowhere():
    (fit,) = panel_fit([Persona("A", location="Mars")], parse_margins("location: North 1, Other 1"))
    assert fit.achieved == {"North": 0.0, "Other": 1.0}


@given(margin_sets(), st.integers(1, 40))
def test_a_panel_made_from_its_frame_is_off_by_rounding_only(margins, size):
    people = [Persona("A", **cell) for cell in frame(margins, size, 1)]
    for fit, margin in zip(panel_fit(people, margins), margins, strict=True):
        assert "other" not in fit.achieved
        assert fit.total_variation <= len(margin.shares) / 2 / size


def test_a_panel_without_personas_has_no_fit():
    with pytest.raises(InvalidInput):
        panel_fit([], parse_margins("gender: women 1"))


def test_even_weights_cost_no_effective_sample():
    assert kish_effective_size([2.5] * 8) == pytest.approx(8)
    assert kish_effective_size([1, 0, 0]) == 1


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_weights_that_weigh_nothing_are_refused(weights):
    with pytest.raises(InvalidInput):
        kish_effective_size(weights)


def test_the_sampling_noise_is_that_of_the_source_and_falls_with_size():
    assert [sampling_total_variation(n) for n in (8, 20, 100)] == [
        pytest.approx((0.28, 0.46)),
        pytest.approx((0.17, 0.29)),
        pytest.approx((0.08, 0.13)),
    ]
    noise = [sampling_total_variation(n) for n in range(1, 400)]
    assert all(later <= earlier for earlier, later in pairwise(noise))
    assert all(median <= high <= 1 for median, high in noise)
    assert sampling_total_variation(400) == pytest.approx((0.04, 0.065))
    assert sampling_total_variation(2) == pytest.approx((0.56, 0.92))
    assert sampling_total_variation(1)[1] == 1
    with pytest.raises(InvalidInput):
        sampling_total_variation(0)
