"""Estimates: ranges from past calls of the same kind, or from the prompts' size; reasoning and failures are part of them."""

import random
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.analysis.usage.forecast import PlannedCalls, forecast
from semblance_core.domain.usage.estimate import Estimate, PastCall
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.price import ModelPrice, model_price

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PRICE = model_price("1", "0.1", "10")


def session(draw: random.Random, name: str, calls: int, mean: float, failing: float = 0.0) -> list[PastCall]:
    made = []
    for _ in range(calls):
        prompt = round(mean * draw.lognormvariate(0, 0.2))
        thought = round(draw.lognormvariate(5, 0.5))
        made.append(PastCall(name, TokenCounts(prompt, prompt // 2, 80 + thought, thought), draw.random() >= failing))
    return made


def cost(calls: list[PastCall], price: ModelPrice = PRICE) -> Decimal:
    return sum((price.cost_usd(call.tokens) for call in calls), Decimal(0))


def estimate(past: list[PastCall], calls: int = 60, **plan: int) -> Estimate:
    planned = PlannedCalls("reply", plan.pop("least", calls), calls, plan.pop("prompt", 1_000), 80, **plan)
    return forecast([planned], {"reply": past}, PRICE, "m", NOW)


def test_a_range_from_past_sessions_holds_what_new_ones_cost() -> None:
    """200 new sessions of the same kind: few cost less than P10, about half at most P50, about nine in ten at most P90."""
    draw = random.Random(3)
    past = [call for n in range(8) for call in session(draw, f"s{n}", 50, 1_000 * draw.lognormvariate(0, 0.15))]
    found = estimate(past)
    assert found.p50_usd
    assert found.p90_usd
    new = [cost(session(draw, "new", 60, 1_000 * draw.lognormvariate(0, 0.15))) for _ in range(200)]
    below_median = sum(each <= found.p50_usd for each in new) / len(new)
    assert found.p10_usd
    assert sum(each < found.p10_usd for each in new) / len(new) <= 0.25
    below_upper = sum(each <= found.p90_usd for each in new) / len(new)
    assert 0.25 <= below_median <= 0.75
    assert 0.75 <= below_upper <= 1.0
    assert found.p90_usd < 2 * found.p50_usd, "a range that says nothing would hold too"
    assert found.past_calls == len(past)


def test_reasoning_and_failed_attempts_are_not_left_out() -> None:
    draw = random.Random(5)
    past = session(draw, "one", 200, 1_000)
    without = [PastCall(call.run, TokenCounts(call.tokens.prompt, call.tokens.cached, 80), True) for call in past]
    with_thought, plain = estimate(past), estimate(without)
    assert with_thought.p50_usd
    assert plain.p50_usd
    assert with_thought.p50_usd > 1.5 * float(plain.p50_usd)
    failing = [*past, *(PastCall("one", call.tokens, False) for call in past[:100])]
    assert estimate(failing).p50_tokens > 1.3 * with_thought.p50_tokens


def test_without_past_calls_it_is_made_from_the_prompts_size() -> None:
    found = estimate([], calls=40, prompt=2_000)
    assert found.past_calls == 0
    assert 40 * 2_080 * 0.9 < found.p50_tokens < found.p90_tokens < 40 * 2_080 * 2
    thinking = estimate([], calls=40, prompt=2_000, reasoning=2_000)
    assert thinking.p90_tokens > found.p90_tokens + 40 * 1_000


def test_a_few_calls_are_too_few_to_draw_from() -> None:
    few = session(random.Random(1), "one", 4, 100_000)
    assert estimate(few).past_calls == 0


def test_without_a_price_there_is_a_range_of_tokens_only() -> None:
    found = forecast([PlannedCalls("reply", 5, 5, 100, 10)], {}, None, "m", NOW)
    assert (found.p50_usd, found.p90_usd) == (None, None)
    assert found.p90_tokens > found.p50_tokens > 0


def test_a_run_that_may_end_early_has_a_wider_range() -> None:
    past = session(random.Random(2), "one", 100, 1_000)
    sure, unsure = estimate(past), estimate(past, least=20)
    assert unsure.p50_tokens < sure.p50_tokens
    assert unsure.p90_tokens - unsure.p50_tokens > sure.p90_tokens - sure.p50_tokens


def test_the_same_figures_give_the_same_range() -> None:
    past = session(random.Random(2), "one", 100, 1_000)
    assert estimate(past) == estimate(past)
