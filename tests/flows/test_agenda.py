"""What happens next: questions in order, each with its share of the turns, extra calls within their bound."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.conversation.allotment import allotted_turns
from semblance_core.conversation.turn_policy import (
    Ask,
    End,
    Speak,
    after_question,
    after_reply,
    next_move,
    turn_seed,
)
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.discussion.message import Message, MessageStatus
from tests.scripted_server import chatter
from tests.studies import panel

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def group_of(size: int, questions: int, turn_limit: int, seed: int = 0) -> FocusGroup:
    guide = Guide((Section("All", tuple(f"Question {number}?" for number in range(questions))),))
    return FocusGroup("g", "p", "user", "Oat milk", "Oat milk", guide, panel(size), "m/1", turn_limit, seed, NOW)


def played(group: FocusGroup, *, fail: bool = False) -> tuple[list[Message], str, DiscussionState]:
    """The whole discussion, without store or model: its messages, why it ended, and where it then stands."""
    messages: list[Message] = []
    while True:
        move = next_move(group, messages)
        if isinstance(move, End):
            return messages, move.reason, group.course
        role, speaker = ("moderator", None) if isinstance(move, Ask) else ("persona", move.persona_id)
        status = MessageStatus.FAILED if fail and role == "persona" else MessageStatus.SAID
        course = group.course
        if isinstance(move, Ask):
            course = replace(course, extra_calls=course.extra_calls + move.linked)
            course = after_question(replace(group, course=course), move.question)
        text = chatter(len(messages) + 1, 20)
        message = Message(
            "g", group.next_seq, role, speaker or "", text, status, "reply", NOW, speaker, question=course.question
        )
        if isinstance(move, Speak):
            course = after_reply(course, message)
        messages.append(message)
        group = replace(group, course=course, next_seq=group.next_seq + 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 10), st.integers(1, 12), st.integers(1, 80), st.integers(0, 3), st.booleans())
def test_questions_come_once_in_order_and_all_of_them_where_there_is_room(
    size: int, questions: int, turn_limit: int, seed: int, fail: bool
) -> None:
    messages, reason, _ = played(group_of(size, questions, turn_limit, seed), fail=fail)
    asked = [message.question for message in messages if message.role == "moderator"]
    assert asked == list(range(len(asked)))
    assert len(messages) <= turn_limit
    if turn_limit >= 3 * questions:
        assert reason == "guide_covered"
        assert asked == list(range(questions))
    else:
        assert reason in ("turn_limit", "guide_covered")


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 10), st.integers(1, 12), st.integers(1, 80))
def test_the_moderators_calls_stay_within_their_share(size: int, questions: int, turn_limit: int) -> None:
    _, _, course = played(group_of(size, questions, turn_limit))
    assert course.extra_calls <= 0.15 * course.persona_turns


@given(st.integers(1, 30), st.integers(1, 400))
def test_the_turns_of_the_questions_fill_the_limit_evenly(questions: int, turn_limit: int) -> None:
    group = group_of(2, questions, turn_limit)
    turns = [allotted_turns(group, question) for question in range(questions)]
    assert max(turns) - min(turns) <= 1
    assert min(turns) >= 2
    if turn_limit >= 3 * questions:
        assert sum(turns) + questions == turn_limit


def test_the_first_question_is_put_in_its_own_words() -> None:
    assert next_move(group_of(3, 2, 20), []) == Ask(0, linked=False)


def test_the_same_turn_draws_the_same_numbers_and_others_draw_others() -> None:
    group = group_of(3, 2, 20, seed=4)
    assert turn_seed(group, 5, "speaker").random() == turn_seed(group, 5, "speaker").random()
    draws = {turn_seed(group, seq, purpose).random() for seq in (5, 6) for purpose in ("speaker", "order")}
    assert len(draws | {turn_seed(replace(group, seed=5), 5, "speaker").random()}) == 5


def test_a_failed_turn_counts_as_a_turn_and_not_as_words() -> None:
    group = group_of(3, 2, 20)
    message = Message("g", 2, "persona", "Maya Rao", "", MessageStatus.FAILED, "reply", NOW, "persona-0", question=0)
    course = after_reply(after_question(group, 0), message)
    assert (course.turns, course.question_turns, course.failures_in_a_row) == (2, 1, 1)
    assert course.floors["persona-0"].words == 0
    said = replace(message, status=MessageStatus.SAID, text="Two words.")
    course = after_reply(course, said)
    assert (course.failures_in_a_row, course.floors["persona-0"].words, course.floors["persona-0"].turns) == (0, 2, 2)


SAME = "It is too dear for me, I buy the cheap one every week."
BYE = "Thanks everyone, goodbye!"
STALLED = (
    # what was said, by question ("m": in a moderated round, "-": before it ran by itself); questions; what comes next
    ("moderated", [("m", 0, SAME)] * 4 + [("q", 0, "")], 3, "speak"),
    ("goodbyes in a moderated round", [("m", 0, BYE)] * 4 + [("q", 0, "")], 3, "speak"),
    ("before it was let run again", [("-", 0, SAME)] * 4, 3, "speak"),
    ("said goodbye before it was let run again", [("-", 0, BYE)] * 2, 3, "speak"),
    ("under the question before", [("q", 0, ""), *[("a", 0, SAME)] * 6, ("q", 1, "")], 3, "speak"),
    ("goodbyes under the question before", [("q", 0, ""), ("a", 0, BYE), ("a", 0, BYE), ("q", 1, "")], 3, "speak"),
    (
        "one answer under a new question",
        [("q", 0, ""), *[("a", 0, SAME)] * 6, ("q", 1, ""), ("a", 1, SAME)],
        3,
        "speak",
    ),
    ("under this question", [("q", 0, ""), *[("a", 0, SAME)] * 3], 3, "ask 1"),
    ("the second question in a row", [*[("a", 0, SAME)] * 3, ("q", 1, ""), *[("a", 1, SAME)] * 3], 4, "ask 2"),
    ("the last question", [("q", 0, ""), *[("a", 0, SAME)] * 3], 1, "repetition"),
    ("three in a row", [("a", at, SAME) for at in (0, 1, 2) for _ in range(3)], 8, "repetition"),
    (
        "three, and not in a row",
        [("a", at, SAME if at != 1 else chatter(n + 5, 12)) for at in (0, 1, 2, 3) for n in range(3)],
        8,
        "ask 4",
    ),
    ("goodbyes under this question", [("q", 0, ""), ("a", 0, BYE), ("a", 0, BYE)], 3, "goodbyes"),
)


def test_repetition_is_of_answers_to_one_question_and_leads_to_the_next() -> None:
    for name, said, questions, expected in STALLED:
        group = group_of(4, questions, 200)
        messages = [
            Message(
                *(
                    "g",
                    seq,
                    "moderator" if kind == "q" else "persona",
                    "",
                    text or "Why?",
                    MessageStatus.SAID,
                    "reply",
                    NOW,
                ),
                persona_id=None if kind == "q" else f"persona-{seq % 4}",
                reply_to=1 if kind == "m" else None,
                question=question,
            )
            for seq, (kind, question, text) in enumerate(said, start=1)
        ]
        alone_from = sum(kind == "-" for kind, _, _ in said) + 1
        course = DiscussionState(question=said[-1][1], question_turns=3)
        move = next_move(replace(group, course=course, next_seq=len(said) + 1, alone_from=alone_from), messages)
        found = move.reason if isinstance(move, End) else f"ask {move.question}" if isinstance(move, Ask) else "speak"
        assert found == expected, name
