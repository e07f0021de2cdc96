import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.addressing import Asked
from semblance_core.conversation.turn_taking import Heard, is_silent, names_in, next_speaker
from semblance_core.domain.discussion.discussion_state import DiscussionState, SpeakerStats
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona
from tools.talk_figures import SIZES, row


def group_of(talkativeness, speakers=(), words=None):
    """A group of A, B, C …; `speakers`, as letters, spoke so far, 40 words a turn unless `words` says otherwise."""
    ids = [chr(ord("A") + at) for at in range(len(talkativeness))]
    people = [
        Persona(f"Person {one}", talkativeness=trait, id=one) for one, trait in zip(ids, talkativeness, strict=True)
    ]
    floors = {
        one: SpeakerStats(
            (words or {}).get(one, 40 * speakers.count(one)), speakers.count(one), "".join(speakers).rindex(one) + 1
        )
        for one in set(speakers)
    }
    course = DiscussionState(persona_turns=len(speakers), speakers=tuple(speakers[-80:]), floors=floors)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return FocusGroup("g", "p", "o", "Title", "Topic", Guide(), tuple(people), "m", 2_000, 1, now, course=course)


def draws(group, named=(), times=2_000, seed=1, asked=()):
    rng = random.Random(seed)
    spoke = [next_speaker(group, Heard(tuple(named), tuple(asked)), rng) for _ in range(times)]
    return {person.id: spoke.count(person.id) / times for person in group.participants}


HISTORIES = st.integers(2, 9).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.sampled_from([chr(ord("A") + at) for at in range(n)]), max_size=45))
)


@given(HISTORIES, st.integers(), st.booleans())
def test_the_last_speaker_never_goes_on_and_no_pair_a_third_time(history, seed, names_last):
    n, speakers = history
    chosen = next_speaker(
        group_of([50] * n, tuple(speakers)), Heard(tuple(speakers[-1:]) if names_last else ()), random.Random(seed)
    )
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
    assert next_speaker(group, Heard(("B",), by_moderator="A"), random.Random(1)) == "A"


def test_a_stranger_named_by_the_moderator_is_refused():
    with pytest.raises(InvalidInput):
        next_speaker(group_of([50] * 3), Heard(by_moderator="Z"), random.Random(1))


def test_nobody_can_speak_in_an_empty_group():
    with pytest.raises(InvalidInput, match="at least one participant"):
        next_speaker(group_of([]), Heard(), random.Random(1))


def test_whoever_was_silent_for_twelve_turns_is_given_the_floor():
    assert draws(group_of([50] * 4, "D" + "ABC" * 4), times=50) == {"A": 0, "B": 0, "C": 0, "D": 1}
    assert draws(group_of([50] * 4, "D" + "ABC" * 3))["D"] < 1


def test_whoever_never_spoke_is_given_the_floor_after_twelve_turns_only():
    assert draws(group_of([50] * 4, "ABC" * 4))["D"] < 1
    assert draws(group_of([50] * 4, "ABC" * 4 + "A"), times=50)["D"] == 1


def test_of_several_silent_ones_the_longest_silent_speaks():
    assert draws(group_of([50] * 5, "ED" + "ABC" * 5), times=50)["E"] == 1


def test_who_is_named_speaks_more_often():
    group = group_of([50] * 4, "ABCD")
    assert draws(group, named=["A"])["A"] > draws(group)["A"] + 0.05


def test_the_previous_but_one_speaker_comes_back_more_often_than_chance():
    assert draws(group_of([50] * 4, "ABCD"))["C"] > 0.42


def test_who_did_not_speak_yet_gets_in():
    assert draws(under(group_of([70] * 4, "ABCABC"), 0, 6))["D"] == 1


def test_before_anyone_spoke_talkativeness_decides():
    shares = draws(group_of([10, 50, 90]))
    assert shares["A"] < shares["B"] < shares["C"]


def test_later_what_was_really_said_decides():
    shares = draws(group_of([50] * 4, "ABCABDAD", words={"A": 3_000, "B": 300, "C": 300, "D": 300}))
    assert shares["A"] > shares["B"] + 0.25


def test_the_same_seed_gives_the_same_speaker():
    group = group_of([30, 60, 90, 20], "AB")
    assert draws(group, times=20, seed=3) == draws(group, times=20, seed=3)
    assert [next_speaker(group, Heard(), random.Random(7)) for _ in range(5)] == [
        next_speaker(group, Heard(), random.Random(7))
    ] * 5


def under(group, question, turns, *, questions=2, turn_limit=40, section_from=0):
    """The group with so many turns taken under a question of a guide with one section."""
    guide = Guide((Section("All", tuple(f"Question {number}?" for number in range(questions))),))
    course = replace(group.course, question=question, question_turns=turns, section_from=section_from)
    return replace(group, guide=guide, turn_limit=turn_limit, course=course)


def test_who_was_asked_directly_mostly_speaks_next_and_within_three_turns_always():
    group = group_of([50] * 5, "ABC")
    assert 0.78 <= draws(group, asked=[Asked("E", 0)])["E"] <= 0.93
    assert draws(group, asked=[Asked("E", 2)], times=100)["E"] == 1
    assert draws(group, asked=[Asked("C", 0)])["C"] == 0, "who spoke last does not go on"


def test_nobody_has_a_third_turn_on_a_question_before_others_have_a_first():
    group = under(group_of([70] * 5, "ABABC"), 0, 5)
    shares = draws(group)
    assert shares["A"] == shares["B"] == 0
    assert min(shares["D"], shares["E"]) > 0.2


def test_in_a_discussion_of_a_persons_own_question_its_turns_count():
    group = under(group_of([70] * 5, "ABABC"), 0, 0)
    alone = replace(group, state=FocusGroupState.AUTONOMOUS, next_seq=6, alone_from=1, alone_until=20)
    shares = draws(alone)
    assert shares["A"] == shares["B"] == 0
    assert min(shares["D"], shares["E"]) > 0.2


def test_where_the_turns_only_just_suffice_those_come_who_have_not_spoken():
    group = under(group_of([70] * 4, "ABABAB" + "AB"), 0, 18)
    assert {one for one, share in draws(group, times=300).items() if share} == {"C", "D"}


def test_the_quiet_have_nothing_to_say_to_some_questions_and_never_to_all_of_a_section():
    group = replace(group_of([10, 90, 90, 90]), seed=5)
    quiet, talkative = group.participants[:2]
    silent = [is_silent(under(group, question, 0, questions=40), quiet, question) for question in range(40)]
    assert 10 <= sum(silent) <= 30
    assert not silent[-1]
    assert not any(is_silent(under(group, question, 0, questions=40), talkative, question) for question in range(40))


@pytest.mark.parametrize("people", SIZES)
def test_turns_are_shared_as_people_share_them(people):
    """The table of measures.md, "Next speaker without a model call", over fewer seeds."""
    of = row(people, 40, seeds=30)
    chance = 1 / (people - 1)
    assert min(0.35, 2 * chance) <= of["previous_but_one"] <= 0.60
    assert min(0.40, 1.6 * chance) <= of["most_talkative"] <= 0.60
    assert min(0.18, 1.6 * chance) <= of["least_recent"] <= 0.35
    assert 0.10 <= of["words_gini"] <= (0.32 if people <= 6 else 0.38)
    assert of["answered_next"] >= 0.7
    assert of["answered_late"] == 0
    assert 36 <= of["median_words"] <= 55
    assert 0.24 <= of["share_short"] <= 0.42


def test_names_are_ids_in_order_of_mention_without_the_speaker():
    people = [Persona("Ben Cole", id="b"), Persona("Maya Rao", id="m"), Persona("Ana Diaz", id="a")]
    assert names_in("Ana, I am with @Maya; as Ben I must be.", people, exclude="b") == ["a", "m"]
    assert names_in("Nobody here.", people) == []
