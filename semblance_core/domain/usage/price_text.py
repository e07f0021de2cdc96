"""Reads and writes prices as people type them."""

import re
from dataclasses import replace
from decimal import Decimal

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import WHOLE_NUMBER
from semblance_core.domain.usage.price import ModelPrice, Rates, Tier


def parse_rate(text: str, what: str) -> Decimal:
    """Reads US dollars per million tokens as people type them; raises `InvalidInput`.

    >>> parse_rate(" $1,250.5 ", "Prompt")
    Decimal('1250.5')
    """
    plain = text.strip().removeprefix("$")
    if not plain:
        raise InvalidInput(f"{what}: enter a price in US dollars per million tokens, for example 0.15.")
    if not re.fullmatch(rf"{WHOLE_NUMBER}(\.[0-9]{{1,9}})?", plain):
        raise InvalidInput(
            f"{what}: “{plain[:40]}” is not a price; write US dollars per million tokens, for example 1.50."
        )
    return Decimal(plain.replace(",", ""))


def parse_price(
    prompt: str,
    cached: str,
    completion: str,
    reasoning: str,
    tiers: str = "",
    written: str = "",
    written_hour: str = "",
) -> ModelPrice:
    """Reads a price as people type it: empty cached is as prompt, empty reasoning as completion.

    written, written_hour: prompt tokens that are written to a cache; empty is as prompt, and as written.
    tiers: one a line, `above: prompt, cached, completion[, reasoning]`.

    >>> price = parse_price("1.25", "", "10", "", "200,000: 2.5, 0.25, 15")
    >>> price.base.cached, price.tiers[0].above, price.tiers[0].rates.completion
    (Decimal('1.25'), 200000, Decimal('15'))
    """
    return ModelPrice(
        replace(
            _parse_rates([prompt, cached, completion, reasoning]),
            written=parse_rate(written, "Cache writes") if written.strip() else None,
            written_hour=parse_rate(written_hour, "One-hour cache writes") if written_hour.strip() else None,
        ),
        tuple(_parse_tier(line) for line in tiers.splitlines() if line.strip()),
    )


def tiers_text(price: ModelPrice) -> str:
    """The tiers in the form that `parse_price` reads."""
    lines = []
    for tier in price.tiers:
        rates = [tier.rates.prompt, tier.rates.cached, tier.rates.completion]
        rates += [] if tier.rates.reasoning is None else [tier.rates.reasoning]
        lines.append(f"{tier.above}: {', '.join(f'{rate:f}' for rate in rates)}")
    return "\n".join(lines)


def _parse_tier(line: str) -> Tier:
    above, colon, rest = line.partition(":")
    cells = rest.split(",")
    plain = above.strip().replace(",", "")
    if not colon or not re.fullmatch(r"[0-9]{1,9}", plain) or len(cells) not in (3, 4):
        raise InvalidInput(
            f"{line.strip()[:60]!r} is no tier: write “200000: 2.5, 0.25, 15” (more than so many tokens: prompt, cached, completion)."
        )
    return Tier(int(plain), _parse_rates([*cells, ""][:4]))


def _parse_rates(cells: list[str]) -> Rates:
    prompt, cached, completion, reasoning = cells
    rate = parse_rate(prompt, "Prompt")
    return Rates(
        rate,
        parse_rate(cached, "Cached") if cached.strip() else rate,
        parse_rate(completion, "Completion"),
        parse_rate(reasoning, "Reasoning") if reasoning.strip() else None,
    )
