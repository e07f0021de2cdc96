"""What the pages say of one is said in the singular."""

from datetime import UTC, datetime

from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.findings.theme import Findings
from ui.findings.cards import dropped
from ui.setup.steps import guide_words


def test_one_is_one() -> None:
    def guide(questions: int) -> Guide:
        return Guide((Section("Price", tuple(f"Why {n}?" for n in range(questions))),))

    for questions, limit, words in (
        (1, 3, "1 question: 3 turns, up to about 2 answers each."),
        (8, 24, "8 questions: 24 turns, up to about 2 answers each."),
        (1, 40, "1 question: 3–40 turns, up to about 39 answers each."),
    ):
        assert guide_words(guide(questions), limit) == words
    at = datetime(2026, 1, 2, tzinfo=UTC)
    for quotes, themes, words in (
        (1, 0, "1 quote was dropped because it does not appear in the message it cites."),
        (
            2,
            1,
            "2 quotes were dropped because they do not appear in the message they cite. 1 theme was dropped because no quote supported it.",
        ),
    ):
        assert dropped(Findings("g", (), "", quotes, "m", "1", 1, at, dropped_themes=themes)) == words
