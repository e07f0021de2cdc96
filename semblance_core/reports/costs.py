"""Costs, estimates and quotas in words. Pure."""

from dataclasses import replace
from decimal import Decimal

from semblance_core.domain.plurals import number
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import QuotaStatus, Spent, limits_for, quota_left
from semblance_core.domain.usage.model_traits import ModelTraits
from semblance_core.domain.usage.money import money
from semblance_core.domain.usage.price import ModelPrice


def spent_words(status: QuotaStatus) -> str:
    """Returns this month's cost in words, as a lower bound where some cost is unknown.

    >>> from semblance_core.domain.usage.events import UsageQuota
    >>> spent_words(QuotaStatus(UsageQuota(), Decimal("1.5"), Decimal(0), 90, 0, unpriced_calls=2))
    '≥ $1.50'
    """
    return f"≥ {money(status.spent_usd)}" if status.unpriced_calls else money(status.spent_usd)


def estimate_words(estimate: Estimate) -> str:
    """Returns an estimate in words: the range, and the data behind it."""
    if estimate.past_calls:
        return f"{_range_words(estimate)}, from {estimate.past_calls:,} past calls like these"
    return f"{_range_words(estimate)} (rough estimate)"


def cost_words(estimate: Estimate) -> str:
    """Returns the cost of a run in words, before the first one that may cost something.

    >>> from datetime import UTC, datetime
    >>> cost_words(Estimate("m", Decimal("0.5"), Decimal("0.75"), 9_000, 12_000, 7, 0, datetime.now(UTC)))
    'about $0.50–$0.75, 9.0k–12k tokens in about 7 model calls.'
    >>> cost_words(Estimate("m", None, None, 9_000, 12_000, 1, 0, datetime.now(UTC)))
    'about 9.0k–12k tokens in about 1 model call. Its price is unknown, so the cost is unknown.'
    """
    known = estimate.p50_usd is not None and estimate.p90_usd is not None
    used = _range_words(estimate) if known else f"{tokens_words(estimate)} tokens"
    words = f"about {used} in about {number(estimate.calls, 'model call')}."
    return words if known else f"{words} Its price is unknown, so the cost is unknown."


def compared_words(estimate: Estimate, spent: Spent) -> str:
    """Returns the estimate beside the actual use, in words."""
    tokens = f"{_thousands(spent.tokens.total)} tokens"
    used = f"{tokens}, cost unknown" if spent.cost_usd is None else f"{money(spent.cost_usd)}, {tokens}"
    return f"Estimated {_range_words(estimate)}. Used {used}."


def tokens_words(estimate: Estimate) -> str:
    """From the 10th to the 90th percentile; of an estimate of before, from the median."""
    return f"{_thousands(estimate.low_tokens)}–{_thousands(estimate.p90_tokens)}"


def _range_words(estimate: Estimate) -> str:
    tokens = f"{tokens_words(estimate)} tokens"
    if estimate.low_usd is None or estimate.p90_usd is None:
        return f"{tokens}, cost unknown"
    return f"{span(estimate.low_usd, estimate.p90_usd)}, {tokens}"


def price_words(price: ModelPrice) -> str:
    """A price on one line, US dollars per million tokens.

    >>> from semblance_core.domain.usage.price_text import parse_price
    >>> price_words(parse_price("1.25", "0.125", "10", "", "200000: 2.5, 0.25, 15"))
    '$1.25 prompt, $0.125 cached, $10.00 completion; above 200,000 tokens $2.50, $0.25, $15.00'
    """
    base = price.base
    words = f"{_rate(base.prompt)} prompt, {_rate(base.cached)} cached, {_rate(base.completion)} completion"
    words += f", {_rate(base.reasoning)} reasoning" if base.reasoning is not None else ""
    words += f", {_rate(base.writing)} written to a cache" if base.written is not None else ""
    words += f" ({_rate(base.writing_hour)} for an hour)" if base.written_hour is not None else ""
    for tier in price.tiers:
        kinds = (tier.rates.prompt, tier.rates.cached, tier.rates.completion)
        words += f"; above {tier.above:,} tokens {', '.join(map(_rate, kinds))}"
    for service in price.services:
        rates = service.price.base
        words += (
            f"; at the tier “{service.name}” {', '.join(map(_rate, (rates.prompt, rates.cached, rates.completion)))}"
        )
    return words


def _rate(usd: Decimal) -> str:
    places = max(2, -int(usd.normalize().as_tuple().exponent))
    return f"${usd:,.{places}f}"


def left_words(status: QuotaStatus) -> str:
    """Returns what is left of the quota this month, in words; empty without a quota."""
    left, words = quota_left(status), []
    if left.usd is not None and status.quota.usd is not None:
        words.append(f"{money(max(Decimal(0), left.usd))} of {money(status.quota.usd)}")
    if left.tokens is not None:
        words.append(f"{max(0, left.tokens):,} of {status.quota.tokens:,} tokens")
    return f"{' and '.join(words)} left this month" if words else ""


def fits(estimate: Estimate, status: QuotaStatus) -> bool:
    """Returns whether the upper end of the range fits into what is left."""
    quota = limits_for(status.quota, estimate.model, estimate.p90_usd)
    if estimate.p90_usd is None and quota.usd is not None:
        return False
    return quota_left(replace(status, quota=quota)).holds(estimate.p90_usd or Decimal(0), estimate.p90_tokens)


def span(low: Decimal, high: Decimal) -> str:
    """A range of US dollars.

    >>> span(Decimal("0.5"), Decimal("0.75")), span(Decimal(0), Decimal(0))
    ('$0.50–$0.75', '$0.00')
    """
    return money(low) if money(low) == money(high) else f"{money(low)}–{money(high)}"


def _thousands(tokens: int) -> str:
    """
    >>> _thousands(870), _thousands(9_043), _thousands(12_400)
    ('870', '9.0k', '12k')
    """
    if tokens < 1_000:
        return str(tokens)
    return f"{tokens / 1000:.1f}k" if tokens < 10_000 else f"{round(tokens / 1000):,}k"


def model_words(price: ModelPrice | None, traits: ModelTraits) -> str:
    """Returns a model's price and abilities on one line; the price in US dollars per million tokens.

    >>> from semblance_core.domain.usage.price_text import parse_price
    >>> model_words(parse_price("0.15", "0.075", "0.6", ""), ModelTraits(sees=True, context_tokens=128_000))
    '$0.15 in, $0.60 out; sees pictures; 128,000 tokens at once'
    """
    cost = f"{_rate(price.base.prompt)} in, {_rate(price.base.completion)} out" if price else "price unknown"
    takes = f"{traits.context_tokens:,} tokens at once" if traits.context_tokens else ""
    able = ("sees pictures" if traits.sees else "", "thinks before it answers" if traits.thinks else "", takes)
    return "; ".join(filter(None, (cost, *able)))
