"""Threads of this process as workers: a thread for a turn, and then the session goes to the back of the queue."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field

from semblance_core.domain.fair_queue import FairQueue, Place
from semblance_core.engine.pace import Pace
from semblance_core.engine.sweep import Sweeper
from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.converse import Taken
from semblance_core.llm.standing import StandingThreads
from semblance_core.readiness import Check

AT_ONCE = 128
"""Turns, rounds and tasks; hundreds of sessions share them turn by turn."""
GRACE_S = 7.0
"""A service manager commonly kills ten seconds after it asked to stop."""
LOOKS_S = 0.1
AT_ONCE_S = 0.1
"""Whoever waited longer than this for its next turn looks first whether the session is still its own."""


@dataclass(eq=False)
class _Work:
    """One session or task that this process is to work on. held: what its next turn goes on with, once it has begun.

    news: it was handed in again meanwhile, so it is looked at once more when it is over. over: done when nothing of it is
    left here. place: None until it is known where it queues. since: when it began to wait there.
    """

    kind: Kind
    id: str
    place: Place | None = None
    held: Taken | None = None
    running: bool = False
    news: bool = False
    since: float = 0.0
    over: Future[None] = field(default_factory=Future)


class LocalEngine:
    """`submit` rings a bell; which worker does the work is decided by the claim. `start` begins to sweep.

    A session is in the queue once, however often it is handed in; between two turns it keeps its lease. at_once: turns, rounds
    and tasks under way; autonomous turns give way while a person waits, as far as the processor is short (`Pace`).
    """

    def __init__(self, worker: Worker, sweep_s: float, at_once: int = AT_ONCE):
        self.worker = worker
        self._sweeper = Sweeper(worker, self._found, sweep_s)
        self._threads = StandingThreads("turn")
        self._lock = threading.Lock()
        self._queue: FairQueue[_Work] = FairQueue(at_once)
        self._pace = Pace(at_once)
        self._known: dict[tuple[Kind, str], _Work] = {}
        self._onlooker: threading.Thread | None = None

    def submit(self, kind: Kind, work_id: str) -> None:
        self._drop_stopped(kind, work_id)
        with self._lock:
            if self.worker.stopping.is_set():
                return
            if work := self._known.get((kind, work_id)):
                has_begun = work.running or work.held is not None
                work.news = work.news or has_begun or work.place is None
                if work.running or work.place is None:
                    return
            else:
                work = self._known[kind, work_id] = _Work(kind, work_id)
            if self._onlooker is None:
                self._onlooker = threading.Thread(target=self._look_on, name="pace", daemon=True)
                self._onlooker.start()
        self._queue_up(work, self.worker.place(kind, work_id))

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.3) -> None:
        """Returns once it is over, whichever thread or process does the work; takes it up where nobody does."""
        worker = self.worker
        while worker.is_open(kind, work_id) and not worker.stopping.is_set():
            with self._lock:
                mine = self._known.get((kind, work_id))
            if mine is None:
                self.submit(kind, work_id)
                with self._lock:
                    mine = self._known.get((kind, work_id))
            if mine:
                wait([mine.over])
            if worker.is_open(kind, work_id):
                worker.stopping.wait(poll_s)

    def is_idle(self) -> bool:
        """Whether nothing is under way in this process."""
        return not self._known

    def under_way(self) -> int:
        """How many sessions and tasks this process works on or has in its queue."""
        return len(self._known)

    def start(self) -> None:
        self._sweeper.start()

    def checks(self) -> Mapping[str, Check]:
        return {"sweeper": self._sweeper.check}

    def _look_on(self) -> None:
        """Sees how late this process is, and lets as many turns begin as that allows."""
        while True:
            meant_s = time.monotonic() + LOOKS_S
            if self.worker.stopping.wait(LOOKS_S):
                return
            now_s = time.monotonic()
            with self._lock:
                self._pace.look(now_s, now_s - meant_s, somebody_waits=self._queue.somebody_waits)
                self._queue.beside = self._pace.limit
                ready = self._ready()
            self._run(ready)
            self.worker.gateway.slots.give_way(self._pace.limit / self._pace.most)

    def close(self, grace_s: float = GRACE_S) -> None:
        """Begins no further turn, waits so long for those in flight, and hands back whatever is not done by then."""
        self.worker.hand_back(grace_s, self._rest)

    def _found(self, kind: Kind, work_id: str) -> None:
        """What the sweeper finds, again and again until somebody has it."""
        work = self._known.get((kind, work_id))
        if work is None or work.running:
            self.submit(kind, work_id)

    def _drop_stopped(self, kind: Kind, work_id: str) -> None:
        """Forgets a turn that was stopped: its call may hang for minutes, and what is handed in now need not wait for that."""
        work = self._known.get((kind, work_id))
        if work is None or not work.running or self.worker.is_current(kind, work_id):
            return
        with self._lock:
            if self._known.get((kind, work_id)) is work and work.running:
                self._forget(work)

    def _queue_up(self, work: _Work, place: Place) -> None:
        """Puts new work into the queue; work that waits there already changes its place, where that is another one by now."""
        with self._lock:
            if self._known.get((work.kind, work.id)) is not work or work.running or work.place == place:
                return
            if work.place and not self._queue.remove(work.place, work):
                return
            self._put(work, place)
            ready = self._ready()
        self._run(ready)

    def _put(self, work: _Work, place: Place) -> None:
        work.place, work.since = place, time.monotonic()
        self._queue.put(place, work)

    def _ready(self) -> list[_Work]:
        """What may begin now."""
        ready: list[_Work] = []
        while not self.worker.stopping.is_set() and (taken := self._queue.take()):
            taken[1].running = True
            ready.append(taken[1])
        return ready

    def _run(self, ready: list[_Work]) -> None:
        for work in ready:
            self._threads.run(lambda work=work: self._serve(work))  # type: ignore[misc]

    def _serve(self, work: _Work) -> None:
        mine = [work]
        while mine:  # what comes next in its place stays in this thread
            work = mine[0]
            waited = work.news or time.monotonic() - work.since > AT_ONCE_S
            held = self.worker.turn(work.kind, work.id, work.held, waited=waited)
            if held and work.over.done():  # it was stopped just when its turn came to an end
                self.worker.give_back([held.group])
            again = self._end_of_turn(work, held)
            if again:
                self._queue_up(work, self.worker.place(work.kind, work.id))
            with self._lock:
                mine = self._ready()
            self._run(mine[1:])

    def _end_of_turn(self, work: _Work, held: Taken | None) -> bool:
        """Whether it is to be queued anew, because it was handed in while it ran."""
        with self._lock:
            assert work.place
            self._queue.done(work.place)
            work.running, work.held = False, held
            if work.over.done():
                return False
            if not self.worker.stopping.is_set():
                if held:
                    self._put(work, work.place)
                    return False
                if work.news:
                    work.news, work.place = False, None
                    return True
            self._forget(work)
            return False

    def _forget(self, work: _Work) -> None:
        self._known.pop((work.kind, work.id), None)
        work.over.set_result(None)

    def _rest(self, within_s: float) -> None:
        """Drops what only waits, whose leases are given back, and waits so long for what runs."""
        with self._lock:
            running = [work.over for work in self._known.values() if work.running]
            idle = [work for work in self._known.values() if not work.running]
            self._queue.clear()
            for work in idle:
                self._forget(work)
        self.worker.give_back([work.held.group for work in idle if work.held])
        wait(running, within_s)
