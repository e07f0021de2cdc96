"""Runs work in threads of this process. After each turn a session goes to the back of the queue."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field

from semblance_core.domain.fair_queue import FairQueue, Place
from semblance_core.engine.pace import Pace
from semblance_core.engine.sweep import Sweeper
from semblance_core.engine.work import Kind, Worker
from semblance_core.flows.discussion.converse import TurnResult
from semblance_core.llm.daemon_threads import DaemonThreadPool
from semblance_core.readiness import Check

AT_ONCE = 128
"""Turns, rounds and tasks; hundreds of sessions share them turn by turn."""
GRACE_S = 7.0
"""A service manager commonly kills ten seconds after it asked to stop."""
LOOKS_S = 0.1
AT_ONCE_S = 0.1
"""After waiting longer than this for its next turn, a session is read again: it may be another worker's by now."""


@dataclass(eq=False)
class _Work:
    """One session or task that this process is to work on.

    place: its place in the queue, None until that was read. held: the result of its last turn, which the next one goes
    on from. news: it was submitted again while it ran, so it is looked at once more. over: done once nothing of it is
    left here. since: when it began to wait.
    """

    kind: Kind
    id: str
    place: Place | None = None
    held: TurnResult | None = None
    running: bool = False
    news: bool = False
    since: float = 0.0
    over: Future[None] = field(default_factory=Future)


class LocalEngine:
    """Queues submitted work and runs it in threads. The claim decides which process does it.

    A session is in the queue once, however often it is submitted, and keeps its lease between two turns. Autonomous
    turns give way while a person waits and the processor is short (`Pace`). at_once: how many turns, rounds and tasks
    run.
    """

    def __init__(self, worker: Worker, sweep_s: float, at_once: int = AT_ONCE):
        self.worker = worker
        self._sweeper = Sweeper(worker, self._found, sweep_s)
        self._threads = DaemonThreadPool("turn")
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
                # Work that has begun may have read its state before this submit, so it has to look once more. Work that
                # only waits will read it anyway.
                has_begun = work.running or work.held is not None
                work.news = work.news or has_begun or work.place is None
                if work.running or work.place is None:
                    return
            else:
                work = self._known[kind, work_id] = _Work(kind, work_id)
            if self._onlooker is None:
                self._onlooker = threading.Thread(target=self._look_on, name="pace", daemon=True)
                self._onlooker.start()
        self._queue_up(work, self.worker.place(kind, work_id))  # reads the database, so not under the lock

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.3) -> None:
        """Returns once the work is over, whichever thread or process does it; takes it up where nobody does."""
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
            # It may be another process that works on it: then nothing here tells when it is over.
            if worker.is_open(kind, work_id):
                worker.stopping.wait(poll_s)

    def is_idle(self) -> bool:
        """Returns whether this process has no work."""
        return not self._known

    def under_way(self) -> int:
        """The number of sessions and tasks in work or queued here."""
        return len(self._known)

    def start(self) -> None:
        self._sweeper.start()

    def checks(self) -> Mapping[str, Check]:
        return {"sweeper": self._sweeper.check}

    def _look_on(self) -> None:
        """Measures how late this process wakes up, and adapts how many turns may run to that."""
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
        """Submits work that the sweeper found, unless it runs here. The sweeper finds it again until it is claimed."""
        work = self._known.get((kind, work_id))
        if work is None or work.running:
            self.submit(kind, work_id)

    def _drop_stopped(self, kind: Kind, work_id: str) -> None:
        """Forgets a turn that was stopped: new work on the session must not wait for its call, which may hang."""
        work = self._known.get((kind, work_id))
        if work is None or not work.running or self.worker.is_current(kind, work_id):
            return
        with self._lock:
            # Its thread is not ended: the turn is fenced out by its epoch, and `_end_of_turn` finds it forgotten.
            if self._known.get((kind, work_id)) is work and work.running:
                self._forget(work)

    def _queue_up(self, work: _Work, place: Place) -> None:
        """Queues new work; moves work that waits already to its new place, where that changed."""
        with self._lock:
            if self._known.get((work.kind, work.id)) is not work or work.running or work.place == place:
                return
            if work.place and not self._queue.remove(work.place, work):
                return  # it was taken out to run at this moment
            self._put(work, place)
            ready = self._ready()
        self._run(ready)

    def _put(self, work: _Work, place: Place) -> None:
        work.place, work.since = place, time.monotonic()
        self._queue.put(place, work)

    def _ready(self) -> list[_Work]:
        """The work that may begin now, taken out of the queue. The caller holds the lock."""
        ready: list[_Work] = []
        while not self.worker.stopping.is_set() and (taken := self._queue.take()):
            taken[1].running = True
            ready.append(taken[1])
        return ready

    def _run(self, ready: list[_Work]) -> None:
        for work in ready:
            self._threads.run(lambda work=work: self._serve(work))  # type: ignore[misc]

    def _serve(self, work: _Work) -> None:
        """Runs one turn, and then, in the same thread, the work that may begin in its place."""
        mine = [work]
        while mine:
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

    def _end_of_turn(self, work: _Work, held: TurnResult | None) -> bool:
        """Queues the session's next turn, or forgets it; whether a submit meanwhile asks for it to be queued anew."""
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
                    work.news, work.place = False, None  # a person may wait for it now, so its place is read again
                    return True
            self._forget(work)
            return False

    def _forget(self, work: _Work) -> None:
        self._known.pop((work.kind, work.id), None)
        work.over.set_result(None)

    def _rest(self, within_s: float) -> None:
        """Drops work that only waits, gives its leases back, and waits so long for work that runs."""
        with self._lock:
            running = [work.over for work in self._known.values() if work.running]
            idle = [work for work in self._known.values() if not work.running]
            self._queue.clear()
            for work in idle:
                self._forget(work)
        self.worker.give_back([work.held.group for work in idle if work.held])
        wait(running, within_s)
