"""Prices: exact, by tier, and a worst case that nothing real exceeds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import TokenCounts, to_nano_usd
from semblance_core.domain.usage.price import ModelPrice, Rates, Service, Tier, model_price
from semblance_core.domain.usage.price_text import parse_price, tiers_text
from semblance_core.domain.usage.served import Served

RATE = st.decimals(min_value=0, max_value=200, places=6)


@st.composite
def prices(draw: st.DrawFn) -> ModelPrice:
    prompt = draw(RATE)
    base = Rates(prompt, draw(st.decimals(0, prompt, places=6)), draw(RATE), draw(st.none() | RATE))
    if draw(st.booleans()):
        return ModelPrice(base)
    if draw(st.booleans()):
        written = replace(base, written=draw(st.none() | RATE), written_hour=draw(st.none() | RATE))
        dearer = Rates(prompt * 2, prompt, base.completion * 3)
        return ModelPrice(written, services=(Service("priority", ModelPrice(dearer)),))
    more = draw(st.decimals(1, 5, places=2))
    thought = None if base.reasoning is None else base.reasoning * more
    rates = Rates(base.prompt * more, base.cached * more, base.completion * more, thought)
    return ModelPrice(base, (Tier(draw(st.integers(1, 300_000)), rates),))


@st.composite
def counts(draw: st.DrawFn) -> TokenCounts:
    prompt, completion = draw(st.integers(0, 400_000)), draw(st.integers(0, 60_000))
    return TokenCounts(prompt, draw(st.integers(0, prompt)), completion, draw(st.integers(0, completion)))


@given(prices(), counts(), st.integers(0, 1_000), st.integers(0, 1_000))
def test_no_call_costs_more_than_the_worst_case_of_its_bounds(
    price: ModelPrice, tokens: TokenCounts, more_prompt: int, more_completion: int
) -> None:
    worst = price.worst(tokens.prompt + more_prompt, tokens.completion + more_completion)
    assert price.cost_usd(tokens) <= price.cost_usd(worst)
    most = price.most_usd(tokens.prompt + more_prompt, tokens.completion + more_completion)
    assert price.cost_usd(worst) <= most
    for tier in ("", "priority", "scale"):
        for hour in (0, tokens.prompt // 2):
            served = Served(tier=tier, written=tokens.prompt, written_hour=hour)
            assert price.cost_usd(tokens, served) <= most


@given(prices(), counts())
def test_a_cost_is_a_whole_number_of_nano_dollars_and_never_understated(price: ModelPrice, tokens: TokenCounts) -> None:
    cost = price.cost_usd(tokens)
    assert cost * 10**9 == to_nano_usd(cost)
    rates = price.rates_for(tokens.prompt)
    exact = (
        (tokens.prompt - tokens.cached) * rates.prompt
        + tokens.cached * rates.cached
        + (tokens.completion - tokens.reasoning) * rates.completion
        + tokens.reasoning * rates.thought
    ) / 1_000_000
    assert exact <= cost < exact + Decimal("0.000000001")


@given(prices())
def test_tiers_read_back_as_they_were_written(price: ModelPrice) -> None:
    base = [f"{rate:f}" for rate in (price.base.prompt, price.base.cached, price.base.completion)]
    reasoning = "" if price.base.reasoning is None else f"{price.base.reasoning:f}"
    if all(len(f"{rate:f}".partition(".")[2]) <= 9 for tier in price.tiers for rate in (tier.rates.prompt,)):
        optional = (price.base.written, price.base.written_hour)
        written = ["" if rate is None else f"{rate:f}" for rate in optional]
        read = parse_price(*base, reasoning, tiers_text(price), *written)
        assert replace(read, services=price.services) == price, "services are not typed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("", "", "1", ""), "Prompt: enter a price"),
        (("1,50", "", "1", ""), "“1,50” is not a price"),
        (("-1", "", "1", ""), "Prompt: .* is not a price"),
        (("1", "2", "1", ""), "Cached prompt tokens cannot cost more"),
        (("nan", "", "1", ""), "Prompt: .* is not a price"),
        (("1", "", "9999999", ""), "completion rate is from 0"),
        (("1", "", "1", "", "200k: 1, 1, 1"), "is no tier"),
        (("1", "", "1", "", "200: 1, 1"), "is no tier"),
        (("1", "", "1", "", "200: 0.5, 0.5, 1"), "cannot be cheaper than what is below"),
        (("1", "", "1", "", "200: 2, 1, 2\n100: 3, 1, 3"), "from small to large"),
    ],
)
def test_a_price_that_cannot_be_is_refused_in_words(given: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_price(*given)


def test_reasoning_is_charged_apart_only_where_it_has_a_rate() -> None:
    tokens = TokenCounts(prompt=0, completion=1_000_000, reasoning=400_000)
    assert model_price("1", "1", "2").cost_usd(tokens) == 2
    assert model_price("1", "1", "2", "10").cost_usd(tokens) == Decimal("5.2")
    assert model_price("1", "1", "10", "2").worst(0, 10).reasoning == 0
