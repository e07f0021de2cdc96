"""A moderator notices what deserves a follow-up, and keeps something for each section of the guide."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from semblance_core.conversation.allotment import sections_after
from semblance_core.conversation.hybrid import Thank, after_thanks, hybrid_move, is_last_answer
from semblance_core.conversation.probing import Noticed, Reason, noticed
from semblance_core.conversation.reasons import unexplained_because
from semblance_core.conversation.stance import common_stems, contradiction
from semblance_core.conversation.turn_policy import (
    Ask,
    Decide,
    End,
    Speak,
    after_closing,
    after_probe,
    after_question,
    after_reply,
    next_move,
)
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.probing import Probing
from semblance_core.recordings import recording
from tests.conversation.test_turn_taking import group_of
from tests.scripted_server import chatter

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LONG = "I buy it on Saturdays from the market with my sister, because the bus stops there."


def said(seq: int, one: str, text: str, question: int = 0) -> Message:
    return Message("g", seq, "persona", f"Person {one}", text, MessageStatus.SAID, "reply", NOW, one, question=question)


def test_of_equally_thin_answers_the_one_comes_first_whose_speaker_was_followed_up_least() -> None:
    group = replace(group_of([90] * 3), guide=parse_guide("- Habits?\n- Price?\n"))
    group = replace(group, course=after_question(group, 0))
    for one in ("A", "A", "B"):
        group = replace(group, course=after_probe(group, one))
    assert group.course.followed == ("A", "A", "B")
    assert after_probe(group, "").followed == group.course.followed, "a probe that is for all follows up on nobody"
    thin = [said(2, "A", "Dear."), said(3, "B", "Cheap."), said(4, "C", "Fine.")]
    assert [each.name for each in noticed(group, thin)] == ["Person C", "Person B", "Person A"]


def test_somebody_who_says_the_opposite_of_own_earlier_words_is_noticed() -> None:
    group = replace(group_of([90] * 2), guide=parse_guide("- Habits?\n- Price?\n"))
    group = replace(group, course=replace(group.course, question=1))
    before = [
        said(2, "A", "The price of milk never matters to me."),
        said(3, "B", "The price of milk is what I look at."),
    ]
    now = [
        said(5, "B", LONG, 1),
        said(6, "A", "Well. The price of the milk matters a lot to me, every week really.", 1),
    ]
    found = noticed(group, now, before)
    assert found == [
        Noticed(
            Reason.CONTRADICTS,
            "Person A",
            6,
            "The price of the milk matters a lot to me, every week really.",
            "The price of milk never matters to me.",
        )
    ]
    assert noticed(group, now) == [], "against nobody else's words"
    assert noticed(group, now[:1], before) != []
    within_one = [said(5, "A", "The price of milk never matters to me, as I said.", 1), *now]
    assert noticed(group, within_one)[0].seq == 6, "also under one question"


def test_people_who_say_the_opposite_of_one_another_are_noticed_with_both_sentences() -> None:
    group = group_of([90] * 3)
    dear, fair = (
        "The price of oat milk is fair for what it is.",
        "The price of oat milk is not fair at all, not for what it is.",
    )
    answers = [said(2, "A", f"{LONG} {dear}"), said(3, "C", LONG), said(4, "B", f"Well. {fair}")]
    assert noticed(group, answers) == [Noticed(Reason.DISAGREES, "Person B", 4, fair, dear, other="Person A")]
    assert {each.reason for each in noticed(group, answers[:2])} == {Reason.UNHEARD}
    alone = [said(2, "A", f"{LONG} {dear}"), said(3, "A", f"Well. {fair}")]
    assert {each.reason for each in noticed(group, alone)} == {Reason.CONTRADICTS, Reason.UNHEARD}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{LONG} And I would not change, because I just would not.", "because I just would not."),
        (f"{LONG} Because… well.", "Because… well."),
        (f"{LONG} I would not change, because my sister sells it there.", ""),
        (f"{LONG} No idea.", ""),
    ],
)
def test_a_because_that_explains_nothing_is_noticed(text: str, words: str) -> None:
    group = group_of([90])
    found = noticed(group, [said(2, "A", text)])
    assert found == ([Noticed(Reason.UNEXPLAINED, "Person A", 2, words)] if words else [])


@pytest.mark.parametrize(
    "because",
    ["weil", "parce que", "porque", "perché", "omdat", "ponieważ", "потому что", "çünkü", "لأن", "क्योंकि", "因为"],
)
def test_a_because_that_explains_nothing_is_noticed_in_other_languages(because: str) -> None:
    assert unexplained_because(f"Xyz. {because}…")
    assert not unexplained_because(f"Xyz. {because} Ülle 北京 Пётр अनिल سلمى Zoë.")


@pytest.mark.parametrize("name", ["breakfast", "heating", "debt"])
def test_of_the_recorded_studies_few_turns_explain_nothing(name: str) -> None:
    """A sign that would fire all the time would say nothing; one turn of 123 has it, “because they don't know me”."""
    texts = [each.text for each in recording(name).messages if each.role == "persona"]
    common = common_stems(texts)
    assert sum(bool(unexplained_because(text, common)) for text in texts) <= 1


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("Ich kaufe Hafermilch nie im Supermarkt.", "Hafermilch kaufe ich immer im Supermarkt."),
        ("No compro leche de avena.", "Compro leche de avena cada semana."),
        ("价格对我不重要。", "价格对我重要。"),
        ("Я никогда не покупаю молоко.", "Я покупаю молоко каждую неделю."),
    ],
)
def test_contradictions_are_noticed_in_other_languages(earlier: str, now: str) -> None:
    assert contradiction([earlier], [now])
    assert not contradiction([earlier], [earlier])


def test_words_that_everybody_uses_are_no_subject_of_a_contradiction_whatever_the_language() -> None:
    """Of a session in German that a model answered: its sentences share “hab ich” and the like, and one of each pair denies."""
    study = recording("heating")
    heard: list[Message] = []
    for message in study.messages:
        own = [each.text for each in heard if each.persona_id == message.persona_id]
        if message.role == "persona":
            common = common_stems(each.text for each in (*heard, message))
            assert not contradiction(own, [message.text], common), message.seq
            heard.append(message)
    common = common_stems(each.text for each in heard)
    before = "Also ich hab den Kessel im Herbst immer selber gemacht."
    assert contradiction([before], ["Den Kessel hab ich im Herbst nie selber gemacht, ganz ehrlich."], common)


@pytest.mark.parametrize(("people", "limit", "to", "turns"), [(6, 40, "", 6), (6, 40, "B", 2), (18, 25, "", 9)])
def test_a_follow_up_to_everybody_is_answered_by_each_once_and_by_half_of_them_where_turns_are_few(
    people: int, limit: int, to: str, turns: int
) -> None:
    guide = "## A\n- Habits?\n  probe: Who decides?\n## B\n- Price?\n- Shop?\n"
    drawn = replace(group_of([20, *[80] * (people - 1)]), guide=parse_guide(guide), probing=Probing.LIGHT)
    group = replace(drawn, turn_limit=limit)
    group, _ = spoken_until_boundary(replace(group, course=after_question(group, 0), next_seq=2))
    put = replace(group, course=after_probe(group, to, 0), next_seq=group.next_seq + 1)
    after, speakers = spoken_until_boundary(put)
    assert len(speakers) == turns
    assert to or len(set(speakers)) == turns
    assert after.course.turns <= limit - 2 - 2 * 3, (
        "the questions to come keep two turns, and the closing one its place"
    )


def spoken_until_boundary(group: FocusGroup) -> tuple[FocusGroup, list[str]]:
    """Plays the turns that are left under the question; returns who spoke."""
    messages: list[Message] = []
    while isinstance(move := next_move(group, messages), Speak):
        message = said(group.next_seq, move.persona_id, chatter(group.next_seq, 20), group.course.question)
        messages.append(message)
        group = replace(group, course=after_reply(group.course, message), next_seq=group.next_seq + 1)
    return group, [message.persona_id or "" for message in messages]


def sections_with_follow_ups(group: FocusGroup, notes_after: tuple[int, ...] = ()) -> tuple[set[str], FocusGroup]:
    """Plays a discussion whose moderator follows up wherever it may; returns the sections that had a follow-up.

    notes_after: messages after which notes cost a call too.
    """
    messages: list[Message] = []
    followed: set[str] = set()
    last_answers: list[bool] = []
    while True:
        move = hybrid_move(group, messages)
        if isinstance(move, End):
            assert not any(last_answers[:-1]), "the last answer is told beforehand, and no other"
            assert last_answers[-1]
            return followed, group
        if isinstance(move, Thank):
            assert move.words == "Thank you all."
            group = replace(group, course=after_thanks(group.course), next_seq=group.next_seq + 1)
            continue
        if group.next_seq in notes_after:
            group = replace(group, course=replace(group.course, extra_calls=group.course.extra_calls + 1))
        called = replace(group.course, extra_calls=group.course.extra_calls + 1)
        if isinstance(move, Speak):
            last_answers.append(is_last_answer(group))
            message = said(group.next_seq, move.persona_id, chatter(len(messages) + 1, 20), group.course.question)
            messages.append(message)
            course = after_reply(group.course, message)
        elif isinstance(move, Ask):
            course = after_question(replace(group, course=called) if move.linked else group, move.question)
        else:
            assert isinstance(move, Decide)
            deciding = replace(group, course=called)
            if move.probes:
                followed.add(group.guide.section_of(group.course.question).title)
                course = after_probe(deciding, group.participants[0].id)
            elif move.closes:
                if group.course.closing or group.turn_limit - group.course.turns < 2:
                    return followed, group
                course = after_closing(deciding, "Thank you all.")
            else:
                course = after_question(deciding, group.course.question + 1)
        group = replace(group, course=course, next_seq=group.next_seq + 1)


@pytest.mark.parametrize(
    ("probing", "sections", "questions", "limit"),
    [
        *(
            (probing, *sizes)
            for probing in (Probing.LIGHT, Probing.DEEP)
            for sizes in ((3, 2, 40), (4, 2, 60), (2, 4, 50))
        ),
        (Probing.LIGHT, 4, 1, 40),
        (Probing.DEEP, 4, 1, 40),
    ],
)
def test_every_section_keeps_room_for_a_follow_up(probing: Probing, sections: int, questions: int, limit: int) -> None:
    guide = "\n".join(f"## Part {part}\n" + "- Why?\n" * questions for part in range(sections))
    group = replace(group_of([50] * 5), guide=parse_guide(guide), probing=probing, turn_limit=limit)
    followed, after = sections_with_follow_ups(group)
    assert followed == {f"Part {part}" for part in range(sections)}
    assert after.course.extra_calls <= probing.extra_calls * after.course.persona_turns + 1
    assert after.course.thanks == "", "thanks were said"
    assert after.course.turns <= limit


@pytest.mark.parametrize(
    ("people", "limit", "guide"),
    [
        (5, 48, "## A\n- 1?\n## B\n- 2?\n- 3?\n  probe: 4?\n## C\n- 5?\n- 6?\n"),
        (6, 56, "## A\n- 1?\n- 2?\n  probe: 3?\n## B\n- 4?\n- 5?\n## C\n- 6?\n"),
    ],
)
def test_follow_ups_leave_everybody_a_turn_on_the_last_question_and_notes_no_section_without(
    people: int, limit: int, guide: str
) -> None:
    group = replace(group_of([60] * people), guide=parse_guide(guide), probing=Probing.LIGHT, turn_limit=limit)
    followed, after = sections_with_follow_ups(group, notes_after=(26, 44))
    assert followed == {"A", "B", "C"}
    assert after.course.closing
    closing = 2
    assert after.course.question_turns - closing >= people


def test_the_sections_to_come_are_counted() -> None:
    guide = parse_guide("## A\n- 1?\n- 2?\n## B\n- 3?\n## C\n- 4?\n")
    assert [sections_after(guide, question) for question in range(4)] == [2, 2, 1, 0]


def test_what_was_contradicted_long_ago_is_no_disagreement_any_more() -> None:
    group = group_of([90] * 3)
    dear, fair = (
        "The price of oat milk is fair for what it is.",
        "The price of oat milk is not fair at all, not for what it is.",
    )
    between = [said(seq, "C", f"{LONG} Then it is {seq} streets.") for seq in range(3, 20)]
    answers = [said(2, "A", f"{LONG} {dear}"), *between, said(20, "B", f"Well. {fair}")]
    assert Reason.DISAGREES not in {each.reason for each in noticed(group, answers)}
