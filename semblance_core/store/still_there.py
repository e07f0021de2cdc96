"""Nothing is kept of a session or project that is gone.

Who deletes removes the session's or project's own document first and what belongs to it afterwards. So who adds looks once
more when it is written: either it was there before what is removed was looked for, or its owner is found gone here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.store.connection import Document


class StillThere:
    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]
        self._projects = database["projects"]

    def check(self, *, project_id: str = "", group_id: str = "") -> None:
        """Raises `NotFound` where it is gone or being deleted; empty for what belongs to none."""
        if group_id and not self._groups.find_one({"_id": group_id}, {"_id": 1}):
            raise NotFound("There is no such focus group.")
        if project_id and not self._projects.find_one({"_id": project_id, "deleting": {"$ne": True}}, {"_id": 1}):
            raise NotFound("There is no such project.")

    @contextmanager
    def adding(self, undo: Callable[[], object], *, project_id: str = "", group_id: str = "") -> Iterator[None]:
        """Around what adds to it: raises `NotFound`, and what was added is undone, where it is gone."""
        self.check(project_id=project_id, group_id=group_id)
        yield
        try:
            self.check(project_id=project_id, group_id=group_id)
        except NotFound:
            undo()
            raise
