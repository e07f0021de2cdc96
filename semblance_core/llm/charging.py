"""What is charged for a call, by what came of it."""

from decimal import Decimal

from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.price import ModelPrice
from semblance_core.domain.usage import TokenCounts, UsageEvent
from semblance_core.llm.request import Answer
from semblance_core.store.holds import Hold, words_beyond

OUTCOME_UNKNOWN = ("timeout", "connection", "empty", "malformed")


def charged(hold: Hold, price: ModelPrice | None, answer: Answer | None, failure: ModelFailed | None) -> UsageEvent:
    """The event of a call: its tokens and cost, how it went, and what its provider counted beyond what was possible."""
    tokens, estimated, latency_s = TokenCounts(), False, 0.0
    if answer:
        tokens, estimated, latency_s = answer.tokens, answer.estimated, answer.latency_s
    elif failure is None or failure.kind in OUTCOME_UNKNOWN:
        # Nobody knows what the provider did with it: all that was held is charged, rather than too little.
        tokens, estimated = hold.tokens, True
    if failure and not answer:
        latency_s = failure.latency_s
    return hold.event(
        tokens,
        Decimal(0) if not tokens.total else price.cost_usd(tokens) if price else None,
        failure.kind if failure else "ok" if answer else "unknown",
        latency_s=latency_s,
        estimated=estimated,
        error=str(failure) if failure else words_beyond(hold, tokens),
        provider_said=failure.provider_said if failure else "",
    )
