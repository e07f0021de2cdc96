"""Renews the leases of all work under way in this process, from one thread."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.sessions.claims import Claims

AGAIN_S = 0.25
"""Pause after a renewal that failed."""
log = logging.getLogger(__name__)
Lease = tuple[Claims, str, int]
"""The claims that the lease belongs to, the id of the work, and the epoch that it is held under."""


class LeaseRenewer:
    """Renews every lease it was given, three times in its length. Its thread starts with the first lease."""

    def __init__(self, lease_s: float):
        self._lease_s = lease_s
        self._leases: set[Lease] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def renewing(self, claims: Claims, work_id: str, epoch: int) -> Iterator[None]:
        """Renews this lease for as long as the block runs."""
        self.keep(claims, work_id, epoch)
        try:
            yield
        finally:
            self.let_go(claims, work_id, epoch)

    def keep(self, claims: Claims, work_id: str, epoch: int) -> None:
        """Renews this lease until `let_go`."""
        with self._lock:
            self._leases.add((claims, work_id, epoch))
            if self._thread is None:
                self._thread = threading.Thread(target=self._beat, name="leases", daemon=True)
                self._thread.start()

    def let_go(self, claims: Claims, work_id: str, epoch: int) -> None:
        """Renews this lease no more; it is not given back by that."""
        with self._lock:
            self._leases.discard((claims, work_id, epoch))

    def is_renewing(self, claims: Claims, work_id: str, epoch: int) -> bool:
        """Returns whether this process works on it under this epoch."""
        with self._lock:
            return (claims, work_id, epoch) in self._leases

    def epochs(self, claims: Claims, work_id: str) -> set[int]:
        """The epochs under which this process works on it."""
        with self._lock:
            return {epoch for whose, each, epoch in self._leases if whose is claims and each == work_id}

    def stop(self) -> None:
        """Renews nothing any more. Work still under way goes to another worker once its lease runs out."""
        self._stopped.set()

    def _beat(self) -> None:
        pause_s = self._lease_s / 3  # two renewals may be late or fail before a lease is past
        while not self._stopped.wait(pause_s):
            with self._lock:
                leases = list(self._leases)  # a copy: workers must not wait for a database that hangs
            try:
                for claims, held in _together(leases).items():
                    claims.renew_all(held, self._lease_s)
                pause_s = self._lease_s / 3
            except DatabaseFailed as failed:
                # Tried four times a second, so that the leases are renewed as soon as the database is back. The sweeper
                # waits a third of a lease then (sweep.py), so it does not take a living worker for dead.
                log.warning("Leases could not be renewed: %s", failed)
                pause_s = AGAIN_S


def _together(leases: list[Lease]) -> dict[Claims, list[tuple[str, int]]]:
    together: dict[Claims, list[tuple[str, int]]] = {}
    for claims, work_id, epoch in leases:
        together.setdefault(claims, []).append((work_id, epoch))
    return together
