"""Prices of models: US dollars per million tokens, by kind of token, by size of the prompt, and from a date on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import TokenCounts, from_nano_usd, to_nano_usd
from semblance_core.domain.usage.served import STANDARD, Served

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Valid from: prices without a known first day."""
PER_MILLION = 1_000_000
MOST_PER_MILLION = Decimal(1_000_000)
MOST_TIERS = 8
NEVER_BY_ITSELF = ("fast", "ultrafast", "decisions")
"""Service tiers that a provider serves only where they are asked for, which nothing here does; holds leave them out."""
ADMIN = "admin"


def _check_rate(name: str, rate: Decimal) -> None:
    if not rate.is_finite() or not 0 <= rate <= MOST_PER_MILLION:
        raise InvalidInput(f"The {name} rate is from 0 to {MOST_PER_MILLION:,} US dollars per million tokens.")


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens of each kind. reasoning: None where it is charged as completion, as most do.

    written: prompt tokens that are written to the provider's cache, None where they are charged as the others; written_hour: those that
    stay there for an hour, None where they are charged as `written`. Raises `InvalidInput` for a rate below 0, and for cached tokens
    dearer than fresh ones.
    """

    prompt: Decimal
    cached: Decimal
    completion: Decimal
    reasoning: Decimal | None = None
    written: Decimal | None = None
    written_hour: Decimal | None = None

    def __post_init__(self) -> None:
        for name, rate in (("prompt", self.prompt), ("cached", self.cached), ("completion", self.completion)):
            _check_rate(name, rate)
        for name, optional in (
            ("reasoning", self.reasoning),
            ("cache write", self.written),
            ("one-hour cache write", self.written_hour),
        ):
            if optional is not None:
                _check_rate(name, optional)
        if self.cached > self.prompt:
            raise InvalidInput("Cached prompt tokens cannot cost more than the prompt's other tokens.")

    @property
    def thought(self) -> Decimal:
        """The rate of reasoning tokens."""
        return self.completion if self.reasoning is None else self.reasoning

    @property
    def writing(self) -> Decimal:
        """The rate of tokens that are written to the cache."""
        return self.prompt if self.written is None else self.written

    @property
    def writing_hour(self) -> Decimal:
        """The rate of those that stay there for an hour."""
        return self.writing if self.written_hour is None else self.written_hour

    def most(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """Returns the highest cost of so many tokens per million: the whole prompt written to the cache, the whole answer thought."""
        prompt = max(self.prompt, self.writing, self.writing_hour)
        return prompt_tokens * prompt + completion_tokens * max(self.completion, self.thought)


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
    services: what the model costs at service tiers other than the usual one.
    """

    base: Rates
    tiers: tuple[Tier, ...] = ()
    services: tuple["Service", ...] = ()

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
        """Returns whether every call costs nothing, whatever its size."""
        return not self.most_usd(10**9, 10**9)

    def at(self, tier: str) -> "ModelPrice":
        """The price at a service tier; the usual one where no other is known."""
        return next((service.price for service in self.services if service.name == tier), self)

    def rates_for(self, prompt_tokens: int) -> Rates:
        """The rates of a call with a prompt of this size."""
        return next((tier.rates for tier in reversed(self.tiers) if prompt_tokens > tier.above), self.base)

    def cost_usd(self, tokens: TokenCounts, served: Served = STANDARD) -> Decimal:
        """Price of one completion in US dollars, whole nano-dollars, rounded up. cached ⊆ prompt, reasoning ⊆ completion.

        served: its tier, and the part of the prompt written to a cache.

        >>> price = model_price("2", "0.5", "8")
        >>> price.cost_usd(TokenCounts(prompt=1_000, cached=400, completion=200, reasoning=150))
        Decimal('0.003')
        >>> model_price("1", "1", "2", "10").cost_usd(TokenCounts(prompt=0, completion=100, reasoning=60))
        Decimal('0.00068')
        >>> long = ModelPrice(Rates(Decimal(1), Decimal(1), Decimal(2)), (Tier(200, Rates(Decimal(2), Decimal(2), Decimal(4))),))
        >>> [long.cost_usd(TokenCounts(prompt=prompt)) for prompt in (200, 201)]
        [Decimal('0.0002'), Decimal('0.000402')]
        """
        if served.at_most:
            return self.most_usd(tokens.prompt, tokens.completion)
        rates = self.at(served.tier).rates_for(tokens.prompt)
        written = min(served.written, tokens.prompt - tokens.cached)
        hour = min(served.written_hour, written)
        total = (
            (tokens.prompt - tokens.cached - written) * rates.prompt
            + tokens.cached * rates.cached
            + (written - hour) * rates.writing
            + hour * rates.writing_hour
            + (tokens.completion - tokens.reasoning) * rates.completion
            + tokens.reasoning * rates.thought
        )
        return _usd(total)

    def most_usd(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """Returns the highest cost of so many tokens: at the dearest tier, with a long cache write, and all thought.

        >>> price = ModelPrice(Rates(Decimal(1), Decimal(1), Decimal(2), written=Decimal(3)))
        >>> price.most_usd(1_000_000, 1_000_000)
        Decimal('5')
        """
        services = (service.price for service in self.services if service.name not in NEVER_BY_ITSELF)
        reached = (
            rates
            for price in (self, *services)
            for rates in (price.base, *(tier.rates for tier in price.tiers if prompt_tokens > tier.above))
        )
        return _usd(max(rates.most(prompt_tokens, completion_tokens) for rates in reached))

    def worst(self, prompt_tokens: int, completion_tokens: int) -> TokenCounts:
        """The dearest way to use at most so many tokens: nothing cached, and all reasoning where that costs more."""
        rates = self.rates_for(prompt_tokens)
        thought = completion_tokens if rates.thought > rates.completion else 0
        return TokenCounts(prompt=prompt_tokens, completion=completion_tokens, reasoning=thought)


@dataclass(frozen=True, slots=True)
class Service:
    """Price of a model at one service tier, by the name that `service_tier` gives it."""

    name: str
    price: ModelPrice


def _usd(per_million: Decimal) -> Decimal:
    return from_nano_usd(to_nano_usd(per_million / PER_MILLION)) if per_million else Decimal(0)


def cost_of(price: ModelPrice | None, tokens: TokenCounts, served: Served) -> Decimal | None:
    """Returns the cost of a call: what its provider reports, else what its price makes of it; None where neither is known."""
    if served.cost_usd is not None:
        return served.cost_usd
    return price.cost_usd(tokens, served) if price else None


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
    """Returns the cost of a call before its size is known: 0 where every call is free, else None."""
    return Decimal(0) if price and price.is_free else None


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price with where it is from. model: `provider/model` as litellm names it. valid_from: aware UTC.

    source: `admin` for a price that a person set, else the list it was taken from. also: further names of the same model.
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


def _charged(rates: Rates) -> tuple[Decimal, Decimal, Decimal]:
    return rates.prompt, rates.completion, rates.thought
