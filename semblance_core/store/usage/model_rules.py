"""Administrators' rules for models; the audit log holds earlier ones."""

from collections.abc import Collection
from dataclasses import dataclass, field

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.editing import Edit
from semblance_core.store.codec import from_document
from semblance_core.store.edits import version_before, written
from semblance_core.store.server.document import Document

ALLOWED, DEFAULTS = "allowed_models", "default_models"


@dataclass(frozen=True, slots=True)
class SaidModels:
    """patterns: of the models that may be asked; none where nobody says anything. version, edits: see editing.py."""

    patterns: tuple[str, ...] = ()
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class SaidDefaults:
    """Names of models; empty where nobody says one. talk: of new sessions and panels. analysis: of analyses of sessions that
    are not simulated. pictures: puts pictures into words. version, edits: see editing.py.
    """

    talk: str = ""
    analysis: str = ""
    pictures: str = ""
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False)


class ModelRules:
    def __init__(self, database: Database[Document]):
        self._rules = database["model_rules"]

    def allowed(self) -> SaidModels:
        return from_document(SaidModels, self._rules.find_one({"_id": ALLOWED}) or {})

    def replace(self, said: SaidModels, changed: Collection[str]) -> bool:
        """Writes it as the next version; False where it is another version by now."""
        return self._written(ALLOWED, said, changed)

    def defaults(self) -> SaidDefaults:
        return from_document(SaidDefaults, self._rules.find_one({"_id": DEFAULTS}) or {})

    def replace_defaults(self, said: SaidDefaults, changed: Collection[str]) -> bool:
        """The same for the default models."""
        return self._written(DEFAULTS, said, changed)

    def _written(self, name: str, said: SaidModels | SaidDefaults, changed: Collection[str]) -> bool:
        try:
            self._rules.update_one({"_id": name, **version_before(said)}, written(said, changed), upsert=True)
        except DuplicateKeyError:  # it is there, in another version
            return False
        return True
