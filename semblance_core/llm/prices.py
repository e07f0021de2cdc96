"""What a model costs now, or cost at some time: the prices on record, else what the lists say."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from semblance_core.domain.price import FREE, ListedPrice, ModelPrice
from semblance_core.llm.catalogue import Catalogue
from semblance_core.store.pricing import Pricing

FRESH_S = 5.0


@dataclass(frozen=True)
class PriceBook:
    """Prices by model and date. A price that another process changes counts here after `fresh_s` seconds at the latest."""

    pricing: Pricing
    catalogue: Catalogue
    fresh_s: float = FRESH_S
    now_s: Callable[[], float] = time.monotonic
    _read: dict[str, tuple[float, list[ListedPrice]]] = field(default_factory=dict)

    def price_of(self, model: str, at: datetime) -> ModelPrice | None:
        """The model's price at that time, or None where it is not known; models on one's own machine cost 0."""
        listed = next((price for price in self.history(model) if price.valid_from <= at), None)
        if listed:
            return listed.price
        return FREE if self.catalogue.is_free(model) else None

    def history(self, model: str) -> list[ListedPrice]:
        """All prices of the model, the one valid from the latest date first; a listed one is put on record when first needed."""
        known = self._read.get(model)
        if known and self.now_s() - known[0] < self.fresh_s:
            return known[1]
        prices = self.pricing.of(model)
        if not prices and (listed := self.catalogue.listed(model)):
            self.pricing.add_if_absent(listed)
            prices = [listed]
        self._read[model] = self.now_s(), prices
        return prices

    def names_of(self, model: str) -> tuple[str, ...]:
        """All names under which the model may have been called."""
        known = self.history(model)
        return tuple(dict.fromkeys((model, *((known[0].model, *known[0].also) if known else ()))))

    def forget(self) -> None:
        """Reads prices anew, after they were changed here."""
        self._read.clear()
