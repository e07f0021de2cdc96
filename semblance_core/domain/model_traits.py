"""What a model can do, as far as it matters to what it is asked: from a list, and learned from its own answers."""

from dataclasses import dataclass
from datetime import timedelta

BELIEVED_FOR = timedelta(days=30)
"""What was learned is forgotten after this time and learned anew: a server behind a name changes."""


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """thinks: it spends completion tokens on thinking before it answers. sees: it takes pictures.

    takes_…: arguments that may be sent with a request (response_format with a JSON schema; temperature; seed).
    thinking_tokens: room to think that one of its answers was seen to need, 0 where none did. context_tokens: the most that prompt
    and answer may have together; output_tokens: the most that an answer may have; None where neither is known.
    """

    thinks: bool = False
    sees: bool = False
    takes_response_format: bool = True
    takes_temperature: bool = True
    takes_seed: bool = True
    thinking_tokens: int = 0
    context_tokens: int | None = None
    output_tokens: int | None = None

    @property
    def refused(self) -> frozenset[str]:
        """Arguments that it does not take."""
        return frozenset(name for name in REFUSABLE if not getattr(self, f"takes_{name}"))


REFUSABLE = ("response_format", "temperature", "seed")
"""Arguments that a request can do without, as requests name them."""
