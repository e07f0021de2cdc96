"""Money, estimates and quotas in words. Pure."""

from decimal import Decimal

from semblance_core.domain.estimate import Estimate
from semblance_core.domain.usage import QuotaStatus, Spent


def money(usd: Decimal | None) -> str:
    """US dollars with as many places as there is something to see; "unknown" where it is not known.

    >>> money(Decimal("0.0000312")), money(Decimal("12.5")), money(Decimal(0)), money(None)
    ('$0.000031', '$12.50', '$0.00', 'unknown')
    """
    if usd is None:
        return "unknown"
    if usd == 0 or usd >= Decimal("0.1"):
        return f"${usd:,.2f}"
    return f"${usd:.4f}" if usd >= Decimal("0.001") else f"${usd:.6f}"


def estimate_words(estimate: Estimate) -> str:
    """What a run may use, as a range, and what the range is drawn from."""
    if estimate.past_calls:
        return f"{_range_words(estimate)}, from {estimate.past_calls:,} past calls like these"
    return f"{_range_words(estimate)} (a first guess, from the prompts' size)"


def compared_words(estimate: Estimate, spent: Spent) -> str:
    """What was estimated beside what was used."""
    used = f"{_thousands(spent.tokens.total)} tokens"
    cost = "cost unknown" if spent.cost_usd is None else money(spent.cost_usd)
    return f"Estimated {_range_words(estimate)}. Used {cost}, {used}."


def _range_words(estimate: Estimate) -> str:
    tokens = f"{_thousands(estimate.p50_tokens)}–{_thousands(estimate.p90_tokens)} tokens"
    return f"{span(estimate.p50_usd, estimate.p90_usd)}, {tokens}"


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
    quota = status.quota
    too_dear = quota.usd is not None and (
        estimate.p90_usd is None or status.spent_usd + status.held_usd + estimate.p90_usd > quota.usd
    )
    too_long = (
        quota.tokens is not None and status.spent_tokens + status.held_tokens + estimate.p90_tokens > quota.tokens
    )
    return not too_dear and not too_long


def span(low: Decimal | None, high: Decimal | None) -> str:
    """A range of US dollars.

    >>> span(Decimal("0.5"), Decimal("0.75")), span(Decimal(0), Decimal(0)), span(None, None)
    ('$0.50–$0.75', '$0.00', 'cost unknown')
    """
    if low is None or high is None:
        return "cost unknown"
    return money(low) if money(low) == money(high) else f"{money(low)}–{money(high)}"


def _thousands(tokens: int) -> str:
    """
    >>> _thousands(870), _thousands(12_400)
    ('870', '12k')
    """
    return f"{tokens:,}" if tokens < 10_000 else f"{round(tokens / 1000):,}k"
