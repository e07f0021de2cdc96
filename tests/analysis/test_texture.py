from datetime import UTC, datetime

from semblance_core.analysis.texture import Texture, texture
from semblance_core.domain.discussion.message import Message, MessageStatus

NAMES = ["Maya Rao", "Ben Cole", "Ana Diaz"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def said(speaker, text, role="persona", status=MessageStatus.SAID):
    return Message("g", 1, role, speaker, text, status, "reply", NOW)


def test_a_turn_of_24_words_is_short_and_one_of_25_is_not():
    assert texture([said("Maya Rao", "word " * 24), said("Maya Rao", "word " * 25)], NAMES).share_short == 0.5


def test_naming_oneself_or_a_stranger_is_not_naming_a_peer():
    turns = [said("Maya Rao", "Call me Maya."), said("Ben Cole", "My Mayan aunt"), said("Ana Diaz", "I, Ana, ask Kim.")]
    assert texture(turns, NAMES).share_naming_peer == 0
    assert texture([*turns, said("Ana Diaz", "Like maya said")], NAMES).share_naming_peer == 1 / 4


def test_a_peer_who_shares_the_first_name_is_named():
    assert texture([said("Maya Rao", "Maya is right")], [*NAMES, "Maya Lind"]).share_naming_peer == 1


def test_a_turn_asks_if_a_question_mark_stands_anywhere_in_it():
    turns = [said("Maya Rao", "Really? I doubt it."), said("Ben Cole", "何ですか？"), said("Ana Diaz", "I wonder.")]
    assert texture(turns, NAMES).share_asking == 2 / 3


def test_only_what_participants_said_counts():
    turns = [
        said("Maya Rao", "one two three"),
        said("Moderator", "Why, Ben?", role="moderator"),
        said("Ben Cole", "", status=MessageStatus.FAILED),
        said("Ben Cole", "Why, Ana?", status=MessageStatus.DISCARDED),
    ]
    assert texture(turns, NAMES) == Texture(1, 3.0, 1.0, 0.0, 0.0)


def test_a_session_without_a_turn_has_an_empty_texture():
    assert texture([], NAMES) == Texture(0, 0.0, 0.0, 0.0, 0.0)
