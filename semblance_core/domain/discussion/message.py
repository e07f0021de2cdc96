"""A turn of a focus group's transcript."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from semblance_core.domain.discussion.quote import Quote
from semblance_core.domain.provider_words import in_our_words
from semblance_core.domain.usage.events import TokenCounts


class MessageStatus(StrEnum):
    """pending: a call is under way. failed: it gave no answer and can be retried. discarded: stopped before it came."""

    PENDING = "pending"
    SAID = "said"
    FAILED = "failed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. seq: its number in the transcript, from 1 without gaps.

    role: `moderator`, `persona`, or `private` for what a participant wrote alone, which no other participant is told. speaker: the
    name shown. reply_to: seq of the moderator's message it answers in a
    moderated round. question: index of the guide's question under discussion, or None. tokens and cost_usd are those of
    every attempt at it together. stimuli: names of what participants are shown with it. quote: the earlier message quoted.
    in_turn: of a moderator's message that it is answered one after the other, of a reply that it heard those before it.
    is_beside: it is a person's own question, which the guide does not have, or answers one.
    """

    focus_group_id: str
    seq: int
    role: str
    speaker: str
    text: str
    status: MessageStatus
    feature: str
    at: datetime
    persona_id: str | None = None
    author_id: str | None = None
    reply_to: int | None = None
    question: int | None = None
    model: str = ""
    tokens: TokenCounts = field(default_factory=TokenCounts)
    cost_usd: Decimal | None = Decimal(0)
    error: str = ""
    simulated: bool = False
    epoch: int = 0
    attempts: int = 0
    stimuli: tuple[str, ...] = ()
    quote: Quote | None = None
    in_turn: bool = False
    is_beside: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "error", in_our_words(self.error))
