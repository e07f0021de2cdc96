"""A worker of the fleet: takes messages from the broker, does one turn for each, and passes the session on.

A message is acknowledged after its turn, so the broker sends it again where the worker dies. Its next receiver knows by
the epoch whether the turn was done.
"""

import logging
import os
import threading
import time
from concurrent.futures import Future, wait
from typing import Any

from celery.signals import worker_shutting_down

from semblance_core.domain.errors import SetupError
from semblance_core.engine.fleet.publisher import WORK, FleetEngine
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

    def work(kind: Kind, work_id: str, handoff_epoch: int) -> None:
        done: Future[None] = Future()
        under_way.add(done)
        try:
            passed_on = worker.run(kind, work_id, handoff_epoch, turns=1)
            # The session goes back through the broker, so that sessions of other people get their turns in between.
            if passed_on is not None and not engine.publisher.pass_on(kind, work_id, passed_on):
                worker.claims(kind).release(work_id, passed_on)
        finally:
            under_way.discard(done)
            done.set_result(None)

    let_go = threading.Event()

    def hand_back() -> None:
        by = time.monotonic() + GRACE_S + 2 * LAST_S
        worker.hand_back(GRACE_S, lambda within_s: wait(list(under_way), within_s))
        worker.gateway.batcher.flush(LAST_S)
        # Celery has ended by then, unless it waits for a broker that takes its messages and answers nothing.
        if let_go.wait(max(LAST_S, by - time.monotonic())):
            return
        log.warning("The broker does not let this worker go; all it had is handed back.")
        try:
            worker.store.check_version()
        except SetupError:
            os._exit(1)  # the code by which `worker` says that a newer release took over
        os._exit(0)  # the main thread hangs in Celery, so nothing less ends the process

    def stop(**_: Any) -> None:
        # Celery waits for its tasks as long as they take. So they are called off beside it, from a thread: a signal
        # handler must return at once.
        threading.Thread(target=hand_back, name="closing", daemon=True).start()

    engine.app.task(work, name=WORK)
    worker_shutting_down.connect(stop)
    celery_worker = engine.app.Worker(
        pool_cls="threads",
        concurrency=concurrency,
        hostname=name or None,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
        loglevel="WARNING",
    )
    engine.start()
    celery_worker.start()
    let_go.set()
    return int(celery_worker.exitcode or 0)
