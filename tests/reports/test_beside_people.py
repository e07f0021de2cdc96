"""The talk of a session beside that of people."""

from datetime import UTC, datetime

import pytest

from semblance_core.analysis.dynamics import dynamics
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.reports.beside_people import (
    Compared,
    TalkProfile,
    beside_people,
    compared,
    heard,
    unanswered_questions,
)
from tests.studies import panel

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PEOPLE = panel(4)
GROUP = FocusGroup("g", "p", "o", "Oat milk", "", Guide(), PEOPLE, "m/1", 40, 0, NOW)


def turn(seq: int, who: int | None, text: str, reply_to: int | None = None) -> Message:
    person = None if who is None else PEOPLE[who]
    role, name = ("persona", person.name) if person else ("moderator", "Moderator")
    ids = person.id if person else None
    return Message("g", seq, role, name, text, MessageStatus.SAID, "reply", NOW, ids, reply_to=reply_to)


def talk(order: str, text: str = "I buy it now and then because it keeps.") -> list[Message]:
    return [turn(seq, int(who), text) for seq, who in enumerate(order, start=1)]


def by_name(found: tuple[TalkProfile, list[Compared]]) -> dict[str, Compared]:
    return {figure.name: figure for figure in found[1]}


def test_transitions_are_counted_as_the_formulas_say() -> None:
    taken = dynamics(talk("010203010203"))
    assert taken is not None
    assert taken.transitions == 10
    assert taken.previous_but_one == pytest.approx(5 / 10)
    assert taken.longest_exchange == 3
    assert taken.moderator == 0.0
    rotation = dynamics(talk("0123" * 4))
    assert rotation is not None
    assert rotation.previous_but_one == 0
    assert rotation.least_recent == pytest.approx(12 / 14), (
        "who has not spoken yet is not the one who was silent longest"
    )


def test_a_pair_is_an_exchange_as_long_as_it_lasts() -> None:
    taken = dynamics(talk("01010123" * 2))
    assert taken is not None
    assert taken.longest_exchange == 6


def test_moderated_rounds_and_short_talks_have_no_transitions() -> None:
    assert dynamics([turn(seq, seq % 4, "Yes.", reply_to=1) for seq in range(1, 40)]) is None
    assert dynamics(talk("01230")) is None
    assert dynamics([]) is None


def test_a_flat_made_up_session_is_outside() -> None:
    long = (
        "I think that oat milk is a really great product with many good sides that everybody should try at home. " * 8
    )
    figures = by_name(
        beside_people(GROUP, talk("0123" * 6, f"Maya, Ben, Ines and Tom are right. {long} Don't you think?"))
    )
    assert figures["Median words a turn"].verdict == "above"
    assert figures["Turns under 25 words"].verdict == "below"
    assert figures["Unevenness of words (Gini)"].verdict == "below"
    assert figures["Turns naming another participant"].verdict == "above"
    assert figures["Turns with a question"].verdict == "above"
    assert figures["The last speaker but one is next"].verdict == "below"
    assert figures["Who was silent longest is next"].verdict == "above"
    assert figures["Moderator's share of words"].verdict == "below"
    assert figures["Longest exchange of two, in turns"].verdict == "below"


def test_a_direct_question_counts_as_unanswered_once_three_turns_have_passed() -> None:
    asked = [turn(1, 0, "Ben, do you?"), turn(2, 2, "I do."), turn(3, 3, "Me too."), turn(4, 0, "Right.")]
    assert unanswered_questions(GROUP, asked) == 1
    assert unanswered_questions(GROUP, asked[:3]) == 0, "its time has not passed"
    assert unanswered_questions(GROUP, [*asked[:3], turn(4, 1, "Yes.")]) == 0
    assert by_name(beside_people(GROUP, asked))["Direct questions without an answer"].verdict == "above"


def test_nothing_is_compared_while_nobody_has_spoken() -> None:
    assert beside_people(GROUP, [turn(1, None, "Why?")]) == (TalkProfile.REMOTE_GROUP, [])


def test_a_session_of_questions_to_all_at_once_is_held_against_interview_like_groups_unless_another_kind_is_chosen() -> (
    None
):
    rounds = [turn(seq, seq % 4 if seq % 5 else None, "I buy it now and then.", reply_to=1) for seq in range(1, 40)]
    assert beside_people(GROUP, rounds)[0] is TalkProfile.INTERVIEW_LIKE
    among_themselves = talk("0102030123" * 2)
    assert beside_people(GROUP, among_themselves)[0] is TalkProfile.REMOTE_GROUP
    chosen = by_name(beside_people(GROUP, among_themselves, TalkProfile.INTERVIEW_LIKE))
    assert chosen["The last speaker but one is next"].source == "range ours, from no source"


def test_every_figure_has_a_range_and_a_source_for_each_kind_of_group() -> None:
    for profile in TalkProfile:
        found = by_name(beside_people(GROUP, talk("0102030123" * 2), profile))
        assert len(found) == 11
        assert all(each.source and each.low <= each.high for each in found.values())


def test_figures_of_messages_read_one_by_one_are_those_of_all_at_once() -> None:
    said = talk("0102030123" * 2, "Ben, do you?")
    one_by_one = [read for message in said for read in heard(GROUP, [message])]
    assert compared(GROUP, one_by_one, TalkProfile.REMOTE_GROUP) == beside_people(GROUP, said)[1]


@pytest.mark.parametrize(
    ("value", "signs"),
    [
        (0.0, "●··▬▬▬▬▬▬▬▬▬▬▬▬····"),
        (0.21, "···▬▬▬▬▬●▬▬▬▬▬▬····"),
        (0.9, "··▬▬▬▬▬▬▬▬········●"),
        (99.0, "··▬▬▬▬▬▬▬▬········●"),
    ],
)
def test_a_figure_is_drawn_in_signs_on_a_line_of_its_own(value: float, signs: str) -> None:
    assert Compared("Turns with a question", value, 0.07, 0.35).place.in_signs == signs
    assert Compared("Direct questions without an answer", value, 0, 0).place.in_signs.count("●") == 1
