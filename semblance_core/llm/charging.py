"""Computes the charge for a call by its outcome."""

from dataclasses import replace
from decimal import Decimal

from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.domain.usage.price import ModelPrice, cost_of
from semblance_core.domain.usage.served import STANDARD, UNKNOWN, Served
from semblance_core.llm.request import Completion
from semblance_core.store.usage.holds import Hold, words_beyond

OUTCOME_UNKNOWN = ("timeout", "connection", "empty", "malformed")
FREE_OF_CHARGE = ":free"
"""Ending of the names of models that OpenRouter gives away."""


def charged(hold: Hold, price: ModelPrice | None, answer: Completion | None, failure: ModelFailed | None) -> UsageEvent:
    """The event of a call: its tokens and cost, how it went, and what its provider counted beyond what was possible.

    price: of the model that answered.
    """
    tokens, estimated, latency_s, served = TokenCounts(), False, 0.0, STANDARD
    cost: Decimal | None = Decimal(0)
    if answer:
        tokens, estimated, latency_s = answer.tokens, answer.estimated, answer.latency_s
        served = _believed(answer.served, hold.model, price)
    elif failure is None or failure.began or failure.kind in OUTCOME_UNKNOWN:
        # Nobody knows what the provider did with it: all that was held is charged, rather than too little.
        tokens, estimated, served = hold.tokens, True, UNKNOWN
    if failure and not answer:
        latency_s = failure.latency_s
    counted = tokens.total or served.cost_usd
    cost = (hold.usd if served.at_most else cost_of(price, tokens, served)) if counted else cost
    notes = (answer.doubt if answer else "", words_beyond(hold, tokens))
    return hold.event(
        tokens,
        cost,
        failure.kind if failure else "ok" if answer else "unknown",
        latency_s=latency_s,
        estimated=estimated,
        error=str(failure) if failure else " ".join(filter(None, notes)),
        provider_said=failure.provider_said if failure else "",
        served=served,
    )


def _believed(served: Served, model: str, price: ModelPrice | None) -> Served:
    """A cost of 0 stands for one that nobody wrote down as often as for a gift: it is believed where the model is known to be free."""
    is_gift = model.endswith(FREE_OF_CHARGE) or (price is not None and price.is_free)
    return replace(served, cost_usd=None) if served.cost_usd == 0 and not is_gift else served
