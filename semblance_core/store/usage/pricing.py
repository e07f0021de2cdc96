"""Prices of models, each from a date on: `model_pricing`. What a person set is never replaced by a list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.editing import Edit
from semblance_core.domain.times import as_utc
from semblance_core.domain.usage.events import from_nano_usd, to_nano_usd
from semblance_core.domain.usage.price import ADMIN, ListedPrice, ModelPrice, PriceList, Rates, Service, Tier
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.edits import overwritten, version_before
from semblance_core.store.server.document import Document

EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Seeded:
    """A seeding's outcome, in models. changed: the list has another price now, valid from the day of the seeding."""

    added: int = 0
    changed: int = 0
    kept: int = 0
    edited: int = 0


class Pricing:
    def __init__(self, database: Database[Document]):
        self._prices = database["model_pricing"]

    def of(self, model: str) -> list[ListedPrice]:
        """All prices of a model, by any of its names, the one valid from the latest date first, a person's before a list's."""
        return [
            _listed(found) for found in self._prices.find({"names": model}).sort([("valid_from", -1), ("is_edit", -1)])
        ]

    def all(self) -> list[ListedPrice]:
        """Every price on record, by model, the latest first."""
        return [
            _listed(found)
            for found in self._prices.find({"names": {"$exists": True}}).sort(
                [("model", 1), ("valid_from", -1), ("is_edit", -1)]
            )
        ]

    def list_of(self, model: str) -> PriceList:
        """All prices of a model, by any of its names, with the version that they are."""
        name = next((listed.model for listed in self.of(model)), model)
        found = self._prices.find_one({"_id": _version_id(name)}) or {}
        edits = {field: from_document(Edit, edit) for field, edit in found.get("edits", {}).items()}
        # Read after the version: prices older than it would pass for the newest ones.
        return PriceList(name, tuple(self.of(name)), found.get("version", 0), edits)

    def edit(self, after: PriceList, put: ListedPrice | None = None, remove: datetime | None = None) -> bool:
        """Puts or removes one price, which makes the next version of the list; False where it is another version by now."""

        def change(session: ClientSession) -> bool:
            here = {"_id": _version_id(after.model), **version_before(after)}
            made = {"version": after.version, "edits.prices": to_document(after.edits["prices"])}
            self._prices.update_one(here, {"$set": made}, upsert=True, session=session)
            if put:
                self.put(put, session)
            if remove is not None:
                self.remove(after.model, remove, session)
            return True

        try:
            with self._prices.database.client.start_session() as session:
                return session.with_transaction(change)
        except DuplicateKeyError:  # the list is there, in another version
            return False

    def put(self, listed: ListedPrice, session: ClientSession | None = None) -> None:
        """Sets the model's price from that date on; another one of the same date and origin is replaced."""
        self._prices.update_one({"_id": _id(listed)}, {"$set": _document(listed)}, upsert=True, session=session)

    def add_if_absent(self, listed: ListedPrice) -> None:
        """Takes a price from a list, unless there is one of that date."""
        self._prices.update_one({"_id": _id(listed)}, {"$setOnInsert": _document(listed)}, upsert=True)

    def remove(self, model: str, valid_from: datetime, session: ClientSession | None = None) -> bool:
        """Takes back a price that a person set; False where there is none."""
        wanted = {"model": model, "valid_from": as_utc(valid_from), "source": ADMIN}
        return self._prices.delete_one(wanted, session=session).deleted_count == 1

    def edition(self) -> str:
        """Returns the edition of the lists that this database was seeded with last, empty for none."""
        found = self._prices.find_one({"_id": EDITION})
        return str(found["edition"]) if found else ""

    def seed(self, price_list: Sequence[ListedPrice], edition: str, at: datetime) -> Seeded:
        """Brings the collection up to the lists; doing it again changes nothing, and what a person set stays.

        A model that is new gets its price as valid always; one whose listed price changed gets a further price, valid from
        `at`, so that what was used before keeps its cost.
        """
        newest: dict[str, ListedPrice] = {}
        edited: set[str] = set()
        for known in self.all():
            newest.setdefault(known.model, known)
            if known.is_edit:
                edited.add(known.model)
        writes: list[Any] = []
        added = changed = 0
        for listed in price_list:
            known_price = newest.get(listed.model)
            if known_price is None:
                writes.append(UpdateOne({"_id": _id(listed)}, {"$setOnInsert": _document(listed)}, upsert=True))
                added += 1
            elif listed.model not in edited and _fills(listed.price, known_price.price):
                whole = replace(known_price, price=listed.price)
                writes.append(UpdateOne({"_id": _id(whole)}, {"$set": _document(whole)}, upsert=True))
            elif listed.model not in edited and known_price.price != listed.price:
                later = replace(listed, valid_from=at)
                writes.append(UpdateOne({"_id": _id(later)}, {"$set": _document(later)}, upsert=True))
                mark = overwritten("", "An update from the lists", "prices")
                writes.append(UpdateOne({"_id": _version_id(listed.model)}, mark, upsert=True))
                changed += 1
        writes.append(UpdateOne({"_id": EDITION}, {"$set": {"edition": edition}}, upsert=True))
        self._prices.bulk_write(writes, ordered=False)
        kept_edits = sum(listed.model in edited for listed in price_list)
        return Seeded(added, changed, len(price_list) - added - changed - kept_edits, kept_edits)


def _fills(listed: ModelPrice, known: ModelPrice) -> bool:
    """Returns whether the list adds rates that were not read before, and says the same of the others."""
    return listed != known and _plain(listed) == known == _plain(known)


def _plain(price: ModelPrice) -> ModelPrice:
    def plain(rates: Rates) -> Rates:
        return replace(rates, written=None, written_hour=None)

    return ModelPrice(plain(price.base), tuple(Tier(tier.above, plain(tier.rates)) for tier in price.tiers))


def _id(listed: ListedPrice) -> str:
    return f"{listed.model}@{as_utc(listed.valid_from).isoformat(timespec='milliseconds')}{'/edit' if listed.is_edit else ''}"


def _version_id(model: str) -> str:
    """The document that says which version a model's prices are; it has no names, so it is no price."""
    return f"version/{model}"


def _document(listed: ListedPrice) -> Document:
    return {
        "_id": _id(listed),
        "model": listed.model,
        "names": [listed.model, *listed.also],
        "valid_from": as_utc(listed.valid_from),
        "source": listed.source,
        "is_edit": listed.is_edit,
        "set_by": listed.set_by,
        **_price_document(listed.price),
    }


def _price_document(price: ModelPrice) -> Document:
    services = [{"name": service.name, **_price_document(service.price)} for service in price.services]
    return {
        "base": _rates_document(price.base),
        "tiers": [{"above": tier.above, **_rates_document(tier.rates)} for tier in price.tiers],
        **({"services": services} if services else {}),
    }


def _rates_document(rates: Rates) -> Document:
    """Nano-dollars per million tokens, whole numbers."""
    optional = {"reasoning": rates.reasoning, "written": rates.written, "written_hour": rates.written_hour}
    return {
        "prompt_nano_usd": to_nano_usd(rates.prompt),
        "cached_nano_usd": to_nano_usd(rates.cached),
        "completion_nano_usd": to_nano_usd(rates.completion),
        **{f"{name}_nano_usd": None if rate is None else to_nano_usd(rate) for name, rate in optional.items()},
    }


def _listed(found: Document) -> ListedPrice:
    return ListedPrice(
        model=found["model"],
        price=_price(found),
        valid_from=found["valid_from"],
        source=found["source"],
        set_by=found["set_by"],
        also=tuple(found["names"][1:]),
    )


def _price(found: Document) -> ModelPrice:
    tiers = tuple(Tier(tier["above"], _rates(tier)) for tier in found["tiers"])
    services = tuple(Service(service["name"], _price(service)) for service in found.get("services", ()))
    return ModelPrice(_rates(found["base"]), tiers, services)


def _rates(found: Document) -> Rates:
    def optional(kind: str) -> Decimal | None:
        nano = found.get(f"{kind}_nano_usd")  # earlier versions knew no cache writes
        return None if nano is None else from_nano_usd(nano)

    return Rates(
        prompt=from_nano_usd(found["prompt_nano_usd"]),
        cached=from_nano_usd(found["cached_nano_usd"]),
        completion=from_nano_usd(found["completion_nano_usd"]),
        reasoning=optional("reasoning"),
        written=optional("written"),
        written_hour=optional("written_hour"),
    )
