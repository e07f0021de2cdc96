"""Threads of this process as workers, and the sweeper that wakes them up for what nobody works on."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.resume import resume_paused
from semblance_core.store.failures import DatabaseFailed

SESSIONS_AT_ONCE = 128
log = logging.getLogger(__name__)


class LocalEngine:
    """`submit` rings a bell; which worker does the work is decided by the claim. `start` begins to sweep."""

    def __init__(self, worker: Worker, sweep_s: float):
        self._worker = worker
        self._sweep_s = sweep_s
        self._threads = ThreadPoolExecutor(SESSIONS_AT_ONCE, thread_name_prefix="session")
        self._newest: dict[tuple[Kind, str], Future[None]] = {}

    def submit(self, kind: Kind, work_id: str) -> None:
        if not self._worker.stopping.is_set():
            self._newest[kind, work_id] = work = self._threads.submit(self._worker.run, kind, work_id)
            work.add_done_callback(lambda done: self._forget(kind, work_id, done))

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.05) -> None:
        """Returns once it is over, whichever thread or process does the work; takes it up itself where nobody does."""
        while self._worker.is_open(kind, work_id) and not self._worker.stopping.is_set():
            if under_way := self._newest.get((kind, work_id)):
                under_way.result()
            else:
                self._worker.run(kind, work_id)
            if self._worker.is_open(kind, work_id):
                self._worker.stopping.wait(poll_s)

    def start(self) -> None:
        """Sweeps now and then every so often, in a thread of its own."""
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def close(self) -> None:
        """Begins no further turn, waits for those in flight and hands back what is claimed."""
        self._worker.stopping.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._worker.heart.stop()

    def _forget(self, kind: Kind, work_id: str, done: Future[None]) -> None:
        if self._newest.get((kind, work_id)) is done:
            self._newest.pop((kind, work_id), None)

    def _sweep(self) -> None:
        """Each step by itself: what one of them stumbles over is no reason to leave the others undone."""
        while not self._worker.stopping.is_set():
            for step in (self._finish_stops, self._resume, self._take_up, self._settle):
                try:
                    step()
                except DatabaseFailed as failed:
                    log.warning("The sweep failed: %s", failed)
                except Exception:  # a thread's boundary: without the sweeper nothing would ever be taken up again
                    log.exception("The sweep failed")
            self._worker.stopping.wait(self._sweep_s)

    def _finish_stops(self) -> None:
        self._worker.store.focus_groups.finish_stops()

    def _resume(self) -> None:
        resume_paused(self._worker.store, self._worker.gateway.prices.price_of, self._worker.clock)

    def _take_up(self) -> None:
        for group_id in self._worker.store.focus_groups.unclaimed():
            self.submit("focus_group", group_id)
        for task_id in self._worker.store.tasks.unclaimed():
            self.submit("task", task_id)

    def _settle(self) -> None:
        self._worker.store.ledger.settle_expired()
