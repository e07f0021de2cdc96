"""Keeps leases alive while their workers work: one thread for all of them."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from semblance_core.store.failures import DatabaseFailed

log = logging.getLogger(__name__)


class Heart:
    """Renews every lease that is being worked under, at a third of its length. Its thread starts with the first lease."""

    def __init__(self, lease_s: float):
        self._every_s = lease_s / 3
        self._renewals: dict[int, Callable[[], object]] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def beating(self, renew: Callable[[], object]) -> Iterator[None]:
        """Calls `renew` again and again for as long as the block runs."""
        with self._lock:
            self._renewals[id(renew)] = renew
            if self._thread is None:
                self._thread = threading.Thread(target=self._beat, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._renewals.pop(id(renew), None)

    def stop(self) -> None:
        self._stopped.set()

    def _beat(self) -> None:
        while not self._stopped.wait(self._every_s):
            with self._lock:
                renewals = list(self._renewals.values())
            for renew in renewals:
                try:
                    renew()
                except DatabaseFailed as failed:
                    log.warning("A lease could not be renewed: %s", failed)
