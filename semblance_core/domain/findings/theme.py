"""Themes: what a session said, each traced to exact quotes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.findings.claims import Claim


class Sentiment(StrEnum):
    """Attitude of a quote to its subject."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """An exact quote with the message it stands in. seq: the message's number in the transcript.

    sentiment: the coding model's judgement, None where it gave none. by_hand: a person picked the quote, not the model.
    session_id: the session of the message, where several were analysed together; else empty.
    """

    seq: int
    speaker: str
    quote: str
    sentiment: Sentiment | None = None
    by_hand: bool = False
    session_id: str = ""

    @property
    def place(self) -> tuple[str, int, str]:
        """The identity of a quote, independent of judgements on it."""
        return self.session_id, self.seq, self.quote


@dataclass(frozen=True, slots=True)
class Code:
    """One idea with the quotes that hold it up, all found in the transcript."""

    label: str
    verbatims: tuple[Verbatim, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A pattern across participants, held up by at least one verbatim.

    claims: sentences of the summary as they were checked; empty where they never were.
    """

    name: str
    summary: str
    verbatims: tuple[Verbatim, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Returns the people quoted, in order of first quote."""
        return tuple(dict.fromkeys(verbatim.speaker for verbatim in self.verbatims))


@dataclass(frozen=True, slots=True)
class ReadSession:
    """A session that was analysed with others, through its message with this number."""

    session_id: str
    through_seq: int


@dataclass(frozen=True, slots=True)
class Findings:
    """One analysis of a session, or of an interview round as a whole, as the model found it or as people edited it since.

    dropped_quotes: quotes the model gave that are not in the message they cite, or not that speaker's.
    through_seq: the last message that was read. codes: what the themes were formed from; empty where they were not kept.
    analysis_id: the task that found it. version: 0 as found, and one more with each edit; same_as: the version whose themes
    these are, an earlier one after it was restored; editor: the name of who made the last edit, at that time, edited_by their
    id, edit: what they did, in words. summary_at: the version that the summary was written for; None in versions that were stored
    before this was kept. sessions: of the round that was analysed, whose id `focus_group_id` then is; empty for a session's.
    claims: sentences of the summary as they were checked; empty where they never were.
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
    codes: tuple[Code, ...] = ()
    analysis_id: str = ""
    version: int = 0
    same_as: int = 0
    edited_by: str = ""
    editor: str = ""
    edited_at: datetime | None = None
    edit: str = ""
    summary_at: int | None = None
    sessions: tuple[ReadSession, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def summary_is_outdated(self) -> bool:
        """Returns whether themes were edited after the summary was written."""
        return self.summary_at is not None and self.same_as > self.summary_at

    @property
    def is_edited(self) -> bool:
        """Returns whether anything is other than the model found it."""
        return self.same_as > 0

    @property
    def is_restored(self) -> bool:
        """Returns whether the last thing that was done was to go back to an earlier version."""
        return self.same_as < self.version
