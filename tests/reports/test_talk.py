"""The rows behind the charts: who talked when, in which section, how quotes speak, and when a code was first heard."""

from dataclasses import replace
from datetime import UTC, datetime

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Code, Findings, Sentiment, Theme, Verbatim
from semblance_core.reports import talk
from semblance_core.reports.talk import Band, Mix
from tests.studies import GUIDE, panel

AT = datetime(2026, 5, 1, tzinfo=UTC)
GROUP = FocusGroup("g", "p", "user", "Oat milk", "", parse_guide(GUIDE), panel(3), "simulator/v1", 40, 0, AT)
MAYA, BEN = (
    Verbatim(3, "Maya Rao", "Too dear.", Sentiment.NEGATIVE),
    Verbatim(5, "Ben Cole", "It is fine.", Sentiment.POSITIVE),
)


def message(seq: int, speaker: str, text: str, question: int | None, role: str = "persona") -> Message:
    return Message("g", seq, role, speaker, text, MessageStatus.SAID, "reply", AT, question=question)


MESSAGES = [
    message(1, "Moderator", "Welcome.", None, "moderator"),
    message(2, "Moderator", "When?", 0, "moderator"),
    message(3, "Maya Rao", "Too dear.", 1),
    message(4, "Moderator", "What is fair?", 2, "moderator"),
    message(5, "Ben Cole", "It is fine.", 2),
    replace(message(6, "Maya Rao", "", 2), status=MessageStatus.FAILED),
    message(7, "Maya Rao", "Back to habits.", 0),
]


def found(themes: tuple[Theme, ...], codes: tuple[Code, ...] = ()) -> Findings:
    return Findings("g", themes, "Summary.", 0, "m", "v", 7, AT, codes=codes)


def test_turns_are_what_participants_really_said() -> None:
    assert [(turn.seq, turn.speaker, turn.words) for turn in talk.turns(MESSAGES)] == [
        (3, "Maya Rao", 2),
        (5, "Ben Cole", 3),
        (7, "Maya Rao", 3),
    ]


def test_of_very_many_turns_the_newest_are_drawn() -> None:
    many = [message(seq, "Maya Rao", "Yes.", 0) for seq in range(1, 6_001)]
    turns = talk.turns(many)
    assert (len(turns), turns[-1].seq) == (talk.MOST_TURNS, 6_000)


def test_bands_follow_the_guides_sections_and_hold_every_message_once() -> None:
    assert talk.bands(GROUP, MESSAGES) == [
        Band("", 1, 1),
        Band("Habits", 2, 3),
        Band("Price", 4, 6),
        Band("Habits", 7, 7),
    ]
    beyond = [replace(MESSAGES[1], question=99)]
    assert talk.bands(GROUP, beyond) == [Band("", 2, 2)]


def test_sentiment_is_counted_by_quote_and_what_was_not_judged_is_said() -> None:
    theme = Theme("Price", "", (MAYA, BEN, replace(BEN, quote="Fine.", sentiment=None)))
    assert talk.sentiment_by_theme(found((theme,))) == [Mix("Price", 1, 0, 1, 1)]


def test_a_participant_whom_nobody_quotes_has_a_row_of_zeros() -> None:
    themes = (Theme("Price", "", (MAYA,)), Theme("Taste", "", (BEN, MAYA)))
    assert talk.quotes_a_speaker(GROUP, found(themes)) == {"Maya Rao": [1, 1], "Ben Cole": [0, 1], "Ines Falk": [0, 0]}


def test_a_code_is_dated_by_the_earliest_message_that_it_is_quoted_from() -> None:
    codes = (Code("fair", (BEN,)), Code("dear", (replace(MAYA, seq=7), MAYA)), Code("nothing", ()))
    findings = found((), codes)
    assert [(step.seq, step.codes, step.code) for step in talk.saturation(findings)] == [(3, 1, "dear"), (5, 2, "fair")]
    assert talk.new_codes_a_section(GROUP, MESSAGES, findings) == [
        ("outside the guide", 0),
        ("Habits", 1),
        ("Price", 1),
        ("Habits", 0),
    ]
    assert talk.saturation(found(())) == []
