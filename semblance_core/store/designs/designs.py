"""Designs: `designs`. Their sessions, surveys and tasks stand with all others; a design names them by their ids."""

from collections.abc import Sequence

from pymongo.database import Database

from semblance_core.domain.designs.design import Design
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import NotFound
from semblance_core.domain.readable import Readable
from semblance_core.domain.task import Task
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.interviews.together import add_together
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere


class Designs:
    def __init__(self, database: Database[Document]):
        self._designs = database["designs"]
        self._groups, self._tasks = database["focus_groups"], database["tasks"]
        self._there = StillThere(database)

    def add(self, design: Design, groups: Sequence[FocusGroup]) -> None:
        """Adds a design with all its sessions, or nothing; raises `NotFound` where its project is gone."""
        add_together(to_document(design), self._designs, groups, self._groups, self._there)

    def get(self, design_id: str) -> Design:
        if found := self._designs.find_one({"_id": design_id}):
            return from_document(Design, found)
        raise NotFound("There is no such design.")

    def owned(self, design_id: str) -> Owned[Design]:
        """The design and its project's owner."""
        return owned(self._designs, design_id, "design", Design)

    def of_project(self, project_id: str) -> Readable[Design]:
        """A project's designs, newest first."""
        return from_documents(Design, self._designs.find({"project_id": project_id}).sort("created_at", -1))

    def open(self) -> Readable[Design]:
        """All designs of which more is to be begun."""
        return from_documents(Design, self._designs.find({"is_open": True, "ready": True}))

    def asked(self, project_id: str, request: str) -> Design | None:
        """The newest design of a project that was begun for the very same request, or None."""
        found = self._designs.find_one({"project_id": project_id, "request": request}, sort=[("created_at", -1)])
        return from_document(Design, found) if found else None

    def made_ready(self, design_id: str) -> None:
        self._designs.update_one({"_id": design_id}, {"$set": {"ready": True}})

    def set_open(self, design_id: str, is_open: bool, note: str = "") -> None:
        """Notes whether more of it is to be begun, and why not."""
        self._designs.update_one({"_id": design_id}, {"$set": {"is_open": is_open, "note": note}})

    def sessions(self, design: Design) -> dict[str, FocusGroup]:
        """Its sessions that are there, by id."""
        found = self._groups.find({"_id": {"$in": list(design.session_ids)}}, {"last": 0})
        return {group.id: group for group in from_documents(FocusGroup, found)}

    def tasks(self, design: Design, more: Sequence[str] = ()) -> dict[str, Task]:
        """Its tasks that are there, by id. more: ids of others."""
        found = self._tasks.find({"_id": {"$in": [*design.task_ids, *more]}})
        return {task.id: task for task in from_documents(Task, found)}

    def reading(self, design: Design) -> dict[str, list[Task]]:
        """Tasks that read its stimuli, by session."""
        which = {"kind": "attach", "request.focus_group_id": {"$in": list(design.session_ids)}}
        found: dict[str, list[Task]] = {}
        for task in from_documents(Task, self._tasks.find(which)):
            found.setdefault(str(task.request.get("focus_group_id", "")), []).append(task)
        return found

    def delete(self, design_id: str) -> None:
        """Removes a design's own document."""
        self._designs.delete_one({"_id": design_id})

    def ids_of_project(self, project_id: str) -> list[str]:
        return [str(found["_id"]) for found in self._designs.find({"project_id": project_id}, {"_id": 1})]
