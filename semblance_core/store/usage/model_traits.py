"""Traits learned of models from their answers: `model_traits`, a document a model, shared by all processes."""

from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.usage.model_traits import BELIEVED_FOR
from semblance_core.store.server.document import Document


class LearnedTraits:
    def __init__(self, database: Database[Document]):
        self._traits = database["model_traits"]

    def of(self, model: str, at: datetime) -> dict[str, Any]:
        """Returns the traits of a model at that time, by the fields of `ModelTraits`."""
        found = self._traits.find_one({"_id": model}) or {}
        facts = found.get("facts", {})
        return {name: fact["value"] for name, fact in facts.items() if fact["at"] > at - BELIEVED_FOR}

    def learn(self, model: str, at: datetime, **facts: Any) -> None:
        """Keeps facts of a model, each from that time on."""
        fields = {f"facts.{name}": {"value": value, "at": at} for name, value in facts.items()}
        self._traits.update_one({"_id": model}, {"$set": fields}, upsert=True)

    def forget(self) -> None:
        """Forgets everything that was learned."""
        self._traits.delete_many({})
