"""A pool of daemon threads."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class DaemonThreadPool:
    """Runs each piece of work at once, in an idle thread or a new one, which then stays.

    A new thread for each call would cost more processor time. `ThreadPoolExecutor` keeps its threads too, but joins
    them when the interpreter ends: a model whose answer never ends would keep the process alive. Daemon threads do not.
    """

    def __init__(self, name: str):
        self._name = name
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = threading.Semaphore(0)

    def run(self, work: Callable[[], None]) -> None:
        """Begins the work now; it must not raise."""
        self._work.put(work)
        # The semaphore counts idle threads. One that is acquired here is bound to take a piece of work, though not
        # always this.
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()

    def _serve(self) -> None:
        while True:
            self._work.get()()
            self._idle.release()
