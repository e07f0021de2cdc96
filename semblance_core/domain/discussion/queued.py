"""A question that waits until the participants have answered the one before it."""

from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.discussion.quote import Quote

MOST_QUEUED = 5


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """author_id: the account that asks. to: persona ids; empty asks those whom the text names with @, else everyone.

    refused: why it was not asked when it was its turn; empty while it waits. question: index of the guide's question that it
    puts, None for the one that its words tell. quote: the earlier message that it quotes. in_turn: each participant hears the
    answers before their own. turns: above 0 it is no question: the participants are let discuss the one at hand for so many.
    """

    id: str
    author_id: str
    text: str
    to: tuple[str, ...]
    at: datetime
    refused: str = ""
    question: int | None = None
    quote: Quote | None = None
    in_turn: bool = False
    turns: int = 0
