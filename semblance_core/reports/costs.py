"""Costs, estimates and quotas in words. Pure."""

from decimal import Decimal

from semblance_core.domain.estimate import Estimate
from semblance_core.domain.money import money
from semblance_core.domain.price import ModelPrice
from semblance_core.domain.usage import QuotaStatus, Spent, limits_for


def spent_words(status: QuotaStatus) -> str:
    """What this month cost, as the least that it can be where some of it is not known.

    >>> from semblance_core.domain.usage import UsageQuota
    >>> spent_words(QuotaStatus(UsageQuota(), Decimal("1.5"), Decimal(0), 90, 0, unpriced_calls=2))
    '≥ $1.50'
    """
    return f"≥ {money(status.spent_usd)}" if status.unpriced_calls else money(status.spent_usd)


def estimate_words(estimate: Estimate) -> str:
    """What a run may use, as a range, and what the range is drawn from."""
    if estimate.past_calls:
        return f"{_range_words(estimate)}, from {estimate.past_calls:,} past calls like these"
    return f"{_range_words(estimate)} (a first guess, from the prompts' size)"


def compared_words(estimate: Estimate, spent: Spent) -> str:
    """What was estimated beside what was used."""
    tokens = f"{_thousands(spent.tokens.total)} tokens"
    used = f"{tokens}, cost unknown" if spent.cost_usd is None else f"{money(spent.cost_usd)}, {tokens}"
    return f"Estimated {_range_words(estimate)}. Used {used}."


def tokens_words(estimate: Estimate) -> str:
    """From the median to the 90th percentile."""
    return f"{_thousands(estimate.p50_tokens)}–{_thousands(estimate.p90_tokens)}"


def _range_words(estimate: Estimate) -> str:
    tokens = f"{tokens_words(estimate)} tokens"
    if estimate.p50_usd is None or estimate.p90_usd is None:
        return f"{tokens}, cost unknown"
    return f"{span(estimate.p50_usd, estimate.p90_usd)}, {tokens}"


def price_words(price: ModelPrice) -> str:
    """A price on one line, US dollars per million tokens.

    >>> from semblance_core.domain.price_text import parse_price
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
    """What is left of the quota this month; empty without one."""
    left = []
    if status.quota.usd is not None:
        usd = max(Decimal(0), status.quota.usd - status.spent_usd - status.held_usd)
        left.append(f"{money(usd)} of {money(status.quota.usd)}")
    if status.quota.tokens is not None:
        tokens = max(0, status.quota.tokens - status.spent_tokens - status.held_tokens)
        left.append(f"{tokens:,} of {status.quota.tokens:,} tokens")
    return f"{' and '.join(left)} left this month" if left else ""


def fits(estimate: Estimate, status: QuotaStatus) -> bool:
    """Whether the upper end of the range fits into what is left."""
    quota = limits_for(status.quota, estimate.model, estimate.p90_usd)
    too_dear = quota.usd is not None and (
        estimate.p90_usd is None or status.spent_usd + status.held_usd + estimate.p90_usd > quota.usd
    )
    too_long = (
        quota.tokens is not None and status.spent_tokens + status.held_tokens + estimate.p90_tokens > quota.tokens
    )
    return not too_dear and not too_long


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
