"""The sweeper: finds work without a living worker, and finishes what a process died in the middle of."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.ballots.at_end import begin_ballots
from semblance_core.flows.delete import finish_deletions
from semblance_core.flows.designs.going_on import go_on_all
from semblance_core.flows.resume import resume_paused
from semblance_core.flows.themes_at_end import begin_themes
from semblance_core.readiness import READY
from semblance_core.store.server.failures import DatabaseAway, DatabaseFailed

KINDS: tuple[Kind, ...] = ("focus_group", "task")
AWAY_S = 1.0
"""Steps that took longer than this before work is taken up waited for a database that was away."""
SLACK_S = 2.0
"""The time for which a lease must be past, so that a living worker with a late renewal is not taken for dead."""
HALF_DONE = timedelta(minutes=10)
"""An upload or a removal that is unfinished after this time was cut off."""
KEPT_AFTER_FAILURE = timedelta(days=1)
"""The files of a failed task are kept for so long: as long as Home offers to run it again."""
SILENT_S = 300.0
"""A sweep that clears much away may take minutes; one that takes longer than this hangs."""
PRUNES_S = 3_600.0
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Sweeper:
    """Sweeps every so often. Many processes may sweep at once: the claim decides about work that two of them find.

    submit: wakes a worker up.
    """

    worker: Worker
    submit: Callable[[Kind, str], None]
    every_s: float
    steady_s: Callable[[], float] = time.monotonic
    _swept_s: float | None = None
    _pruned_s: float | None = None

    def check(self) -> str:
        """`READY` while it sweeps, or was never started; else for how long it has not."""
        if self._swept_s is None:
            return READY
        silent_s = self.steady_s() - self._swept_s
        return READY if silent_s <= max(SILENT_S, 3 * self.every_s) else f"has not swept for {silent_s:.0f} s"

    def start(self) -> None:
        """Sweeps now, and then every `every_s` seconds, in a thread of its own."""
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def _sweep(self) -> None:
        """Runs all steps again and again. A step that fails does not keep the others from being done."""
        self._swept_s = self.steady_s()
        while not self.worker.stopping.is_set():
            began = time.monotonic()
            for step in (
                self._finish_stops,
                self._give_up_lost,
                self._resume,
                self._find_themes,
                self._put_ballots,
                self._go_on_designs,
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
        """Waits until living workers have renewed their leases, which they could not while the database was away."""
        self.worker.stopping.wait(self.worker.lease_s / 3)

    def _finish_stops(self) -> None:
        self.worker.store.focus_groups.awaited.finish_stops()

    def _resume(self) -> None:
        resume_paused(self.worker.store, self.worker.gateway.prices.price_of, self.worker.clock)

    def _find_themes(self) -> None:
        for task_id in begin_themes(self.worker.store, self.worker.clock):
            log.info("themes begun at the end of a session", extra={"task_id": task_id})
            self.submit("task", task_id)

    def _put_ballots(self) -> None:
        for task_id in begin_ballots(self.worker.store, self.worker.clock):
            log.info("ballot begun at the end of a session", extra={"task_id": task_id})
            self.submit("task", task_id)

    def _go_on_designs(self) -> None:
        worker = self.worker
        for kind, work_id in go_on_all(worker.store, worker.gateway, worker.clock, worker.bounds):
            self.submit(kind, work_id)

    def _give_up_lost(self) -> None:
        for group_id in self.worker.store.focus_groups.awaited.give_up_lost():
            log.warning("lost reply given up", extra={"focus_group_id": group_id})

    def _take_up(self) -> None:
        for kind in KINDS:
            claims, count = self.worker.claims(kind), 0
            for work_id, epoch in claims.left(min(SLACK_S, self.worker.lease_s / 3)).items():
                # This process works on it and its renewal is late. Submitting it would queue a second turn for nothing.
                if not self.worker.renewer.is_renewing(claims, work_id, epoch):
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
        self.worker.store.uploads.sweep(now - HALF_DONE, now - KEPT_AFTER_FAILURE)
        self.worker.store.assets.prepare_one()  # one a sweep: nothing else waits long for it

    def _finish_deletions(self) -> None:
        finish_deletions(self.worker.store, self.worker.clock)
