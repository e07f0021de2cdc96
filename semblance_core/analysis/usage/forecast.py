"""Estimates the use of a run: past calls of the same kind resampled, or the prompts' size where there are none. Pure.

Calls of one session are alike (the same participants, topic and length), so what differs between sessions is drawn once a
simulated run and not call by call: pooling all calls would make every total look alike and the range too narrow.
"""

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import fmean, pstdev

from semblance_core.domain.usage.estimate import Estimate, PastCall
from semblance_core.domain.usage.events import TokenCounts, from_nano_usd, to_nano_usd
from semblance_core.domain.usage.price import ModelPrice

DRAWS = 400
FEWEST_CALLS = 5
FEWEST_RUNS = 4
RUN_SPREAD = 0.2
"""Standard deviation of ln(run's mean / overall mean) where too few runs are known to tell it; ours."""
SIZE_SPREAD = 0.25
"""The same where nothing is known but the prompts' size; ours."""


@dataclass(frozen=True, slots=True)
class PlannedCalls:
    """Calls of one feature that a run makes: from `least` to `most`, each about as likely.

    prompt, completion: tokens a call, from the prompt's size, for where no past calls are known. reasoning: room to think, of
    which a call may use anything.
    """

    feature: str
    least: int
    most: int
    prompt: int
    completion: int
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class _Amount:
    """Tokens and nano-dollars of one call, as drawn."""

    tokens: float
    nano: float


def forecast(
    plans: Sequence[PlannedCalls],
    past: Mapping[str, Sequence[PastCall]],
    price: ModelPrice | None,
    model: str,
    at: datetime,
    seed: int = 0,
) -> Estimate:
    """Estimates the use of these calls together, from 400 simulated runs.

    A past call counts with the price of today. Failed attempts are part of it: so many attempts an answer as there were.

    Args:
        plans: calls of each feature that the run makes.
        past: earlier calls by feature; the prompts' sizes stand in where there are none.
        price: of the model, None where it is unknown.
        model: its name, for the estimate's words.
        at: the time from which prices count.
        seed: makes the range repeatable.

    Returns:
        P10, P50 and P90 of tokens, and of US dollars where a price is known.

    >>> from semblance_core.domain.usage.price import model_price
    >>> plan = [PlannedCalls("reply", 10, 10, prompt=1_000, completion=100)]
    >>> found = forecast(plan, {}, model_price("1", "1", "10"), "m", datetime(2026, 11, 24))
    >>> 0.015 < found.p50_usd < 0.025 < found.p90_usd < 0.04
    True
    """
    draw = random.Random(seed)
    sources = [_source(plan, past.get(plan.feature, ()), price) for plan in plans]
    runs = [_run(plans, sources, draw) for _ in range(DRAWS)]
    tokens, nano = sorted(run.tokens for run in runs), sorted(run.nano for run in runs)
    return Estimate(
        model=model,
        p50_usd=_usd(_at(nano, 0.5)) if price else None,
        p90_usd=_usd(_at(nano, 0.9)) if price else None,
        p50_tokens=round(_at(tokens, 0.5)),
        p90_tokens=round(_at(tokens, 0.9)),
        calls=sum(math.ceil((plan.least + plan.most) / 2) for plan in plans),
        past_calls=sum(source.known for source in sources),
        at=at,
        p10_usd=_usd(_at(nano, 0.1)) if price else None,
        p10_tokens=round(_at(tokens, 0.1)),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Source of one feature's draws: means and spreads a run, and attempts an answer. known: number of past calls behind it."""

    runs: tuple[tuple[_Amount, _Amount], ...]
    attempts: float
    spread: float
    known: int


def _source(plan: PlannedCalls, past: Sequence[PastCall], price: ModelPrice | None) -> _Source:
    answers = sum(call.ok for call in past)
    if answers < FEWEST_CALLS:
        return _from_size(plan, price)
    by_run: dict[str, list[PastCall]] = defaultdict(list)
    for call in past:
        by_run[call.run].append(call)
    told = [calls for calls in by_run.values() if len(calls) >= FEWEST_CALLS]
    groups = told if len(told) >= FEWEST_RUNS else [list(past)]
    runs = tuple(_mean_and_spread([_amount(call.tokens, price) for call in calls]) for calls in groups)
    return _Source(runs, len(past) / answers, 0.0 if len(runs) > 1 else RUN_SPREAD, len(past))


def _from_size(plan: PlannedCalls, price: ModelPrice | None) -> _Source:
    """A quarter of the room to think at the middle, all of it at the end; nothing cached."""
    sizes = [0.1, 0.25, 0.25, 0.5, 1.0] if plan.reasoning else [0.0]
    runs = []
    for share in sizes:
        thought = round(plan.reasoning * share)
        tokens = TokenCounts(prompt=plan.prompt, completion=plan.completion + thought, reasoning=thought)
        mean = _amount(tokens, price)
        runs.append((mean, _Amount(mean.tokens * SIZE_SPREAD, mean.nano * SIZE_SPREAD)))
    return _Source(tuple(runs), 1.0, SIZE_SPREAD, 0)


def _run(plans: Sequence[PlannedCalls], sources: Sequence[_Source], draw: random.Random) -> _Amount:
    """One simulated run: for each feature so many calls, out of one earlier run."""
    tokens = nano = 0.0
    for plan, source in zip(plans, sources, strict=True):
        attempts = draw.randint(plan.least, plan.most) * source.attempts
        mean, spread = draw.choice(source.runs)
        factor = math.exp(draw.gauss(0, source.spread)) if source.spread else 1.0
        noise = draw.gauss(0, 1) * math.sqrt(attempts)
        tokens += max(0.0, factor * (attempts * mean.tokens + noise * spread.tokens))
        nano += max(0.0, factor * (attempts * mean.nano + noise * spread.nano))
    return _Amount(tokens, nano)


def _mean_and_spread(amounts: Sequence[_Amount]) -> tuple[_Amount, _Amount]:
    tokens, nano = [each.tokens for each in amounts], [each.nano for each in amounts]
    return _Amount(fmean(tokens), fmean(nano)), _Amount(pstdev(tokens), pstdev(nano))


def _amount(tokens: TokenCounts, price: ModelPrice | None) -> _Amount:
    return _Amount(tokens.total, to_nano_usd(price.cost_usd(tokens)) if price else 0)


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]


def _usd(nano: float) -> Decimal:
    return from_nano_usd(math.ceil(nano))
