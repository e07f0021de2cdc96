"""Keys and addresses of providers that an administrator typed: `provider_keys`, a document a provider, sealed (sealing.py)."""

from dataclasses import dataclass, field
from datetime import datetime

from pymongo.database import Database

from semblance_core.store.server.document import Document


@dataclass(frozen=True, slots=True)
class SealedProvider:
    """sealed: key and address, encrypted together with the provider's name. at: when they were typed."""

    name: str
    sealed: str = field(repr=False)
    at: datetime


class ProviderKeys:
    def __init__(self, database: Database[Document]):
        self._keys = database["provider_keys"]

    def all(self) -> list[SealedProvider]:
        """Returns what is stored of each provider, by name."""
        return [
            SealedProvider(found["_id"], found["sealed"], found["at"]) for found in self._keys.find(sort=[("_id", 1)])
        ]

    def put(self, provider: SealedProvider) -> None:
        """Keeps this in place of what was stored for the provider."""
        fields = {"sealed": provider.sealed, "at": provider.at}
        self._keys.replace_one({"_id": provider.name}, fields, upsert=True)

    def remove(self, name: str) -> bool:
        """Removes what is stored for the provider; False where nothing was."""
        return bool(self._keys.delete_one({"_id": name}).deleted_count)
