"""What models cost, from litellm's own table, read as a file so that nothing has to import litellm for it."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from semblance_core.domain.usage import ModelPrice

FREE_PROVIDERS = ("simulator", "ollama", "ollama_chat", "lm_studio", "llamafile")
SELF_HOSTED = (*FREE_PROVIDERS, "hosted_vllm", "vllm", "openai_like", "custom_openai", "litellm_proxy", "xinference")
PER_MILLION = 1_000_000


@dataclass
class PriceTable:
    """Prices by litellm's model names. overrides: prices that stand above the table, in US dollars per million tokens."""

    overrides: dict[str, ModelPrice] = field(default_factory=dict)

    def price_of(self, model: str) -> ModelPrice | None:
        """The model's price, or None where it is not known; models on one's own machine cost 0."""
        if model in self.overrides:
            return self.overrides[model]
        if model.partition("/")[0] in FREE_PROVIDERS:
            return ModelPrice(Decimal(0), Decimal(0), Decimal(0))
        entry = self._entry(model)
        if not entry or "input_cost_per_token" not in entry or "output_cost_per_token" not in entry:
            return None
        prompt = _per_million(entry["input_cost_per_token"])
        cached = entry.get("cache_read_input_token_cost")
        return ModelPrice(
            prompt=prompt,
            cached=prompt if cached is None else _per_million(cached),
            completion=_per_million(entry["output_cost_per_token"]),
        )

    def knows(self, model: str) -> bool:
        """Whether this can be a model's name: a listed one, or any model of a known provider (`provider/model`)."""
        provider, slash, bare = model.partition("/")
        if not slash:
            return model in self._table
        return bool(bare) and (provider in SELF_HOSTED or provider in self._providers)

    def thinks(self, model: str) -> bool:
        """Whether the model spends completion tokens on reasoning before it answers."""
        return bool(self._entry(model).get("supports_reasoning"))

    def _entry(self, model: str) -> dict[str, Any]:
        bare = model.partition("/")[2] or model
        entry: dict[str, Any] = self._table.get(model) or self._table.get(bare) or {}
        return entry

    @cached_property
    def _providers(self) -> frozenset[str]:
        prefixes = {name.partition("/")[0] for name in self._table if "/" in name}
        return frozenset(prefixes | {str(entry.get("litellm_provider", "")) for entry in self._table.values()})

    @cached_property
    def _table(self) -> dict[str, Any]:
        spec = find_spec("litellm")
        assert spec is not None
        assert spec.origin is not None
        text = (Path(spec.origin).parent / "model_prices_and_context_window_backup.json").read_text(encoding="utf-8")
        table: dict[str, Any] = json.loads(text)
        return table


def _per_million(usd_per_token: float) -> Decimal:
    """Exact through the shortest decimal form of the number in the table.

    >>> _per_million(1.5e-07)
    Decimal('0.15')
    """
    return (Decimal(repr(usd_per_token)) * PER_MILLION).normalize()
