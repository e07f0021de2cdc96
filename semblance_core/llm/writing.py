"""Replies while they are written, for windows of this process that show them. Nothing of it is stored, checked or charged.

A call is taken as a stream where somebody watches its session here. Its answer is complete only once the call is over, by the same
checks as ever; the text so far is for the eye alone, and gone when the call is.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from semblance_core.conversation.speech.own_words import Spoken

Show = Callable[[str], None]
"""Takes the text of an answer so far."""
EVERY_S = 0.12


def now_and_then(show: Show, every_s: float = EVERY_S) -> Show:
    """Returns a function that passes a text on unless the one before was passed on just now."""
    last = 0.0

    def told(text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every_s:
            last = now
            show(text)

    return told


@dataclass(frozen=True, slots=True)
class Written:
    """A reply so far. speaker: who writes it. text: the model's own text; hear: takes the speaker's words out of it."""

    speaker: str
    text: str
    hear: Callable[[str], Spoken]

    def words(self) -> str:
        """Returns the speaker's words so far; empty where there are none yet, or where it turns out not to be speech."""
        return self.hear(self.text).text if self.text else ""


@dataclass
class Writing:
    """The replies that are being written, by session and number of the message. Used from any thread.

    on_more: told the id of a session of which more was written.
    """

    is_shown: bool = True
    on_more: Callable[[str], None] = field(default=lambda _: None)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watched: Counter[str] = field(default_factory=Counter)
    _written: dict[str, dict[int, Written]] = field(default_factory=dict)

    @contextmanager
    def watched(self, group_id: str) -> Iterator[None]:
        """While this is open, replies of the session are taken as they are written."""
        with self._lock:
            self._watched[group_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._watched[group_id] -= 1
                if not self._watched[group_id]:
                    del self._watched[group_id]

    @contextmanager
    def of_reply(self, group_id: str, seq: int, speaker: str, hear: Callable[[str], Spoken]) -> Iterator[Show | None]:
        """Yields a function that shows the reply so far; None where nobody here watches."""
        if not self.is_shown or not self._watched[group_id]:
            yield None
            return

        def show(text: str) -> None:
            with self._lock:
                self._written.setdefault(group_id, {})[seq] = Written(speaker, text, hear)
            with suppress(Exception):  # a window that cannot be told may not end the call
                self.on_more(group_id)

        try:
            yield show
        finally:
            with self._lock:
                written = self._written.get(group_id, {})
                written.pop(seq, None)
                if not written:
                    self._written.pop(group_id, None)

    def of_session(self, group_id: str) -> dict[int, Written]:
        """Returns the replies so far, by the numbers of their messages."""
        with self._lock:
            return dict(self._written.get(group_id, {}))
