"""What models cost: US dollars per million tokens, by kind of token, by size of the prompt, and from a date on."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage import WHOLE_NUMBER, TokenCounts, from_nano_usd, to_nano_usd

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Valid from: prices of which nobody knows since when they hold."""
PER_MILLION = 1_000_000
MOST_PER_MILLION = Decimal(1_000_000)
MOST_TIERS = 8
ADMIN = "admin"


def _check_rate(name: str, rate: Decimal) -> None:
    if not rate.is_finite() or not 0 <= rate <= MOST_PER_MILLION:
        raise InvalidInput(f"The {name} rate is from 0 to {MOST_PER_MILLION:,} US dollars per million tokens.")


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens of each kind. reasoning: None where it is charged as completion, as most do.

    Raises `InvalidInput` for a rate below 0, and for cached tokens dearer than fresh ones: a hold is made for fresh ones.
    """

    prompt: Decimal
    cached: Decimal
    completion: Decimal
    reasoning: Decimal | None = None

    def __post_init__(self) -> None:
        for name, rate in (("prompt", self.prompt), ("cached", self.cached), ("completion", self.completion)):
            _check_rate(name, rate)
        if self.reasoning is not None:
            _check_rate("reasoning", self.reasoning)
        if self.cached > self.prompt:
            raise InvalidInput("Cached prompt tokens cannot cost more than the prompt's other tokens.")

    @property
    def thought(self) -> Decimal:
        """The rate of reasoning tokens."""
        return self.completion if self.reasoning is None else self.reasoning


@dataclass(frozen=True, slots=True)
class Tier:
    """Rates of calls whose prompt has more than `above` tokens."""

    above: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """Price of a model. Local and simulated models cost 0, which is a known price.

    tiers: rates that replace the base ones for the whole call once its prompt is that long, shortest first. Raises
    `InvalidInput` for tiers out of order, or cheaper than what is below them: a hold is made for the longest prompt.
    """

    base: Rates
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if len(self.tiers) > MOST_TIERS:
            raise InvalidInput(f"A price has at most {MOST_TIERS} tiers.")
        below = Tier(0, self.base)
        for tier in self.tiers:
            if tier.above <= below.above:
                raise InvalidInput("List the tiers from small to large, each size once and above 0 tokens.")
            cheaper = (tier.rates.prompt, tier.rates.completion, tier.rates.thought)
            if any(rate < lower for rate, lower in zip(cheaper, _charged(below.rates), strict=True)):
                raise InvalidInput(f"The tier above {tier.above:,} tokens cannot be cheaper than what is below it.")
            below = tier

    @property
    def is_free(self) -> bool:
        """Whether every call costs nothing, whatever its size."""
        return not any(rate for rates in (self.base, *(tier.rates for tier in self.tiers)) for rate in _charged(rates))

    def rates_for(self, prompt_tokens: int) -> Rates:
        """The rates of a call with a prompt of this size."""
        return next((tier.rates for tier in reversed(self.tiers) if prompt_tokens > tier.above), self.base)

    def cost_usd(self, tokens: TokenCounts) -> Decimal:
        """Price of one completion in US dollars, whole nano-dollars, rounded up. cached ⊆ prompt, reasoning ⊆ completion.

        >>> price = model_price("2", "0.5", "8")
        >>> price.cost_usd(TokenCounts(prompt=1_000, cached=400, completion=200, reasoning=150))
        Decimal('0.003')
        >>> model_price("1", "1", "2", "10").cost_usd(TokenCounts(prompt=0, completion=100, reasoning=60))
        Decimal('0.00068')
        >>> long = ModelPrice(Rates(Decimal(1), Decimal(1), Decimal(2)), (Tier(200, Rates(Decimal(2), Decimal(2), Decimal(4))),))
        >>> [long.cost_usd(TokenCounts(prompt=prompt)) for prompt in (200, 201)]
        [Decimal('0.0002'), Decimal('0.000402')]
        """
        rates = self.rates_for(tokens.prompt)
        total = (
            (tokens.prompt - tokens.cached) * rates.prompt
            + tokens.cached * rates.cached
            + (tokens.completion - tokens.reasoning) * rates.completion
            + tokens.reasoning * rates.thought
        )
        return from_nano_usd(to_nano_usd(total / PER_MILLION)) if total else Decimal(0)

    def worst(self, prompt_tokens: int, completion_tokens: int) -> TokenCounts:
        """The dearest way to use at most so many tokens: nothing cached, and all reasoning where that costs more."""
        rates = self.rates_for(prompt_tokens)
        thought = completion_tokens if rates.thought > rates.completion else 0
        return TokenCounts(prompt=prompt_tokens, completion=completion_tokens, reasoning=thought)


def model_price(prompt: str, cached: str, completion: str, reasoning: str | None = None) -> ModelPrice:
    """A price without tiers from decimal numbers as texts.

    >>> model_price("0.15", "0.075", "0.6").base.completion
    Decimal('0.6')
    """
    return ModelPrice(
        Rates(Decimal(prompt), Decimal(cached), Decimal(completion), None if reasoning is None else Decimal(reasoning))
    )


FREE = model_price("0", "0", "0")


def least_usd(price: ModelPrice | None) -> Decimal | None:
    """What a call costs before its size is known: 0 where every call is free, else nobody knows yet."""
    return Decimal(0) if price and price.is_free else None


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price with where it is from. model: `provider/model` as litellm names it. valid_from: aware UTC.

    source: `admin` for what a person set, else the list it was taken from. also: further names of the same model.
    """

    model: str
    price: ModelPrice
    valid_from: datetime = ALWAYS
    source: str = ADMIN
    set_by: str = ""
    also: tuple[str, ...] = ()

    @property
    def is_edit(self) -> bool:
        return self.source == ADMIN


@dataclass(frozen=True, slots=True)
class PriceList:
    """All prices of a model, the one valid from the latest date first. version, edits: of them together (editing.py)."""

    model: str
    prices: tuple[ListedPrice, ...] = ()
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict)

    def with_price(self, listed: ListedPrice) -> tuple[ListedPrice, ...]:
        """The prices with this one, which replaces another one of the same date that a person set."""
        same = (listed.valid_from, listed.is_edit)
        others = [each for each in self.prices if (each.valid_from, each.is_edit) != same]
        return tuple(sorted((*others, listed), key=lambda each: (each.valid_from, each.is_edit), reverse=True))

    def without(self, valid_from: datetime) -> tuple[ListedPrice, ...]:
        """The prices without the one that a person set from this date on."""
        return tuple(each for each in self.prices if not (each.is_edit and each.valid_from == valid_from))


def parse_rate(text: str, what: str) -> Decimal:
    """US dollars per million tokens as people type them; raises `InvalidInput`.

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


def parse_price(prompt: str, cached: str, completion: str, reasoning: str, tiers: str = "") -> ModelPrice:
    """A price as people type it: empty cached is as prompt, empty reasoning as completion.

    tiers: one a line, `above: prompt, cached, completion[, reasoning]`.

    >>> price = parse_price("1.25", "", "10", "", "200,000: 2.5, 0.25, 15")
    >>> price.base.cached, price.tiers[0].above, price.tiers[0].rates.completion
    (Decimal('1.25'), 200000, Decimal('15'))
    """
    return ModelPrice(
        _parse_rates([prompt, cached, completion, reasoning]),
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


def _charged(rates: Rates) -> tuple[Decimal, Decimal, Decimal]:
    return rates.prompt, rates.completion, rates.thought
