"""What analyses of focus groups found: `focus_group_themes`, one document an analysis."""

from pymongo.database import Database

from semblance_core.domain.theme import Findings
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.connection import Document


class Themes:
    def __init__(self, database: Database[Document]):
        self._themes = database["focus_group_themes"]

    def add(self, findings: Findings, task_id: str) -> None:
        """Keeps what a task found; a task that finds it once more replaces it."""
        self._themes.replace_one({"_id": task_id}, {**to_document(findings), "_id": task_id}, upsert=True)

    def newest(self, group_id: str) -> Findings | None:
        """The newest analysis of a session, or None where there is none yet."""
        found = self._themes.find_one({"focus_group_id": group_id}, sort=[("created_at", -1)])
        return from_document(Findings, found) if found else None
