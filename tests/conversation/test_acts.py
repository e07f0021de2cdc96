import random
from collections import Counter
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.acts import Acts, Band, Manner, Place, draw_acts, place_in, question_to
from semblance_core.conversation.window import Line
from semblance_core.domain.personas.persona import BigFive, Persona

MAYA, BEN, ANA = (Persona(name, id=name[0]) for name in ("Maya Rao", "Ben Cole", "Ana Diaz"))
PEOPLE = (MAYA, BEN, ANA)
PLACES = st.builds(Place, st.integers(0, 9), *[st.booleans()] * 6)


def drawn(talkativeness: int, place: Place, times: int = 2_000, seed: int = 1, **who: object) -> list[Acts]:
    rng = random.Random(seed)
    person = Persona("Maya", talkativeness=talkativeness, **who)  # type: ignore[arg-type]
    return [draw_acts(person, place, rng) for _ in range(times)]


def usual(times: int) -> list[Acts]:
    """Turns of a panel: a first one on a question, and later ones, as a discussion has them."""
    first, later = Place(0, True), Place(1, True)
    return [
        acts
        for talkativeness in range(10, 91, 4)
        for place in (first, first, later)
        for acts in drawn(talkativeness, place, times, seed=talkativeness)
    ]


def test_a_panels_turns_are_as_long_and_as_uneven_as_human_ones() -> None:
    lengths = [acts.words for acts in usual(100)]
    assert 40 <= median(lengths) <= 52
    assert 0.29 <= sum(length < 25 for length in lengths) / len(lengths) <= 0.39


def test_peers_are_named_and_asked_as_rarely_as_people_do() -> None:
    acts = usual(100)
    assert 0.08 <= sum(each.names_peer for each in acts) / len(acts) <= 0.17
    assert 0.10 <= sum(each.asks for each in acts) / len(acts) <= 0.24


def test_there_is_more_to_say_at_first_than_later() -> None:
    first, later = (drawn(50, Place(turns, True)) for turns in (0, 2))
    assert median(each.words for each in first) > median(each.words for each in later) + 10
    stories = [sum(each.band is Band.STORY for each in acts) / len(acts) for acts in (first, later)]
    assert stories[0] > 2 * stories[1]


def test_a_talkative_persona_says_more_but_not_always() -> None:
    quiet, talkative = (drawn(talkativeness, Place(0, True)) for talkativeness in (10, 90))
    assert median(each.words for each in quiet) + 15 < median(each.words for each in talkative)
    assert min(each.words for each in talkative) < 10
    assert max(each.words for each in quiet) > 100


def test_who_hears_nobody_neither_agrees_nor_names_nor_asks() -> None:
    for place in (Place(), Place(0, True, asks_all=True)):
        acts = drawn(50, place)
        assert not any(each.names_peer or each.asks for each in acts)
        assert not {Manner.AGREES, Manner.DISAGREES, Manner.MISTAKEN} & {each.manner for each in acts}


def test_the_agreeable_agree_more_and_all_manners_occur() -> None:
    counts = [
        Counter(each.manner for each in drawn(50, Place(1, True), big_five=BigFive(agreeableness=level)))
        for level in (10, 90)
    ]
    assert counts[0][Manner.AGREES] < counts[1][Manner.AGREES]
    assert counts[0][Manner.DISAGREES] > counts[1][Manner.DISAGREES]
    assert set(counts[0]) == set(Manner)


@given(st.integers(0, 100), PLACES, st.integers())
def test_lengths_stay_within_their_band(talkativeness: int, place: Place, seed: int) -> None:
    for acts in drawn(talkativeness, place, 20, seed):
        low, high = {Band.FEW_WORDS: (3, 22), Band.SENTENCES: (24, 75), Band.STORY: (76, 140)}[acts.band]
        assert low <= acts.words <= high


def test_the_same_seed_draws_the_same() -> None:
    place = Place(1, True)
    assert drawn(50, place, 10, seed=4) == drawn(50, place, 10, seed=4) != drawn(50, place, 10, seed=5)


def line(seq: int, who: Persona | None, text: str) -> Line:
    return Line(seq, who.name if who else "Moderator", text, "persona" if who else "moderator")


def test_a_turn_stands_where_the_lines_say() -> None:
    lines = [
        line(1, None, "Why tea?"),
        line(2, MAYA, "I like it."),
        line(3, None, "And coffee?"),
        line(4, BEN, "Never. Maya, do you?"),
        line(5, ANA, "I do."),
    ]
    assert place_in(lines, MAYA, PEOPLE, asks_all=False) == Place(0, True, was_asked=True, views_differ=False)
    assert place_in(lines, BEN, PEOPLE, asks_all=False) == Place(1, True, views_differ=False)
    assert place_in(lines[:3], BEN, PEOPLE, asks_all=True) == Place(asks_all=True, views_differ=False)
    asked = question_to(lines, MAYA, PEOPLE)
    assert asked is not None
    assert asked.seq == 4
    assert question_to([*lines, line(6, MAYA, "Sometimes.")], MAYA, PEOPLE) is None


def test_a_follow_up_to_another_is_no_new_question() -> None:
    lines = [line(1, None, "Why tea?"), line(2, MAYA, "I like it."), line(3, BEN, "Cheap."), line(4, None, "Ben, why?")]
    assert place_in(lines, BEN, PEOPLE, asks_all=False).turns_on_question == 0
    maya = place_in([*lines, line(5, BEN, "It is.")], MAYA, PEOPLE, asks_all=False)
    assert (maya.turns_on_question, maya.others_spoke) == (1, True)


@given(PLACES, st.integers())
def test_what_is_drawn_is_what_the_place_permits(place: Place, seed: int) -> None:
    for acts in drawn(50, place, 30, seed):
        assert place.views_differ or acts.manner is not Manner.DISAGREES
        assert place.others_spoke or not acts.names_peer
        assert not (place.is_last and acts.asks)
        assert acts.band is not Band.FEW_WORDS or acts.manner in (Manner.PLAIN, Manner.AGREES)
        if place.is_followed_up:
            assert acts.band is not Band.FEW_WORDS
            assert acts.manner in (Manner.PLAIN, Manner.OWN)


def test_a_point_of_another_one_is_something_to_differ_from() -> None:
    asked, point = line(1, None, "Do you buy it?"), "I buy it every single week, it is cheap enough for us."

    def differ(*lines: Line, thoughts: tuple[str, ...] = ()) -> bool:
        return place_in(lines, MAYA, PEOPLE, asks_all=False, thoughts=thoughts).views_differ

    assert not differ(asked)
    assert not differ(asked, line(2, BEN, "Yes, sure."))
    assert differ(asked, line(2, BEN, point))
    assert not differ(line(0, BEN, point), asked), "a point under another question is none"
    assert not differ(asked, line(2, MAYA, "I love it."), line(3, BEN, point))
    assert differ(asked, line(2, MAYA, "I would never buy it."), line(3, BEN, point))
    assert differ(asked, line(2, BEN, point), thoughts=("I never buy it.",))
