"""Bounds the use and cost of a call. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.model_traits import ModelTraits
from semblance_core.domain.usage.price import ModelPrice
from semblance_core.llm.request import CompletionRequest, most_prompt_tokens

LONGEST_ANSWER = 128_000
"""Tokens that a model is taken to be able to answer at most, where nobody knows: more than nearly any can."""


@dataclass(frozen=True, slots=True)
class WorstCase:
    """usd: None where no price is known. at_limit_…: the same where the provider ignored the bound of the answer."""

    tokens: TokenCounts
    usd: Decimal | None
    at_limit_tokens: int
    at_limit_usd: Decimal | None


def worst_case(
    request: CompletionRequest, beyond: TokenCounts, traits: ModelTraits, prices: Sequence[ModelPrice]
) -> WorstCase:
    """No tokeniser makes more tokens than there are bytes, nor an answer more than its bound; the dearest way to be served counts.

    beyond: how far the model's provider went beyond that before. prices: of the model, and of one that answered in its place before.
    """
    size, answer = most_prompt_tokens(request) + beyond.prompt, request.max_tokens + beyond.completion
    longest = max(answer, traits.output_tokens or LONGEST_ANSWER)
    return WorstCase(
        prices[0].worst(size, answer) if prices else TokenCounts(prompt=size, completion=answer),
        max((price.most_usd(size, answer) for price in prices), default=None),
        size + longest,
        max((price.most_usd(size, longest) for price in prices), default=None),
    )
