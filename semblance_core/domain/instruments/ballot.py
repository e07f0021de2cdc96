"""A private ballot of a session: a questionnaire that each participant answers before the discussion and after it. Pure values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import Answer
from semblance_core.domain.instruments.markdown import parse_questionnaire, to_markdown
from semblance_core.domain.instruments.questionnaire import Questionnaire

MOST_QUESTIONS = 10
"""All of them are answered in one call."""
BALLOT_CHARS = 12_000


class Wave(StrEnum):
    """A time at which the ballot is put. FIRST, AGAIN: the control, the same ballot twice without a discussion."""

    BEFORE = "before"
    AFTER = "after"
    FIRST = "control, first"
    AGAIN = "control, again"


@dataclass(frozen=True, slots=True)
class Cast:
    """One participant's whole ballot in one wave. through: seq of the last message before it; 0 where nothing was heard."""

    wave: Wave
    persona_id: str
    answers: tuple[Answer, ...]
    through: int = 0
    at: datetime | None = None


def read_ballot(text: str) -> Questionnaire:
    """The ballot that a text holds; raises `InvalidInput` in words where it holds none, or one that is too long for one call.

    >>> read_ballot("# Oat milk\\n## Do you like it?\\ntype: open").title
    'Oat milk'
    """
    if len(text) > BALLOT_CHARS:
        raise InvalidInput(f"A ballot has at most {BALLOT_CHARS:,} characters, not {len(text):,}.")
    read = parse_questionnaire(text)
    if len(read.questions) > MOST_QUESTIONS:
        raise InvalidInput(
            f"A ballot has at most {MOST_QUESTIONS} questions, not {len(read.questions)}: each person answers all of them at once."
        )
    return read


def kept_ballot(text: str) -> str:
    """The ballot as it is kept with a session: Markdown, or empty for none; raises `InvalidInput` as `read_ballot` does."""
    return to_markdown(read_ballot(text)) if text.strip() else ""
