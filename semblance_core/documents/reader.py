"""Reads documents for a whole process: so many at a time, and none any more once the process is shut down."""

import threading
from collections.abc import Callable

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument
from semblance_core.documents.guard import Guard
from semblance_core.domain.errors import Interrupted

AT_ONCE = 2
ASK_AGAIN_S = 1.0


class Reader:
    """at_once: documents that are read side by side; each may take a gigabyte and a core (documents/guard.py)."""

    def __init__(self, at_once: int = AT_ONCE, limits: Limits = Limits()):  # noqa: B008 - frozen
        self._room = threading.BoundedSemaphore(at_once)
        self._limits = limits
        self._lock = threading.Lock()
        self._reading: set[Guard] = set()
        self._is_off = False

    def read(
        self, content: bytes, name: str, waits: Callable[[], None] = lambda: None, encoding: str = ""
    ) -> ReadDocument:
        """Reads a file as participants are shown it, once there is room.

        Args:
            waits: called once a second while others are read; may raise to wait no longer.
            encoding: of a text, if a person gave it; empty to detect it.

        Raises:
            DocumentRefused: the file cannot be shown; the message says why.
            Interrupted: the reading was called off.
        """
        while not self._room.acquire(timeout=ASK_AGAIN_S):
            self._check()
            waits()
        try:
            with Guard(self._limits) as guard:
                with self._lock:
                    self._reading.add(guard)
                try:
                    self._check()
                    return guard.read(content, name, encoding)
                except DocumentRefused:
                    self._check()  # what was called off was not refused
                    raise
                finally:
                    with self._lock:
                        self._reading.discard(guard)
        finally:
            self._room.release()

    def call_off(self) -> None:
        """Stops reading; waiting callers get `Interrupted`."""
        with self._lock:
            self._is_off = True
            reading = list(self._reading)
        for guard in reading:
            guard.kill()

    def _check(self) -> None:
        if self._is_off:
            raise Interrupted("This process is being shut down; another one reads the document.")
