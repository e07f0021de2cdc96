"""The database server's clock, so that the clock of the machine that a worker runs on may be hours off."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from pymongo.database import Database

from semblance_core.domain.times import as_utc
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import DatabaseFailed

FRESH_S = 60.0
ASLEEP_S = 2.0
AGAIN_S = 5.0


class ServerClock:
    """Now, in UTC, as the server has it: read once a minute, and carried on in between by this process's steady clock.

    It is read anew at once when this machine was asleep, which the steady clock does not count. While the server is away
    the last reading is carried on.
    """

    def __init__(
        self,
        database: Database[Document],
        steady_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ):
        self._admin = database.client.admin
        self._steady_s = steady_s
        self._wall_s = wall_s
        self._reading = threading.Lock()
        self._not_before_s = float("-inf")
        self._last = self._read()

    def __call__(self) -> datetime:
        server, steady, wall = self._last
        passed = self._steady_s() - steady
        slept = abs(self._wall_s() - wall - passed) > ASLEEP_S
        is_due = (passed > FRESH_S or slept) and self._steady_s() >= self._not_before_s
        if is_due and self._reading.acquire(blocking=False):
            try:
                self._last = server, steady, _ = self._read()
            except DatabaseFailed:
                self._not_before_s = self._steady_s() + AGAIN_S
            finally:
                self._reading.release()
        return server + timedelta(seconds=self._steady_s() - steady)

    def _read(self) -> tuple[datetime, float, float]:
        """The server's time, and what this process's two clocks said then."""
        before = self._steady_s()
        # A command's answer comes with naive times whatever the client is set to.
        server = as_utc(self._admin.command("hello")["localTime"])
        after = self._steady_s()
        return server, (before + after) / 2, self._wall_s()
