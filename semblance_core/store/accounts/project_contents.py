"""Numbers of things in projects, counted by the database's server for all of them at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database

from semblance_core.domain.accounts.project import ProjectContents
from semblance_core.store.server.document import Document


class ProjectsContents:
    def __init__(self, database: Database[Document]):
        self._personas, self._groups, self._tasks = (database[name] for name in ("personas", "focus_groups", "tasks"))
        self._rounds, self._surveys = database["interview_rounds"], database["surveys"]

    def of(self, project_ids: Sequence[str]) -> dict[str, ProjectContents]:
        """Returns the numbers of each of these projects, also of empty ones."""
        wanted: Document = {"project_id": {"$in": list(project_ids)}}
        personas = _counted(self._personas, wanted, "$created_at")
        alone = {"round_id": {"$in": [None, ""]}}
        sessions = _counted(self._groups, {**wanted, **alone}, {"$ifNull": ["$updated_at", "$created_at"]})
        panels = _counted(self._tasks, {**wanted, "kind": "recruit"}, {"$ifNull": ["$finished_at", "$created_at"]})
        rounds = _counted(self._rounds, wanted, "$created_at")
        surveys = _counted(self._surveys, wanted, "$created_at")
        recorded = _counted(self._groups, {**wanted, "recorded_through": {"$gt": 0}}, None)
        parts = (personas, sessions, panels, rounds, surveys, recorded)
        return {each: _together([part.get(each, (0, None)) for part in parts]) for each in project_ids}


def _together(parts: Sequence[tuple[int, datetime | None]]) -> ProjectContents:
    times = [at for _, at in parts if isinstance(at, datetime)]
    personas, sessions, panels, rounds, surveys, recorded = (number for number, _ in parts)
    newest = max(times, default=None)
    return ProjectContents(personas, sessions, panels, rounds, surveys, recorded, newest)


def _counted(collection: Any, wanted: Document, at: Any) -> dict[str, tuple[int, datetime | None]]:
    """Returns the number of documents by project, and the newest time of each."""
    group = {"_id": "$project_id", "number": {"$sum": 1}, "at": {"$max": at}}
    found = collection.aggregate([{"$match": wanted}, {"$group": group}])
    return {row["_id"]: (row["number"], row["at"]) for row in found}
