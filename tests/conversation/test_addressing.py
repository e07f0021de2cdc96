from datetime import UTC, datetime

import pytest

from semblance_core.conversation.addressing import Asked, asked_in, unanswered
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.personas.persona import Persona

NAMES = ("Ben Cole", "Maya Rao", "Imran Shah", "田中花子", "Will Hart", "أحمد علي", "Иван Петров", "Zoë O'Hara")
PEOPLE = tuple(Persona(name, id=name.split()[0]) for name in NAMES)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Imran, yours sounds like you picked it?", ["Imran"]),
        ("What about you, Ben?", ["Ben"]),
        ("What about you Ben?", ["Ben"]),
        ("I walk. And Ben?", ["Ben"]),
        ("Ben? What do you think?", ["Ben"]),
        ("Ben. Did you ever?", ["Ben"]),
        ("What about Ben and Maya?", ["Ben", "Maya"]),
        ("So Maya, Ben, how do you do it?", ["Maya", "Ben"]),
        ("How was it, @Maya and @Ben?", ["Maya", "Ben"]),
        ("@Maya how was it?", ["Maya"]),
        ("Will, will you buy it?", ["Will"]),
        ("Zoë, what's yours?", ["Zoë"]),
        ("Und du, Ben?", ["Ben"]),
        ("¿Y tú, Maya?", ["Maya"]),
        ("А ты, Иван, что думаешь?", ["Иван"]),
        ("田中花子さん、どう思いますか？", ["田中花子"]),
        ("أحمد، ما رأيك؟", ["أحمد"]),
        ("Do you agree with Maya?", []),
        ("Did you mean Ben?", []),
        ("Will you buy it?", []),
        ("Like Ben said, who would pay?", []),
        ("Maya's idea - would you pay?", []),
        ("Ben mentioned cost. What would make you switch?", []),
        ("Maya said it's dear, Ben said it is cheap. Which is it?", []),
        ("Thanks, Ben. What do others think?", []),
        ("Ben, I am with you.", []),
        ("", []),
    ],
)
def test_a_question_asks_whom_it_calls_and_nobody_whom_it_is_about(text: str, asked: list[str]) -> None:
    assert asked_in(text, PEOPLE) == asked


def test_nobody_asks_themselves() -> None:
    assert asked_in("Ben, what did you do? I asked myself.", PEOPLE, exclude="Ben") == []


def said(seq: int, who: str, text: str, status: MessageStatus = MessageStatus.SAID) -> Message:
    role = "persona" if who else "moderator"
    return Message("g", seq, role, who or "Moderator", text, status, "reply", NOW, who or None)


def test_a_question_waits_until_it_is_answered_or_eight_turns_have_passed() -> None:
    talk = [said(1, "", "Why?"), said(2, "Ben", "Maya, why?"), said(3, "Imran", "I like it.")]
    assert unanswered(talk[:2], PEOPLE) == [Asked("Maya", 0)]
    assert unanswered(talk, PEOPLE) == [Asked("Maya", 1)]
    assert unanswered([*talk, said(4, "Maya", "Because.")], PEOPLE) == []
    assert unanswered([*talk, said(4, "Maya", "", MessageStatus.FAILED)], PEOPLE) == []
    later = [said(4 + at, name, "Me too.") for at, name in enumerate(("Will", "Ben") * 4)]
    assert unanswered([*talk, *later[:6]], PEOPLE) == [Asked("Maya", 7)]
    assert unanswered([*talk, *later[:7]], PEOPLE) == []
    asks_all = said(4, "", "And now?")
    assert unanswered([*talk, asks_all, *later[1:3]], PEOPLE) == [Asked("Maya", 3)], (
        "over the moderator's next question"
    )


def test_who_waits_longest_comes_first() -> None:
    talk = [said(1, "Ben", "Maya, why?"), said(2, "Imran", "And Will?")]
    assert unanswered(talk, PEOPLE) == [Asked("Maya", 1), Asked("Will", 0)]
