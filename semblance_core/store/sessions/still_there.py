"""Keeps anything from being added to a session or project that is deleted at the same moment.

A deletion removes the session's or project's own document first, and then everything that belongs to it. So an addition
is checked once more after its write: either the deletion found and removed it, or the check finds the document gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.store.server.document import Document


class StillThere:
    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]
        self._projects = database["projects"]
        self._rounds = database["interview_rounds"]

    def check(self, *, project_id: str = "", group_id: str = "", round_id: str = "") -> None:
        """Raises `NotFound` where the project, session or interview round is gone or being deleted; an empty id is not checked."""
        if group_id and not self._groups.find_one({"_id": group_id}, {"_id": 1}):
            raise NotFound("There is no such focus group.")
        if round_id and not self._rounds.find_one({"_id": round_id}, {"_id": 1}):
            raise NotFound("There is no such interview round.")
        if project_id and not self._projects.find_one({"_id": project_id, "deleting": {"$ne": True}}, {"_id": 1}):
            raise NotFound("There is no such project.")

    @contextmanager
    def adding(
        self, undo: Callable[[], object], *, project_id: str = "", group_id: str = "", round_id: str = ""
    ) -> Iterator[None]:
        """Wraps an addition to a project, session or interview round; undoes it and raises `NotFound` where that is gone.

        Args:
            undo: Removes again what the block added.
        """
        self.check(project_id=project_id, group_id=group_id, round_id=round_id)
        yield
        try:
            self.check(project_id=project_id, group_id=group_id, round_id=round_id)
        except NotFound:
            undo()
            raise
