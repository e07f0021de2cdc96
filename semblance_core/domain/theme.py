"""Themes: what a session said, each traced to exact quotes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Verbatim:
    """An exact quote with the message it stands in. seq: the message's number in the transcript."""

    seq: int
    speaker: str
    quote: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A pattern across participants, held up by at least one verbatim."""

    name: str
    summary: str
    verbatims: tuple[Verbatim, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who is quoted, in order of first quote."""
        return tuple(dict.fromkeys(verbatim.speaker for verbatim in self.verbatims))


@dataclass(frozen=True, slots=True)
class Findings:
    """One analysis of a session.

    dropped_quotes: quotes the model gave that are not in the message they cite, or not that speaker's.
    through_seq: the last message that was read.
    """

    focus_group_id: str
    themes: tuple[Theme, ...]
    summary: str
    dropped_quotes: int
    model: str
    prompts_version: str
    through_seq: int
    created_at: datetime
    simulated: bool = False
    dropped_themes: int = 0
