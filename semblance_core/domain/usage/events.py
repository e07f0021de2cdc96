"""Use and cost of completions: token counts, usage events, quotas.

Token counts are inclusive (OpenTelemetry's convention): cached tokens are part of the prompt's, reasoning tokens part of
the completion's. Money is `Decimal` US dollars here and whole nano-dollars where it is stored. A cost that is not known
is `None`, never 0.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.provider_words import in_our_words
from semblance_core.domain.usage.served import STANDARD, Served

NANO = Decimal(10) ** 9
WHOLE_NUMBER = r"([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})"
"""Reads a number as people type it: a comma stands between thousands and nowhere else, so that 1,50 is not taken for 150."""
Number = TypeVar("Number")


def to_nano_usd(usd: Decimal) -> int:
    """Whole nano-dollars; exact at every listed price, rounded up below a nano-dollar so that spend is never understated.

    >>> to_nano_usd(Decimal("0.0000015"))
    1500
    """
    return int((usd * NANO).to_integral_value(rounding=ROUND_CEILING))


def from_nano_usd(nano: int) -> Decimal:
    """US dollars from whole nano-dollars.

    >>> from_nano_usd(1500)
    Decimal('0.0000015')
    """
    return (Decimal(nano) / NANO).normalize() if nano else Decimal(0)


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens of one or more completions; cached ⊆ prompt, reasoning ⊆ completion.

    >>> TokenCounts(prompt=1_000, cached=400, completion=200) + TokenCounts(prompt=10, completion=5)
    TokenCounts(prompt=1010, cached=400, completion=205, reasoning=0)
    """

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0

    def __post_init__(self) -> None:
        if min(self.prompt, self.cached, self.completion, self.reasoning) < 0:
            raise InvalidInput("Token counts cannot be negative.")
        if self.cached > self.prompt or self.reasoning > self.completion:
            raise InvalidInput("Cached tokens are part of the prompt's and reasoning tokens part of the completion's.")

    @property
    def total(self) -> int:
        return self.prompt + self.completion

    def __add__(self, other: "TokenCounts") -> "TokenCounts":
        return TokenCounts(
            self.prompt + other.prompt,
            self.cached + other.cached,
            self.completion + other.completion,
            self.reasoning + other.reasoning,
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """Use of a piece of work over all its attempts. cost_usd: None where any attempt's cost is unknown.

    >>> Spent(TokenCounts(10, 0, 5), Decimal("0.1"), 1) + Spent(TokenCounts(10, 0, 5), None, 1)
    Spent(tokens=TokenCounts(prompt=20, cached=0, completion=10, reasoning=0), cost_usd=None, calls=2)
    """

    tokens: TokenCounts = TokenCounts()
    cost_usd: Decimal | None = Decimal(0)
    calls: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Spent(
            self.tokens + other.tokens,
            (self.cost_usd or Decimal(0)) + (other.cost_usd or Decimal(0)) if known else None,
            self.calls + other.calls,
        )


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """One attempt at a completion, with its outcome.

    id: the call's id, which its hold carried too; of one that was reconstructed, it begins with `BACKFILLED`. status: `ok`,
    or the kind of failure (`ModelFailed.kind`), or `unknown` where the worker died during the call. estimated: the counts
    are ours, not the provider's. cost_usd: `None` where the model has no known price. latency_s: seconds from request to
    answer. at: when the call began; its month is the one whose budget it counts in. seq: the message that it was made for.
    error: what went wrong, in our words. provider_said: what the provider said of it, without keys, for administrators.
    served: which model answered and how, as far as the provider says so and it bears on the price.
    """

    id: str
    user_id: str
    feature: str
    model: str
    tokens: TokenCounts
    cost_usd: Decimal | None
    latency_s: float
    status: str
    estimated: bool
    at: datetime
    project_id: str | None = None
    focus_group_id: str | None = None
    task_id: str | None = None
    error: str = ""
    seq: int | None = None
    provider_said: str = ""
    served: Served = STANDARD

    def __post_init__(self) -> None:
        # Earlier versions stored what the provider said behind our own words.
        if (ours := in_our_words(self.error)) != self.error:
            object.__setattr__(self, "provider_said", self.provider_said or self.error)
            object.__setattr__(self, "error", ours)

    def for_researchers(self) -> "UsageEvent":
        """The same without what the provider said."""
        return replace(self, provider_said="") if self.provider_said else self


NO_PROJECT = "none"
"""Stands for the calls that belong to no project, where a project is asked for."""
FAILED = "failed"
"""Stands for every status but `ok`, where a status is asked for."""
TOKEN_KINDS = ("fresh", "cached", "spoken", "reasoning")
"""All tokens of a call, told apart: the prompt's that were not cached, those that were, and the completion's likewise."""


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Selects calls: those with since ≤ at < until and these values; `None` is any.

    project_id: `NO_PROJECT` for calls of none. status: `ok`, a kind of failure, or `FAILED` for all of these.
    other_than: fields with values that are left out. token_kind: calls that used some of this kind, one of `TOKEN_KINDS`.
    """

    since: datetime | None = None
    until: datetime | None = None
    user_id: str | None = None
    project_id: str | None = None
    model: str | None = None
    feature: str | None = None
    status: str | None = None
    other_than: tuple[tuple[str, str], ...] = ()
    token_kind: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise InvalidInput("The requested period ends before it begins.")
        if self.token_kind not in (None, *TOKEN_KINDS):
            raise InvalidInput(f"“{self.token_kind}” is not a kind of token; choose from {', '.join(TOKEN_KINDS)}.")


BACKFILLED = "backfill/"
SIMULATED = "simulator/"
"""Prefix of the simulator's model names."""
MOST_USD = Decimal(1_000_000)
MOST_TOKENS = 10**12


@dataclass(frozen=True, slots=True)
class UsageQuota:
    """Limit of a user in a calendar month (UTC); `None` is no limit."""

    usd: Decimal | None = None
    tokens: int | None = None

    def __post_init__(self) -> None:
        if self.usd is not None and not 0 <= self.usd <= MOST_USD:
            raise InvalidInput(f"A quota is from 0 to {MOST_USD:,} US dollars; leave it empty for no limit.")
        if self.tokens is not None and not 0 <= self.tokens <= MOST_TOKENS:
            raise InvalidInput(f"A quota is from 0 to {MOST_TOKENS:,} tokens; leave it empty for no limit.")


def is_simulated(model: str) -> bool:
    """Returns whether the built-in simulator answers as this model: its answers are marked as simulated wherever they show.

    >>> is_simulated("simulator/v1"), is_simulated("openai/gpt-4o-mini")
    (True, False)
    """
    return model.startswith(SIMULATED)


def counted_tokens(model: str, tokens: TokenCounts) -> int:
    """Returns the tokens of a call that count against its user's quota: none for the simulator, which nobody pays for."""
    return 0 if is_simulated(model) else tokens.total


def limits_for(quota: UsageQuota, model: str, usd: Decimal | None) -> UsageQuota:
    """The limits of a quota that a call has to keep; the only place that says so.

    A call that costs nothing keeps none in US dollars, so that a quota of $0 means free models; one to the simulator keeps none in
    tokens either. usd: what the call may cost, None where that is not known.

    >>> limits_for(UsageQuota(Decimal(0), 5), "ollama/llama3", Decimal(0))
    UsageQuota(usd=None, tokens=5)
    >>> limits_for(UsageQuota(Decimal(0), 5), "simulator/v1", Decimal(0))
    UsageQuota(usd=None, tokens=None)
    """
    return UsageQuota(None if usd == 0 else quota.usd, None if is_simulated(model) else quota.tokens)


def parse_quota(usd: str, tokens: str) -> UsageQuota:
    """Reads a quota as people type it: empty is no limit, commas between thousands are fine.

    >>> parse_quota("12.50", " 1,000,000 ")
    UsageQuota(usd=Decimal('12.50'), tokens=1000000)
    >>> parse_quota("", "")
    UsageQuota(usd=None, tokens=None)
    """
    return UsageQuota(_number(usd, Decimal, "US dollars"), _number(tokens, int, "Tokens"))


def _number(text: str, kind: Callable[[str], Number], what: str) -> Number | None:
    plain = text.strip().removeprefix("$")
    if not plain:
        return None
    fraction = "" if kind is int else r"(\.[0-9]{1,9})?"
    if not re.fullmatch(WHOLE_NUMBER + fraction, plain):
        raise InvalidInput(
            f"{what}: “{plain[:40]}” is no limit; enter a number from 0 on, or leave it empty for no limit."
        )
    return kind(plain.replace(",", ""))


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """A user's month: spent is settled, held is in flight."""

    quota: UsageQuota
    spent_usd: Decimal
    held_usd: Decimal
    spent_tokens: int
    held_tokens: int
    unpriced_calls: int = 0

    @property
    def used_usd(self) -> Decimal:
        return self.spent_usd + self.held_usd

    @property
    def used_tokens(self) -> int:
        return self.spent_tokens + self.held_tokens


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """US dollars and tokens; None without a limit, below 0 where a limit was lowered below what is used."""

    usd: Decimal | None
    tokens: int | None

    def holds(self, usd: Decimal, tokens: int) -> bool:
        """Returns whether so much fits."""
        return (self.usd is None or usd <= self.usd) and (self.tokens is None or tokens <= self.tokens)


def quota_left(status: QuotaStatus) -> QuotaLeft:
    """The quota without what is spent and held.

    >>> quota_left(QuotaStatus(UsageQuota(usd=Decimal(5)), Decimal(1), Decimal("1.5"), 90, 10))
    QuotaLeft(usd=Decimal('2.5'), tokens=None)
    """
    usd, tokens = status.quota.usd, status.quota.tokens
    return QuotaLeft(
        None if usd is None else usd - status.used_usd,
        None if tokens is None else tokens - status.used_tokens,
    )
