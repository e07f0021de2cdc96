"""Holds: the amounts set aside for calls before they are made."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, counted_tokens
from semblance_core.domain.usage.served import STANDARD, Served


@dataclass(frozen=True, slots=True)
class Hold:
    """The worst case of one call, set aside. usd: None where the model's price is unknown. at: when the call begins."""

    call_id: str
    user_id: str
    at: datetime
    usd: Decimal | None
    tokens: TokenCounts
    feature: str
    model: str
    project_id: str | None = None
    focus_group_id: str | None = None
    task_id: str | None = None
    seq: int | None = None
    beyond: TokenCounts = field(default_factory=TokenCounts)
    """Part of tokens: what is held on top of what the request allows, because the provider went beyond that before."""
    at_limit_tokens: int = 0
    at_limit_usd: Decimal | None = None
    """The call's use if its provider ignored the bound, and stopped only where the model can answer no longer."""

    @property
    def limits_tokens(self) -> int:
        """The tokens that count against a quota."""
        return counted_tokens(self.model, self.tokens)

    @property
    def possible(self) -> TokenCounts:
        """The most that the request itself allows."""
        return TokenCounts(self.tokens.prompt - self.beyond.prompt, 0, self.tokens.completion - self.beyond.completion)

    @property
    def month(self) -> str:
        """The month whose budget it counts in."""
        return month_of(self.at)

    @property
    def budget_id(self) -> str:
        return f"{self.user_id}/{self.month}"

    def event(
        self,
        tokens: TokenCounts,
        cost_usd: Decimal | None,
        status: str,
        *,
        latency_s: float,
        estimated: bool,
        error: str,
        provider_said: str = "",
        served: Served = STANDARD,
    ) -> UsageEvent:
        """Returns the event of the call with this outcome."""
        return UsageEvent(
            id=self.call_id,
            user_id=self.user_id,
            feature=self.feature,
            model=self.model,
            tokens=tokens,
            cost_usd=cost_usd,
            latency_s=latency_s,
            status=status,
            estimated=estimated,
            at=self.at,
            project_id=self.project_id,
            focus_group_id=self.focus_group_id,
            task_id=self.task_id,
            error=error,
            seq=self.seq,
            provider_said=provider_said,
            served=served,
        )


def words_beyond(hold: Hold, tokens: TokenCounts) -> str:
    """Returns a call's use beyond its request's bound, as a sentence; empty where its provider kept the bound."""
    most = hold.possible
    kinds = (("prompt", tokens.prompt, most.prompt), ("completion", tokens.completion, most.completion))
    over = [
        f"{used:,} {kind} tokens where at most {bound:,} were possible" for kind, used, bound in kinds if used > bound
    ]
    return f"The provider counted {' and '.join(over)}." if over else ""
