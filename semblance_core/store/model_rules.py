"""What administrators said about models; the audit log holds what was said before."""

from collections.abc import Collection
from dataclasses import dataclass, field

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.editing import Edit
from semblance_core.store.codec import from_document
from semblance_core.store.connection import Document
from semblance_core.store.edits import version_before, written

ALLOWED = "allowed_models"


@dataclass(frozen=True, slots=True)
class SaidModels:
    """patterns: of the models that may be asked; none where nobody says anything. version, edits: see editing.py."""

    patterns: tuple[str, ...] = ()
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False)


class ModelRules:
    def __init__(self, database: Database[Document]):
        self._rules = database["model_rules"]

    def allowed(self) -> SaidModels:
        return from_document(SaidModels, self._rules.find_one({"_id": ALLOWED}) or {})

    def replace(self, said: SaidModels, changed: Collection[str]) -> bool:
        """Writes it as the next version; False where it is another version by now."""
        try:
            self._rules.update_one({"_id": ALLOWED, **version_before(said)}, written(said, changed), upsert=True)
        except DuplicateKeyError:  # it is there, in another version
            return False
        return True
