"""The queue of messages to the process that makes model calls: small ones first, and each picture once.

A picture is sent before the first request that shows it, and later requests name it by its hash. So a request without
new pictures waits for at most one picture of another session.
"""

import pickle
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.domain.discussion.asset import Picture
from semblance_core.llm.subprocess.wire import DROP_PICTURE, KEEP_PICTURE

MOST_PICTURE_BYTES = 16 * 2**20
"""Bytes of pictures that the other process keeps: as many as `AssetCache`."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message to be sent. number: its request's, 0 for a picture. content: a picture is pickled when it is sent."""

    number: int
    content: bytes | Picture


@dataclass(slots=True)
class _Kept:
    size: int
    is_sent: bool = False


class Outbox:
    """Many threads put; one takes."""

    def __init__(self, most_picture_bytes: int = MOST_PICTURE_BYTES):
        self._changed = threading.Condition()
        self._small: deque[_Letter] = deque()
        self._large: deque[_Letter] = deque()
        """Pictures, and the messages that must not be sent before them."""
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._most_picture_bytes = most_picture_bytes
        self._is_closed = False

    def put(self, number: int, message: bytes, pictures: Sequence[Picture] = ()) -> None:
        """Queues a message, and those of its pictures that were not sent yet before it."""
        with self._changed:
            for picture in pictures:
                if picture.digest not in self._kept:
                    self._kept[picture.digest] = _Kept(len(picture.content))
                    self._large.append(_Letter(0, picture))
                self._kept.move_to_end(picture.digest)
            # A request whose pictures wait in the slow queue waits there behind them; all others go ahead of pictures.
            waits = any(not self._kept[picture.digest].is_sent for picture in pictures)
            (self._large if waits else self._small).append(_Letter(number, message))
            if pictures:
                self._drop({picture.digest for picture in pictures})
            self._changed.notify()

    def take(self) -> bytes | None:
        """Returns the next message once there is one; None after `close`."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._small or self._large)
            if self._is_closed:
                return None
            letter = (self._small or self._large).popleft()
            if isinstance(letter.content, bytes):
                return letter.content
            picture = letter.content
            if kept := self._kept.get(picture.digest):
                kept.is_sent = True
        # Not under the lock: pickling megabytes would keep every other request from being queued.
        return pickle.dumps((0, KEEP_PICTURE, (picture.digest, picture.media_type, picture.content)))

    def withdraw(self, number: int) -> bool:
        """Removes a request that was not sent yet; whether it was still there."""
        with self._changed:
            for letters in (self._small, self._large):
                for letter in letters:
                    if letter.number == number:
                        letters.remove(letter)
                        return True
        return False

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _drop(self, needed: set[str]) -> None:
        """Queues the removal of the longest unused pictures, behind all queued messages that may name them."""
        too_many = sum(kept.size for kept in self._kept.values()) - self._most_picture_bytes
        for digest in [digest for digest in self._kept if digest not in needed]:
            if too_many <= 0:
                return
            too_many -= self._kept.pop(digest).size
            self._large.append(_Letter(0, pickle.dumps((0, DROP_PICTURE, (digest,)))))
