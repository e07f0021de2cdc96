"""Transcripts of a round read as one: what is found in them leads back to each message's own session and number."""

from dataclasses import replace
from datetime import UTC, datetime

from semblance_core.analysis.claims.told import told_of_theme
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.merged import merged
from semblance_core.domain.findings.theme import ReadSession, Theme, Verbatim
from semblance_core.reports.claims import claim_rows

AT = datetime(2026, 5, 1, tzinfo=UTC)


def interview(session_id: str, name: str) -> list[Message]:
    asked = Message(session_id, 1, "moderator", "Moderator", "Why?", MessageStatus.SAID, "guide", AT)
    return [asked, replace(asked, seq=2, role="persona", speaker=name, text="It is dear.")]


def test_messages_of_one_number_in_two_interviews_are_told_apart() -> None:
    told = merged([interview("a", "Ana"), interview("b", "Ben")])
    assert [message.seq for message in told.messages] == [1, 2, 3, 4]
    assert told.sessions == (ReadSession("a", 2), ReadSession("b", 2))
    both, alone = "Two of three find it dear.", "Ben finds it dear."
    claims = (Claim(both, Check.SAID, (2, 4)), Claim(alone, Check.SAID, (4,)), Claim("It rains.", Check.INFERRED))
    quotes = (Verbatim(2, "Ana", "It is dear."), Verbatim(4, "Ben", "It is dear."))
    theme = told.traced_theme(Theme("Dear", f"{both} {alone} It rains.", quotes, claims))
    assert [claim.places for claim in theme.claims] == [(("a", 2), ("b", 2)), (("b", 2),), ()]
    sentences = told_of_theme(theme, 3)
    assert [each.places for each in sentences] == [claim.places for claim in theme.claims]
    assert not sentences[0].miscounted, "two people, though both say it in message 2"
    assert [row.get("session_ids") for row in claim_rows(sentences)] == [["a", "b"], ["b"], None]
    assert Claim("One session.", Check.SAID, (3,)).places == (("", 3),)
