"""Copies committed turns into the transcript, many sessions' by one write, while their next calls run already.

The commit stored the turn in `last` of the focus group's document. So nothing is lost where a process dies before the
copy: the next worker makes it. A session's next commit overwrites `last`, and therefore waits for the copy.
"""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

from pymongo import UpdateOne
from pymongo.collection import Collection

from semblance_core.domain.discussion.message import Message
from semblance_core.store.codec import to_document
from semblance_core.store.server.document import Document

MOST_AT_ONCE = 256
_Copy = tuple[Sequence[Document], "Future[None]"]


class TranscriptWriter:
    """Writes messages into the collection, from a thread of its own. A copy that is made twice changes nothing."""

    def __init__(self, messages: Collection[Document]):
        self._messages = messages
        self._asked: queue.SimpleQueue[_Copy] = queue.SimpleQueue()
        self._under_way: dict[str, _Copy] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, messages: Sequence[Document]) -> None:
        """Queues the copy of messages of a session. Its copy before must be over (`wait`)."""
        self._start()
        copy: _Copy = (messages, Future())
        self._under_way[messages[0]["focus_group_id"]] = copy
        self._asked.put(copy)

    def wait(self, group_id: str) -> None:
        """Returns once the copy begun for this session is written; raises `DatabaseFailed`."""
        if copy := self._under_way.get(group_id):
            messages, copied = copy
            if copied.exception():  # tried once more here, where its failure reaches the worker of that session
                self.write(messages)
                self._over(copy)

    def write(self, messages: Sequence[Document]) -> None:
        """Copies these messages now, in order."""
        if messages:
            self._messages.bulk_write([_write(message) for message in messages])

    def copy_missing(self, messages: Sequence[Document]) -> None:
        """Copies what a dead worker did not, from any of these messages on that is not there."""
        found = {
            each["_id"]
            for each in self._messages.find({"_id": {"$in": [each["_id"] for each in messages]}}, {"_id": 1})
        }
        self.write([message for message in messages if message["_id"] not in found])

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
                writes = [_write(message) for messages, _ in copies for message in messages]
                self._messages.bulk_write(writes, ordered=False)
            except Exception as failed:  # noqa: BLE001 - whoever waits for the copy makes it again and gets the failure
                for _, copied in copies:
                    copied.set_exception(failed)
                continue
            for copy in copies:
                self._over(copy)
                copy[1].set_result(None)

    def _over(self, copy: _Copy) -> None:
        """Forgets a copy that was made, unless the session has a newer one by now."""
        if self._under_way.get(group_id := copy[0][0]["focus_group_id"]) is copy:
            del self._under_way[group_id]


def _write(message: Document) -> UpdateOne:
    # On insert alone: a copy that comes late must not put a pending reply back over the reply that filled it.
    return UpdateOne({"_id": message["_id"]}, {"$setOnInsert": message}, upsert=True)


def message_id(message: Message) -> str:
    """Returns the id under which a message is stored."""
    return f"{message.focus_group_id}/{message.seq}"


def message_document(message: Message) -> Document:
    """Returns the message as it is stored."""
    return {"_id": message_id(message), **to_document(message)}
