"""Files that were handed in for a task which has not taken them yet, in GridFS: its worker may be on another machine.

They are announced first, then written, and then the task is added; they leave in the reverse order. What a killed process
left, and what a task that is over left, is swept.
"""

from collections.abc import Sequence
from datetime import datetime

from gridfs import GridFSBucket
from gridfs.errors import CorruptGridFile, NoFile
from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.domain.task import TaskState
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import one_by_one

GONE = "This file is not kept any more; add it again."


class UploadStaging:
    def __init__(self, database: Database[Document]):
        self._announced = database["incoming"]
        self._files = GridFSBucket(database, bucket_name="incoming")
        self._chunks = database["incoming.chunks"]
        self._entries = database["incoming.files"]
        self._tasks = database["tasks"]
        self._groups = database["focus_groups"]

    def put(self, task_id: str, group_id: str, contents: Sequence[bytes], at: datetime) -> None:
        """Keeps the files of a task that is to be added, by their place from 0 on."""
        self._announced.insert_one({"_id": task_id, "focus_group_id": group_id, "files": len(contents), "at": at})
        for place, content in enumerate(contents):
            self._files.upload_from_stream_with_id(f"{task_id}/{place}", task_id, content)

    def get(self, task_id: str, place: int) -> bytes:
        """Raises `NotFound` where it is not kept any more."""
        try:
            return self._files.open_download_stream(f"{task_id}/{place}").read()
        except (NoFile, CorruptGridFile):  # removed before it was read, or while
            raise NotFound(GONE) from None

    def remove(self, task_id: str) -> None:
        if announced := self._announced.find_one({"_id": task_id}):
            ids = [f"{task_id}/{place}" for place in range(announced["files"])]
            self._entries.delete_many({"_id": {"$in": ids}})
            self._chunks.delete_many({"files_id": {"$in": ids}})  # also those of an upload that was cut off
            self._announced.delete_one({"_id": task_id})

    def remove_of(self, group_id: str) -> None:
        """Removes all that was handed in for a session."""
        for announced in self._announced.find({"focus_group_id": group_id}, {"_id": 1}):
            self.remove(announced["_id"])

    def sweep(self, before: datetime, failed_before: datetime) -> int:
        """Removes the files of tasks that need them no more, and says of how many tasks.

        before: when files without a task were handed in whose process is taken for dead. failed_before: when a task failed
        that nobody will run again.
        """
        swept: list[str] = []

        def look_at(announced: Document) -> None:
            task = self._tasks.find_one({"_id": announced["_id"]}, {"state": 1, "finished_at": 1})
            if self._is_left(announced, task, before, failed_before):
                self.remove(announced["_id"])
                swept.append(announced["_id"])

        one_by_one(self._announced.find(), look_at, "Removing what was handed in")
        return len(swept)

    def _is_left(self, announced: Document, task: Document | None, before: datetime, failed_before: datetime) -> bool:
        if task is None:
            return bool(announced["at"] < before)
        state = TaskState(task["state"])
        if state is TaskState.FAILED and task["finished_at"] >= failed_before:
            return self._groups.find_one({"_id": announced["focus_group_id"]}, {"_id": 1}) is None
        return state.is_over
