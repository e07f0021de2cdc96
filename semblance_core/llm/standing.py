"""Threads that stand ready for the next call."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class StandingThreads:
    """Runs each piece of work in a thread at once: one that is idle, or else a new one, which then stays.

    A fresh thread a call costs more CPU. `ThreadPoolExecutor` would keep threads too, but joins them when the interpreter
    ends: a model that drips for ever would keep the process from ending. These are daemons.
    """

    def __init__(self, name: str):
        self._name = name
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = threading.Semaphore(0)

    def run(self, work: Callable[[], None]) -> None:
        """Begins it now; work must not raise."""
        self._work.put(work)
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()

    def _serve(self) -> None:
        while True:
            self._work.get()()
            self._idle.release()
