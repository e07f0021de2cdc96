"""Puts committed turns where transcripts are read, those of many sessions by one write, while their next calls run already.

A commit has kept the turn in its focus group's document, so nothing is lost where a process dies before its copy: whoever
has the session next copies it. A session's next commit takes that place, and therefore waits for the copy.
"""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

from pymongo import UpdateOne
from pymongo.collection import Collection

from semblance_core.store.connection import Document

MOST_AT_ONCE = 256
_Copy = tuple[Document, "Future[None]"]


class Copies:
    """messages: the collection they go to. Doing a copy again changes nothing."""

    def __init__(self, messages: Collection[Document]):
        self._messages = messages
        self._asked: queue.SimpleQueue[_Copy] = queue.SimpleQueue()
        self._under_way: dict[str, _Copy] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, message: Document) -> None:
        """Copies it in a moment; the one before of the same session has to be there."""
        self._start()
        copy: _Copy = (message, Future())
        self._under_way[message["focus_group_id"]] = copy
        self._asked.put(copy)

    def wait(self, group_id: str) -> None:
        """Returns once what was begun for this session is there, or raises `DatabaseFailed`."""
        if copy := self._under_way.get(group_id):
            message, copied = copy
            if copied.exception():
                self.write([message])
                self._over(copy)

    def write(self, messages: Sequence[Document]) -> None:
        """Copies them now, in their order."""
        if messages:
            self._messages.bulk_write([_write(message) for message in messages])

    def _start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._copy_forever, name="copies", daemon=True)
                    self._thread.start()

    def _copy_forever(self) -> None:
        while True:
            copies = [self._asked.get()]
            with suppress(queue.Empty):
                while len(copies) < MOST_AT_ONCE:
                    copies.append(self._asked.get_nowait())
            try:
                self._messages.bulk_write([_write(message) for message, _ in copies], ordered=False)
            except Exception as failed:  # noqa: BLE001 - whatever it is, who waits for the copy makes it and meets it again
                for _, copied in copies:
                    copied.set_exception(failed)
                continue
            for copy in copies:
                self._over(copy)
                copy[1].set_result(None)

    def _over(self, copy: _Copy) -> None:
        if self._under_way.get(group_id := copy[0]["focus_group_id"]) is copy:
            del self._under_way[group_id]


def _write(message: Document) -> UpdateOne:
    return UpdateOne({"_id": message["_id"]}, {"$setOnInsert": message}, upsert=True)
