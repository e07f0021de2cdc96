"""Reads the use and cost of a call, and how it was served, from the provider's own response. Pure.

Every API has names of its own for the same few counts, and its own mind of what is part of what: here they all become prompt
(cached and written to a cache included) and completion (thinking included).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from semblance_core.domain.usage.events import TokenCounts, from_nano_usd, to_nano_usd
from semblance_core.domain.usage.served import Served, service_tier

MOST_TOKENS_A_CALL = 100_000_000
MOST_USD_A_CALL = Decimal(10_000)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
TICKS = 10**10
Document = Mapping[str, Any]

_PROMPT = (
    *("prompt_tokens", "input_tokens", "inputTokens", "promptTokenCount", "prompt_token_count"),
    *("prompt_eval_count", "input_token_count", "promptTokens", "inputTokenCount"),
)
_COMPLETION = (
    *("completion_tokens", "output_tokens", "outputTokens", "candidatesTokenCount", "candidates_token_count"),
    *("eval_count", "generated_token_count", "output_token_count", "completionTokens", "outputTokenCount"),
    *("responseTokenCount", "generated_tokens"),
)
_TOTAL = ("total_tokens", "totalTokens", "totalTokenCount", "total_token_count")
_CACHED = (
    *("cached_tokens", "cache_read_input_tokens", "cacheReadInputTokens", "cachedContentTokenCount"),
    *("cached_content_token_count", "prompt_cache_hit_tokens", "cacheReadInputTokenCount", "cached_prompt_tokens"),
)
_WRITTEN = (
    *("cache_creation_input_tokens", "cacheWriteInputTokens", "cache_write_tokens", "cache_creation_tokens"),
    *("cacheWriteInputTokenCount", "cache_write_input_tokens"),
)
_REASONING = ("reasoning_tokens", "thinking_tokens", "reasoningTokens")
_BESIDE = ("thoughtsTokenCount", "thoughts_token_count")
"""Thinking that is never part of the completion's own count (Gemini)."""
_OF_PROMPT = ("prompt_tokens_details", "input_tokens_details", "promptTokensDetails", "input_token_details")
_OF_COMPLETION = ("completion_tokens_details", "output_tokens_details", "completionTokensDetails")
_APART = ("input_tokens", "inputTokens")
"""Names of the prompt's count that leave cached tokens out wherever these are counted apart (Anthropic, Bedrock)."""
_USAGE = ("usage", "usageMetadata", "usage_metadata", "x_groq", "token_usage")
_AROUND = ("message", "response", "delta", "meta", "result")
"""Keys that a usage may stand under: Anthropic's and OpenAI's events, Cohere, Cloudflare."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Counts are 0 where nothing was said. model, tier: as the provider names them. cost_usd: what it says that the call costs."""

    prompt: int = 0
    completion: int = 0
    total: int = 0
    cached: int = 0
    reasoning: int = 0
    written: int = 0
    written_hour: int = 0
    model: str = ""
    tier: str = ""
    cost_usd: Decimal | None = None

    @property
    def counts(self) -> bool:
        """Returns whether it counted anything."""
        return bool(self.prompt or self.completion or self.total)

    def with_more(self, later: "Reported") -> "Reported":
        """Both together: the highest of each count, since a stream tells them as it goes, some providers one at the start."""
        counts = {
            spec.name: max(getattr(self, spec.name), getattr(later, spec.name))
            for spec in fields(self)
            if isinstance(getattr(self, spec.name), int)
        }
        cost = later.cost_usd if self.cost_usd is None else max(self.cost_usd, later.cost_usd or Decimal(0))
        return Reported(**counts, model=self.model or later.model, tier=later.tier or self.tier, cost_usd=cost)


@dataclass(frozen=True, slots=True)
class Counted:
    """tokens: that are charged. doubt: how the provider contradicts itself, as a sentence; the larger counts."""

    tokens: TokenCounts
    doubt: str = ""


def read(document: Document) -> Reported:
    """All that one JSON object of a response, or one event of a stream, says.

    >>> read({"model": "m", "usage": {"input_tokens": 3, "cache_creation_input_tokens": 5, "output_tokens": 2}})
    Reported(prompt=8, completion=2, total=0, cached=0, reasoning=0, written=5, written_hour=0, model='m', tier='', cost_usd=None)
    """
    found = Reported()
    for usage in _usages(document):
        found = found.with_more(_usage(usage))
    cost = next((usd for each in _places(document) if (usd := _cost(each)) is not None), found.cost_usd)
    return replace(found, model=_model(document), tier=_tier(document), cost_usd=cost)


def counted(said: Reported) -> Counted:
    """The tokens that are charged: what the parts add up to, or the total where that is larger.

    >>> counted(Reported(prompt=1_000, completion=100, total=1_900, reasoning=800)).tokens
    TokenCounts(prompt=1000, cached=0, completion=900, reasoning=800)
    >>> counted(Reported(prompt=1_000, completion=100, total=1_500)).doubt
    'The provider counted 1,500 tokens in all and 1,100 in its parts; the larger is charged.'
    """
    prompt, completion, reasoning, doubt = said.prompt, said.completion, said.reasoning, ""
    cached, written = said.cached, said.written
    if cached + written > prompt or (cached + written and said.total == prompt + cached + written + completion):
        prompt += cached + written
    if reasoning > completion or (reasoning and said.total == prompt + completion + reasoning):
        completion += reasoning  # it counts thinking beside the answer
    parts = prompt + completion
    if said.total > parts and not completion and prompt:
        completion = said.total - prompt
    elif said.total > parts and not prompt:
        prompt = said.total - completion
    elif said.total and said.total != parts:
        doubt = f"The provider counted {said.total:,} tokens in all and {parts:,} in its parts; the larger is charged."
        completion += max(0, said.total - parts)
    return Counted(
        TokenCounts(
            prompt=prompt, cached=min(cached, prompt), completion=completion, reasoning=min(reasoning, completion)
        ),
        doubt,
    )


def served(said: Reported, model: str) -> Served:
    """Returns how the call was served. model: the one asked for, with its provider in front."""
    name = said.model.removeprefix("models/")
    name = name if _NAME.fullmatch(name) else ""  # anything may stand there, and people read it
    tier = service_tier(said.tier)
    same = name.casefold() in (model.casefold(), model.partition("/")[2].casefold())
    return Served(
        model="" if same else name,
        tier=tier if _NAME.fullmatch(tier) else "",
        written=said.written,
        written_hour=min(said.written_hour, said.written),
        cost_usd=said.cost_usd,
    )


def _usages(document: Document) -> Iterator[Document]:
    for place in _places(document):
        for name in _USAGE:
            usage = place.get(name)
            if isinstance(usage, Mapping) and name == "x_groq":
                usage = usage.get("usage")
            if isinstance(usage, Mapping):
                yield usage
        if any(name in place for name in ("prompt_eval_count", "eval_count")):
            yield place  # Ollama's stand at the top


def _places(document: Document) -> Iterator[Document]:
    yield document
    for name in _AROUND:
        if isinstance(place := document.get(name), Mapping):
            yield place
    choices = document.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        yield choices[0]  # Moonshot's streams


def _usage(usage: Document) -> Reported:
    for inner in ("tokens", "billed_units"):  # Cohere
        if isinstance(usage.get(inner), Mapping):
            return _usage(usage[inner])
    of_prompt, of_completion = _details(usage, _OF_PROMPT), _details(usage, _OF_COMPLETION)
    prompt, completion = _first(usage, _PROMPT), _first(usage, _COMPLETION)
    cached = max(_first(of_prompt, _CACHED), _first(usage, _CACHED))
    five_minutes, hour = _written(usage, of_prompt)
    written = max(_first(usage, _WRITTEN), _first(of_prompt, _WRITTEN), five_minutes + hour)
    beside = _first(usage, _BESIDE)
    reasoning = max(_first(of_completion, _REASONING), _first(usage, _REASONING), beside)
    total = _first(usage, _TOTAL)
    if any(name in usage for name in _APART) and any(name in usage for name in (*_CACHED, *_WRITTEN)):
        if total and total < prompt + cached + written + completion:
            total += cached + written
        prompt += cached + written
    prompt += _first(usage, ("toolUsePromptTokenCount",))
    if beside and total != prompt + completion:  # some count the thinking in, and their total says so
        completion += beside
    return Reported(prompt, completion, total, cached, reasoning, written, hour)


def _details(usage: Document, names: tuple[str, ...]) -> Document:
    return next((usage[name] for name in names if isinstance(usage.get(name), Mapping)), {})


def _written(usage: Document, details: Document) -> tuple[int, int]:
    """Tokens written to a cache for five minutes and for an hour, where the two are told apart."""
    for place in (usage.get("cache_creation"), details.get("cache_creation_token_details")):
        if isinstance(place, Mapping):
            return _first(place, ("ephemeral_5m_input_tokens",)), _first(place, ("ephemeral_1h_input_tokens",))
    rows = usage.get("cacheDetails")
    found = {"5m": 0, "1h": 0}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and row.get("ttl") in found:
            found[row["ttl"]] += _first(row, ("inputTokens",))
    return found["5m"], found["1h"]


def _first(place: Document, names: tuple[str, ...]) -> int:
    return next((count for name in names if (count := _count(place.get(name)))), 0)


def _count(value: object) -> int:
    """A count of tokens, also as a whole float or in digits; 0 for what is none or too large to be one."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_TOKENS_A_CALL
    return value if is_count and isinstance(value, int) else 0


def _model(document: Document) -> str:
    for place in _places(document):
        for name in ("model", "modelVersion", "model_version"):
            if isinstance(said := place.get(name), str) and said.strip():
                return said.strip()
    return ""


def _tier(document: Document) -> str:
    """The service tier; what multiplies every rate (Anthropic's speed and place) stands for one where no tier does."""
    usages = tuple(_usages(document))
    for place in (*_places(document), *usages):
        for name in ("service_tier", "serviceTier", "trafficType", "traffic_type"):
            said = place.get(name)
            said = said.get("type") if isinstance(said, Mapping) else said
            if isinstance(said, str) and service_tier(said):
                return said
    for usage in usages:
        if usage.get("speed") == "fast":
            return "fast"
    return "us" if any(usage.get("inference_geo") == "us" for usage in usages) else ""


def _cost(place: Document) -> Decimal | None:
    """Returns the cost in US dollars that the provider reports."""
    for usage in (place.get("usage"), place.get("provider_metadata"), place.get("providerMetadata")):
        if not isinstance(usage, Mapping):
            continue
        if isinstance(gateway := usage.get("gateway"), Mapping) and (usd := _usd(gateway.get("cost"))) is not None:
            return usd  # Vercel
        if (ticks := _usd(usage.get("cost_in_usd_ticks"), TICKS)) is not None:
            return ticks  # xAI
        cost = usage.get("cost")
        if isinstance(cost, Mapping):
            cost = cost.get("total_cost", cost.get("total"))  # Perplexity
        for said in (cost, usage.get("estimated_cost"), usage.get("total_cost"), usage.get("cost_usd")):
            if (usd := _usd(said)) is not None:
                return _with_upstream(usd, usage)
    return None


def _with_upstream(usd: Decimal, usage: Document) -> Decimal | None:
    """OpenRouter's own fee where the call ran on one's own key: what the model costs there comes on top, known or not."""
    if not usage.get("is_byok"):
        return usd
    details = usage.get("cost_details")
    upstream = _usd(details.get("upstream_inference_cost")) if isinstance(details, Mapping) else None
    return None if upstream is None else _rounded(usd + upstream)


def _usd(value: object, parts: int = 1) -> Decimal | None:
    """An amount in US dollars, or in so many parts of one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        usd = Decimal(str(value).strip().removeprefix("$")) / parts
    except InvalidOperation:
        return None
    return _rounded(usd) if usd.is_finite() and 0 <= usd <= MOST_USD_A_CALL else None


def _rounded(usd: Decimal) -> Decimal:
    """As it is kept: whole nano-dollars."""
    return from_nano_usd(to_nano_usd(usd))
