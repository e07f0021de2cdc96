"""The threads in which calls that belong together run side by side: so many at once, shared fairly by who asks for them."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from semblance_core.domain.fair_queue import FairQueue, Place
from semblance_core.llm.standing import StandingThreads

Given = ParamSpec("Given")
Result = TypeVar("Result")


class CallSlots:
    """size: how many calls at once; see `FairQueue` for who comes next and what may be besides."""

    def __init__(self, size: int):
        self._queue: FairQueue[_Call] = FairQueue(size)
        self._lock = threading.Lock()
        self._closed = False
        self._threads = StandingThreads("call")

    def of(self, place: Place) -> Executor:
        """Where the calls of one piece of work are handed in."""
        return _Share(self, place)

    def give_way(self, share: float) -> None:
        """From now on at most this share of the slots is for what nobody waits for, and at least one."""
        with self._lock:
            self._queue.beside = max(1, round(self._queue.size * share))
            ready = self._ready()
        self._run(ready)

    def close(self) -> None:
        """Calls off what has not begun; takes nothing more."""
        with self._lock:
            self._closed = True
            waited = self._queue.clear()
        for call in waited:
            call.future.cancel()

    def begin(self, place: Place, call: "_Call") -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("No more calls are taken.")
            self._queue.put(place, call)
            ready = self._ready()
        self._run(ready)

    def _ready(self) -> "list[tuple[Place, _Call]]":
        """What may begin now; those among it that were called off meanwhile give their slot on."""
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
        while mine:  # what comes next in its slot stays in this thread
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
        except BaseException as failed:  # noqa: BLE001 - handed to whoever waits for it
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
