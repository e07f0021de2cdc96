"""What administrators said about models; the audit log holds what was said before."""

from collections.abc import Sequence
from datetime import datetime

from pymongo.database import Database

from semblance_core.store.connection import Document

ALLOWED = "allowed_models"


class ModelRules:
    def __init__(self, database: Database[Document]):
        self._rules = database["model_rules"]

    def allowed(self) -> tuple[str, ...] | None:
        """Patterns of the models that may be asked; None where nobody set any."""
        found = self._rules.find_one({"_id": ALLOWED})
        return tuple(found["patterns"]) if found and found["patterns"] else None

    def set_allowed(self, patterns: Sequence[str], by: str, at: datetime) -> None:
        """Empty: nobody says anything any more."""
        values = {"patterns": list(patterns), "by": by, "at": at}
        self._rules.update_one({"_id": ALLOWED}, {"$set": values}, upsert=True)
