"""Threads of this process as workers."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

from semblance_core.engine.sweep import Sweeper
from semblance_core.engine.work import Kind, Worker

SESSIONS_AT_ONCE = 128
GRACE_S = 7.0
"""A service manager commonly kills ten seconds after it asked to stop."""


class LocalEngine:
    """`submit` rings a bell; which worker does the work is decided by the claim. `start` begins to sweep."""

    def __init__(self, worker: Worker, sweep_s: float):
        self.worker = worker
        self._sweeper = Sweeper(worker, self.submit, sweep_s)
        self._threads = ThreadPoolExecutor(SESSIONS_AT_ONCE, thread_name_prefix="session")
        self._lock = threading.Lock()
        self._under_way: dict[Future[int | None], tuple[Kind, str]] = {}

    def submit(self, kind: Kind, work_id: str) -> None:
        with self._lock:
            if not self.worker.stopping.is_set():
                work = self._threads.submit(self.worker.run, kind, work_id)
                self._under_way[work] = kind, work_id
                work.add_done_callback(lambda done: self._under_way.pop(done, None))

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.3) -> None:
        """Returns once it is over, whichever thread or process does the work; takes it up where nobody does."""
        worker = self.worker
        while worker.is_open(kind, work_id) and not worker.stopping.is_set():
            if mine := [work for work, what in self._copied() if what == (kind, work_id)]:
                wait(mine)
            else:
                self.submit(kind, work_id)
            if worker.is_open(kind, work_id):
                worker.stopping.wait(poll_s)

    def is_idle(self) -> bool:
        """Whether nothing is under way in this process."""
        return not self._under_way

    def start(self) -> None:
        self._sweeper.start()

    def close(self, grace_s: float = GRACE_S) -> None:
        """Begins no further turn, waits so long for those in flight, and hands back whatever is not done by then."""
        self.worker.hand_back(grace_s, lambda within_s: wait([work for work, _ in self._copied()], within_s))
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _copied(self) -> list[tuple[Future[int | None], tuple[Kind, str]]]:
        with self._lock:
            return list(self._under_way.items())
