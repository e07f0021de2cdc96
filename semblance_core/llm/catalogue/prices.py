"""Finds the price of a model now or at some time: the prices on record, else the lists."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from semblance_core.domain.usage.price import FREE, ListedPrice, ModelPrice
from semblance_core.domain.usage.served import STANDARD, Served
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.model_names import is_edition
from semblance_core.store.usage.pricing import Pricing

FRESH_S = 5.0


@dataclass(frozen=True)
class PriceBook:
    """Prices by model and date. A price that another process changes counts here after `fresh_s` seconds at the latest."""

    pricing: Pricing
    catalogue: Catalogue
    fresh_s: float = FRESH_S
    now_s: Callable[[], float] = time.monotonic
    _read: dict[str, tuple[float, list[ListedPrice]]] = field(default_factory=dict)

    def price_of(self, model: str, at: datetime, served: Served = STANDARD) -> ModelPrice | None:
        """The model's price at that time, or None where it is not known; models on one's own machine cost 0.

        served: what answered a call; where that is another model whose price is known, it is that one's. A dated edition of the model
        asked for is that model, and a name that no list knows is a deployment: an administrator's price for it holds for any model
        behind it.
        """
        its_own = self._said(model, at)
        unsaid = FREE if self.catalogue.is_free(model) else None
        for name in self.catalogue.names_served(model, served.model) if served.model and not unsaid else ():
            if (other := self._said(name, at)) is None:
                continue
            asked_is_meant = is_edition(model, served.model) or self.catalogue.listed(model) is None
            if its_own and its_own.is_edit and asked_is_meant and not other.is_edit:
                break
            return other.price
        return its_own.price if its_own else unsaid

    def _said(self, model: str, at: datetime) -> ListedPrice | None:
        return next((price for price in self.history(model) if price.valid_from <= at), None)

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
        """Reads prices again after they were changed here."""
        self._read.clear()
