import math
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.balance import gini
from semblance_core.conversation.reply_length import draw_words
from semblance_core.conversation.turn_taking import names_in, next_speaker
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.focus_group import Course, Floor, FocusGroup
from semblance_core.domain.guide import Guide
from semblance_core.domain.persona import Persona


def group_of(talkativeness, speakers=(), words=None):
    """A group of A, B, C …; `speakers`, as letters, spoke so far, 40 words a turn unless `words` says otherwise."""
    ids = [chr(ord("A") + at) for at in range(len(talkativeness))]
    people = [
        Persona(f"Person {one}", talkativeness=trait, id=one) for one, trait in zip(ids, talkativeness, strict=True)
    ]
    floors = {
        one: Floor(
            (words or {}).get(one, 40 * speakers.count(one)), speakers.count(one), "".join(speakers).rindex(one) + 1
        )
        for one in set(speakers)
    }
    course = Course(persona_turns=len(speakers), speakers=tuple(speakers[-40:]), floors=floors)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return FocusGroup("g", "p", "o", "Title", "Topic", Guide(), tuple(people), "m", 2_000, 1, now, course=course)


def draws(group, named=(), times=2_000, seed=1):
    rng = random.Random(seed)
    spoke = [next_speaker(group, named, rng) for _ in range(times)]
    return {person.id: spoke.count(person.id) / times for person in group.participants}


HISTORIES = st.integers(2, 9).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.sampled_from([chr(ord("A") + at) for at in range(n)]), max_size=45))
)


@given(HISTORIES, st.integers(), st.booleans())
def test_the_last_speaker_never_goes_on_and_no_pair_a_third_time(history, seed, names_last):
    n, speakers = history
    chosen = next_speaker(group_of([50] * n, tuple(speakers)), speakers[-1:] if names_last else [], random.Random(seed))
    assert chosen != (speakers[-1] if speakers else None)
    if n > 2 and len(speakers) >= 4 and len(set(speakers[-4:])) == 2 and speakers[-4:-2] == speakers[-2:]:
        assert chosen not in speakers[-2:]


def test_a_pair_that_exchanged_twice_lets_others_speak():
    assert draws(group_of([50] * 4, "CDABAB"))["A"] == 0
    assert draws(group_of([50] * 4, "CDBAB"))["A"] > 0
    assert draws(group_of([50] * 3, "ABAB"), times=50)["C"] == 1


def test_of_two_participants_the_other_one_answers_however_long():
    assert draws(group_of([50, 50], "ABABABAB")) == {"A": 1, "B": 0}


def test_a_single_participant_goes_on_alone():
    assert draws(group_of([50], "AAA"), times=3) == {"A": 1}


def test_whom_the_moderator_named_answers_even_after_speaking_last():
    group = group_of([50] * 3, "BCA")
    assert next_speaker(group, ["B"], random.Random(1), moderator_named="A") == "A"


def test_a_stranger_named_by_the_moderator_is_refused():
    with pytest.raises(InvalidInput):
        next_speaker(group_of([50] * 3), [], random.Random(1), moderator_named="Z")


def test_nobody_can_speak_in_an_empty_group():
    with pytest.raises(InvalidInput, match="at least one participant"):
        next_speaker(group_of([]), [], random.Random(1))


def test_whoever_was_silent_for_twelve_turns_is_given_the_floor():
    assert draws(group_of([50] * 4, "D" + "ABC" * 4), times=50) == {"A": 0, "B": 0, "C": 0, "D": 1}
    assert draws(group_of([50] * 4, "D" + "ABC" * 3))["D"] < 1


def test_whoever_never_spoke_is_given_the_floor_after_twelve_turns_only():
    assert draws(group_of([50] * 4, "ABC" * 4))["D"] < 1
    assert draws(group_of([50] * 4, "ABC" * 4 + "A"), times=50)["D"] == 1


def test_of_several_silent_ones_the_longest_silent_speaks():
    assert draws(group_of([50] * 5, "ED" + "ABC" * 4), times=50)["E"] == 1


def test_who_is_named_speaks_more_often():
    group = group_of([50] * 4, "ABCD")
    assert draws(group, named=["A"])["A"] > draws(group)["A"] + 0.05


def test_the_previous_but_one_speaker_comes_back_more_often_than_chance():
    assert draws(group_of([50] * 4, "ABCD"))["C"] > 0.42


def test_who_did_not_speak_yet_gets_in():
    assert draws(group_of([50] * 4, "ABCABCA"))["D"] > 0.4


def test_before_anyone_spoke_talkativeness_decides():
    shares = draws(group_of([10, 50, 90]))
    assert shares["A"] < shares["B"] < shares["C"]


def test_later_what_was_really_said_decides():
    shares = draws(group_of([50] * 4, "ABCABDAD", words={"A": 3_000, "B": 300, "C": 300, "D": 300}))
    assert shares["A"] > shares["B"] + 0.25


def test_weights_are_those_of_the_fitted_formula():
    group = group_of([50] * 5, "ABCD", words={"A": 300, "B": 100, "C": 100, "D": 100})
    # relative talk share: (100 + words said) / 400; B is named, C spoke last but one, E did not yet speak
    pulls = {"A": 1.0, "B": 0.5 + 0.44, "C": 0.5 + 0.60, "E": 0.25 + 1.4}
    total = sum(math.exp(pull) for pull in pulls.values())
    expected = {one: math.exp(pull) / total for one, pull in pulls.items()} | {"D": 0}
    assert draws(group, named=["B"], times=40_000) == pytest.approx(expected, abs=0.01)


def test_the_same_seed_gives_the_same_speaker():
    group = group_of([30, 60, 90, 20], "AB")
    assert draws(group, times=20, seed=3) == draws(group, times=20, seed=3)
    assert [next_speaker(group, [], random.Random(7)) for _ in range(5)] == [
        next_speaker(group, [], random.Random(7))
    ] * 5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_discussion_is_as_uneven_as_a_human_one(seed):
    rng = random.Random(seed)
    group = group_of([10, 26, 42, 58, 74, 90])
    people, order, gaps, least_recent, drawn = [person.id for person in group.participants], [], [], 0, 0
    for turn in range(1, 2_001):
        floors = group.course.floors
        last_seq = {one: floors[one].last_seq if one in floors else 0 for one in people}
        speaker = next_speaker(group, [rng.choice(people)] if rng.random() < 0.08 else [], rng)
        gaps.append(max(turn - seq for one, seq in last_seq.items() if one != speaker))
        if turn > 20 and turn - min(last_seq.values()) <= 12:  # the turns that the silence rule did not force
            drawn += 1
            least_recent += last_seq[speaker] == min(last_seq.values())
        order.append(speaker)
        floor = floors.get(speaker, Floor())
        spoken = Floor(floor.words + draw_words(group.participant(speaker), rng), floor.turns + 1, turn)
        course = Course(persona_turns=turn, speakers=tuple(order[-40:]), floors={**floors, speaker: spoken})
        group = replace(group, course=course)
    assert 0.10 <= gini([floor.words for floor in group.course.floors.values()]) <= 0.32
    assert least_recent / drawn < 1 / 5
    assert max(gaps) <= 13
    assert sum(one == other for one, other in zip(order, order[2:], strict=False)) / 2_000 > 1 / 5


def test_names_are_ids_in_order_of_mention_without_the_speaker():
    people = [Persona("Ben Cole", id="b"), Persona("Maya Rao", id="m"), Persona("Ana Diaz", id="a")]
    assert names_in("Ana, I am with @Maya; as Ben I must be.", people, exclude="b") == ["a", "m"]
    assert names_in("Nobody here.", people) == []
