"""The sweeper: finds what nobody works on, whatever became of the one who did, and sees to it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.resume import resume_paused
from semblance_core.store.failures import DatabaseFailed

KINDS: tuple[Kind, ...] = ("focus_group", "task")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sweeper:
    """submit: wakes a worker up. Many may sweep at once: whatever they find twice is decided by the claim."""

    worker: Worker
    submit: Callable[[Kind, str], None]
    every_s: float

    def start(self) -> None:
        """Sweeps now and then every so often, in a thread of its own."""
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def _sweep(self) -> None:
        """Each step by itself: what one of them stumbles over is no reason to leave the others undone."""
        while not self.worker.stopping.is_set():
            for step in (self._finish_stops, self._resume, self._take_up, self._settle):
                try:
                    step()
                except DatabaseFailed as failed:
                    log.warning("The sweep failed: %s", failed)
                    # While the database was away nobody could renew a lease; the living do so now, before they are taken for dead.
                    self.worker.stopping.wait(self.worker.lease_s / 3)
                    break
                except Exception:  # a thread's boundary: without the sweeper nothing would ever be taken up again
                    log.exception("The sweep failed")
            self.worker.stopping.wait(self.every_s)

    def _finish_stops(self) -> None:
        self.worker.store.focus_groups.finish_stops()

    def _resume(self) -> None:
        resume_paused(self.worker.store, self.worker.gateway.prices.price_of, self.worker.clock)

    def _take_up(self) -> None:
        for kind in KINDS:
            for work_id in self.worker.claims(kind).unclaimed():
                self.submit(kind, work_id)

    def _settle(self) -> None:
        self.worker.store.ledger.settle_expired()
