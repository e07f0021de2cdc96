"""Slots for calls that run side by side, shared fairly between the pieces of work that ask for them."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from semblance_core.domain.fair_queue import FairQueue, Place
from semblance_core.llm.daemon_threads import DaemonThreadPool

Given = ParamSpec("Given")
Result = TypeVar("Result")


class CallSlots:
    """Runs at most `size` calls at once; `FairQueue` chooses the next one."""

    def __init__(self, size: int):
        self._queue: FairQueue[_Call] = FairQueue(size)
        self._lock = threading.Lock()
        self._closed = False
        self._threads = DaemonThreadPool("call")

    def of(self, place: Place) -> Executor:
        """The executor for the calls of one piece of work."""
        return _Share(self, place)

    def give_way(self, share: float) -> None:
        """Limits calls that nobody waits for to this share of the slots, at least one, from now on."""
        with self._lock:
            self._queue.beside = max(1, round(self._queue.size * share))
            ready = self._ready()
        self._run(ready)

    def close(self) -> None:
        """Cancels calls that have not begun, and takes no more."""
        with self._lock:
            self._closed = True
            waited = self._queue.clear()
        for call in waited:  # not under the lock: a future's callbacks may ask for another call
            call.future.cancel()

    def begin(self, place: Place, call: "_Call") -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("No more calls are taken.")
            self._queue.put(place, call)
            ready = self._ready()
        self._run(ready)

    def _ready(self) -> "list[tuple[Place, _Call]]":
        """Takes the calls that may begin now out of the queue, without cancelled ones. The caller holds the lock."""
        ready = []
        while taken := self._queue.take():
            if taken[1].future.set_running_or_notify_cancel():
                ready.append(taken)
            else:
                self._queue.done(taken[0])
        return ready

    def _run(self, ready: "list[tuple[Place, _Call]]") -> None:
        for place, call in ready:
            self._threads.run(lambda place=place, call=call: self._serve(place, call))  # type: ignore[misc]

    def _serve(self, place: Place, call: "_Call") -> None:
        mine: list[tuple[Place, _Call]] = [(place, call)]
        while mine:  # the next call of the slot runs in this thread too, which saves a change of thread
            place, call = mine[0]
            call.run()
            with self._lock:
                self._queue.done(place)
                mine = self._ready()
            self._run(mine[1:])


class _Call:
    def __init__(self, work: Callable[[], Any]):
        self.future: Future[Any] = Future()
        self._work = work

    def run(self) -> None:
        try:
            result = self._work()
        except BaseException as failed:  # noqa: BLE001 - raised where the result is waited for
            self.future.set_exception(failed)
        else:
            self.future.set_result(result)


class _Share(Executor):
    def __init__(self, slots: CallSlots, place: Place):
        self._slots = slots
        self._place = place

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        call = _Call(lambda: fn(*args, **kwargs))
        self._slots.begin(self._place, call)
        return call.future
