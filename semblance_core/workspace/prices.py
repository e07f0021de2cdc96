"""Operations on prices and on the books: what administrators set, check and correct."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.price import ADMIN, ListedPrice, ModelPrice, PriceList
from semblance_core.domain.usage import TokenCounts
from semblance_core.flows.reprice import Repriced, reprice
from semblance_core.llm.allowed import AllowedRule, Source, checked_patterns, names_no_model
from semblance_core.store.audit import Audit, Report
from semblance_core.store.model_rules import SaidModels
from semblance_core.store.pricing import Seeded
from semblance_core.workspace.access import admins, operation
from semblance_core.workspace.editing import edited
from semblance_core.workspace.usage import Usage


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


class Prices(Usage):
    @operation(admins)
    def allowed_models(self) -> AllowedRule:
        """Which models may be asked, and who says so."""
        return self.allowed.rule()

    @operation(admins)
    def set_allowed_models(self, patterns: Sequence[str] = (), base: SaidModels | int | None = None) -> AllowedRule:
        """Says which models may be asked, as in `openai/*`; none gives it back to the keys that are set.

        Raises `InvalidInput` where the settings say it. base: what was read, or its version: raises `EditConflict` where somebody
        said something else since then.
        """
        if self.allowed.rule().source is Source.ENVIRONMENT:
            raise InvalidInput("SEMBLANCE_ALLOWED_MODELS says which models are allowed here; change it there.")
        rules, called, me = self.store.model_rules, {"patterns": "the models that are allowed"}, self._actor()
        wanted = {"patterns": checked_patterns(patterns)}
        edited(rules.allowed, rules.replace, wanted, base, called, me, self.clock())
        self.allowed.forget()
        return self.allowed.rule()

    @operation(admins)
    def called_models(self) -> list[CalledModel]:
        """Models that were called, those with calls of unknown cost first, then the most called."""
        now, passed = self.clock(), self.store.ledger.bounds.passed()
        rows = [
            CalledModel(
                model := row["model"],
                row["calls"],
                row["unpriced"],
                self.gateway.prices.price_of(model, now),
                passed[model].beyond if model in passed else TokenCounts(),
            )
            for row in self.store.usage.rollups.called()
        ]
        return sorted(rows, key=lambda row: (row.price is not None and not row.unpriced, -row.calls, row.model))

    @operation(admins)
    def prices(self) -> list[ListedPrice]:
        """Every price on record, by model, the one valid from the latest date first."""
        return self.store.pricing.all()

    @operation(admins)
    def price_list(self, model: str) -> PriceList:
        """The model's prices, the one valid from the latest date first."""
        self.gateway.prices.history(model.strip())  # puts a listed one on record
        return self.store.pricing.list_of(model.strip())

    @operation(admins)
    def set_price(
        self, model: str, price: ModelPrice, valid_from: datetime, base: PriceList | int | None = None
    ) -> ListedPrice:
        """Sets what the model costs from that date on; sessions that waited for a price go on. Past calls: `reprice`.

        Raises `InvalidInput` where a later price would stand above it all the same. base: the model's prices as they were
        read, or their version: raises `EditConflict` where somebody changed them since then.
        """
        name = model.strip()
        if not self.gateway.catalogue.knows(name):
            raise InvalidInput(names_no_model(name))
        known = self.gateway.prices.history(name)
        later = [listed for listed in known if valid_from < listed.valid_from <= self.clock()]
        if later:
            raise InvalidInput(
                f"From {later[0].valid_from:%d %b %Y} on another price of this model holds, so this one would change nothing "
                "now. Choose that day or a later one."
            )
        also = known[0].also if known else ()
        listed = ListedPrice(known[0].model if known else name, price, valid_from, ADMIN, self.actor_id, also)
        self._edit(listed.model, base, put=listed)
        self._resume_paused()
        return listed

    @operation(admins)
    def remove_price(self, model: str, valid_from: datetime, base: PriceList | int | None = None) -> None:
        """Takes back a price that a person set; listed ones stay. base: as in `set_price`."""
        known = base if isinstance(base, PriceList) else self.store.pricing.list_of(model)
        if known.without(valid_from) == known.prices:
            raise InvalidInput("Nobody set such a price; listed ones cannot be removed, only followed by another.")
        self._edit(model, base, remove=valid_from)

    def _edit(
        self,
        model: str,
        base: PriceList | int | None,
        put: ListedPrice | None = None,
        remove: datetime | None = None,
    ) -> None:
        pricing = self.store.pricing
        made_from = base if isinstance(base, PriceList) else pricing.list_of(model)
        wanted = made_from.with_price(put) if put else made_from.without(remove) if remove is not None else ()
        called, me, now = {"prices": f"the prices of {made_from.model}"}, self._actor(), self.clock()

        def write(after: PriceList, _: Collection[str]) -> bool:
            return pricing.edit(after, put, remove)

        edited(lambda: pricing.list_of(model), write, {"prices": wanted}, base, called, me, now)
        self.gateway.prices.forget()

    @operation(admins)
    def seed_prices(self) -> Seeded:
        """Brings the prices up to the lists; what a person set stays."""
        catalogue = self.gateway.catalogue
        done = self.store.pricing.seed(catalogue.price_list, catalogue.edition, self.clock())
        self.gateway.prices.forget()
        return done

    @operation(admins)
    def reprice(
        self, since: datetime, until: datetime | None = None, model: str | None = None, dry_run: bool = False
    ) -> list[Repriced]:
        """Computes the cost of past calls anew, and says by user and model what changed, or with dry_run would."""
        prices = self.gateway.prices
        names = prices.names_of(model) if model else ()
        return reprice(self.store.usage, prices.price_of, since=since, until=until, models=names, dry_run=dry_run)

    @operation(admins)
    def check_books(self, report: Report = lambda *_: None) -> Audit:
        """Rebuilds rollups and budgets from the events and compares them, a slice at a time. report: hears how far it is."""
        return self.store.books.check(report)

    @operation(admins)
    def repair_books(self, report: Report = lambda *_: None) -> Audit:
        """Makes rollups and budgets what the events say, and returns what was wrong; cut off, it can be begun again."""
        return self.store.books.repair(report)
