"""Observations on how far a model keeps the bound of its answers."""

from dataclasses import dataclass, field

from semblance_core.domain.usage.events import TokenCounts

TRIAL_CALLS = 3


@dataclass(frozen=True, slots=True)
class KeptBounds:
    """Observations on one model. kept: the newest calls in a row that used no more than was held for them.

    beyond: the most prompt and completion tokens that any call was charged beyond what it could have used by its request.
    """

    model: str
    kept: int = 0
    beyond: TokenCounts = field(default_factory=TokenCounts)

    @property
    def is_on_trial(self) -> bool:
        """Returns whether too little is known of it to let several of its calls be under way against one quota."""
        return self.kept < TRIAL_CALLS

    @property
    def is_above_suspicion(self) -> bool:
        return not self.is_on_trial and not self.beyond.total
