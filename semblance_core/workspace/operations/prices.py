"""Operations on prices, by administrators."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.price import ADMIN, ListedPrice, ModelPrice, PriceList
from semblance_core.llm.catalogue.allowed import names_no_model
from semblance_core.store.usage.pricing import Seeded
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.subjects import platform


@dataclass(frozen=True, slots=True)
class CalledModel:
    """A model that was called. price: what it costs now, None where that is not known. unpriced: calls of unknown cost.

    beyond: the most tokens that its provider counted beyond what a request allows; its calls are held so much larger.
    """

    model: str
    calls: int
    unpriced: int
    price: ModelPrice | None
    beyond: TokenCounts = field(default_factory=TokenCounts)


class Prices(Operations):
    @reads(platform)
    def called_models(self) -> list[CalledModel]:
        """Models that were called, those with calls of unknown cost first, then the most called."""
        now, passed = self._clock(), self._store.ledger.bounds.passed()
        rows = [
            CalledModel(
                model := row["model"],
                row["calls"],
                row["unpriced"],
                self._gateway.prices.price_of(model, now),
                passed[model].beyond if model in passed else TokenCounts(),
            )
            for row in self._store.usage.rollups.called()
        ]
        return sorted(rows, key=lambda row: (row.price is not None and not row.unpriced, -row.calls, row.model))

    @reads(platform)
    def all(self) -> list[ListedPrice]:
        """Every price on record, by model, the one valid from the latest date first."""
        return self._store.pricing.all()

    @reads(platform)
    def of_model(self, model: str) -> PriceList:
        """The model's prices, the one valid from the latest date first."""
        self._gateway.prices.history(model.strip())  # puts a listed one on record
        return self._store.pricing.list_of(model.strip())

    @changes(platform, "Set a price", action="set_price", logs=("price", "valid_from"), about="model")
    def set(
        self, model: str, price: ModelPrice, valid_from: datetime, base: PriceList | int | None = None
    ) -> ListedPrice:
        """Sets what the model costs from that date on; sessions that waited for a price go on. Past calls: `usage.recalculate_costs`.

        Raises `InvalidInput` where a later price would stand above it all the same. base: the model's prices as they were
        read, or their version: raises `EditConflict` where somebody changed them since then.
        """
        name = model.strip()
        if not self._gateway.catalogue.knows(name):
            raise InvalidInput(names_no_model(name))
        known = self._gateway.prices.history(name)
        later = [listed for listed in known if valid_from < listed.valid_from <= self._clock()]
        if later:
            raise InvalidInput(
                f"From {later[0].valid_from:%d %b %Y} on another price of this model holds, so this one would change nothing "
                "now. Choose that day or a later one."
            )
        also = known[0].also if known else ()
        listed = ListedPrice(known[0].model if known else name, price, valid_from, ADMIN, self._actor.id, also)
        self._edit(listed.model, base, put=listed)
        self._context.resume_paused()
        return listed

    @changes(platform, "Removed a price", action="remove_price", logs=("valid_from",), about="model")
    def remove(self, model: str, valid_from: datetime, base: PriceList | int | None = None) -> None:
        """Takes back a price that a person set; listed ones stay. base: as in `set`."""
        known = base if isinstance(base, PriceList) else self._store.pricing.list_of(model)
        if known.without(valid_from) == known.prices:
            raise InvalidInput(
                "Only prices that a person set can be removed; listed ones can be followed by a newer price."
            )
        self._edit(model, base, remove=valid_from)

    @changes(platform, "Updated prices from the lists", action="seed_prices")
    def seed(self) -> Seeded:
        """Brings the prices up to the lists; what a person set stays."""
        catalogue = self._gateway.catalogue
        done = self._store.pricing.seed(catalogue.price_list, catalogue.edition, self._clock())
        self._gateway.prices.forget()
        return done

    def _edit(
        self,
        model: str,
        base: PriceList | int | None,
        put: ListedPrice | None = None,
        remove: datetime | None = None,
    ) -> None:
        pricing = self._store.pricing
        now = pricing.list_of(model)
        made_from = base if isinstance(base, PriceList) else now
        wanted = made_from.with_price(put) if put else made_from.without(remove) if remove is not None else ()
        called = {"prices": f"the prices of {made_from.model}"}

        def write(after: PriceList, _: Collection[str]) -> bool:
            return pricing.edit(after, put, remove)

        self._edited(now, lambda: pricing.list_of(model), write, {"prices": wanted}, base, called)
        self._gateway.prices.forget()
