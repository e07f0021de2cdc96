"""Estimates of the use of a run, shown before it begins."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.usage.events import TokenCounts


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range from the 10th to the 90th percentile (P10–P90) of what a run uses, with its median, all attempts counted.

    p10_usd, p50_usd, p90_usd: None where the model's price is not known. p10_usd, p10_tokens: None, too, in estimates of before there
    were any. calls: about so many model calls. past_calls: how many earlier calls of the same features and model it is drawn from; 0
    where there are none, and it is made from the prompts' size. at: when it was made, just before the run.
    """

    model: str
    p50_usd: Decimal | None
    p90_usd: Decimal | None
    p50_tokens: int
    p90_tokens: int
    calls: int
    past_calls: int
    at: datetime
    p10_usd: Decimal | None = None
    p10_tokens: int | None = None

    @property
    def low_usd(self) -> Decimal | None:
        """The lower end of the range."""
        return self.p50_usd if self.p10_usd is None else self.p10_usd

    @property
    def low_tokens(self) -> int:
        return self.p50_tokens if self.p10_tokens is None else self.p10_tokens


@dataclass(frozen=True, slots=True)
class PastCall:
    """One earlier attempt. run: the session or task that it belonged to; ok: whether it gave an answer."""

    run: str
    tokens: TokenCounts
    ok: bool
