"""What analyses of focus groups found: `focus_group_themes`, one document an analysis."""

from pymongo.database import Database

from semblance_core.domain.theme import Findings
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.connection import Document


class Themes:
    def __init__(self, database: Database[Document]):
        self._themes = database["focus_group_themes"]

    def add(self, findings: Findings) -> None:
        self._themes.insert_one(to_document(findings))

    def newest(self, group_id: str) -> Findings | None:
        """The newest analysis of a session, or None where there is none yet."""
        found = self._themes.find_one({"focus_group_id": group_id}, sort=[("created_at", -1)])
        return from_document(Findings, found) if found else None
