"""A worker of the fleet: takes messages from the broker, does one turn for each, and passes the session on.

A message is acknowledged after its turn, so a worker that dies gives it back; whoever gets it then finds by the epoch
whether the turn was done.
"""

import logging
import os
import threading
import time
from concurrent.futures import Future, wait
from typing import Any

from celery.signals import worker_shutting_down

from semblance_core.domain.errors import SetupError
from semblance_core.engine.fleet import WORK, FleetEngine
from semblance_core.engine.local import GRACE_S
from semblance_core.engine.work import Kind

LAST_S = 1.0
log = logging.getLogger(__name__)


def serve(engine: FleetEngine, concurrency: int, name: str = "") -> int:
    """Works until it is told to stop (SIGTERM, SIGINT); then finishes or hands back what is under way. Returns the exit code.

    concurrency: sessions and tasks worked on at once.
    """
    worker = engine.worker
    under_way: set[Future[None]] = set()

    def work(kind: Kind, work_id: str, baton: int) -> None:
        done: Future[None] = Future()
        under_way.add(done)
        try:
            passed_on = worker.run(kind, work_id, baton, turns=1)
            if passed_on is not None and not engine.bell.pass_on(kind, work_id, passed_on):
                worker.claims(kind).release(work_id, passed_on)
        finally:
            under_way.discard(done)
            done.set_result(None)

    let_go = threading.Event()

    def hand_back() -> None:
        by = time.monotonic() + GRACE_S + 2 * LAST_S
        worker.hand_back(GRACE_S, lambda within_s: wait(list(under_way), within_s))
        worker.gateway.clerk.flush(LAST_S)
        # By then Celery has let go, unless its broker takes what it says and answers nothing.
        if let_go.wait(max(LAST_S, by - time.monotonic())):
            return
        log.warning("The broker does not let this worker go; all it had is handed back.")
        try:
            worker.store.check_version()
        except SetupError:
            os._exit(1)  # as `worker` says it where a newer release took over
        os._exit(0)

    def stop(**_: Any) -> None:
        # Celery waits for its tasks for as long as they take; those that take too long are called off here.
        threading.Thread(target=hand_back, name="closing", daemon=True).start()

    engine.app.task(work, name=WORK)
    worker_shutting_down.connect(stop)
    station = engine.app.Worker(
        pool_cls="threads",
        concurrency=concurrency,
        hostname=name or None,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
        loglevel="WARNING",
    )
    engine.start()
    station.start()
    let_go.set()
    return int(station.exitcode or 0)
