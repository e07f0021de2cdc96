"""What the pages say of one is said in the singular."""

from datetime import UTC, datetime

from semblance_core.domain.guide import Guide, Section
from semblance_core.domain.theme import Findings
from ui.set_up_steps import guide_words
from ui.theme_cards import dropped


def test_one_is_one() -> None:
    def guide(questions: int) -> Guide:
        return Guide((Section("Price", tuple(f"Why {n}?" for n in range(questions))),))

    for questions, limit, words in (
        (1, 3, "1 question: 3 turns, up to about 2 answers to each."),
        (8, 24, "8 questions: 24 turns, up to about 2 answers to each."),
        (1, 40, "1 question: 3–40 turns, up to about 39 answers to each."),
    ):
        assert guide_words(guide(questions), limit) == words
    at = datetime(2026, 1, 2, tzinfo=UTC)
    for quotes, themes, words in (
        (1, 0, "1 quote was dropped because it is not in the message it cites."),
        (
            2,
            1,
            "2 quotes were dropped because they are not in the message they cite. 1 theme was dropped because no quote held it up.",
        ),
    ):
        assert dropped(Findings("g", (), "", quotes, "m", "1", 1, at, dropped_themes=themes)) == words
