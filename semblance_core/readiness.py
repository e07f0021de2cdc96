"""Checks whether every part of a running platform is ready, for whatever watches over the server."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlinePassed

READY = "ready"
Check = Callable[[], str]
"""`READY`, or in words what is the matter."""


class Readiness:
    """Asks all parts at once. within_s: how long each may take; one that still thinks about it is not asked again meanwhile."""

    def __init__(self, checks: Mapping[str, Check], within_s: float):
        self._checks = checks
        self._within_s = within_s
        # Threads of its own: nothing else that waits can fill them up.
        self._threads = ThreadPoolExecutor(max(1, len(checks)), thread_name_prefix="ready")
        self._asked: dict[str, Future[str]] = {}

    def look(self) -> dict[str, str]:
        """Each part with `READY`, or with what is the matter, in the order of the checks."""
        for name, check in self._checks.items():
            before = self._asked.get(name)
            if before is None or before.done():
                self._asked[name] = self._threads.submit(check)
        asked = dict(self._asked)
        return {name: self._said(asked[name]) for name in self._checks}

    def _said(self, asked: "Future[str]") -> str:
        try:
            return asked.result(self._within_s)
        except DeadlinePassed:
            return f"does not answer within {self._within_s:.1f} s"
        except Exception as failed:  # noqa: BLE001 - a watcher is told, whatever it is
            return f"cannot be asked ({type(failed).__name__})"
