"""The sweeper: finds what nobody works on, whatever became of the one who did, and sees to it."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.delete import finish_deletions
from semblance_core.flows.resume import resume_paused
from semblance_core.readiness import READY
from semblance_core.store.failures import DatabaseAway, DatabaseFailed

KINDS: tuple[Kind, ...] = ("focus_group", "task")
AWAY_S = 1.0
"""A sweep that takes longer than this waited for a database that was away."""
SLACK_S = 2.0
HALF_DONE = timedelta(minutes=10)
"""An upload or a removal that is no further after this was cut off."""
KEPT_AFTER_FAILURE = timedelta(days=1)
"""How long the files are kept that were handed in for a task which failed: as long as Home offers to run it again."""
SILENT_S = 300.0
"""A sweep may take minutes where much is to be cleared away; one that takes longer hangs."""
PRUNES_S = 3_600.0
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Sweeper:
    """submit: wakes a worker up. Many may sweep at once: whatever they find twice is decided by the claim."""

    worker: Worker
    submit: Callable[[Kind, str], None]
    every_s: float
    steady_s: Callable[[], float] = time.monotonic
    _swept_s: float | None = None
    _pruned_s: float | None = None

    def check(self) -> str:
        """`READY` while it sweeps, or was never asked to; else since when it does not."""
        if self._swept_s is None:
            return READY
        silent_s = self.steady_s() - self._swept_s
        return READY if silent_s <= max(SILENT_S, 3 * self.every_s) else f"has not swept for {silent_s:.0f} s"

    def start(self) -> None:
        """Sweeps now and then every so often, in a thread of its own."""
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def _sweep(self) -> None:
        """Each step by itself: what one of them stumbles over is no reason to leave the others undone."""
        self._swept_s = self.steady_s()
        while not self.worker.stopping.is_set():
            began = time.monotonic()
            for step in (
                self._finish_stops,
                self._give_up_lost,
                self._resume,
                self._take_up,
                self._settle,
                self._clear,
                self._prune,
                self._finish_deletions,
            ):
                try:
                    if step == self._take_up and time.monotonic() - began > AWAY_S:
                        self._wait_for_the_living()
                    step()
                except DatabaseAway as failed:
                    log.warning("The sweep failed: %s", failed)
                    self._wait_for_the_living()
                    break  # the others would only wait for the same database
                except DatabaseFailed as failed:
                    log.warning("The sweep failed: %s", failed)
                except Exception:  # a thread's boundary: without the sweeper nothing would ever be taken up again
                    log.exception("The sweep failed")
            self._swept_s = self.steady_s()
            self.worker.stopping.wait(self.every_s)

    def _wait_for_the_living(self) -> None:
        """While the database was away nobody could renew a lease; the living do so now, before they are taken for dead."""
        self.worker.stopping.wait(self.worker.lease_s / 3)

    def _finish_stops(self) -> None:
        self.worker.store.focus_groups.finish_stops()

    def _resume(self) -> None:
        resume_paused(self.worker.store, self.worker.gateway.prices.price_of, self.worker.clock)

    def _give_up_lost(self) -> None:
        for group_id in self.worker.store.focus_groups.give_up_lost():
            log.warning("lost reply given up", extra={"focus_group_id": group_id})

    def _take_up(self) -> None:
        for kind in KINDS:
            claims, count = self.worker.claims(kind), 0
            for work_id, epoch in claims.left(min(SLACK_S, self.worker.lease_s / 3)).items():
                # What this very process is at has only its lease run out; the heart is about to renew it.
                if not self.worker.heart.beats_for(claims, work_id, epoch):
                    self.submit(kind, work_id)
                    count += 1
            if count:
                log.info("work taken up", extra={"kind": kind, "count": count})

    def _settle(self) -> None:
        if count := self.worker.store.ledger.settle_expired():
            log.warning("holds settled", extra={"count": count})

    def _prune(self) -> None:
        now_s = self.steady_s()
        if self._pruned_s is not None and now_s - self._pruned_s < PRUNES_S:
            return
        self._pruned_s = now_s
        if pruned := self.worker.store.pruning.prune(self.worker.clock(), self.worker.retention):
            log.info("old data removed", extra=asdict(pruned))

    def _clear(self) -> None:
        now = self.worker.clock()
        self.worker.store.assets.sweep(now - HALF_DONE)
        self.worker.store.incoming.sweep(now - HALF_DONE, now - KEPT_AFTER_FAILURE)
        self.worker.store.assets.prepare_one()  # one a sweep: nothing else waits long for it

    def _finish_deletions(self) -> None:
        finish_deletions(self.worker.store, self.worker.clock)
