"""Lists models and their prices: litellm's own table and a small list of ours, both read as files.

Nothing here imports litellm, which takes seconds.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_traits import ModelTraits
from semblance_core.domain.usage.price import FREE, PER_MILLION, ListedPrice, ModelPrice, Rates, Service, Tier
from semblance_core.domain.usage.price_text import parse_price
from semblance_core.llm.catalogue.model_names import has_known_form
from semblance_core.llm.catalogue.providers import ALIASES, PROVIDERS

FREE_PROVIDERS = ("simulator", "ollama", "ollama_chat", "lm_studio", "llamafile")
SIMULATED = "simulator"
SHORT_NAMES = {"bedrock_converse": ("bedrock",), "cohere_chat": ("cohere",)}
"""Providers that people name otherwise than the table does."""
MODES = ("chat", "responses", "completion")
OURS = Path(__file__).parent / "prices.toml"
SMALLEST_RATE = Decimal("0.000000001")
READ = "tiers of service and cache writes"
"""Columns read from litellm's table besides the plain rates: a database filled before they were read is filled anew."""
_TIER = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")
_SERVICE = re.compile(r"input_cost_per_token_(priority|flex|batches|balanced|ultrafast|decisions)")
_FACTORS = ("us", "fast")
"""Ways to be served that cost a multiple of every rate, as litellm names them."""


@dataclass(frozen=True)
class Catalogue:
    """Models by litellm's names (`provider/model`, or a bare name for its best known providers)."""

    def knows(self, model: str) -> bool:
        """Returns whether this can be the name of a chat model: a listed one, or any of a known provider (`provider/model`)."""
        provider, name = self.parts_of(model)
        if provider == SIMULATED:
            return has_known_form(provider, name)
        if provider not in PROVIDERS or not has_known_form(provider, name):
            return False
        entry = self._table.get(model) or self._table.get(name)
        if entry is None:
            return True
        listed = str(entry.get("litellm_provider", ""))
        listed = _canonical(name, listed).partition("/")[0] if listed else ""
        its_own = ALIASES.get(listed, listed) == provider or listed.startswith(f"{provider}-")
        return not its_own or entry.get("mode") in MODES

    def parts_of(self, model: str) -> tuple[str, str]:
        """Provider and name; of a bare name, that of the list. The provider is empty where it is unknown.

        >>> Catalogue().parts_of("gpt-4o-mini"), Catalogue().parts_of("openai/gpt-4o-mini"), Catalogue().parts_of("x")
        (('openai', 'gpt-4o-mini'), ('openai', 'gpt-4o-mini'), ('', 'x'))
        """
        provider, slash, name = model.partition("/")
        if slash:
            return ALIASES.get(provider, provider), name
        entry = self._table.get(model)
        if not entry:
            return "", model
        listed = _canonical(model, str(entry.get("litellm_provider", ""))).partition("/")[0]
        return ALIASES.get(listed, listed), model

    def thinks(self, model: str) -> bool:
        """Returns whether the model spends completion tokens on reasoning before it answers."""
        return bool(self._entry(model).get("supports_reasoning"))

    def sees(self, model: str) -> bool:
        """Returns whether the model takes pictures."""
        return bool(self._entry(model).get("supports_vision"))

    def traits(self, model: str) -> ModelTraits:
        """Returns the listed traits of the model; for unknown models, those of most."""
        entry = self._entry(model)
        return ModelTraits(
            thinks=self.thinks(model),
            sees=self.sees(model),
            context_tokens=_tokens(entry.get("max_input_tokens")),
            output_tokens=_tokens(entry.get("max_output_tokens")),
        )

    def is_free(self, model: str) -> bool:
        """Returns whether the model runs on one's own machine or is the simulator."""
        return model.partition("/")[0] in FREE_PROVIDERS

    def listed(self, model: str) -> ListedPrice | None:
        """Returns the listed price of the model, by either of its names; None where it has no listed price."""
        return None if is_simulated(model) else self._by_name.get(model)

    def names_served(self, model: str, served: str) -> tuple[str, ...]:
        """Names by which the model that answered may be listed: of the provider that was asked first."""
        provider, _ = self.parts_of(model)
        plain = served.removeprefix("models/")
        names = (f"{provider}/{plain}" if provider else plain, plain)
        return tuple(name for name in dict.fromkeys(names) if name != model)

    @cached_property
    def price_list(self) -> tuple[ListedPrice, ...]:
        """Every model that has a price in one of the lists; ours stands where both have one."""
        listed: dict[str, ListedPrice] = {}
        for price in (*self._litellms(), *self._ours()):
            also = listed[price.model].also if price.model in listed else ()
            listed[price.model] = replace(price, also=tuple(dict.fromkeys((*also, *price.also))))
        return tuple(listed.values())

    @cached_property
    def edition(self) -> str:
        """Changes when either list does."""
        from hashlib import sha256

        return f"litellm {version('litellm')}, {sha256(OURS.read_bytes()).hexdigest()[:12]}, with {READ}"

    @cached_property
    def _by_name(self) -> dict[str, ListedPrice]:
        names: dict[str, ListedPrice] = {}
        for listed in self.price_list:
            for name in (listed.model, *listed.also):
                names[name] = listed
        return names

    def _ours(self) -> Iterator[ListedPrice]:
        for model, row in tomllib.loads(OURS.read_text(encoding="utf-8")).items():
            price = parse_price(row["prompt"], row["cached"], row["completion"], "", row.get("tiers", ""))
            yield ListedPrice(model, price, source="Semblance's list")

    def _litellms(self) -> Iterator[ListedPrice]:
        source = f"litellm {version('litellm')}"
        for name, entry in self._table.items():
            provider = str(entry.get("litellm_provider", ""))
            if entry.get("mode") not in MODES or not (price := _price(entry)):
                continue
            # A zero in the table stands for a price that nobody wrote down as often as for a gift.
            if price != FREE or provider in FREE_PROVIDERS:
                model = _canonical(name, provider)
                further = (name, *(f"{short}/{name}" for short in SHORT_NAMES.get(provider, ())))
                yield ListedPrice(model, price, source=source, also=tuple(other for other in further if other != model))

    def _entry(self, model: str) -> dict[str, Any]:
        if is_simulated(model):  # stands in no list, so none need be read for it
            return {}
        bare = model.partition("/")[2] or model
        entry: dict[str, Any] = self._table.get(model) or self._table.get(bare) or {}
        return entry

    @cached_property
    def _table(self) -> dict[str, Any]:
        spec = find_spec("litellm")
        assert spec is not None
        assert spec.origin is not None
        text = (Path(spec.origin).parent / "model_prices_and_context_window_backup.json").read_text(encoding="utf-8")
        table: dict[str, Any] = json.loads(text)
        return table


def _tokens(listed: object) -> int | None:
    """A count of the table; None for none, and for what stands there in words."""
    return listed if isinstance(listed, int) and listed > 0 else None


def _canonical(name: str, provider: str) -> str:
    """`provider/model`, the one name under which a model's price is kept.

    >>> _canonical("gpt-4o-mini", "openai"), _canonical("gemini/gemini-2.5-pro", "gemini")
    ('openai/gpt-4o-mini', 'gemini/gemini-2.5-pro')
    >>> _canonical("gemini-2.5-pro", "vertex_ai-language-models")
    'vertex_ai/gemini-2.5-pro'
    """
    prefix = "vertex_ai" if provider.startswith("vertex_ai") else provider
    return name if not prefix or name.startswith(f"{prefix}/") else f"{prefix}/{name}"


def _price(entry: dict[str, Any]) -> ModelPrice | None:
    """The price of an entry of litellm's table; None where it has none, or one that contradicts itself."""
    try:
        if steps := entry.get("tiered_pricing"):
            return _stepped(steps)
        plain = _sized(entry, "")
        return plain and replace(plain, services=_services(entry, plain))
    except InvalidInput:
        return None


def _sized(entry: dict[str, Any], service: str) -> ModelPrice | None:
    """The price at one service tier (a suffix of the table's names), with its tiers by the size of the prompt."""
    base = _rates(entry, service)
    if base is None:
        return None
    above = sorted(int(found[1]) for key in entry if (found := _TIER.fullmatch(key)))
    sized = ((size, _rates(entry, f"_above_{size}k_tokens{service}", base)) for size in above)
    return ModelPrice(base, tuple(Tier(size * 1000, rates) for size, rates in sized if rates))


def _services(entry: dict[str, Any], plain: ModelPrice) -> tuple[Service, ...]:
    found = []
    for name in sorted(match[1] for key in entry if (match := _SERVICE.fullmatch(key))):
        with suppress(InvalidInput):  # one that contradicts itself takes no other with it
            if price := _sized(entry, f"_{name}"):
                found.append(Service(name, price))
    factors = entry.get("provider_specific_entry") or {}
    found += [Service(name, _times(plain, factors[name])) for name in _FACTORS if name in factors]
    return tuple(found)


def _times(price: ModelPrice, factor: float) -> ModelPrice:
    def more(rates: Rates) -> Rates:
        by = Decimal(repr(factor))
        each = {spec.name: getattr(rates, spec.name) for spec in fields(rates)}
        return Rates(**{name: rate and rate * by for name, rate in each.items()})

    return ModelPrice(more(price.base), tuple(Tier(tier.above, more(tier.rates)) for tier in price.tiers))


def _stepped(steps: list[dict[str, Any]]) -> ModelPrice | None:
    rates = [(int(step["range"][0]), _rates(step, "")) for step in steps if "range" in step]
    if not rates or rates[0][0] != 0 or any(rate is None for _, rate in rates):
        return None
    (_, base), *higher = rates
    assert base is not None
    return ModelPrice(base, tuple(Tier(above, rate) for above, rate in higher if rate))


def _rates(entry: dict[str, Any], suffix: str, base: Rates | None = None) -> Rates | None:
    prompt, completion = entry.get(f"input_cost_per_token{suffix}"), entry.get(f"output_cost_per_token{suffix}")
    if prompt is None or completion is None:
        return None
    rate = _per_million(prompt)
    cached = entry.get(f"cache_read_input_token_cost{suffix}")
    reasoning = entry.get(f"output_cost_per_reasoning_token{suffix}")
    thought = _per_million(reasoning) if reasoning is not None else base.reasoning if base else None
    # Read in either order: "…_above_1hr" is how long it stays, what follows is the size of the prompt and the service.
    written = entry.get(f"cache_creation_input_token_cost{suffix}")
    hour = entry.get(f"cache_creation_input_token_cost_above_1hr{suffix}")
    return Rates(
        prompt=rate,
        cached=rate if cached is None else min(rate, _per_million(cached)),
        completion=_per_million(completion),
        reasoning=None if thought == _per_million(completion) else thought,
        written=_per_million(written) if written is not None else base.written if base else None,
        written_hour=_per_million(hour) if hour is not None else base.written_hour if base else None,
    )


def _per_million(usd_per_token: float) -> Decimal:
    """Exact through the shortest decimal form of the number in the table, up to its ninth place.

    >>> _per_million(1.5e-07)
    Decimal('0.15')
    """
    return (Decimal(repr(usd_per_token)) * PER_MILLION).quantize(SMALLEST_RATE).normalize()
